// Package engine is the linter as a library. [Open] takes what to lint and how,
// [Engine.Lint] lints it as often as its texts change, [Engine.Mend] applies the safe
// fixes, and [Explain] returns the page of a rule.
//
// It is for programs that present findings in their own way: an editor, a web page, a gate
// before a deployment. It reads files only through a [tree.Tree], writes and prints
// nothing, and uses no environment variable, no working directory and no clock. Engines
// share no state: any number of them may run at once, and so may the methods of one.
//
// Other packages declare the parts of a result: package lint a finding with its notes
// and fixes, package source a place in a text. Package report writes a result as
// SARIF, JSON and other formats.
package engine

import (
	"cmp"
	"errors"
	"path"
	"slices"

	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/tree"
)

// Options say what to lint and how. The zero Options is for texts in memory, which Lint
// takes: all rules, no files, no facts about the host.
type Options struct {
	// Tree holds the files: [tree.New] opens a directory, which then is "/", and
	// [tree.Memory] holds texts. nil: no files.
	Tree *tree.Tree
	// Paths are files and directories inside Tree. Files that they include are read too.
	// nil: the main files that Project names, else all of Tree. An empty list: nothing.
	//
	// A list without "/" and "/etc" is only a part of a host. A baseline or an ignore that
	// matches nothing in it is not reported, since its finding may depend on the rest.
	Paths []string

	// Project is what a project file sets: severities, rules that are off, findings to
	// ignore, facts about the host. Its Nginx and FPM are paths inside Tree here. nil:
	// none.
	Project *project.Config
	// Baseline lists the findings that are accepted and not reported. nil: none.
	Baseline *project.Baseline
	// Base holds the files as they were before a change, such as [tree.Earlier]. Only what the
	// change brings is reported: findings on lines that differ from those of Base, their own or
	// one of a note, and findings that the same run on Base does not have. A finding whose own
	// line did not change moves to its first note on one that did. nil: everything is reported.
	Base *tree.Tree
	// BaseProject is what the project file set for Base. nil: the same as Project.
	BaseProject *project.Config
	// Host is what is known about the host besides its files. It wins over Project. Today's
	// date is part of it: when that is zero, rules about dates are not checked.
	Host host.Overrides

	// Catalogue is every rule that exists; comments ignore rules by their names in it.
	// nil: [rules.All].
	Catalogue []*lint.Rule
	// Only are the rules of Catalogue to run, even those that Project turns off. Empty:
	// all that Project leaves on.
	Only []*lint.Rule
	// Without are rules not to run.
	Without []*lint.Rule
	// NoIgnore also reports what comments and Project ignore.
	NoIgnore bool
	// Least is the least severity that is reported; Mend changes nothing for the findings
	// below it. 0: all.
	Least lint.Severity
}

// ErrNoRules is the error of Options that leave no rule to run.
var ErrNoRules = errors.New("no rule is left to run")

// Engine lints one tree with one set of Options. It keeps nothing from one run
// to the next.
type Engine struct {
	options Options
	rules   []*lint.Rule // those that run
	// paths are what to read, unless the project names main files.
	paths []string
}

// Open returns the engine for o. It reads no file yet. What o points to must not change
// from then on. The error is ErrNoRules or nil.
func Open(o Options) (*Engine, error) {
	if o.Tree == nil {
		o.Tree = tree.Memory(nil)
	}
	if o.Project == nil {
		o.Project = &project.Config{}
	}
	if o.Catalogue == nil {
		o.Catalogue = rules.All
	}
	e := o.engine()
	if len(e.rules) == 0 && len(o.Catalogue) > 0 {
		return nil, ErrNoRules
	}
	return e, nil
}

// engine returns the engine for o, which is complete.
func (o *Options) engine() *Engine {
	e := &Engine{options: *o, rules: o.choose()}
	if o.Paths != nil {
		e.paths = inside(o.Paths)
		return e
	}
	if !e.entries() {
		e.paths = []string{"/"}
	}
	return e
}

// inside returns names as absolute paths.
func inside(names []string) (paths []string) {
	for _, name := range names {
		paths = append(paths, path.Join("/", name))
	}
	return paths
}

// entries reports whether the project names the main files to read.
func (e *Engine) entries() bool { return e.options.Paths == nil && e.options.Project.Entries() }

// partial reports whether only a part of a host is read: the rest may hold the other
// side of a finding.
func (e *Engine) partial() bool {
	return !e.entries() && !slices.Contains(e.paths, "/") && !slices.Contains(e.paths, "/etc")
}

// choose returns the rules that run.
func (o *Options) choose() []*lint.Rule {
	chosen := o.Project.Rules(o.Catalogue)
	if len(o.Only) > 0 {
		chosen = slices.DeleteFunc(slices.Clone(o.Catalogue), func(r *lint.Rule) bool { return !slices.Contains(o.Only, r) })
	}
	return slices.DeleteFunc(chosen, func(r *lint.Rule) bool { return slices.Contains(o.Without, r) })
}

// overrides returns what is known about the host besides its files.
func (o *Options) overrides() host.Overrides {
	h, p := o.Host, o.Project
	h.Memory = cmp.Or(h.Memory, p.Host.Memory)
	h.Reserve = cmp.Or(h.Reserve, p.Host.Reserve)
	h.Worker = cmp.Or(h.Worker, p.Host.Worker)
	h.NginxUser = cmp.Or(h.NginxUser, p.Host.NginxUser)
	h.NginxVersion = cmp.Or(h.NginxVersion, p.NginxVersion)
	h.PHPVersion = cmp.Or(h.PHPVersion, p.PHP)
	h.Cloudflare = h.Cloudflare || p.Cloudflare
	return h
}

// Explain returns the page of a rule in Markdown: an example that fails, a correct one,
// the reason, and the log lines of the servers. rule is an ID or a name, in upper or
// lower case; ok is false when there is none.
func Explain(rule string) (page string, ok bool) {
	r := lint.Named(rules.Explained(), rule)
	if r == nil {
		return "", false
	}
	return docs.Page(r, rules.Explained()), true
}
