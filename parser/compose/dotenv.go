package compose

import (
	"strings"
	"unicode"

	"github.com/wp502lint/wp502lint/source"
)

// variable is one assignment of an env file.
type variable struct {
	name  string
	value Value
	bare  bool // a name without value, which is taken from outside
}

// envReader reads an env file (compose-go dotenv).
type envReader struct {
	file   *source.File
	filler *filler
	at     int
	raw    bool // format: raw, without quotes and variables
	seen   bool // the comments of the file are known
	// outer are the variables that a value may use besides those before it, and that win.
	outer, vars variables
	fail        report
}

// each calls found with the assignments of the file in order.
func (r *envReader) each(found func(variable)) {
	text := r.file.Text
	r.file.Parsed = envSecrets{r.file}
	if strings.HasPrefix(text, "\uFEFF") {
		r.at = len("\uFEFF")
	}
	wrong := false
	for r.start() {
		start := r.at
		if v, ok := r.assignment(); ok {
			found(v)
			continue
		}
		r.at = start + len(lineOf(text, start))
		if !wrong {
			wrong = true
			r.fail(r.file.Span(start, r.at), source.Syntax, "expected NAME=VALUE; Compose refuses this file")
		}
	}
}

// lineOf returns the rest of the line at i.
func lineOf(text string, i int) string {
	line, _, _ := strings.Cut(text[i:], "\n")
	return line
}

// start moves to the next assignment, and reports whether one exists.
func (r *envReader) start() bool {
	text := r.file.Text
	for r.at < len(text) {
		rest := strings.TrimLeftFunc(text[r.at:], unicode.IsSpace)
		r.at = len(text) - len(rest)
		if rest == "" || rest[0] != '#' {
			return rest != ""
		}
		line := strings.TrimRight(lineOf(text, r.at), "\r")
		if !r.seen {
			r.file.Comments = append(r.file.Comments, r.file.Span(r.at, r.at+len(line)))
		}
		r.at += len(line)
	}
	return false
}

const blanks = " \t\r\v\f"

func (r *envReader) assignment() (v variable, ok bool) {
	text := r.file.Text
	if rest, ok := strings.CutPrefix(text[r.at:], "export"); ok && rest != "" && strings.IndexByte(blanks, rest[0]) >= 0 {
		r.at = len(text) - len(strings.TrimLeft(rest, blanks))
	}
	line := lineOf(text, r.at)
	end := strings.IndexAny(line, "=:")
	v.bare = end < 0
	if v.bare {
		end = len(line)
	}
	v.name = strings.TrimRightFunc(line[:end], unicode.IsSpace)
	for _, c := range v.name {
		if !strings.ContainsRune("_.-[]", c) && !unicode.IsLetter(c) && !unicode.IsNumber(c) {
			return v, false
		}
	}
	r.at += end
	if v.bare {
		return v, true
	}
	r.at++
	r.at += len(text[r.at:]) - len(strings.TrimLeft(text[r.at:], blanks))
	v.value, ok = r.value()
	return v, ok
}

func (r *envReader) value() (v Value, ok bool) {
	text := r.file.Text
	if !r.raw && r.at < len(text) && (text[r.at] == '"' || text[r.at] == '\'') {
		return r.quoted(text[r.at])
	}
	line := lineOf(text, r.at)
	start := r.at
	r.at += len(line)
	if !r.raw {
		line, _, _ = strings.Cut(line, " #")
	}
	line = strings.TrimRightFunc(line, unicode.IsSpace)
	at := r.file.Span(start, start+len(line))
	if r.raw {
		return Value{Text: line, At: at}, true
	}
	return r.filler.expand(source.Part(at), at, r.fail, r.outer, r.vars), true
}

// quoted reads a value in quotes. Only double quotes have escapes and variables.
func (r *envReader) quoted(quote byte) (v Value, ok bool) {
	text := r.file.Text
	var b strings.Builder
	for i := r.at + 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
			if text[i] != quote {
				b.WriteByte('\\')
			}
			b.WriteByte(text[i])
		case c == quote:
			at := r.file.Span(r.at+1, i)
			r.at = i + 1
			if quote == '\'' {
				return valueOf(source.Made(b.String(), at), at), true
			}
			return r.filler.expand(source.Made(unescaped(b.String()), at), at, r.fail, r.outer, r.vars), true
		default:
			b.WriteByte(c)
		}
	}
	return v, false
}

// escapes are the escapes in double quotes, and the text of each.
const escapes, escaped = `abcfnrtv"\`, "\a\bc\f\n\r\t\v\"\\"

func unescaped(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch n := strings.IndexByte(escapes, s[i]); {
		case s[i] == '$':
			b.WriteString("$$")
		case s[i] == 'c' || n < 0:
			b.WriteByte('\\')
			b.WriteByte(s[i])
		default:
			b.WriteByte(escaped[n])
		}
	}
	return b.String()
}
