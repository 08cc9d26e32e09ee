package yamltext

import "strings"

// block follows a literal or folded scalar, at its header. It reports false if the text does
// not have the value.
func (f *fold) block(folded bool) bool {
	first, digit := header(f.text, f.at)
	f.at, f.start = first, first
	if !digit {
		return f.indented(firstIndent(f.text[first:]), folded)
	}
	// The digit counts from the parent's indentation, which is tried.
	const deepest = 100
	for indent := 1; indent < deepest; indent++ {
		if f.indented(indent, folded) {
			return true
		}
		f.at, f.done, f.pieces = first, 0, nil
	}
	return false
}

// header returns where the lines of the block scalar with the header at an offset begin, and
// whether the header has a digit.
func header(text string, at int) (first int, digit bool) {
	line := FirstLine(text[at:])
	first = at + len(line)
	return first + LineBreak(text[first:]), strings.ContainsAny(line[:min(len(line), 3)], "123456789")
}

// firstIndent returns the indentation of the first line that has text.
func firstIndent(text string) int {
	for at := 0; at < len(text); {
		line := FirstLine(text[at:])
		if spaces := indentation(line); spaces < len(line) {
			return spaces
		}
		at += len(line)
		at += LineBreak(text[at:])
	}
	return 0
}

func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// indented follows the lines of a block with an indentation.
func (f *fold) indented(indent int, folded bool) bool {
	for f.rest() != "" && f.at < len(f.text) {
		line := FirstLine(f.text[f.at:])
		spaces := indentation(line)
		skip := min(indent, spaces)
		if skip < indent && spaces < len(line) || !strings.HasPrefix(f.rest(), line[skip:]) {
			return false
		}
		f.at += skip
		if f.done == 0 {
			f.start = f.at
		}
		f.same(len(line) - skip)
		if f.rest() == "" {
			break
		}
		size := LineBreak(f.text[f.at:])
		switch {
		case strings.HasPrefix(f.rest(), "\n") && size > 0: // of CR LF, the LF
			f.at += size - 1
			if f.text[f.at] == '\n' {
				f.same(1)
			} else {
				f.other(1, 1)
			}
		case strings.HasPrefix(f.rest(), " ") && folded:
			f.other(1, size)
		case !folded:
			return false
		default:
			f.at += size
		}
	}
	f.at = f.start + len(strings.TrimRight(f.text[f.start:f.at], " \r\n"))
	return f.rest() == ""
}
