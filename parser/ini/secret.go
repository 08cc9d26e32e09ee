package ini

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/source"
)

// Secrets returns the secrets of src, also those in comments and in lines that PHP
// refuses: every line is looked at by itself. secretive reports whether key, or
// key[index], is the name of a secret.
func Secrets(src *source.File, mode Mode, secretive func(key, index string) bool) []source.Span {
	m := secret.Marker{File: src}
	for from := 0; from < len(src.Text); {
		to := lineEnd(src.Text, from)
		switch h := readHead(src, from, to); {
		case h.name() && secretive(h.key, h.index):
			to = valueEnd(src.Text, mode, h.value, to, h.comment)
			m.Mark(h.value, to)
		case h.assigned && h.key != "":
			m.Text(h.value, to)
		default:
			m.Text(from, to)
		}
		from = to + 1
	}
	return m.Spans()
}

func lineEnd(text string, i int) int {
	if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(text)
}

// head is the start of a line up to its value.
type head struct {
	key, index string
	value      int  // the offset of the text after the name and "="
	assigned   bool // there is an "=" or a colon
	comment    bool
}

// name reports whether h is written as a name is. A word at the start of a comment is
// prose without a sign after it.
func (h head) name() bool { return h.key != "" && (h.assigned || h.index != "" || !h.comment) }

// readHead reads the start of the line text[from:to], which may be a comment or have a
// mistake, such as a missing bracket.
func readHead(src *source.File, from, to int) (h head) {
	text := src.Text[:to]
	skip := func(i int, set string) int { return to - len(strings.TrimLeft(text[i:], set)) }
	upTo := func(i int, set string) int {
		if n := strings.IndexAny(text[i:], set); n >= 0 {
			return i + n
		}
		return to
	}
	i := from
	if from == 0 {
		i = len(text) - len(strings.TrimPrefix(text, "\ufeff"))
	}
	i = skip(i, " \t;#")
	h.comment = strings.ContainsAny(text[from:i], ";#") || src.Commented(src.Span(i, i))
	end := upTo(i, " \t=:[;\"'")
	h.key = text[i:end]
	if i = skip(end, " \t"); strings.HasPrefix(text[i:], "[") {
		end = upTo(i, "]=")
		h.index = text[i+1 : end]
		i = skip(end, "] \t")
	}
	h.value = skip(i, "=: \t")
	h.assigned = h.value > i && strings.ContainsAny(text[i:h.value], "=:")
	return h
}

// valueEnd returns the end of the value that starts at offset i of the line that ends at
// to, with a comment after it. Its quotes may span lines. PHP-FPM reads each of these as a
// line of its own, so they also end where one is a setting or a section.
func valueEnd(text string, mode Mode, i, to int, comment bool) int {
	quote := openQuote(text[i:to])
	for quote != 0 && !comment && to < len(text) {
		next := lineEnd(text, to+1)
		line := text[to+1 : next]
		if mode == LineMode && startsStatement(line) {
			break
		}
		to = next
		if n := strings.IndexByte(line, quote); n >= 0 {
			quote = openQuote(line[n+1:])
		}
	}
	return to
}

// openQuote returns the quote that is open at the end of a text; 0 for none.
func openQuote(text string) (quote byte) {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0 && c == '\\' && quote == '"':
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && c == ';':
			return 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		}
	}
	return quote
}

// startsStatement reports whether a line looks like a section or a setting, and not like
// the end of a text in Base64.
func startsStatement(line string) bool {
	line = strings.Trim(line, " \t\r")
	end := 0
	for end < len(line) && classes[line[end]]&plainName != 0 {
		end++
	}
	rest := strings.TrimLeft(line[end:], " \t")
	return strings.HasPrefix(rest, "[") || end > 0 && strings.HasPrefix(rest, "=") && strings.Trim(rest, "=") != ""
}
