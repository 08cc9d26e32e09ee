package kubernetes

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// block returns where the lines of the block scalar n at offset start begin, after its
// header, and how far they are indented.
func (r *reader) block(start int, n *yaml.Node) (first, indent int) {
	text := r.file.Text
	header := line(text[start:])
	first = start + len(header)
	first += lineBreak(text[first:])
	if !strings.ContainsAny(header[:min(len(header), 3)], "123456789") {
		return first, firstIndent(text[first:])
	}
	// The digit counts from the parent's indentation, which is tried.
	const deepest = 100
	for indent = 1; indent < deepest; indent++ {
		if _, ok := r.indented(first, indent, n); ok {
			break
		}
	}
	return first, indent
}

// firstIndent returns the indentation of the first line that has text.
func firstIndent(text string) int {
	for at := 0; at < len(text); {
		l := line(text[at:])
		if spaces := indentation(l); spaces < len(l) {
			return spaces
		}
		at += len(l)
		at += lineBreak(text[at:])
	}
	return 0
}

func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// blockEnd returns where the block scalar n at offset start ends.
func (r *reader) blockEnd(start int, n *yaml.Node) int {
	text := r.file.Text
	at, indent := r.block(start, n)
	if strings.Trim(n.Value, "\n") == "" {
		return at
	}
	for at < len(text) {
		l := line(text[at:])
		if spaces := indentation(l); spaces < len(l) && (spaces < indent || indent == 0 && divides(l)) {
			return at
		}
		at += len(l)
		at += lineBreak(text[at:])
	}
	return at
}

// divides reports whether a line ends a document.
func divides(line string) bool {
	return (strings.HasPrefix(line, "---") || strings.HasPrefix(line, "...")) && (len(line) == 3 || isBlank(line[3]))
}

// indented returns the text of the block scalar n if its lines from offset at on have that
// indentation.
func (r *reader) indented(at, indent int, n *yaml.Node) (t source.Text, ok bool) {
	text := r.file.Text
	folded := n.Style&yaml.FoldedStyle != 0
	b := builder{file: r.file, value: n.Value}
	for b.value != "" && at < len(text) {
		l := line(text[at:])
		spaces := indentation(l)
		skip := min(indent, spaces)
		if skip < indent && spaces < len(l) || !b.add(l[skip:], at+skip, at+len(l), true) {
			return source.Text{}, false
		}
		at += len(l)
		size := lineBreak(text[at:])
		switch {
		case b.rest("\n") && size > 0: // of CR LF, the LF
			b.add("\n", at+size-1, at+size, text[at+size-1] == '\n')
		case b.rest(" ") && folded:
			b.add(" ", at, at+size, false)
		case b.value != "" && !folded:
			return source.Text{}, false
		}
		at += size
	}
	return b.text(), b.value == ""
}
