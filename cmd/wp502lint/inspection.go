package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

// wishes are what check and baseline have in common: what to look at, and how. All
// of them are sound but for what they say about paths.
type wishes struct {
	root, config  string
	args          []string
	only, without []string // names of rules
	overlays      []string
	stdin         string
	host          host.Overrides
	noIgnore      bool
	accepted      string // the baseline; "": none
	baselined     bool   // without accepted, the one of the project
}

// inspection is a tree that is ready to be linted, once or again with other texts.
type inspection struct {
	wishes
	scene   *scene
	project *project.Config
	sound   bool       // nothing is wrong with the project file
	tree    *tree.Tree // with the overlays
	// overlaid are the texts of the overlays, by their paths inside the root.
	overlaid map[string]string
	facts    *host.Facts
	// catalogue are all rules, and rules those that run.
	catalogue, rules []*lint.Rule
	baseline         *project.Baseline // nil: none
	// outside are the paths that lie in no root, as messages.
	outside []string
	failed  []parser.Failure
	// gone are the findings that the baseline accepts and that are there no more.
	gone []project.Accepted
}

// inspect gets everything ready.
func (c command) inspect(w wishes) (in *inspection, err error) {
	in = &inspection{wishes: w, catalogue: c.rules}
	if in.scene, err = stand(); err != nil {
		return nil, err
	}
	file, err := findProject(w.config, in.scene.cwd, in.scene.repo)
	if err != nil {
		return nil, err
	}
	if in.project, in.sound = c.readProject(file); in.project == nil {
		return nil, errSaid
	}
	if in.outside, err = in.scene.look(w.root, w.args, file, in.project); err != nil {
		return nil, err
	}
	if in.rules, err = in.choose(); err != nil {
		return nil, err
	}
	accepted := w.accepted
	if accepted == "" && w.baselined {
		accepted = in.scene.baseline()
	}
	if accepted != "" {
		if in.baseline, err = readBaseline(accepted); err != nil {
			return nil, err
		}
	}
	if in.tree, err = tree.New(in.scene.root); err != nil {
		return nil, fmt.Errorf("cannot read the root %w", err)
	}
	texts, err := in.texts(c.stdin)
	if err != nil {
		return nil, err
	}
	if in.overlaid = texts; len(texts) > 0 {
		in.tree = tree.Overlay(in.tree, texts)
	}
	in.facts = host.Collect(in.tree, in.overrides())
	return in, nil
}

// choose returns the rules to run: those that --rule names even when the project
// turns them off.
func (in *inspection) choose() ([]*lint.Rule, error) {
	offered := in.catalogue
	if len(in.only) == 0 {
		offered = in.project.Rules(in.catalogue)
	}
	return choose(in.catalogue, offered, in.only, in.without)
}

// overrides returns what flags say about the host, and the project file where they
// say nothing.
func (in *inspection) overrides() host.Overrides {
	o, p := in.host, in.project
	for _, size := range []struct{ flag, file *int64 }{
		{&o.Memory, &p.Host.Memory}, {&o.Reserve, &p.Host.Reserve}, {&o.Worker, &p.Host.Worker},
	} {
		if *size.flag == 0 {
			*size.flag = *size.file
		}
	}
	o.NginxUser, o.NginxVersion, o.PHPVersion = p.Host.NginxUser, p.NginxVersion, p.PHP
	return o
}

// lint lints the tree with texts, by their resolved names, in the place of what the
// files hold.
func (in *inspection) lint(texts map[string]string) *lint.Report {
	t := in.tree
	if len(texts) > 0 {
		t = tree.Overlay(t, texts)
	}
	var configs *parser.Configs
	if in.scene.entries() {
		configs = parser.ReadProject(t, in.scene.nginx, in.scene.fpm)
	} else {
		configs = parser.Read(t, in.scene.paths)
	}
	in.failed = configs.Failed
	s := stack.Link(configs, in.facts)
	r := lint.Run(s, in.rules, in.ignores(s)...)
	r.NotChecked = append(r.NotChecked, in.unloaded(s)...)
	r.Override(in.project.Severities)
	if in.baseline != nil {
		in.gone = in.accept(in.baseline, r)
	}
	return r
}

// accept leaves out of r what a baseline accepts, and returns what is there no more;
// nothing where only a part was looked at, since its other side may be in the rest.
func (in *inspection) accept(b *project.Baseline, r *lint.Report) []project.Accepted {
	gone := b.Apply(r)
	if in.scene.partial() {
		return nil
	}
	return gone
}

// ignores returns the comments of the configuration and the entries of the project
// file. Where only a part is looked at, what one of them hides may need the rest.
func (in *inspection) ignores(s *stack.Stack) []*lint.Ignore {
	if in.noIgnore {
		return nil
	}
	all := lint.Comments(s, in.catalogue)
	for _, i := range in.project.Ignores {
		again := *i
		all = append(all, &again)
	}
	for _, i := range all {
		i.Unsure = in.scene.partial()
	}
	return all
}

// unloaded says which of the other texts nothing loads.
func (in *inspection) unloaded(s *stack.Stack) (unknown []lint.NotChecked) {
	for _, name := range slices.Sorted(maps.Keys(in.overlaid)) {
		if !slices.ContainsFunc(s.Files, func(f stack.File) bool { return f.File != nil && (f.File.Real == name || f.File.Name == name) }) {
			unknown = append(unknown, lint.NotChecked{Path: name, Why: "nothing loads it, so that the text in its place was not looked at"})
		}
	}
	return unknown
}
