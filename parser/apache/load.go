package apache

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Limits of this parser; Apache is limited only by memory.
const (
	maxDirectives = 1 << 19  // in all files
	maxLines      = 1 << 22  // read, those of files that are included again counted again
	maxMade       = 64 << 20 // bytes that variables and macros produce
	maxResolved   = 1 << 20  // bytes of a line with its variables replaced
	maxDepth      = 1000     // sections inside sections
	maxProblems   = 1000
)

// reader reads one configuration.
type reader struct {
	w      World
	c      *Config
	loose  bool
	access *Access // the .htaccess file that is read; nil for a configuration

	files   map[string]*file
	root    string // ServerRoot
	vars    map[string]variable
	defines map[string]truth
	modules map[string]truth // by both names
	macros  map[string]*macro
	names   map[string]string

	macroSeen bool // a <Macro> was read

	includes int    // the depth of includes
	looped   bool   // it was exceeded once
	doubt    string // why the sections around may not hold
	lacks    string // why a LoadModule line or a macro may be missing
	late     []Problem

	lines, made int
	stopped     bool // a limit was reached

	inputs []*input     // of files that were read
	kids   []*Directive // the directives of open sections and of the top
	order  int32        // that of the next directive
	ahead  Ahead
	arena
}

// arena makes directives and words in large pieces.
type arena struct {
	directives []Directive
	words      []Word
	pointers   []*Directive
	pending    []Word
	known      map[string]bool // see knows
}

func (a *arena) directive() *Directive {
	a.together(1)
	n := len(a.directives)
	a.directives = a.directives[:n+1]
	return &a.directives[n]
}

// together returns an empty list for the next directives, of which n at most follow each other.
func (a *arena) together(n int) []Directive {
	if cap(a.directives)-len(a.directives) < n {
		a.directives = make([]Directive, 0, max(n, min(512, 2*cap(a.directives)+16)))
	}
	return a.directives[len(a.directives):][:0:n]
}

// keepWords copies words to where they stay.
func (a *arena) keepWords(list []Word) []Word {
	n := len(list)
	if n == 0 {
		return nil
	}
	if cap(a.words)-len(a.words) < n {
		a.words = make([]Word, 0, max(n, min(1024, 2*cap(a.words)+16)))
	}
	start := len(a.words)
	a.words = append(a.words, list...)
	return a.words[start:len(a.words):len(a.words)]
}

// keepDirectives copies a list to where it stays.
func (a *arena) keepDirectives(list []*Directive) []*Directive {
	n := len(list)
	if n == 0 {
		return nil
	}
	if cap(a.pointers)-len(a.pointers) < n {
		a.pointers = make([]*Directive, 0, max(n, min(1024, 2*cap(a.pointers)+16)))
	}
	start := len(a.pointers)
	a.pointers = append(a.pointers, list...)
	return a.pointers[start:len(a.pointers):len(a.pointers)]
}

// file is one file, however often it is included.
type file struct {
	src      *source.File
	nul      bool // it has a NUL
	active   bool // it is being read
	read     int  // how often it was
	problems int  // that were reported
	marks    bool // it may have template marks
	rendered bool // some replace whole lines
	// firstMark is the first of those, and control counts the parts of the text that depend on
	// marks up to the first one without a value; 0 for none.
	firstMark source.Span
	control   int
	blamed    bool        // one is reported
	ahead     []Directive // of the lines that were read ahead, in order
	known     bool        // each of its lines has a known name
}

const tooManyLines = "more lines than are read, counting those of files that are included again; the rest was not looked at"

func newReader(w World, c *Config) *reader {
	if c.replaced == nil {
		c.replaced = newReplaced()
	}
	r := &reader{w: w, c: c, files: map[string]*file{}, vars: map[string]variable{}, defines: map[string]truth{},
		modules: map[string]truth{}, macros: map[string]*macro{}, names: map[string]string{}}
	if w != nil {
		r.root = w.ServerRoot()
	}
	return r
}

// Load reads a configuration from its main file on, as Apache does when it starts (httpd
// server/config.c, ap_read_config). It never fails: what Apache refuses is in Problems, and
// reading continues after it. It sets Comments, Parsed and Rendered of every file.
func Load(main *source.File, w World) *Config {
	r := newReader(w, &Config{Main: main, Access: map[string]*Access{}})
	r.file(r.open(main), nil)
	return r.finish()
}

// LoadLoose reads files that an unknown main file includes: those of conf.d or of
// sites-enabled. Which modules are loaded is unknown, see conditions of loose files.
func LoadLoose(files []*source.File, w World) *Config {
	r := newReader(w, &Config{Access: map[string]*Access{}})
	r.loose, r.lacks = true, "the main file is not given"
	for _, f := range files {
		r.file(r.open(f), nil)
	}
	return r.finish()
}

// LoadAccess reads one .htaccess file, below a configuration that is loaded, and records it
// in c.Access by its directory.
func LoadAccess(f *source.File, c *Config, w World) *Access {
	sub := &Config{Main: c.Main, replaced: c.replaced}
	r := newReader(w, sub)
	r.access = &Access{File: f}
	r.loose = c.Main == nil
	for _, m := range c.Modules {
		r.loaded(m.Name, m.At.Maybe())
	}
	if len(c.Unread) > 0 {
		r.lacks = "a file that may load it was not read"
	}
	r.file(r.open(f), nil)
	r.finish()
	r.access.Directives, r.access.Problems = sub.Directives, sub.Problems
	if c.Access != nil {
		c.Access[path.Dir(f.Name)] = r.access
	}
	return r.access
}

// finish returns what was read.
func (r *reader) finish() *Config {
	r.c.Directives = r.keepDirectives(r.kids)
	r.c.Problems = append(r.c.Problems, r.late...)
	r.c.replaced.file.Text = r.c.replaced.text.String()
	return r.c
}

// open returns what is kept about a file.
func (r *reader) open(src *source.File) *file {
	if f, ok := r.files[src.Name]; ok {
		return f
	}
	return r.keepFile(r.ahead.read(src, &r.arena))
}

// openPage is open for a file that is read already.
func (r *reader) openPage(p *Page) *file {
	if f, ok := r.files[p.file.src.Name]; ok {
		return f
	}
	return r.keepFile(p.file)
}

func (r *reader) keepFile(f *file) *file {
	src := f.src
	r.files[src.Name] = f
	r.c.Files = append(r.c.Files, src)
	src.Comments, src.Rendered = nil, nil
	src.Parsed, src.Variables = f, &r.c.replaced.file
	return f
}

// frame is an open section.
type frame struct {
	d     *Directive
	kids  int    // where its directives start in reader.kids
	holds bool   // it was read away, because it holds or may hold: IfModule …
	grown bool   // input.grown before it, if holds
	doubt string // reader.doubt before it
}

// file reads one file to its end, in the place of an Include line in around (httpd
// server/config.c, ap_build_config).
func (r *reader) file(f *file, around *input) {
	f.read++
	was := f.active
	f.active = true
	defer func() { f.active = was }()
	in := r.input()
	in.file, in.limit = f, maxLine
	if r.access != nil {
		in.limit = maxAccessLine
	}
	if around != nil {
		in.outer, _ = around.parent()
		in.outerIf = around.condition()
	}
	l := &in.current
	for !r.stopped && in.next(l) {
		if r.lines++; r.lines > maxLines {
			r.stop(l.at, tooManyLines)
			break
		}
		r.line(in, l)
	}
	if in.long {
		r.refuse(source.Syntax, l.last, l.last, "Line too long")
	}
	r.endOfFile(in)
	r.inputs = append(r.inputs, in)
}

// input returns an empty input: that of a file that was read to its end, or a new one.
func (r *reader) input() *input {
	n := len(r.inputs)
	if n == 0 {
		return &input{open: make([]frame, 0, 4)}
	}
	in := r.inputs[n-1]
	r.inputs = r.inputs[:n-1]
	*in = input{open: in.open[:0]}
	return in
}

// endOfFile closes what is open at the end of a file. What is open inside a section that
// was read away is not missed (httpd server/config.c, ap_build_cont_config).
func (r *reader) endOfFile(in *input) {
	var message string
	var first *Directive
	for i, fr := range in.open {
		if fr.holds {
			break
		}
		if i == 0 {
			first = fr.d
		}
		message = "<" + in.open[i].d.spelled() + "> was not closed" + strings.Repeat(", ", min(1, len(message))) + message
	}
	if first != nil && !r.stopped {
		r.refuse(source.Syntax, first.NameAt(), first.Line(), message)
	}
	for len(in.open) > 0 {
		r.leave(in)
	}
}

// leave closes the innermost section.
func (r *reader) leave(in *input) {
	n := len(in.open) - 1
	fr := in.open[n]
	in.open = in.open[:n]
	if fr.holds {
		r.doubt, in.grown = fr.doubt, fr.grown
		return
	}
	fr.d.Children = r.keepDirectives(r.kids[fr.kids:])
	r.kids = r.kids[:fr.kids]
}

// stop ends all reading at a limit.
func (r *reader) stop(at source.Span, why string) {
	if !r.stopped {
		r.stopped = true
		r.c.Unread = append(r.c.Unread, source.NotChecked{At: at.Head(), Why: why})
	}
}

// spend counts bytes that Apache would make, and reports whether there may be more.
func (r *reader) spend(n int) bool {
	r.made += n
	if r.made > maxMade {
		r.stop(source.Span{File: r.c.Files[0]}, "variables and macros produce more text than is read")
	}
	return !r.stopped
}
