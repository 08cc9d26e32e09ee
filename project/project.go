// Package project reads what a project sets once for every run: the project file
// .wp502lint.yaml, and the baseline of accepted findings.
//
// It reads texts and never the disk. A key of the project file is one row in keys.go,
// which reads it and describes it in the JSON Schema.
package project

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// FileName is the name of a project file.
const FileName = ".wp502lint.yaml"

// Config is what a project file sets. The zero Config sets nothing.
type Config struct {
	// Root is the folder that / means in configurations, relative to the project
	// file; "" when not set.
	Root string
	// Nginx, Apache and FPM are the main files to start at, relative to the project file or
	// absolute inside the root. Without Nginx and Apache those of both are searched for, and
	// without FPM those of PHP-FPM.
	Nginx, Apache, FPM []string
	// Development is set outside production: rules that matter only in production
	// are off.
	Development bool
	// PHP and NginxVersion are versions that the files do not show, such as 8.3 and
	// 1.26; "" when not set.
	PHP, NginxVersion string
	// Cloudflare says that the sites use Cloudflare, for the rules about its edge and for whoever gets
	// a bundle of diagnose.
	Cloudflare bool
	Host       Host
	// Relative converts a path inside the root to one relative to the folder of the
	// project file; nil: the root is Root.
	Relative func(name string) string
	// Severities are the rules with a severity set by the project, and Off those
	// that do not run.
	Severities map[*lint.Rule]lint.Severity
	Off        []*lint.Rule
	// FailOn is the severity from which the exit status is 1, 0 for never; nil when not set.
	FailOn *lint.Severity
	// Strict is set when the exit status is 1 if something was not checked.
	Strict bool
	// Baseline is a path relative to the project file, Format the name of a format, and
	// Preset one of Presets; "" when not set.
	Baseline, Format, Preset string
	// Ignores are the entries of ignore:, which select files by path.
	Ignores []*lint.Ignore
}

// The presets: how much a run reports.
const (
	Gate        = "gate"        // errors only
	Recommended = "recommended" // the default
	Audit       = "audit"       // also what ignores, off and the baseline hide, and every gap
)

// Presets are all presets.
var Presets = []string{Gate, Recommended, Audit}

// Formats are the formats of a report that a project file may choose.
var Formats = []string{"text", "json", "sarif", "github", "gitlab", "junit"}

// Host is what a project file sets about the machine.
type Host struct {
	Memory, Reserve, Worker int64  // bytes; 0: not given
	NginxUser               string // the account of nginx workers without a user line; "": not given
}

// Entries reports whether the project names main files.
func (c *Config) Entries() bool { return len(c.Nginx)+len(c.Apache)+len(c.FPM) > 0 }

// Searches reports whether main files are searched for besides those that the project names.
func (c *Config) Searches() bool { return len(c.Nginx)+len(c.Apache) == 0 || len(c.FPM) == 0 }

// Rules returns those of rules that the project does not turn off.
func (c *Config) Rules(rules []*lint.Rule) (kept []*lint.Rule) {
	for _, r := range rules {
		_, wanted := c.Severities[r]
		if !slices.Contains(c.Off, r) && (wanted || !c.Development || !r.Production) {
			kept = append(kept, r)
		}
	}
	return kept
}

// covers returns a function that reports whether a pattern of ignore: matches a
// file, by its path in the project or its absolute path inside the root.
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

// glob returns a function that reports whether a path matches pattern: * and ? do
// not match a slash, ** does, and a folder matches everything in it. "" matches
// every path.
func glob(pattern string) func(string) bool {
	if pattern == "" {
		return func(string) bool { return true }
	}
	folder, plain := asFolder(pattern)
	within := pattern + "/**"
	return func(name string) bool {
		if plain {
			rest, in := strings.CutPrefix(name, folder)
			return in && (rest == "" || rest[0] == '/')
		}
		return doublestar.MatchUnvalidated(pattern, name) || doublestar.MatchUnvalidated(within, name)
	}
}

// asFolder returns the path of a pattern that is a path, which a final /** does not change.
func asFolder(pattern string) (folder string, ok bool) {
	folder = strings.TrimSuffix(pattern, "/**")
	return folder, !strings.ContainsAny(folder, `*?[{\`)
}
