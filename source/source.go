// Package source is text and points into it: files, spans, edits and problems.
//
// A Span travels with every value of the linter, from the byte in the file to
// the report, the fix and the SARIF region. Offsets are bytes; lines and
// columns are worked out only when somebody wants to print them.
package source

// File is one configuration file as it was read.
type File struct {
	// Name is the absolute path inside the root by which the file was first
	// reached, as a server would write it in its log: /etc/nginx/nginx.conf.
	// It may hold any bytes but NUL.
	Name string
	// Real is Name with every symbolic link resolved, still inside the root.
	// It equals Name when there is no link on the way. An edit goes to Real.
	Real string
	// Text is the content, byte for byte.
	Text string
	// Comments are the spans of the comments in Text, in order, without the
	// line end. The parser of the file's language fills them in.
	Comments []Span

	lines lineTable
}

// Input is a file that was seen, and what it was read as.
type Input struct {
	*File        // nil when the file was not loaded
	Path  string // inside the root
	Role  string // nginx, nginx fragment, php-fpm, pool, php.ini, systemd unit, not loaded
}

// Span is a run of bytes of one file: Text[Start:End]. The zero Span stands
// for something that nobody wrote. A Span with Start == End is a place between
// two bytes.
type Span struct {
	File       *File
	Start, End int32
}

// IsZero reports whether s points nowhere.
func (s Span) IsZero() bool { return s.File == nil }

// Text returns the bytes that s covers, and "" for the zero Span.
func (s Span) Text() string {
	if s.File == nil {
		return ""
	}
	return s.File.Text[s.Start:s.End]
}

// Head returns the place where s starts, covering nothing.
func (s Span) Head() Span { return Span{s.File, s.Start, s.Start} }

// To returns the span from the start of s to the end of end, which is in the
// same file.
func (s Span) To(end Span) Span { return Span{s.File, s.Start, end.End} }

// Sub returns the part of s from byte offset from to byte offset to, both
// counted from the start of s.
func (s Span) Sub(from, to int) Span {
	return Span{s.File, s.Start + int32(from), s.Start + int32(to)}
}

// Span returns the span from byte offset start to byte offset end of f.
func (f *File) Span(start, end int) Span { return Span{f, int32(start), int32(end)} }

// Edit replaces the text at At by New. An At that covers nothing inserts.
type Edit struct {
	At  Span
	New string
}

// Note is another place that has to do with something that was found.
type Note struct {
	At      Span   // zero: the note is about no line
	Message string // one sentence, lower case, no full stop
}

// Fix is one way to put right what was found.
type Fix struct {
	Title string // what it does, as an order: pass to unix:/run/php/php8.3-fpm.sock
	// Safe is set when the fix removes the finding, adds none and changes no
	// address, owner or limit that another gateway or pool uses.
	Safe  bool
	Edits []Edit // may be in several files
}

// NotChecked is something that was not looked at, and why.
type NotChecked struct {
	At   Span   // zero when there is no file to point into
	Path string // the path inside the root when At is zero
	Why  string // ready to be written after "not checked: "
}

// Kind says what sort of problem stands between a file and its reader.
type Kind uint8

// The kinds of problems.
const (
	// Syntax is text that the server refuses to read.
	Syntax Kind = iota
	// Include is an include that the server refuses to follow.
	Include
	// BOM is a byte order mark where the server does not expect one.
	BOM
	// Limit is a limit of this program, not of the server: what lies beyond
	// it was not looked at.
	Limit
	// Template is a file with template marks that cannot be read before the
	// template is rendered.
	Template
	// Unreadable is a file that exists but could not be read.
	Unreadable
)

// Problem is something that a parser met and the place where it met it.
type Problem struct {
	At      Span
	Kind    Kind
	Message string // one sentence, lower case, no full stop
}
