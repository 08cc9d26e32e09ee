package nginx

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Word is one word of a directive: its name or an argument. The zero Word is
// no word.
type Word struct {
	file  *File
	index int32
}

// IsZero reports whether w is no word.
func (w Word) IsZero() bool { return w.file == nil }

// String returns the value nginx gives the word: without its quotes, and with
// the escapes \" \' \\ \t \r \n replaced; every other backslash stays. It is a
// substring of the file unless there is an escape in it, and "" for the zero
// Word.
func (w Word) String() string {
	if w.file == nil {
		return ""
	}
	at, text := w.file.words[w.index], w.file.Source.Text
	if c := text[at.start]; c == '"' || c == '\'' {
		at.start++
		if at.end >= 0 {
			at.end--
		}
	}
	if at.end < 0 {
		at.end = ^at.end
	}
	if !w.file.escapes {
		return text[at.start:at.end]
	}
	return decode(text[at.start:at.end])
}

// Span returns the word as written, quotes included.
func (w Word) Span() source.Span {
	if w.file == nil {
		return source.Span{}
	}
	s := w.file.words[w.index]
	if s.end < 0 {
		s.end = ^s.end
	}
	return source.Span{File: w.file.Source, Start: s.start, End: s.end}
}

// Quoted reports whether the word is written in quotes.
func (w Word) Quoted() bool {
	if w.file == nil {
		return false
	}
	// nginx sees a quote only at the start of a word, and a word that begins
	// with one is always a quoted word.
	c := w.file.Source.Text[w.file.words[w.index].start]
	return c == '"' || c == '\''
}

// maxName is longer than any name that means something to the parser.
const maxName = 128

// short is String for comparing with known names: "" for a word that is longer
// than all of them, so that no hostile word is decoded over and over.
func (w Word) short() string {
	if s := w.file.words[w.index]; s.end-s.start > maxName {
		return ""
	}
	return w.String()
}

// decode replaces the escapes that nginx replaces when it has found the end of
// a word (nginx ngx_conf_file.c, ngx_conf_read_token).
func decode(s string) string {
	i := escapeIn(s)
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for ; i >= 0; i = escapeIn(s) {
		b.WriteString(s[:i])
		b.WriteByte(escaped[strings.IndexByte(escapes, s[i+1])])
		s = s[i+2:]
	}
	b.WriteString(s)
	return b.String()
}

// escapeIn returns where the first backslash is that nginx replaces together with
// the character after it, and -1 when there is none.
func escapeIn(s string) int {
	from := 0
	for {
		i := strings.IndexByte(s[from:], '\\')
		if from += i; i < 0 || from+1 == len(s) {
			return -1
		}
		if strings.IndexByte(escapes, s[from+1]) >= 0 {
			return from
		}
		from++
	}
}

// escapes are the characters that change behind a backslash, and escaped is
// what the two become.
const (
	escapes = `"'\` + "trn"
	escaped = `"'\` + "\t\r\n"
)
