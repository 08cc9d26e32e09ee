package ini

import (
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/source"
)

// Limits per file. Text beyond them is not read, and a source.Limit problem is reported.
const (
	maxText     = 256 << 20 // bytes
	maxLine     = 64 << 10  // bytes of one physical line
	maxLines    = 200_000   // statements
	maxProblems = 100
	maxComments = 1 << 20 // later ones are skipped
)

// Parse reads src and sets src.Comments. It never fails and continues after an error.
// A file that is a template, or whose first problem precedes anything well-formed,
// has one problem and no lines; in the latter case the message contains no text of
// the file, which may be a key or a list of passwords.
func Parse(src *source.File, mode Mode) *File {
	p := &parser{mode: mode, screen: true, out: &File{Source: src}}
	p.file, p.text, src.Rendered = src, src.Text, nil
	room := rooms.Get().(*room)
	p.comments = room.comments[:0]
	p.out.records, p.out.indexes = room.records[:0], room.indexes[:0]
	switch {
	case len(p.text) > maxText:
		p.problem(source.Limit, src.Span(0, 0), "the file is larger than 256 MiB and was not read")
	case mode == LineMode:
		p.physicalLines()
	default:
		p.whole()
	}
	if len(p.comments) == maxComments {
		p.problem(source.Limit, p.comments[maxComments-1], "the file has more than 1,048,575 comments; those after this one were not looked at")
	}
	src.Comments, p.out.records, p.out.indexes = fit(p.comments), fit(p.out.records), fit(p.out.indexes)
	rooms.Put(room)
	return p.out
}

// fit returns a copy of s without spare capacity.
func fit[T any](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return slices.Clone(s)
}

// room is the buffer that files are read into before their slices are fitted: most
// files have a few dozen lines.
type room struct {
	comments [256]source.Span
	records  [128]record
	indexes  [64]index
}

var rooms = sync.Pool{New: func() any { return new(room) }}

// parser reads statements (Zend/zend_ini_parser.y).
type parser struct {
	scanner
	mode Mode
	out  *File

	screen     bool // detect templates and files that are not PHP's
	wellFormed bool // something well-formed was read
	stopped    bool // reading has ended
	broken     bool // the current statement has a syntax error
	failed     token
	masked     bool // the template marks of the text are replaced
	suspect    bool // a value has a mark, or the line an error
	line       line // that LineMode reads

	// The stacks of expression, kept to reuse their memory.
	ops      []byte
	operands []string
}

// line is a line of a file, without its end. Whether it has a template mark is found out
// once, on first use.
type line struct {
	from, to      int
	asked, marked bool
}

// physicalLines scans each line separately. PHP-FPM includes the line feed in the
// line, appends one to the last line, and reads up to the first NUL.
func (p *parser) physicalLines() {
	for from := 0; from < len(p.text) && !p.stopped; {
		to := len(p.text)
		if n := strings.IndexByte(p.text[from:], '\n'); n >= 0 {
			to = from + n
		}
		if to > from {
			p.physicalLine(from, to)
		}
		from = to + 1
	}
}

func (p *parser) physicalLine(from, to int) {
	if to-from > maxLine {
		p.problem(source.Limit, p.file.Span(from, from), "the line is longer than 64 KiB and was not read")
		return
	}
	if p.simple(from, to) {
		return
	}
	p.line = line{from: from, to: to}
	p.pos, p.limit, p.closing = from, to, 1
	if n := strings.IndexByte(p.text[from:to], 0); n >= 0 {
		p.limit, p.closing = from+n, 0
	}
	if p.limit-from >= 3 && strings.HasPrefix(p.text[from:p.limit], "\ufeff") {
		p.pos += 3
	}
	p.begin(initial)
	first, comments, problems := len(p.out.records), len(p.comments), len(p.out.Problems)
	p.suspect = false
	p.statements()
	if p.suspect && !p.masked && p.lineMarked() {
		p.out.records, p.comments, p.out.Problems = p.out.records[:first], p.comments[:comments], p.out.Problems[:problems]
		p.stopped = false
		p.mask(from)
		p.physicalLine(from, to)
		return
	}
	if p.broken {
		// PHP-FPM may have applied a part of the line before the error. It refuses
		// the file in any case.
		p.out.records = p.out.records[:min(first, len(p.out.records))]
	}
}

// whole scans the file as one text, and again if that finds template marks.
func (p *parser) whole() {
	p.scanWhole()
	if !p.suspect || !p.hasMark(0, len(p.text)) {
		return
	}
	p.out.records, p.out.indexes, p.out.texts, p.out.Problems, p.out.Dropped = p.out.records[:0], p.out.indexes[:0], nil, nil, nil
	p.comments, p.wellFormed, p.stopped, p.pos = p.comments[:0], false, false, 0
	p.mask(0)
	p.scanWhole()
}

// scanWhole continues on the next line after an error.
func (p *parser) scanWhole() {
	p.limit = len(p.text)
	if p.limit > 3 && strings.HasPrefix(p.text, "\ufeff") {
		p.pos = 3
	}
	for !p.stopped {
		p.begin(initial)
		p.statements()
		if !p.broken {
			return
		}
		n := strings.IndexByte(p.text[p.failed.from:], '\n')
		if n < 0 {
			return
		}
		p.pos = p.failed.from + n + 1
	}
}

// statements reads to the end or to a syntax error.
func (p *parser) statements() {
	p.broken = false
	tok := p.next()
	for !p.stopped && !p.broken {
		switch tok.kind {
		case tEnd:
			return
		case tEOL:
			tok = p.next()
		case tSection:
			tok = p.sectionHeader()
		case tLabel:
			tok = p.plainEntry(tok)
		case tOffset:
			tok = p.indexedEntry(tok)
		default:
			p.fail(tok, "")
		}
	}
}
