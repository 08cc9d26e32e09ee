package stack

import (
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

const (
	// maxPlaces limits the total number of places at which files are included. It
	// bounds the work on includes that include each other many times over.
	maxPlaces = 1_000_000
	// maxLooks limits how many directives are examined, counting each at every place
	// of inclusion, and a block as blockLooks: a hundred thousand sites use half of it.
	maxLooks   = 20_000_000
	blockLooks = 10
	// maxItems limits the directives of one block, includes followed.
	maxItems = 500_000
)

// place counts one place of inclusion of a file with n directives, and reports whether
// the limits allow it.
func (l *linker) place(f *source.File, n int) bool {
	l.places++
	if l.places == maxPlaces {
		l.unseen(source.NotChecked{Path: f.Name, Why: "files are included at more than 1,000,000 places; what stands behind this one was not looked at"})
	}
	if l.places < maxPlaces && l.crosses(n) {
		l.unseen(source.NotChecked{Path: f.Name, Why: tooMany})
	}
	return l.places < maxPlaces && l.looks < maxLooks
}

// look counts n directives from d on, and reports whether the limits allow them.
func (l *linker) look(d nginx.Directive, n int) bool {
	if l.crosses(n) {
		l.unseen(source.NotChecked{At: d.Span(), Why: tooMany})
	}
	return l.looks < maxLooks
}

const tooMany = "the files and their includes have more than 20,000,000 directives; what stands behind this place was not looked at"

// unseen reports a part of nginx's configuration that was not looked at.
func (l *linker) unseen(what source.NotChecked) {
	l.Unknown = append(l.Unknown, what)
	l.Unseen++
}

// crosses counts n directives, and reports whether they cross the limit.
func (l *linker) crosses(n int) bool {
	before := l.looks
	l.looks += n
	return before < maxLooks && l.looks >= maxLooks
}

// crowded reports that a block has too many directives for d and what follows it.
func (l *linker) crowded(d nginx.Directive) {
	l.unseen(source.NotChecked{At: d.Span(), Why: "a block with its includes has more than 500,000 directives; what stands behind this one was not looked at"})
}

// deep reports that the content of block is nested too deep.
func (l *linker) deep(block nginx.Directive) {
	if !l.tooDeep {
		l.tooDeep = true
		l.unseen(source.NotChecked{At: block.Span(), Why: "blocks and includes are nested more than 200 deep; what stands in this one was not looked at"})
	}
}
