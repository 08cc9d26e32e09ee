package cases

import (
	_ "embed"
	"maps"
	"sync"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

//go:embed frame.txtar
var frameArchive []byte

//go:embed frame_apache.txtar
var apacheArchive []byte

// Frame returns the healthy stack under every case that names no other frame. Its day is the
// default day of a case. The caller must not change it.
var Frame = sync.OnceValue(func() *Case { return mustParse(frameArchive) })

// ApacheFrame returns the healthy stack under every case that says "frame: apache": the web
// server is Apache. The caller must not change it.
var ApacheFrame = sync.OnceValue(func() *Case { return mustParse(apacheArchive) })

// mustParse reads a frame, which is below nothing.
func mustParse(archive []byte) *Case {
	frame, err := parse(archive, func(*Header) map[string]string { return nil })
	if err != nil {
		panic("a frame: " + err.Error())
	}
	return frame
}

// Texts returns the files of c over those below it, by name.
func (c *Case) Texts() map[string]string {
	texts := map[string]string{}
	maps.Copy(texts, c.under)
	for _, f := range c.Files {
		texts[f.Name] = f.Text
	}
	return texts
}

// Tree returns c over the files below it as a tree in memory.
func (c *Case) Tree() *tree.Tree {
	t := tree.Memory(c.Texts())
	for _, l := range c.Links {
		t.Link(l.Name, l.Target)
	}
	for _, m := range c.Modes {
		t.Set(m.Path, tree.Info{Type: m.Type, UID: m.UID, GID: m.GID, Mode: m.Bits})
	}
	return t
}

// Link returns c over the files below it as the linked model for rules.
func (c *Case) Link() *stack.Stack { return c.lint([]*lint.Rule{}).Stack }

// Lint runs rules on c over the files below it.
func Lint(c *Case, rules []*lint.Rule) *lint.Report { return c.lint(rules).Report }

// Check runs rules on c over the files below it, and returns the linked model too: places in both
// are in the same files.
func Check(c *Case, rules []*lint.Rule) (*stack.Stack, *lint.Report) {
	r := c.lint(rules)
	return r.Stack, r.Report
}

// Containers reports whether c is a project that describes containers, not the files of one
// host.
func (c *Case) Containers() bool {
	return c.NoFrame && len(c.lint([]*lint.Rule{}).Project.Machines()) > 0
}

func (c *Case) lint(rules []*lint.Rule) *engine.Result {
	known := host.Overrides{Memory: c.Memory, Today: c.Today, NginxVersion: c.NginxVersion, Cloudflare: c.Cloudflare}
	if known.Today.IsZero() {
		known.Today = Frame().Today
	}
	e, err := engine.Open(engine.Options{Tree: c.Tree(), Host: known, Catalogue: rules})
	if err != nil {
		panic(err) // nothing turns a rule off
	}
	return e.Lint(nil)
}
