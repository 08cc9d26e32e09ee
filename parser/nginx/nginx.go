// Package nginx is the nginx configuration language: its tokens, its tree of
// directives and blocks, and the problems that make nginx refuse a text.
//
// It follows nginx's own reader (nginx ngx_conf_file.c) byte for byte, keeps
// where every word and comment stands, and goes on after an error. It knows
// no directive by name except those whose body is another language or plain
// data, and the few that are always blocks; of the others it keeps the number that
// they have in the table of directives.
package nginx

import (
	"iter"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// File is one parsed configuration file. Its tree is kept in flat slabs
// without pointers, in the order of the text: a parent comes before its
// children, and a directive's words are neighbours.
type File struct {
	// Source is the text that was parsed.
	Source *source.File
	// Problems are what the reader met, in the order of the text.
	Problems []source.Problem

	words   []word
	entries []entry
	blocks  []block
	skipped []word // text that is in no word although it is no blank, comment or Lua
	escapes bool   // there may be an escape in a word
}

// word is a token as written, quotes included. A negative end is the
// complement of the end of a quoted word that was never closed.
type word struct{ start, end int32 }

// entry is one directive. Its words end where those of the next entry begin.
type entry struct {
	word   int32 // its name in File.words
	parent int32 // in File.entries; -1 at top level
	term   int32 // offset of its ; or {; complement of the place where it is missing
	block  int32 // in File.blocks; -1 when it has none
	key    servers.NginxKey
}

// block is what follows a directive's opening brace.
type block struct {
	next  int32 // the first entry behind the block
	close int32 // offset of its }; complement of where reading ended without one
	kind  bodyKind
}

// Directives yields the directives outside every block, in order.
func (f *File) Directives() iter.Seq[Directive] {
	return func(yield func(Directive) bool) { f.siblings(0, int32(len(f.entries)), yield) }
}

// All yields every directive of the file, in order, a block before its body.
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

// Count returns the number of directives in the whole file.
func (f *File) Count() int { return len(f.entries) }

// Directive returns the directive with the ordinal i.
func (f *File) Directive(i int) Directive { return Directive{f, int32(i)} }

// siblings yields the entries of one level from index i to before end.
func (f *File) siblings(i, end int32, yield func(Directive) bool) {
	for ; i < end; i = f.next(i) {
		if !yield(Directive{f, i}) {
			return
		}
	}
}

// next returns the index of the first entry that is not below entry i.
func (f *File) next(i int32) int32 {
	if b := f.entries[i].block; b >= 0 {
		return f.blocks[b].next
	}
	return i + 1
}

// wordsEnd returns the index behind the last word of entry i.
func (f *File) wordsEnd(i int32) int32 {
	if int(i)+1 < len(f.entries) {
		return f.entries[i+1].word
	}
	return int32(len(f.words))
}
