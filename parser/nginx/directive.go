package nginx

import (
	"iter"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Directive is one directive of a File: a name, arguments, and a semicolon or a
// block. It is a handle: comparable, and usable as a map key. The zero Directive
// is not a directive; all its methods return zero values.
type Directive struct {
	file  *File
	index int32
}

// IsZero reports whether d is the zero Directive.
func (d Directive) IsZero() bool { return d.file == nil }

// File returns the file that contains d.
func (d Directive) File() *File { return d.file }

// Ordinal returns the index of d in its file, from 0 in text order.
func (d Directive) Ordinal() int { return int(d.index) }

// Name returns the first word, decoded.
func (d Directive) Name() string { return d.NameWord().String() }

// Key returns the number of the name in nginx's table of directives; 0 for a name
// that is not in the table.
func (d Directive) Key() servers.NginxKey {
	if d.file == nil {
		return 0
	}
	return d.file.entries[d.index].key
}

// IsInclude reports whether nginx reads files in the place of d: it is an include with
// one argument.
func (d Directive) IsInclude() bool {
	return d.Key().Name() == "include" && d.NumArgs() == 1 && !d.HasBlock()
}

// IncludesBefore returns how many includes precede d in its file; 0 for a block.
func (d Directive) IncludesBefore() int {
	if d.file == nil {
		return 0
	}
	return int(max(0, ^d.file.entries[d.index].block))
}

// NameWord returns the first word.
func (d Directive) NameWord() Word {
	if d.file == nil {
		return Word{}
	}
	return Word{d.file, d.file.entries[d.index].word}
}

// NumArgs returns how many words follow the name.
func (d Directive) NumArgs() int {
	if d.file == nil {
		return 0
	}
	return int(d.file.wordsEnd(d.index)-d.file.entries[d.index].word) - 1
}

// Arg returns argument i, counted from 0, or the zero Word if there is none.
func (d Directive) Arg(i int) Word {
	if i < 0 || i >= d.NumArgs() {
		return Word{}
	}
	return Word{d.file, d.file.entries[d.index].word + 1 + int32(i)}
}

// Args yields the arguments with their indexes, counted from 0.
func (d Directive) Args() iter.Seq2[int, Word] {
	return func(yield func(int, Word) bool) { d.args(yield) }
}

// args is separate from Args, like siblings from its callers: a range-over-func
// loop does not allocate if the function that returns the iterator is inlined.
func (d Directive) args(yield func(int, Word) bool) {
	for i := range d.NumArgs() {
		if !yield(i, d.Arg(i)) {
			return
		}
	}
}

// HasBlock reports whether d has a block, including a Lua block.
func (d Directive) HasBlock() bool { return d.block() != nil }

// Children yields the directives directly inside the block of d, in order.
func (d Directive) Children() iter.Seq[Directive] {
	return func(yield func(Directive) bool) { d.children(yield) }
}

func (d Directive) children(yield func(Directive) bool) {
	if b := d.block(); b != nil {
		d.file.siblings(d.index+1, b.next, yield)
	}
}

// Parent returns the directive whose block contains d, or the zero Directive at top level.
func (d Directive) Parent() Directive {
	if d.file == nil || d.file.entries[d.index].parent < 0 {
		return Directive{}
	}
	return Directive{d.file, d.file.entries[d.index].parent}
}

// Before returns the directive whose semicolon is the last one before d in its block, or
// the zero Directive.
func (d Directive) Before() Directive {
	if d.file == nil || d.index == 0 {
		return Directive{}
	}
	if last := (Directive{d.file, d.index - 1}); !last.HasBlock() && last.Parent() == d.Parent() {
		return last
	}
	return Directive{}
}

// Span returns the header: from the name to the end of the last word, without
// the semicolon or brace.
func (d Directive) Span() source.Span {
	if d.file == nil {
		return source.Span{}
	}
	last := Word{d.file, d.file.wordsEnd(d.index) - 1}
	return d.NameWord().Span().To(last.Span())
}

// Terminator returns the semicolon or the opening brace. If it is missing, the
// span is empty and lies after the last word.
func (d Directive) Terminator() source.Span {
	if d.file == nil {
		return source.Span{}
	}
	if t := d.file.entries[d.index].term; t < 0 {
		return source.Span{File: d.file.Source, Start: ^t, End: ^t}
	} else {
		return source.Span{File: d.file.Source, Start: t, End: t + 1}
	}
}

// Close returns the closing brace, or the zero Span if d has no block or the block
// is never closed.
func (d Directive) Close() source.Span {
	b := d.block()
	if b == nil || b.close < 0 {
		return source.Span{}
	}
	return source.Span{File: d.file.Source, Start: b.close, End: b.close + 1}
}

// Whole returns the span from the name to the semicolon or the closing brace,
// inclusive. A block that is never closed ends where reading ended.
func (d Directive) Whole() source.Span {
	whole := d.Span()
	b := d.block()
	switch {
	case b == nil:
		return whole.To(d.Terminator())
	case b.close < 0:
		whole.End = ^b.close
	default:
		whole.End = b.close + 1
	}
	return whole
}

// Lua returns the text between the braces of a *_by_lua_block, or the zero Span for
// any other directive.
func (d Directive) Lua() source.Span {
	b := d.block()
	if b == nil || b.kind != lua {
		return source.Span{}
	}
	body := source.Span{File: d.file.Source, Start: d.Terminator().End, End: b.close}
	if b.close < 0 {
		body.End = ^b.close
	}
	return body
}

// Data reports whether d is a data line in the body of a map, geo, types,
// split_clients or charset_map, and not a directive. An include in a map, geo or
// types body is a directive (nginx ngx_http_map_module.c, ngx_http_geo_module.c,
// ngx_http_core_types).
func (d Directive) Data() bool {
	b := d.Parent().block()
	switch {
	case b == nil || b.kind == directives || b.kind == lua:
		return false
	case b.kind == tableWithIncludes:
		return d.NumArgs() != 1 || d.Key().Name() != "include"
	}
	return true
}

// InTable reports whether d is in the body of a map, geo, types, split_clients or
// charset_map, as the lines of data and their includes do.
func (d Directive) InTable() bool {
	b := d.Parent().block()
	return b != nil && b.kind != directives && b.kind != lua
}

// Path returns the blocks around d, outermost first, each with its arguments:
// "http", "upstream php", "location ~ \.php$". A server block has no arguments, so
// its first server_name is used: "server example.org".
func (d Directive) Path() []string {
	var path []string
	for b := d.Parent(); !b.IsZero(); b = b.Parent() {
		path = append(path, b.Label())
	}
	for i, j := 0, len(path)-1; i < j; i, j = i+1, j-1 {
		path[i], path[j] = path[j], path[i]
	}
	return path
}

// Label returns the name and the arguments of d in the form that Path uses: for a
// server, its first server_name.
func (d Directive) Label() string {
	label := d.Name()
	if label == "server" {
		for c := range d.Children() {
			if c.Name() == "server_name" && c.NumArgs() > 0 {
				return label + " " + c.Arg(0).String()
			}
		}
	}
	if d.NumArgs() == 0 {
		return label
	}
	var b strings.Builder
	b.WriteString(label)
	for _, arg := range d.Args() {
		b.WriteByte(' ')
		b.WriteString(arg.String())
	}
	return b.String()
}

// block returns the block of d, or nil.
func (d Directive) block() *block {
	if d.file == nil {
		return nil
	}
	if b := d.file.entries[d.index].block; b >= 0 {
		return &d.file.blocks[b]
	}
	return nil
}
