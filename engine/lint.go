package engine

import (
	"maps"
	"path"
	"slices"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/aside"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

// Result is what one run found.
type Result struct {
	// Report has the findings, the verdict, and what was not checked and why.
	*lint.Report
	// Failed are the Paths that could not be read. The others are still linted.
	Failed []parser.Failure
	// Gone are the findings that the baseline accepts and that no longer exist; nil when
	// only a part of a host was read.
	Gone []project.Accepted
	// Stack is the linked model that the rules judged: that of the host, or of the files
	// that no container has. Stacks are all models, those of containers after it.
	Stack  *stack.Stack
	Stacks []*stack.Stack
	// Project is what the project describes: containers, and the files that say so.
	Project *deploy.Project

	view view
}

// view is what a run reads.
type view struct {
	tree  *tree.Tree        // with texts
	texts map[string]string // of Lint
	facts *host.Facts
	since *lint.Since // nil: everything is reported
}

// Lint lints the files as they are now. Texts, by their paths inside the tree, replace the
// texts of files or are new files: the buffers of an editor, a template before it is
// installed. nil: none. A text that nothing loads is listed in NotChecked.
func (e *Engine) Lint(texts map[string]string) *Result {
	v := view{tree: e.options.Tree.Fresh(), texts: texts}
	if len(texts) > 0 {
		v.tree = tree.Overlay(v.tree, texts)
	}
	v.facts = host.Collect(v.tree, e.options.overrides())
	r := e.lint(v, nil)
	if e.options.Base != nil && len(r.Findings) > 0 {
		r.view.since = e.since(v.tree)
		r.view.since.Apply(r.Report)
	}
	return r
}

// lint lints v with mended texts, by the resolved paths of their files.
func (e *Engine) lint(v view, mended map[string]string) *Result {
	t := v.tree
	if len(mended) > 0 {
		t = tree.Overlay(t, mended)
	}
	project := e.deployed(t)
	roots := e.roots(t, project, v.facts)
	var files []source.Input
	for _, root := range roots {
		files = append(files, root.Configs.Files...)
	}
	files = append(files, project.Files...)
	ignores := aside.Run(len(files) >= aside.ManyFiles, func() []*lint.Ignore { return e.ignores(files) }) // searches every byte of the files
	stacks := stack.LinkAll(roots)
	stacks[0].Describe(project)
	r := lint.RunAll(stacks, e.rules, ignores()...)
	r.Unload(unloaded(r.Files, v.texts))
	r.Override(e.options.Project.Severities)
	result := &Result{Report: r, Failed: roots[0].Configs.Failed, Stack: stacks[0], Stacks: stacks, Project: project, view: v}
	if b := e.options.Baseline; b != nil {
		if gone := b.Apply(r); !e.partial() {
			result.Gone = gone
		}
	}
	if least := e.options.Least; least != 0 {
		r.Keep(least)
	}
	if v.since != nil {
		v.since.Apply(r)
	}
	return result
}

// ignores returns the ignore comments and the entries of the project file. They are
// Unsure where only a part of a host is read.
func (e *Engine) ignores(files []source.Input) []*lint.Ignore {
	if e.options.NoIgnore {
		return nil
	}
	all := lint.Comments(files, e.options.Catalogue)
	for _, i := range e.options.Project.Ignores {
		again := *i // each run records in its own copy what is hidden
		all = append(all, &again)
	}
	for _, i := range all {
		i.Unsure = e.partial()
	}
	return all
}

// unloaded returns the texts that nothing loads.
func unloaded(files []source.Input, texts map[string]string) (unknown []lint.NotChecked) {
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		at := path.Join("/", name)
		if !slices.ContainsFunc(files, func(f source.Input) bool { return f.File != nil && (f.File.Real == at || f.File.Name == at) }) {
			unknown = append(unknown, lint.NotChecked{NotChecked: source.NotChecked{Path: at, Why: "nothing loads it, so that the text in its place was not looked at"}})
		}
	}
	return unknown
}
