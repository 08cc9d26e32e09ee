// Package project is what the people of a project tell the linter once, for every
// run: the project file .wp502lint.yaml, and the baseline of findings that they
// have accepted.
//
// It reads texts and never the disk. A key of the project file is one row in keys.go,
// which reads it and describes it in the JSON Schema.
package project

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// FileName is the name of a project file.
const FileName = ".wp502lint.yaml"

// Config is what a project file says. The zero Config says nothing.
type Config struct {
	// Root is the folder that / means in configurations, relative to the project
	// file; "" when the file does not say.
	Root string
	// Nginx and FPM are the main files to start at, relative to the project file or
	// absolute inside the root; nil: those that are found.
	Nginx, FPM []string
	// Development is set where no users are: rules that matter only in production
	// are off.
	Development bool
	// PHP and NginxVersion are the versions that files cannot tell, such as 8.3 and
	// 1.26; "" when not given.
	PHP, NginxVersion string
	// Cloudflare says that the sites are behind Cloudflare. No rule reads it yet.
	Cloudflare bool
	Host       Host
	// Relative returns the path of a file from the folder of the project file by its
	// path inside the root that is in effect; nil: the root is Root.
	Relative func(name string) string
	// Severities are the rules whose findings get a severity of the project's own,
	// and Off those that do not run.
	Severities map[*lint.Rule]lint.Severity
	Off        []*lint.Rule
	// Ignores are the entries of ignore:, which are about files by their paths.
	Ignores []*lint.Ignore
}

// Host is what a project file says about the machine.
type Host struct {
	Memory, Reserve, Worker int64  // bytes; 0: not given
	NginxUser               string // whose worker processes nginx runs without a user line; "": not given
}

// Rules returns those of rules that the project does not turn off.
func (c *Config) Rules(rules []*lint.Rule) (kept []*lint.Rule) {
	off := map[*lint.Rule]bool{}
	for _, r := range c.Off {
		off[r] = true
	}
	for _, r := range rules {
		_, wanted := c.Severities[r]
		if !off[r] && (wanted || !c.Development || !r.Production) {
			kept = append(kept, r)
		}
	}
	return kept
}

// covers tells for a pattern of ignore: whether it is about a file: by the path of
// the file in the project, or by its absolute path inside the root.
func (c *Config) covers(pattern string) func(*source.File) bool {
	match := glob(pattern)
	if strings.HasPrefix(pattern, "/") {
		return func(f *source.File) bool { return match(f.Name) }
	}
	return func(f *source.File) bool {
		here := path.Join(c.Root, f.Name)
		if c.Relative != nil {
			here = c.Relative(f.Name)
		}
		return match(strings.TrimPrefix(f.Name, "/")) || match(here)
	}
}
