// Package fix applies the safe fixes of findings to configuration text. It
// changes only the bytes that a fix names.
package fix

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// Apply returns the new text of every file that the first safe fix of each
// finding changes. A fix is applied whole, in all its files, or not at all: one
// that overlaps an earlier fix is left for the next round, when the files have
// been linted again. The files themselves do not change.
func Apply(findings []lint.Finding) map[*source.File]string {
	edits := plan{}
	for _, f := range findings {
		if i := slices.IndexFunc(f.Fixes, func(x lint.Fix) bool { return x.Safe }); i >= 0 {
			edits.add(f.Fixes[i].Edits)
		}
	}
	texts := make(map[*source.File]string, len(edits))
	for file, list := range edits {
		if text := Edited(file.Text, list); text != file.Text {
			texts[file] = text
		}
	}
	return texts
}

// Edited returns text with edits of it made, in any order. Of two that overlap, the one that
// starts later is left out.
func Edited(text string, edits []source.Edit) string {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, compare)
	var b strings.Builder
	done := int32(0)
	for _, e := range edits {
		if e.At.Start < done {
			continue
		}
		b.WriteString(text[done:e.At.Start])
		b.WriteString(e.New)
		done = e.At.End
	}
	b.WriteString(text[done:])
	return b.String()
}

// plan holds the edits that were accepted, in the order of the text. No two of
// them overlap.
type plan map[*source.File][]source.Edit

// add accepts all of edits, or none.
func (p plan) add(edits []source.Edit) {
	for i, e := range edits {
		if e.At.IsZero() || !p.insert(e) {
			for _, taken := range edits[:i] {
				p.remove(taken)
			}
			return
		}
	}
}

func (p plan) insert(e source.Edit) bool {
	list := p[e.At.File]
	i, _ := slices.BinarySearchFunc(list, e, compare)
	if i > 0 && overlap(list[i-1], e) || i < len(list) && overlap(e, list[i]) {
		return false
	}
	p[e.At.File] = slices.Insert(list, i, e)
	return true
}

func (p plan) remove(e source.Edit) {
	list := p[e.At.File]
	if i, ok := slices.BinarySearchFunc(list, e, compare); ok {
		p[e.At.File] = slices.Delete(list, i, i+1)
	}
}

func compare(a, b source.Edit) int {
	return cmp.Or(cmp.Compare(a.At.Start, b.At.Start), cmp.Compare(a.At.End, b.At.End))
}

// overlap reports whether a and b, which does not start before a, share a byte,
// or one inserts at an edge of the other, where the order of their texts would
// be a guess.
func overlap(a, b source.Edit) bool {
	if a.At.Start == a.At.End || b.At.Start == b.At.End {
		return b.At.Start <= a.At.End
	}
	return b.At.Start < a.At.End
}
