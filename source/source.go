// Package source defines configuration text and places in it: files, spans,
// edits and problems.
//
// Every value of the linter has a Span, from the parser to the report, the fix
// and the SARIF region. Offsets are bytes; lines and columns are computed only
// for printing.
package source

import "sync/atomic"

// File is one configuration file as it was read.
type File struct {
	// Name is the absolute path inside the root by which the file was first
	// reached, as a server would write it in its log: /etc/nginx/nginx.conf.
	// It may hold any bytes but NUL.
	Name string
	// Real is Name with every symbolic link resolved, still inside the root. It
	// equals Name when the path has no link. An edit goes to Real.
	Real string
	// Text is the content, byte for byte.
	Text string
	// Comments are the spans of the comments in Text, in order, without the
	// line end. The parser of the file's language fills them in.
	Comments []Span
	// Pieces are what the parts of Text were made from; see Text. nil for a file that is
	// read from where it is.
	Pieces []Piece
	// Image is the reference of the container image that brings the file, such as
	// php:8.3-fpm: it is not in the project. "" for none.
	Image string
	// Literal is set if what looks like the mark of a template is none: its own language
	// has $NAME, or it was filled in before.
	Literal bool
	// Variables has the values that variables of the file's own language, ${NAME}, were replaced
	// with in all files that are read with this one, and their secrets. nil: the language has no
	// such variables, so that ${NAME} is the mark of a template.
	Variables *File
	// Owner is where the project names what brings a file that is not in it: the FROM of a
	// Dockerfile, the image of a service. The zero Span: nothing does.
	Owner Span
	// Doubt is why the file may have another text than Text, worded to follow "not checked:
	// "; "" if it has not.
	Doubt string
	// Minor is set if Doubt can change nothing that decides whether a request reaches PHP.
	Minor bool
	// Withheld is set if nothing of Text may be printed: it does not look like a
	// configuration, and may be a file with passwords that an include or a link leads to.
	Withheld bool
	// Parsed is what the parser of the file's language made of Text; nil if none has
	// read the file.
	Parsed Parsed
	// Rendered are the parts of Text that depend on how a template is rendered: marks
	// in place of whole directives, and what lies between marks such as {% if … %} and
	// {% endif %}. The parser of the file's language fills them in.
	Rendered []Span

	lines   lineTable
	secrets atomic.Pointer[[]Span] // nil until they are needed
	derived atomic.Pointer[derivation]
}

// Input is a file that was found, and how it was read.
type Input struct {
	*File        // nil when the file was not loaded
	Path  string // inside the root
	Role  Role
	// By is the argument of the include that leads to a Withheld file; the zero Span if
	// none does.
	By Span
}

// Role is what a file is read as.
type Role string

// The roles of files.
const (
	RoleNginx    Role = "nginx"
	RoleFragment Role = "nginx fragment"
	RoleFPM      Role = "php-fpm"
	RolePool     Role = "pool"
	RolePHPIni   Role = "php.ini"
	RoleUnit     Role = "systemd unit"
	// Those of Apache: its main file with all that it includes, files that a main file that was
	// not given includes, and those of directories that it serves.
	RoleApache         Role = "apache"
	RoleApacheFragment Role = "apache fragment"
	RoleHtaccess       Role = "htaccess"
	// RoleEnvironment is a file of variables that a server starts with.
	RoleEnvironment Role = "environment"
	// RoleTunnel is the configuration of cloudflared.
	RoleTunnel Role = "cloudflared"
	// RoleFirewall is a file that sets up the packet filter.
	RoleFirewall Role = "firewall"
	// Those that describe machines.
	RoleCompose    Role = "compose"
	RoleDockerfile Role = "dockerfile"
	RoleManifest   Role = "kubernetes"
	RoleNotLoaded  Role = "not loaded"
)

// Describes reports whether a file with the role describes machines, and is not read on one.
func (r Role) Describes() bool {
	return r == RoleCompose || r == RoleDockerfile || r == RoleManifest
}

// Span is a run of bytes of one file: Text[Start:End]. The zero Span is not
// a place. A Span with Start == End is a place between two bytes.
type Span struct {
	File       *File
	Start, End int32
}

// maxRendered limits how many parts of a file Rendered has: the last one extends over all
// that follow.
const maxRendered = 1000

// Render adds a part of f to Rendered, after those that it has.
func (f *File) Render(part Span) {
	if n := len(f.Rendered); n == maxRendered {
		f.Rendered[n-1].End = max(f.Rendered[n-1].End, part.End)
		return
	}
	f.Rendered = append(f.Rendered, part)
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

// Edit replaces the text at At by New. An empty At inserts.
type Edit struct {
	At  Span
	New string
}

// Note is another place that is related to a finding.
type Note struct {
	At      Span   // zero: the note has no place
	Message string // one sentence, lower case, no full stop
}

// Fix is one way to correct a finding.
type Fix struct {
	Title string // what it does, as an imperative: pass to unix:/run/php/php8.3-fpm.sock
	// Safe is set when the fix removes the finding, adds none and changes no
	// address, owner or limit that another gateway or pool uses.
	Safe  bool
	Edits []Edit // may be in several files
}

// NotChecked is something that was not checked, and why.
type NotChecked struct {
	At   Span   // zero when there is no file to point into
	Path string // the path inside the root when At is zero
	Why  string // completes "not checked: "
}

// Kind is the kind of a problem.
type Kind uint8

// The kinds of problems.
const (
	// Syntax is text that the server refuses to read.
	Syntax Kind = iota
	// Include is an include that the server refuses to follow.
	Include
	// BOM is a byte order mark where the server does not expect one.
	BOM
	// Limit is a limit of this program, not of the server: the rest was not
	// read.
	Limit
	// Template is a file with template marks that cannot be read before the
	// template is rendered.
	Template
	// Unreadable is a file that exists but could not be read.
	Unreadable
	// Unset is a value that must be set where the files are used, and that they do not have.
	Unset
)

// Refused reports whether what reads the file refuses it. Otherwise this program cannot tell.
func (k Kind) Refused() bool { return k <= BOM }

// Problem is something that a parser could not read, and its place.
type Problem struct {
	At      Span
	Kind    Kind
	Message string // one sentence, lower case, no full stop
}
