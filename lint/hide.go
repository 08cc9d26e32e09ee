package lint

import (
	"slices"
	"time"

	"github.com/wp502lint/wp502lint/source"
)

// hide removes the findings that ignores apply to, and records which rules they
// hid. An ignore whose last day is over hides nothing.
func hide(findings []Finding, ignores []*Ignore, today time.Time) []Finding {
	h := &hider{comments: map[spot]*bool{}}
	for _, i := range ignores {
		if !i.Garbled && !i.Over(today) {
			h.add(i)
		}
	}
	return slices.DeleteFunc(findings, func(f Finding) bool { return h.hides(&f) })
}

// hider finds the ignores of a finding without a look at each of them.
type hider struct {
	comments map[spot]*bool    // whether those about a place hid a finding
	entries  []*Ignore         // of the project file
	file     *source.File      // the latest
	covering map[*Rule][]*bool // by rule, the entries that apply to file
}

// spot is a line of a file that an ignore of a rule applies to.
type spot struct {
	file *source.File
	line int // from 1, or one of the next
	rule *Rule
}

const (
	wholeFile = 0
	firstByte = -1
)

// hiding is a rule of an ignore and whether the ignore, or an equal one, hid a finding of it.
type hiding struct {
	rule *Rule
	met  *bool
}

func (h *hider) add(i *Ignore) {
	if i.Covers != nil {
		h.entries = append(h.entries, i)
	}
	for _, r := range i.Rules {
		if i.Covers != nil {
			i.hid = append(i.hid, hiding{r, new(bool)})
			continue
		}
		for _, line := range i.lines {
			i.hid = append(i.hid, hiding{r, h.at(spot{i.At.File, line, r})})
		}
		if i.lines == nil {
			i.hid = append(i.hid, hiding{r, h.at(spot{i.At.File, i.Line, r})})
		}
		if i.Top {
			i.hid = append(i.hid, hiding{r, h.at(spot{i.At.File, firstByte, r})})
		}
	}
}

// at returns the mark of a spot.
func (h *hider) at(s spot) *bool {
	if h.comments[s] == nil {
		h.comments[s] = new(bool)
	}
	return h.comments[s]
}

// hides records f in every ignore that applies to it, and reports whether there is one.
func (h *hider) hides(f *Finding) (hidden bool) {
	if f.At.IsZero() {
		return false
	}
	lines := []int{wholeFile, f.At.File.LineAt(int(f.At.Start))}
	if f.At.End == 0 {
		lines = append(lines, firstByte)
	}
	for _, line := range lines {
		if met := h.comments[spot{f.At.File, line, f.Rule}]; met != nil {
			*met, hidden = true, true
		}
	}
	for _, met := range h.cover(f.At.File)[f.Rule] {
		*met, hidden = true, true
	}
	return hidden
}

// cover returns the marks of the entries that apply to a file, by rule. Findings are in
// the order of their files.
func (h *hider) cover(f *source.File) map[*Rule][]*bool {
	if h.file != f {
		h.file, h.covering = f, map[*Rule][]*bool{}
		for _, i := range h.entries {
			if !i.Covers(f) {
				continue
			}
			for _, own := range i.hid {
				h.covering[own.rule] = append(h.covering[own.rule], own.met)
			}
		}
	}
	return h.covering
}
