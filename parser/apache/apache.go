// Package apache reads the configuration language of Apache httpd: its lines and words, and
// what Apache does while it reads: includes, variables, sections that hold only sometimes, and
// macros.
//
// It follows httpd's own reader (httpd server/config.c, server/util.c) byte for byte, and
// keeps the position of every word. Apache stops at the first mistake and reports only that;
// so does Load, which goes on reading for what the model needs.
package apache

import (
	"github.com/wp502lint/wp502lint/source"
)

// Config is everything that Apache reads from a main file on, or what loose files hold.
type Config struct {
	// Main is the main file; nil for loose files, of which an unknown main file includes some.
	Main *source.File
	// Files are all files, each once, in the order of reading.
	Files []*source.File
	// Directives are those outside every section, in the order in which Apache processes
	// them: those of includes, of sections that hold (IfModule, IfDefine …) and of macros
	// are in their places.
	Directives []*Directive
	// Modules are the LoadModule lines in order, those in sections that hold.
	Modules []Module
	// Problems are what Apache refuses to read, in the order of reading: it reports the first.
	Problems []Problem
	// Unread are includes and files that could not be read, so that directives are missing.
	Unread []source.NotChecked
	// Rendered is set if template marks produce some of the directives.
	Rendered bool
	// Skipped are the sections that do not hold, with why: for what a site lacks.
	Skipped []*Directive
	// Access are the .htaccess files, by directory.
	Access map[string]*Access

	replaced *replaced // the variables of all files
}

// Access is one .htaccess file.
type Access struct {
	File       *source.File
	Directives []*Directive
	Problems   []Problem
}

// Directive is one directive, or one section with what is inside.
type Directive struct {
	// Name is the name in lower case, without the < of a section.
	Name string
	// Section is set for <Name …>. Its directives are Children.
	Section bool
	// Unclosed is set for a section whose line has no >.
	Unclosed bool
	Children []*Directive
	// Parent is the enclosing section; nil for none.
	Parent *Directive
	// Args are the words after the name as Apache decodes them, with variables replaced. Those of
	// a directive that reads the rest of its line itself (RAW_ARGS) are split in the same way.
	Args []Word
	// At is the whole directive from the name to the end of the last word.
	At source.Span
	// If is the innermost section around it that was read away because it holds: IfModule,
	// IfDefine …; nil for none. The one around that is its own If.
	If *Directive
	// Order is the position in the order of reading.
	Order int32

	nameEnd, rawEnd int32 // counted from the start of At
	detail          *detail
}

// detail is what the text at At does not tell about a directive: that of a line that goes on in the
// next one, has variables or comes from a macro, and of one that may not be in effect. Few
// directives have it.
type detail struct {
	nameAt, line source.Span
	raw          string
	use          *Directive
	maybe        string
}

// NameAt is the name as written, with the < of a section.
func (d *Directive) NameAt() source.Span {
	if d.detail != nil {
		return d.detail.nameAt
	}
	return d.At.Sub(0, int(d.nameEnd))
}

// Raw is the rest of the line that Apache passes to the directive: lines joined, variables
// replaced, quotes kept, without the > of a section.
func (d *Directive) Raw() string {
	switch {
	case d.detail != nil:
		return d.detail.raw
	case len(d.Args) == 0:
		return ""
	}
	return d.At.File.Text[d.Args[0].At.Start : d.At.Start+d.rawEnd]
}

// Line is where Apache says that it is: the last physical line of it.
func (d *Directive) Line() source.Span {
	if d.detail != nil {
		return d.detail.line
	}
	f := d.At.File
	return f.Line(f.LineAt(int(d.At.Start)))
}

// Use is the Use line that put it here; nil if no macro did. Every span of it is then that of the
// line.
func (d *Directive) Use() *Directive {
	if d.detail != nil {
		return d.detail.use
	}
	return nil
}

// Maybe is why it may not be in effect, worded to follow "not checked: ": a condition that the
// files do not decide; "" if it is.
func (d *Directive) Maybe() string {
	if d.detail != nil {
		return d.detail.maybe
	}
	return ""
}

// Arg returns the text of argument i, counted from 0; "" if there is none.
func (d *Directive) Arg(i int) string {
	if i < len(d.Args) {
		return d.Args[i].Text
	}
	return ""
}

// Word is one word of a directive.
type Word struct {
	// Text is the word as Apache decodes it, with variables replaced.
	Text string
	// At is the word as written, quotes included.
	At source.Span

	unset *string // of few words
}

// Unset is the first variable in the word that no Define sets and that the environment of Apache
// may have; "" for none. Text then has it as written: ${NAME}.
func (w Word) Unset() string {
	if w.unset == nil {
		return ""
	}
	return *w.unset
}

// Module is one LoadModule line.
type Module struct {
	Name string // such as proxy_fcgi_module
	File string // the absolute path of its .so
	At   *Directive
}

// Problem is a text that Apache refuses to read.
type Problem struct {
	source.Problem
	// Line is where Apache reports it: the last physical line of a joined one.
	Line source.Span
	// Late is set if Apache finds it only when it processes the directives, all of which it has
	// read by then: after every Problem that is not Late.
	Late bool
	// Order is how many directives are before it in the order of reading; of one that is Late,
	// the Order of its directive.
	Order int32
}
