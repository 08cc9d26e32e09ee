package apache

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// maxLine is the length at which Apache refuses a line, in bytes (httpd server/config.c,
// VARBUF_MAX_LEN), and maxAccessLine that of .htaccess files (HUGE_STRING_LEN; measured on Apache 2.4).
const (
	maxLine       = 16 << 20
	maxAccessLine = 8 << 10
)

// line is one logical line: physical lines joined, without surrounding blanks.
type line struct {
	text   string
	pieces []piece     // nil: text is what is written at at
	made   bool        // a macro made it: every place in it is at
	at     source.Span // from its first to its last byte; of a macro, its Use line
	last   source.Span // the last physical line
	mask   string      // text with letters in place of template marks; what is split into words
	unset  []unset     // unknown variables
	doubt  string      // why a variable in it may have another value
}

// piece is a part of a line: text[out:] comes from offset from on in the file.
type piece struct {
	out, from, to int32
	same          bool // byte for byte; else all of it comes from all of from:to
}

// unset is a variable that was not replaced, at text[from:to].
type unset struct {
	from, to int
	name     string
}

// span returns where text[from:to] is written.
func (l *line) span(from, to int) source.Span {
	if l.made {
		return l.at
	}
	if l.pieces == nil {
		return l.at.Sub(from, to)
	}
	first, end := l.pieceAt(from), l.pieceAt(max(from, to-1))
	s := source.Span{File: l.at.File, Start: first.from, End: end.to}
	if first.same {
		s.Start += int32(from) - first.out
	}
	if end.same {
		s.End = end.from + int32(to) - end.out
	}
	return s
}

// pieceAt returns the piece of text[i].
func (l *line) pieceAt(i int) piece { return l.pieces[l.indexAt(i)] }

// indexAt returns the index of the piece of text[i].
func (l *line) indexAt(i int) int {
	low, high := 0, len(l.pieces)
	for high-low > 1 {
		if mid := (low + high) / 2; int(l.pieces[mid].out) <= i {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// input is a file that is being read, with the macros that are being put in place of their
// Use lines in it.
type input struct {
	*file
	pos     int
	limit   int
	current line    // that is being read
	uses    uses    // the innermost last
	long    bool    // a line is too long: reading ended
	grown   bool    // a line was longer than the first buffer, see lost
	open    []frame // the sections that are open, the innermost last
	// outer is the section around the Include line, and outerIf the innermost that was read
	// away there.
	outer, outerIf *Directive
	byByte         bool       // see nextMade
	turn           int        // of the next line that was read ahead
	lastUse        *Directive // the last Use line
}

// expansion is a macro in the place of a Use line.
type expansion struct {
	use   *Directive
	name  string
	lines []string
	next  int
}

// blank reports whether C's isspace holds for c.
func blank(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

func trim(s string) string {
	for s != "" && blank(s[0]) {
		s = s[1:]
	}
	for s != "" && blank(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// next reads the next logical line (httpd server/util.c, ap_cfg_getline_core). It returns
// false at the end.
func (in *input) next(l *line) bool {
	*l = line{}
	if len(in.uses) > 0 {
		return in.nextMade(l)
	}
	text := in.src.Text
	if in.pos >= len(text) {
		return false
	}
	from := in.pos
	start, end, feed := in.physical()
	if start == len(text) {
		return false
	}
	if in.nul || feed && continues(text[start:end]) {
		in.pos = from
		return in.joined(l)
	}
	in.long = in.over(end-start, feed)
	in.last(l, start, end)
	in.simple(l, start, end)
	return !in.long && !in.lost(end-start, feed)
}

// simple makes a line of the bytes from start to end, without blanks around them.
func (in *input) simple(l *line, start, end int) {
	text := in.src.Text
	for start < end && blank(text[start]) {
		start++
	}
	for start < end && blank(text[end-1]) {
		end--
	}
	l.text, l.at = text[start:end], in.src.Span(start, end)
}

// last sets the last physical line.
func (in *input) last(l *line, start, end int) {
	if end > start && in.src.Text[end-1] == '\r' {
		end--
	}
	l.last = in.src.Span(start, end)
}

// continues reports whether a physical line without its line feed goes on in the next one.
func continues(s string) bool {
	if s != "" && s[len(s)-1] == '\r' {
		s = s[:len(s)-1]
	}
	return s != "" && s[len(s)-1] == '\\'
}

// joined reads a line that goes on over several physical lines, or has a NUL.
func (in *input) joined(l *line) bool {
	var buf []byte
	text := in.src.Text
	from := in.pos
	for {
		start, end, feed := in.physical()
		in.last(l, start, end)
		if start == len(text) {
			break
		}
		if n := strings.IndexByte(text[start:end], 0); n >= 0 { // it ends a text of C
			end, feed = start+n, false
		}
		l.pieces = append(l.pieces, piece{int32(len(buf)), int32(start), int32(end), true})
		buf = append(buf, text[start:end]...)
		if in.long = in.over(len(buf), feed); in.long {
			return false
		}
		tail := string(buf[max(0, len(buf)-2):])
		if in.lost(len(buf), feed) {
			return false
		}
		if !feed || !continues(tail) {
			break
		}
		buf = buf[:len(buf)-len(tail)+strings.LastIndexByte(tail, '\\')]
		for n := len(l.pieces); n > 0 && int(l.pieces[n-1].out) >= len(buf); n-- {
			l.pieces = l.pieces[:n-1] // nothing of it is left
		}
	}
	l.text = string(buf)
	l.at = in.src.Span(from, int(l.last.End))
	l.trim()
	return true
}

// over reports whether a line of n bytes is too long, which depends on whether a line feed
// follows it (measured on Apache 2.4).
func (in *input) over(n int, feed bool) bool { return n > in.limit || n == in.limit && feed }

// firstBuffer is how many bytes of a line fit in the buffer with which Apache starts to read a file, or
// a section that it reads away (httpd server/config.c, VARBUF_INIT_LEN; measured on Apache 2.4).
const firstBuffer = 206

// lost reports whether Apache loses a line of n bytes: the last one, if it fills the first buffer and no
// line feed follows. Apache then looks for the rest of the line, and meets the end of the file (httpd
// server/util.c, ap_varbuf_cfg_getline; measured on Apache 2.4). That a line fills a larger buffer is
// not known: its size depends on what follows it in memory.
func (in *input) lost(n int, feed bool) bool {
	if feed {
		n++
	}
	if n > firstBuffer {
		in.grown = true
	}
	return !feed && n == firstBuffer && !in.grown && in.pos == len(in.src.Text)
}

// physical returns the bounds of the next physical line, and whether a line feed ends it.
func (in *input) physical() (start, end int, feed bool) {
	text := in.src.Text
	start, end = in.pos, len(text)
	if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
		end = start + n
		in.pos = end + 1
		return start, end, true
	}
	in.pos = end
	if in.byByte {
		start = end
	}
	return start, end, false
}

// trim removes the blanks around a joined line.
func (l *line) trim() {
	start, end := 0, len(l.text)
	for start < end && blank(l.text[start]) {
		start++
	}
	for start < end && blank(l.text[end-1]) {
		end--
	}
	for i := range l.pieces {
		l.pieces[i].out -= int32(start)
	}
	if start == end {
		l.text = ""
		return
	}
	l.text = l.text[start:end]
	l.at = l.span(0, len(l.text))
}

// nextMade reads the next line while macros are in place (httpd modules/core/mod_macro.c,
// array_getstr). What follows the last line of a macro is read byte by byte, so that a
// last line of the file without a line feed is lost: measured on Apache 2.4.
func (in *input) nextMade(l *line) bool {
	var text string
	last := in.uses[len(in.uses)-1]
	for {
		n := len(in.uses)
		if n == 0 {
			break
		}
		e := in.uses[n-1]
		if e.next >= len(e.lines) {
			in.uses = in.uses[:n-1]
			continue
		}
		last = e
		s := e.lines[e.next]
		e.next++
		text += s
		if !continues(text) || len(text) > in.limit {
			l.text, l.made, l.at, l.last = trim(text), true, e.use.At, e.use.Line()
			return true
		}
		text = strings.TrimSuffix(strings.TrimSuffix(text, "\r"), "\\")
	}
	in.byByte = true
	defer func() { in.byByte = false }()
	if text == "" {
		return in.next(l)
	}
	var outer line
	in.next(&outer)
	l.text, l.made, l.at, l.last = trim(text+outer.text), true, last.use.At, last.use.Line()
	if !outer.last.IsZero() {
		l.last = outer.last
	}
	return true
}
