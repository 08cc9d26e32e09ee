// Package nginx parses the nginx configuration language: its tokens, its tree of
// directives and blocks, and the problems that make nginx refuse a text.
//
// It follows nginx's own reader (nginx ngx_conf_file.c) byte for byte, keeps the
// position of every word and comment, and continues after an error. It treats a
// directive by name only if its body is another language or plain data, or if it is
// always a block. Every other name is kept as its number in the table of directives.
package nginx

import (
	"iter"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// File is one parsed configuration file. Its tree is kept in flat slices without
// pointers, in text order: a parent precedes its children, and the words of a
// directive are adjacent.
type File struct {
	// Source is the text that was parsed.
	Source *source.File
	// SecretTable is set if a table of secrets includes the file: all its words are secret.
	SecretTable bool
	// Problems are the syntax errors and limits, in text order.
	Problems []source.Problem

	words   []word
	entries []entry
	blocks  []block
	skipped []word // text in no word that is not a blank, comment or Lua either
	escapes bool   // a word may contain an escape
	unlike  bool   // a mistake precedes everything well-formed, see Foreign
	strange bool   // so did mostlyStrange say of the tree of a template
}

// word is a token as written, quotes included. A negative end is the complement of
// the end of a quoted word that is never closed.
type word struct{ start, end int32 }

// entry is one directive. Its words end where those of the next entry begin.
type entry struct {
	word   int32 // its name in File.words
	parent int32 // in File.entries; -1 at top level
	term   int32 // offset of its ; or {; complement of the place where it is missing
	block  int32 // in File.blocks; without one, the complement of the number of includes before it
	key    servers.NginxKey
}

// block is the body of a directive, after its opening brace.
type block struct {
	next  int32 // the first entry after the block
	close int32 // offset of its }; if missing, complement of where reading ended
	kind  bodyKind
}

// Directives yields the top-level directives, in order.
func (f *File) Directives() iter.Seq[Directive] {
	return func(yield func(Directive) bool) { f.siblings(0, int32(len(f.entries)), yield) }
}

// All yields every directive of the file in text order, a block before its body.
func (f *File) All() iter.Seq[Directive] {
	return func(yield func(Directive) bool) { f.all(yield) }
}

func (f *File) all(yield func(Directive) bool) {
	for i := range f.entries {
		if !yield(Directive{f, int32(i)}) {
			return
		}
	}
}

// Includes returns the directives in the place of which nginx reads files, in text order.
func (f *File) Includes() (list []Directive) {
	for d := range f.All() {
		if d.IsInclude() {
			list = append(list, d)
		}
	}
	return list
}

// Count returns the number of directives in the whole file.
func (f *File) Count() int { return len(f.entries) }

// Directive returns the directive with ordinal i.
func (f *File) Directive(i int) Directive { return Directive{f, int32(i)} }

// siblings yields the entries of one level in [i, end).
func (f *File) siblings(i, end int32, yield func(Directive) bool) {
	for ; i < end; i = f.next(i) {
		if !yield(Directive{f, i}) {
			return
		}
	}
}

// next returns the index of the first entry after i that is not inside entry i.
func (f *File) next(i int32) int32 {
	if b := f.entries[i].block; b >= 0 {
		return f.blocks[b].next
	}
	return i + 1
}

// wordsEnd returns the index after the last word of entry i.
func (f *File) wordsEnd(i int32) int32 {
	if int(i)+1 < len(f.entries) {
		return f.entries[i+1].word
	}
	return int32(len(f.words))
}
