package engine

import (
	"maps"
	"slices"

	"github.com/wp502lint/wp502lint/fix"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// Mending is the effect of the safe fixes of a result on its files. Nothing is
// written.
type Mending struct {
	// Changes are the files that get a new text, in the order of their resolved paths.
	Changes []Change
	// After is the result with the new texts.
	After *Result
	// Refused are the findings whose fix would leave as many findings or more.
	Refused []lint.Finding
	// Untried are the findings whose fix was not tried, since Mend had linted too often for
	// other fixes.
	Untried []lint.Finding
	// Stray are the findings whose fix changes a file that nothing loads, although there is
	// a main file that could. They are fixed only when Paths name what to read.
	Stray []lint.Finding
}

// Change is a file that gets a new text. Before.Real is its path inside the tree with all
// links resolved: the text of After belongs there. Before writing it, check that the file
// still has the text of Before.
type Change struct{ Before, After *source.File }

// Mend applies the first safe fix of each finding of r, then of the findings that
// remain, until none has one. It lints after every step, and undoes a step that is not
// an improvement. r must be a result of e.
func (e *Engine) Mend(r *Result) *Mending {
	m := &mender{engine: e, result: r, texts: map[string]string{}, before: map[string]*source.File{}, left: tries(r.Files)}
	var refused, stray []lint.Finding
	for range maxRounds {
		var todo []lint.Finding
		todo, stray = m.todo()
		refused, m.untried = nil, nil
		if len(todo) == 0 {
			break
		}
		before := m.result
		refused = m.try(todo)
		// A refused fix may succeed after another one.
		if m.result == before {
			break
		}
	}
	return &Mending{Changes: m.changes(), After: m.result, Refused: refused, Untried: m.untried, Stray: stray}
}

const (
	// fewTries and manyTries limit how often a Mend lints.
	fewTries, manyTries = 8, 500
	// triedBytes limits how many bytes it lints in all, within the others.
	triedBytes = 256 << 20
)

// tries returns how often a Mend of files may lint.
func tries(files []source.Input) int {
	bytes := 1
	for _, f := range files {
		if f.File != nil {
			bytes += len(f.Text)
		}
	}
	return max(fewTries, min(manyTries, triedBytes/bytes))
}

// maxRounds limits how often fixes are applied and the result is linted again.
// Overlapping fixes need a round each; every round leaves fewer findings.
const maxRounds = 100

// mender is a result, and the texts after the fixes so far.
type mender struct {
	engine *Engine
	result *Result
	// texts are the new texts by the resolved paths of their files, and before the files
	// as they were.
	texts  map[string]string
	before map[string]*source.File
	// left is how often it may lint, and untried the findings for which it was too seldom.
	left    int
	untried []lint.Finding
}

// todo returns the findings to fix, and those that only Paths may have fixed.
func (m *mender) todo() (todo, stray []lint.Finding) {
	unloaded := map[*source.File]bool{}
	if m.engine.options.Paths == nil {
		unloaded = m.result.unloaded()
	}
	for _, f := range m.result.Findings {
		i := slices.IndexFunc(f.Fixes, func(x lint.Fix) bool { return x.Safe })
		switch {
		case i < 0:
		case slices.ContainsFunc(f.Fixes[i].Edits, func(e source.Edit) bool { return unloaded[e.At.File] }):
			stray = append(stray, f)
		default:
			todo = append(todo, f)
		}
	}
	return todo, stray
}

// unloaded returns the files of r that no main file of their server loads, if there is one.
func (r *Result) unloaded() map[*source.File]bool {
	fragments, sites, pools := map[*source.File]bool{}, map[*source.File]bool{}, map[*source.File]bool{}
	nginx, apache, fpm := false, false, false
	for _, f := range r.Files {
		switch f.Role {
		case source.RoleNginx:
			nginx = true
		case source.RoleFragment:
			fragments[f.File] = true
		case source.RoleApache:
			apache = true
		case source.RoleApacheFragment:
			sites[f.File] = true
		case source.RoleFPM:
			fpm = true
		}
	}
	for _, m := range r.Stack.Masters {
		if m.Loose && !m.Together {
			pools[m.At.File] = true
		}
	}
	all := map[*source.File]bool{}
	for _, one := range []struct {
		main  bool
		files map[*source.File]bool
	}{{nginx, fragments}, {apache, sites}, {fpm, pools}} {
		if one.main {
			maps.Copy(all, one.files)
		}
	}
	return all
}

// try applies the fixes of findings, all of them together or, if that is not better,
// one half after the other. It returns those whose fix alone is not better.
func (m *mender) try(findings []lint.Finding) (refused []lint.Finding) {
	if m.left == 0 {
		m.untried = append(m.untried, findings...)
		return nil
	}
	// A fix moves the text after it, so findings of an older result point to the
	// wrong place: they wait for the next round.
	changed := fix.Apply(findings)
	texts, before := maps.Clone(m.texts), maps.Clone(m.before)
	for f, text := range changed {
		texts[f.Real] = text
		if before[f.Real] == nil {
			before[f.Real] = f
		}
	}
	if len(changed) > 0 {
		m.left--
		if r := m.engine.lint(m.result.view, texts); better(r.Report, m.result.Report) {
			m.result, m.texts, m.before = r, texts, before
			return nil
		}
	}
	if len(findings) == 1 {
		return findings
	}
	half := len(findings) / 2
	result := m.result
	if refused = m.try(findings[:half]); m.result == result {
		refused = append(refused, m.try(findings[half:])...)
	}
	return refused
}

// changes returns the files that the fixes change.
func (m *mender) changes() (list []Change) {
	after := map[string]*source.File{}
	for _, f := range m.result.Files {
		if f.File != nil {
			after[f.File.Real] = f.File
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.texts)) {
		c := Change{m.before[name], &source.File{Name: m.before[name].Name, Real: name, Text: m.texts[name]}}
		if f := after[name]; f != nil {
			c.After = f
		}
		list = append(list, c)
	}
	return list
}

// better reports whether a has fewer errors than b, or as many and fewer warnings, or
// as many of both and fewer notes.
func better(a, b *lint.Report) bool { return slices.Compare(tally(a), tally(b)) < 0 }

// tally counts findings by the severity of their outcomes.
func tally(r *lint.Report) []int {
	n := make([]int, lint.Info+1)
	for _, f := range r.Findings {
		n[f.Outcome.Severity()]++
	}
	return n
}
