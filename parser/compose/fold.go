package compose

import (
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/source"
)

// fold follows the text of a scalar in the file to tell where each part of its value
// comes from: quotes, escapes and folded lines do not change the places of the rest.
type fold struct {
	text   string
	file   *source.File
	value  string
	at     int // in text; at the end, where the scalar ends
	done   int // bytes of value so far
	start  int // where the scalar starts, without quotes
	pieces []source.Piece
}

// same notes that the next n bytes of the value are those of the text.
func (f *fold) same(n int) {
	if n == 0 {
		return
	}
	from := f.file.Span(f.at, f.at+n)
	if k := len(f.pieces); k > 0 && f.pieces[k-1].Same && f.pieces[k-1].From.End == from.Start {
		f.pieces[k-1].From.End = from.End
	} else {
		f.pieces = append(f.pieces, source.Piece{Start: int32(f.done), From: from, Same: true})
	}
	f.at += n
	f.done += n
}

// other notes that the next n bytes of the value are written as size bytes of the text.
func (f *fold) other(n, size int) {
	if n > 0 {
		f.pieces = append(f.pieces, source.Piece{Start: int32(f.done), From: f.file.Span(f.at, f.at+size)})
	}
	f.at += size
	f.done += n
}

// flow follows a plain or quoted scalar. It reports false if the
// text does not have the value.
func (f *fold) flow(quote byte) bool {
	if quote != 0 {
		if f.at >= len(f.text) || f.text[f.at] != quote {
			return false
		}
		f.at++
	}
	f.start = f.at
	for f.done < len(f.value) {
		if f.at >= len(f.text) {
			return false
		}
		switch c := f.text[f.at]; {
		case quote == '"' && c == '\\':
			if !f.escape() {
				return false
			}
		case quote == '\'' && c == '\'':
			if f.value[f.done] != '\'' {
				return false
			}
			f.at++
			f.same(1)
		case c == ' ' || c == '\t' || lineBreak(f.text, f.at) > 0:
			if !f.blank() {
				return false
			}
		case c == f.value[f.done]:
			f.same(f.run(quote))
		default:
			return false
		}
	}
	return quote == 0 || f.close(quote)
}

// run returns how many bytes from here on are the same in the text and the value.
func (f *fold) run(quote byte) int {
	n := 0
	for f.at+n < len(f.text) && f.done+n < len(f.value) {
		c := f.text[f.at+n]
		if c != f.value[f.done+n] || c == ' ' || c == '\t' || c == quote && quote != 0 || quote == '"' && c == '\\' || c != '\n' && c >= 0x80 && lineBreak(f.text, f.at+n) > 0 || c == '\n' || c == '\r' {
			break
		}
		n++
	}
	return n
}

// close moves over escaped line ends to the closing quote.
func (f *fold) close(quote byte) bool {
	for f.at < len(f.text) && f.text[f.at] != quote {
		if strings.IndexByte(" \t\r\n\\", f.text[f.at]) < 0 {
			return false
		}
		f.at++
	}
	return f.at < len(f.text)
}

// blank follows blanks, and line ends that become one blank or fewer line ends.
func (f *fold) blank() bool {
	i, breaks := f.at, 0
	for i < len(f.text) {
		if n := lineBreak(f.text, i); n > 0 {
			breaks++
			i += n
		} else if f.text[i] == ' ' || f.text[i] == '\t' {
			i++
		} else {
			break
		}
	}
	if breaks == 0 {
		n := i - f.at
		if !strings.HasPrefix(f.value[f.done:], f.text[f.at:i]) {
			return false
		}
		f.same(n)
		return true
	}
	want := " "
	if breaks > 1 {
		want = strings.Repeat("\n", breaks-1)
	}
	if !strings.HasPrefix(f.value[f.done:], want) {
		return false
	}
	f.other(len(want), i-f.at)
	return true
}

// escape follows an escape in double quotes.
func (f *fold) escape() bool {
	if f.at+1 >= len(f.text) {
		return false
	}
	if n := lineBreak(f.text, f.at+1); n > 0 {
		f.at += 1 + n
		f.at += len(f.text[f.at:]) - len(strings.TrimLeft(f.text[f.at:], " \t"))
		return true
	}
	size := 2
	switch f.text[f.at+1] {
	case 'x':
		size = 4
	case 'u':
		size = 6
	case 'U':
		size = 10
	}
	_, n := utf8.DecodeRuneInString(f.value[f.done:])
	if f.at+size > len(f.text) {
		return false
	}
	f.other(n, size)
	return true
}

// block follows a literal or folded block.
func (f *fold) block(literal bool) bool {
	f.at += len(lineOf(f.text, f.at)) + 1
	if f.at > len(f.text) {
		f.at = len(f.text)
	}
	f.start = f.at
	if strings.Trim(f.value, "\n") == "" {
		f.other(len(f.value), 0)
		return true
	}
	indent := f.indent()
	if indent < 0 {
		return false
	}
	for f.done < len(f.value) {
		if f.at >= len(f.text) {
			return f.done == len(f.value)
		}
		line := strings.TrimSuffix(lineOf(f.text, f.at), "\r")
		lead := min(indent, len(line)-len(strings.TrimLeft(line, " ")))
		if lead == len(line) && !literal {
			f.at = f.next()
			continue
		}
		f.at += lead
		if f.done == 0 {
			f.start = f.at
		}
		if !strings.HasPrefix(f.value[f.done:], line[lead:]) {
			return false
		}
		f.same(len(line) - lead)
		f.lineEnd(literal)
	}
	f.at = f.start + len(strings.TrimRight(f.text[f.start:f.at], " \r\n"))
	return true
}

// next returns where the next line starts.
func (f *fold) next() int {
	return min(len(f.text), f.at+len(lineOf(f.text, f.at))+1)
}

// lineEnd follows the end of a line of a block. A folded one becomes a blank, or as
// many line feeds as empty lines follow.
func (f *fold) lineEnd(literal bool) {
	if f.done >= len(f.value) {
		return
	}
	if literal && f.value[f.done] == '\n' && f.at < len(f.text) && f.text[f.at] == '\n' {
		f.same(1)
		return
	}
	n := 1
	if !literal && f.value[f.done] == '\n' {
		n = len(f.value[f.done:]) - len(strings.TrimLeft(f.value[f.done:], "\n"))
	}
	f.other(n, f.next()-f.at)
}

// indent returns the indentation of a block: what the first line that is not empty has
// more than the value. -1 if it cannot be told.
func (f *fold) indent() int {
	value := strings.TrimLeft(f.value, "\n")
	first, _, _ := strings.Cut(value, "\n")
	for i := f.at; i < len(f.text); i += len(lineOf(f.text, i)) + 1 {
		line := strings.TrimSuffix(lineOf(f.text, i), "\r")
		if strings.Trim(line, " ") == "" {
			if strings.Trim(first, " ") != "" || line == "" {
				continue
			}
		}
		body := strings.TrimLeft(line, " ")
		if lead := strings.TrimLeft(first, " "); !strings.HasPrefix(lead, body) {
			return -1
		}
		return len(line) - len(body) - (len(first) - len(strings.TrimLeft(first, " ")))
	}
	return -1
}
