package lint

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// Run runs every rule on s; see RunAll.
func Run(s *stack.Stack, rules []*Rule, ignores ...*Ignore) *Report {
	return RunAll([]*stack.Stack{s}, rules, ignores...)
}

// RunAll runs every rule on each of stacks, which are at least one. The report is sorted and has no two equal entries.
// A rule that needs an unknown fact does not run; the report lists it as not
// checked.
//
// Run leaves out the findings that ignores apply to. The rules that judge the
// ignores themselves run last.
//
// Run panics when a rule reports an outcome that it does not declare: its page
// would be wrong.
func RunAll(stacks []*stack.Stack, rules []*Rule, ignores ...*Ignore) *Report {
	rep := &Report{
		Rules:    slices.Clone(rules),
		Files:    filesOf(stacks),
		Gateways: cover(stacks, rules),
		Tunnels:  tunnels(stacks),
	}
	rep.Gateways.Containers = containers(stacks)
	slices.SortStableFunc(rep.Rules, func(a, b *Rule) int { return strings.Compare(a.ID, b.ID) })
	for _, s := range stacks {
		for _, u := range s.Unknown {
			rep.NotChecked = append(rep.NotChecked, NotChecked{NotChecked: u})
		}
		judgeAll(s, rep)
	}
	ignores, around := rep.surface(ignores, aroundIn(stacks))
	rep.withhold()
	rep.Findings = merge(rep.Findings)
	rep.NotChecked = distinct(rep.NotChecked)
	fingerprint(rep.Findings, around)
	rep.ignore(stacks[0], ignores)
	rep.conclude()
	return rep
}

// filesOf returns the files of all stacks.
func filesOf(stacks []*stack.Stack) []source.Input {
	if len(stacks) == 1 {
		return stacks[0].Files
	}
	var all []source.Input
	for _, s := range stacks {
		all = append(all, s.Files...)
	}
	slices.SortStableFunc(all, func(a, b source.Input) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// aroundIn returns Around of the stack that a place belongs to.
func aroundIn(stacks []*stack.Stack) around {
	if len(stacks) == 1 {
		return stacks[0].Around
	}
	of := map[*source.File]*stack.Stack{}
	for _, s := range stacks {
		for _, in := range s.Files {
			if in.File != nil {
				of[in.File] = s
			}
		}
	}
	return func(at source.Span) (blocks, words []string) {
		if s := of[at.File]; s != nil {
			return s.Around(at)
		}
		return nil, nil
	}
}

// ignore leaves out the findings that ignores apply to, and adds the findings
// about the ignores.
func (rep *Report) ignore(s *stack.Stack, ignores []*Ignore) {
	if len(ignores) == 0 {
		return
	}
	today := time.Time{}
	if s.Facts != nil {
		today = s.Facts.Today
	}
	found := len(rep.Findings)
	rep.Findings = hide(rep.Findings, ignores, today)
	rep.Ignored = found - len(rep.Findings)
	ignores = slices.DeleteFunc(slices.Clone(ignores), func(i *Ignore) bool { return !i.At.IsZero() && i.At.File.Withheld })
	var said Report
	for _, r := range rep.Rules {
		if r.Judge != nil {
			r.Judge(&Pass{Stack: s, Ignores: ignores, rule: r, report: &said, all: rep, before: len(said.Findings)})
		}
	}
	rep.NotChecked = distinct(append(rep.NotChecked, said.NotChecked...))
	said.Findings = merge(said.Findings)
	fingerprint(said.Findings, s.Around)
	rep.Findings = merge(append(rep.Findings, hide(said.Findings, ignores, today)...))
}

// large is how many gateways and pools make it worthwhile to run several rules
// at once.
const large = 200

// judgeAll runs the rules on s, as many at once as there are processors, and
// puts their findings in the order of the rules.
func judgeAll(s *stack.Stack, rep *Report) {
	said := make([]Report, len(rep.Rules))
	var next atomic.Int64
	judgeSome := func() {
		for i := next.Add(1) - 1; i < int64(len(said)); i = next.Add(1) - 1 {
			judge(s, rep.Rules[i], &said[i])
		}
	}
	var others sync.WaitGroup
	if len(s.Gateways)+len(s.Pools) >= large {
		for range runtime.GOMAXPROCS(0) - 1 {
			others.Go(judgeSome)
		}
	}
	judgeSome()
	others.Wait()
	for i, r := range rep.Rules {
		certain := said[i].Findings[:0]
		for _, f := range said[i].Findings {
			if !r.Outcomes.admit(f.Outcome) {
				panic(fmt.Sprintf("rule %s reports %d, which is none of its outcomes: %s", r.ID, f.Outcome, f.Message))
			}
			if why := cmp.Or(uncertain(f, s.Facts), doubted(f), unknown(f, s)); why != "" {
				rep.NotChecked = append(rep.NotChecked, NotChecked{Rule: r, NotChecked: source.NotChecked{At: f.At, Why: why}})
				continue
			}
			certain = append(certain, f)
		}
		rep.Findings = append(rep.Findings, certain...)
		rep.NotChecked = append(rep.NotChecked, said[i].NotChecked...)
	}
}

func judge(s *stack.Stack, r *Rule, said *Report) {
	if missing := slices.DeleteFunc(slices.Clone(r.Needs), s.Facts.Known); len(missing) > 0 {
		said.NotChecked = append(said.NotChecked, lacking(r, missing))
		return
	}
	if r.Check != nil {
		r.Check(&Pass{Stack: s, rule: r, report: said})
	}
}

// lacking is the entry of a rule that could not judge everything without facts.
func lacking(r *Rule, missing []host.Fact) NotChecked {
	names := make([]string, len(missing))
	for i, m := range missing {
		names[i] = string(m)
	}
	return NotChecked{Rule: r, Missing: missing, NotChecked: source.NotChecked{Why: strings.Join(names, ", ") + " unknown"}}
}

// distinct sorts n by place and rule and drops repeated entries.
func distinct(n []NotChecked) []NotChecked {
	slices.SortStableFunc(n, compareNotChecked)
	return slices.CompactFunc(n, func(a, b NotChecked) bool { return compareNotChecked(a, b) == 0 })
}

func compareNotChecked(a, b NotChecked) int {
	return cmp.Or(
		strings.Compare(cmp.Or(name(a.At), a.Path), cmp.Or(name(b.At), b.Path)),
		cmp.Compare(a.At.Start, b.At.Start),
		cmp.Compare(a.At.End, b.At.End),
		strings.Compare(a.id(), b.id()),
		strings.Compare(a.Why, b.Why),
	)
}

func (n NotChecked) id() string {
	if n.Rule == nil {
		return ""
	}
	return n.Rule.ID
}

// conclude sets the verdict.
func (rep *Report) conclude() {
	rep.Verdict = verdict(rep.Findings)
	if rep.Verdict == 0 && !rep.Gateways.Complete() {
		rep.Verdict = Unknown
	}
}

// verdict returns the worst outcome that is certain or possible, and zero when there is none.
func verdict(findings []Finding) Outcome {
	var worst Outcome
	for _, f := range findings {
		if f.Outcome.Severity() < Info && (worst == 0 || f.Outcome < worst) {
			worst = f.Outcome
		}
	}
	return worst
}

// Unload adds entries for texts that nothing loads: gateways in them were not judged.
func (rep *Report) Unload(texts []NotChecked) {
	if len(texts) == 0 {
		return
	}
	rep.NotChecked = append(rep.NotChecked, texts...)
	rep.Gateways.Reasons = append(rep.Gateways.Reasons, Reason{Why: "nothing loads a text that was given", Next: "give it the path of a file that is loaded"})
	rep.conclude()
}
