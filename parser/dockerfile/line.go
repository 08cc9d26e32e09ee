package dockerfile

import (
	"sort"
	"strings"
	"unicode"

	"github.com/wp502lint/wp502lint/source"
)

// line is an instruction as the builder reads it: its lines joined, without the
// continuation characters, comments and empty lines between them.
type line struct {
	file  *source.File
	text  string
	parts []part
}

// part is a run of bytes that are the same in a line and in its file.
type part struct{ at, from int32 } // where it starts in the line, and in the file

// offset returns where the byte at i of the line is in the file.
func (l *line) offset(i int) int {
	n := sort.Search(len(l.parts), func(n int) bool { return int(l.parts[n].at) > i }) - 1
	return i - int(l.parts[n].at) + int(l.parts[n].from)
}

// span returns the place of a part of the line. It covers what lies between the lines.
func (l *line) span(from, to int) source.Span {
	if from < to {
		return l.file.Span(l.offset(from), l.offset(to-1)+1)
	}
	at := int(l.parts[0].from)
	if from > 0 {
		at = l.offset(from-1) + 1
	}
	return l.file.Span(at, at)
}

// word returns a part of the line as it is.
func (l *line) word(from, to int) Word { return Word{l.text[from:to], l.span(from, to)} }

// reader is the state of one Parse.
type reader struct {
	*File
	text  string // of the source, up to the limit
	pos   int    // where the next line starts
	count int    // instructions so far
	words int    // arguments so far
	// directives are the names of parser directives so far; nil after the first line
	// that is not one.
	directives map[string]bool
	template   source.Problem // the first mark of a template; no message: there is none
	pinned     bool           // "# syntax=" names a version of the builder, which may know other options
}

// maxLine is the length of a line with its line feed that BuildKit refuses
// (bufio.MaxScanTokenSize).
const maxLine = 64 << 10

// next returns the bounds of the next line without its line end and moves after it.
func (p *reader) next() (from, to int) {
	from = p.pos
	n := strings.IndexByte(p.text[from:], '\n')
	if n < 0 {
		n, p.pos = len(p.text)-from-1, len(p.text)
	} else {
		p.pos += n + 1
	}
	if n >= maxLine || n == maxLine-1 && p.text[from+n] != '\n' {
		p.problem(source.Syntax, p.Source.Span(from, from), "the line is longer than 65,535 bytes, which BuildKit refuses")
	}
	return from, from + len(strings.TrimRight(p.text[from:p.pos], "\r\n"))
}

// read reads all instructions.
func (p *reader) read() {
	p.directives = map[string]bool{}
	if strings.HasPrefix(p.text, "\uFEFF") {
		p.pos = len("\uFEFF")
	}
	for p.pos < len(p.text) {
		l := p.line()
		if l == nil {
			continue
		}
		in := p.instruction(l, 0, len(l.text))
		p.heredocs(l, in)
		if !in.refused {
			p.check(in)
		}
		p.add(in)
		p.count++
		p.words += len(in.Words) + len(in.Pairs) + len(in.Flags)
		if p.count == maxInstructions || p.words >= maxWords {
			p.problem(source.Limit, p.Source.Span(p.pos, p.pos), "the file has more than 100,000 instructions or a million arguments, and the rest was not read")
			return
		}
	}
}

// line reads one instruction with the lines that continue it; nil for a comment or an
// empty line.
func (p *reader) line() *line {
	from, to := p.next()
	from = to - len(strings.TrimLeftFunc(p.text[from:to], unicode.IsSpace))
	if p.comment(from, to) {
		return nil
	}
	p.directives = nil
	end, more := p.continued(from, to)
	if from == to {
		return nil
	}
	l := &line{file: p.Source, text: p.text[from:end], parts: []part{{0, int32(from)}}}
	var joined []byte // while there is more than one part
	for more && p.pos < len(p.text) {
		from, to = p.next()
		first := to - len(strings.TrimLeftFunc(p.text[from:to], unicode.IsSpace))
		if p.comment(first, to) || first == to {
			continue
		}
		end, more = p.continued(from, to)
		if joined == nil {
			joined = []byte(l.text)
		}
		if end > from {
			l.parts = append(l.parts, part{int32(len(joined)), int32(from)})
			joined = append(joined, p.text[from:end]...)
		}
	}
	if joined != nil {
		l.text = string(joined)
	}
	return l
}

// continued returns where the text of a line ends, and whether the line goes on: after
// an escape character at its end, blanks apart, unless another one precedes it.
func (p *reader) continued(from, to int) (end int, more bool) {
	end = from + len(strings.TrimRight(p.text[from:to], " \t"))
	if end == from || p.text[end-1] != p.escape || end-1 > from && p.text[end-2] == p.escape {
		return to, false
	}
	return end - 1, true
}

// comment records the comment that starts at from, if one does. The first comments of a
// file may be directives to the builder.
func (p *reader) comment(from, to int) bool {
	if from == to || p.text[from] != '#' {
		return false
	}
	at := p.Source.Span(from, to)
	p.Source.Comments = append(p.Source.Comments, at)
	if p.directives == nil {
		return true
	}
	name, value, ok := strings.Cut(p.text[from+1:to], "=")
	name, ok = strings.ToLower(strings.TrimSpace(name)), ok && value != ""
	value = strings.TrimSpace(value)
	switch {
	case !ok || name != "syntax" && name != "escape" && name != "check":
		p.directives = nil
		return true
	case p.directives[name]:
		p.problem(source.Syntax, at, "the directive "+name+" is set twice")
	case name == "escape" && value != "`" && value != `\`:
		p.problem(source.Syntax, at, "the escape character is \\ or `, not "+value)
	case name == "escape":
		p.escape = value[0]
	}
	p.directives[name] = true
	p.pinned = p.pinned || name == "syntax"
	return true
}
