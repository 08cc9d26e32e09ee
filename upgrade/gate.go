package upgrade

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

// judge lints the host with the plan: what is wrong with it afterwards, and what of that the
// plan brings. It refuses a plan that brings an error, or that leaves a server that does not
// start.
func (p *planner) judge() error {
	if len(p.Files) == 0 {
		p.After = p.Before
		return nil
	}
	r, err := p.lintAfter()
	for err == nil && p.project && p.follow(r) {
		p.Files = p.amendments()
		r, err = p.lintAfter()
	}
	if err != nil {
		return err
	}
	p.After = r.Findings
	before := map[string]int{}
	for i := range p.Before {
		before[identity(&p.Before[i])]++
	}
	for i := range p.After {
		f := &p.After[i]
		if id := identity(f); before[id] > 0 {
			before[id]--
			continue
		}
		p.Brought = append(p.Brought, *f)
	}
	for _, f := range p.Brought {
		if f.Severity() == lint.Error {
			p.refuse(fmt.Sprintf("the plan would bring an error, so nothing is written: %s: %s", f.At.File.Name, f.Message))
			return nil
		}
	}
	for i := range p.After {
		if f := &p.After[i]; refuses(f) && !p.project {
			p.refuse(fmt.Sprintf("a server does not start with its files as they are; correct that first, and nothing is written before: %s: %s", f.At.File.Name, f.Message))
			return nil
		}
	}
	if p.project {
		if why := p.stillRuns(r); why != "" {
			p.refuse(why)
			return nil
		}
		p.projectMentions()
		return nil
	}
	p.arrive(r.Stack)
	return nil
}

// follow changes what shows only in the new containers, and reports whether it changes anything.
func (p *planner) follow(after *engine.Result) bool {
	folders := p.moveFolders(after)
	return p.moveStarts(after) || folders
}

// lintAfter lints the host with the files of the plan.
func (p *planner) lintAfter() (*engine.Result, error) {
	o := p.opts.Engine
	o.Tree = tree.Amended(p.tree(), p.Files)
	e, err := engine.Open(o)
	if err != nil {
		return nil, err
	}
	return e.Lint(nil), nil
}

func (p *planner) refuse(why string) {
	p.Refused = why
	p.Files, p.Commands, p.Back = nil, nil, nil
}

// identity is what makes a finding the same before and after: not its line, which moves.
func identity(f *lint.Finding) string {
	return strings.Join([]string{f.Rule.ID, f.At.File.Real, f.Message}, "\x00")
}

// arrive checks that every gateway that moves passes to the new PHP-FPM afterwards.
func (p *planner) arrive(after *stack.Stack) {
	for _, g := range after.Gateways {
		if !p.selected(g) {
			continue
		}
		for _, peer := range g.Peers {
			if peer.Pool != nil && peer.Pool.Master.At.File.Name == p.old.main {
				p.tell(Step{At: g.At, Text: fmt.Sprintf("this line still passes to PHP %s", p.From)})
				p.Left = append(p.Left, g.At)
			}
		}
	}
	if len(p.Left) > 0 && p.opts.DropOld {
		p.tell(Step{Text: fmt.Sprintf("PHP %s is not stopped, since not every line has left it", p.From)})
		p.Commands = slices.DeleteFunc(p.Commands, func(c Command) bool { return c.What == p.old.unit && (c.Do == "stop" || c.Do == "disable") })
	}
}
