package ini

import (
	"iter"

	"github.com/wp502lint/wp502lint/source"
)

// record is one statement.
type record struct {
	key, value region // as written; for a Section the key is all between the brackets
	text       region // the decoded value, or the name of a Section
	index      int32  // in File.indexes; -1 unless Indexed
	why        int32  // in File.texts; -1 for a known value
	kind       LineKind
	form       Form
	simple     bool // see Simple
}

// index is the text between the brackets of name[index].
type index struct{ at, text region }

// region is a range of the file's text. A negative start is a text outside the
// file: -1 for "1", which PHP substitutes for On, and -2 - i for
// File.texts[i].
type region struct{ start, end int32 }

const one = -1

// text returns the text of r.
func (f *File) text(r region) string {
	switch {
	case f == nil:
		return ""
	case r.start >= 0:
		return f.Source.Text[r.start:r.end]
	case r.start == one:
		return "1"
	}
	return f.texts[-2-r.start]
}

// region returns the region of text, which may be the range at of the file, with or
// without quotes.
func (f *File) region(text string, at source.Span) region {
	written := region{at.Start, at.End}
	switch {
	case text == "":
		return region{}
	case text == "1":
		return region{one, one}
	case text == f.text(written):
		return written
	}
	if written.end-written.start >= 2 {
		if inner := (region{written.start + 1, written.end - 1}); text == f.text(inner) {
			return inner
		}
	}
	f.texts = append(f.texts, text)
	return region{int32(-1 - len(f.texts)), 0}
}

func (f *File) span(r region) source.Span {
	if f == nil {
		return source.Span{}
	}
	return source.Span{File: f.Source, Start: r.start, End: r.end}
}

// Count returns the number of statements. It is 0 if the file is a template or not
// a configuration; Problems then has one entry, the reason.
func (f *File) Count() int { return len(f.records) }

// Line returns statement i, counted from 0.
func (f *File) Line(i int) Line { return Line{f, int32(i)} }

// Lines yields the statements in file order.
func (f *File) Lines() iter.Seq[Line] {
	return func(yield func(Line) bool) {
		for i := range f.records {
			if !yield(f.Line(i)) {
				return
			}
		}
	}
}

// record returns the record of l, or &nothing for the zero Line.
func (l Line) record() *record {
	if l.file == nil {
		return &nothing
	}
	return &l.file.records[l.index]
}

// nothing is never changed.
var nothing = record{kind: Bare, index: -1, why: -1}

// IsZero reports whether l is the zero Line.
func (l Line) IsZero() bool { return l.file == nil }

// File returns the file that contains l.
func (l Line) File() *source.File { return l.file.Source }

// Kind returns the kind of statement that l is.
func (l Line) Kind() LineKind { return l.record().kind }

// Key returns the name as written, without surrounding blanks and in its original
// case. For a Section it is the decoded name of the section.
func (l Line) Key() string {
	r := l.record()
	if r.kind == Section {
		return l.file.text(r.text)
	}
	return l.file.text(r.key)
}

// KeyAt returns the name as written; for a Section, everything between the brackets,
// quotes and blanks included.
func (l Line) KeyAt() source.Span { return l.file.span(l.record().key) }

// Indexed reports whether l is name[index] or name[].
func (l Line) Indexed() bool { return l.record().index >= 0 }

// Index returns the decoded text between the brackets of name[index].
func (l Line) Index() string {
	if i := l.record().index; i >= 0 {
		return l.file.text(l.file.indexes[i].text)
	}
	return ""
}

// IndexAt returns the text between the brackets, without leading blanks. It is the
// zero Span unless Indexed.
func (l Line) IndexAt() source.Span {
	if i := l.record().index; i >= 0 {
		return l.file.span(l.file.indexes[i].at)
	}
	return source.Span{}
}

// Simple reports whether l is known to be a name, "=" and one word up to the end of its
// line, without quotes and operators. It saves looking for them.
func (l Line) Simple() bool { return l.record().simple }

// Text returns the Text of Value, and whether it is known: Why is "".
func (l Line) Text() (text string, known bool) {
	r := l.record()
	if r.kind == Bare {
		return "", true
	}
	return l.file.text(r.text), r.why < 0
}

// Value returns the decoded value of an Entry. For a Section it is the name, with Why
// and Form; for a Bare, the zero Value.
func (l Line) Value() Value {
	r := l.record()
	if r.kind == Bare {
		return Value{}
	}
	v := Value{Text: l.file.text(r.text), At: l.file.span(r.value), Form: r.form}
	if r.why >= 0 {
		v.Why = l.file.texts[r.why]
	}
	return v
}
