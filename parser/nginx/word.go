package nginx

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Word is one word of a directive: its name or an argument. The zero Word is not a
// word; its methods return zero values.
type Word struct {
	file  *File
	index int32
}

// IsZero reports whether w is the zero Word.
func (w Word) IsZero() bool { return w.file == nil }

// String returns the value of the word as nginx reads it: without quotes, and with
// the escapes \" \' \\ \t \r \n replaced; any other backslash stays. It is a
// substring of the file unless the word contains an escape, and "" for the zero Word.
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
	// A quote is special only at the start of a word, and a word that starts
	// with one is always quoted.
	c := w.file.Source.Text[w.file.words[w.index].start]
	return c == '"' || c == '\''
}

// maxName exceeds the length of any name that the parser compares.
const maxName = 128

// short is String for comparison with known names: "" for a word longer than all of
// them, so that a long hostile word is not decoded repeatedly.
func (w Word) short() string {
	if s := w.file.words[w.index]; s.end-s.start > maxName {
		return ""
	}
	return w.String()
}

// decode replaces the escapes that nginx replaces at the end of a word (nginx
// ngx_conf_file.c, ngx_conf_read_token).
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

// escapeIn returns the index of the first backslash that nginx replaces together
// with the character after it, or -1 if there is none.
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

// escapes are the characters that change after a backslash, and escaped are their
// replacements.
const (
	escapes = `"'\` + "trn"
	escaped = `"'\` + "\t\r\n"
)
