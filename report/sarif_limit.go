package report

import (
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// Code scanning refuses a file with more results in a run, or of more than 10 MB
// compressed (docs.github.com, SARIF support for code scanning). Of the latter, this is for
// what may differ from result to result and so may not compress: messages and paths.
const (
	sarifResults = 25_000
	sarifTexts   = 8 << 20
)

// distinct returns findings without those that are equal to an earlier one.
func distinct(findings []lint.Finding) (list []*lint.Finding) {
	type key struct {
		rule    *lint.Rule
		at      source.Span
		message string
	}
	seen := make(map[key]bool, len(findings))
	for i := range findings {
		f := &findings[i]
		if k := (key{f.Rule, f.At, f.Message}); !seen[k] {
			seen[k] = true
			list = append(list, f)
		}
	}
	return list
}

// fitting returns the numbers of the findings that code scanning takes, in order: the most
// severe, and of one severity the first. It counts the others. Where more results fit without
// their log lines and fixes, these are left out.
func (s *sarifWriter) fitting(findings []*lint.Finding) []int {
	all := make([]int, len(findings))
	for i := range all {
		all[i] = i
	}
	slices.SortStableFunc(all, func(a, b int) int { return int(findings[a].Severity()) - int(findings[b].Severity()) })
	fit := s.fit(findings, all)
	if fit < min(len(all), sarifResults) {
		s.bare = true
		fit = s.fit(findings, all)
	}
	s.left = len(all) - fit
	slices.Sort(all[:fit])
	return all[:fit]
}

// fit returns how many of the findings with these numbers code scanning takes.
func (s *sarifWriter) fit(findings []*lint.Finding, all []int) (n int) {
	texts := 0
	s.latest = nil
	for n < len(all) && n < sarifResults {
		if texts += s.texts(findings[all[n]]); texts > sarifTexts {
			break
		}
		n++
	}
	return n
}

// texts returns how many bytes of a result are its own. A path counts where it follows
// another one.
func (s *sarifWriter) texts(f *lint.Finding) int {
	size := len(f.Message)
	add := func(file *source.File) {
		if file != nil && file != s.latest {
			s.latest = file
			size += len(s.o.uri(file))
		}
	}
	add(f.At.File)
	for _, n := range f.Notes {
		size += 2 * len(n.Message)
		add(n.At.File)
	}
	if s.bare {
		return size
	}
	for _, line := range f.Log {
		size += len(line)
	}
	for _, x := range f.Fixes {
		size += 2 * len(x.Title)
		for _, e := range x.Edits {
			size += len(e.New)
			add(e.At.File)
		}
	}
	return size
}
