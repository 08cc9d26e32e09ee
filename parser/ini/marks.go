package ini

import "strings"

// findMark returns the place of the first template mark in text: {{ {% {# (Jinja,
// Go, Twig), <% (ERB), @@, @NAME@, __NAME__ and %NAME%. from is -1 if there is none.
func findMark(text string) (from, to int) {
	for i := 0; i+2 < len(text); i++ {
		if classes[text[i]]&sign == 0 {
			continue
		}
		n := 0
		switch text[i] {
		case '{':
			n = delimited(text[i:], "{{", "}}") + delimited(text[i:], "{%", "%}") + delimited(text[i:], "{#", "#}")
		case '<':
			n = delimited(text[i:], "<%", "%>")
		case '@':
			n = delimited(text[i:], "@@", "@@") + named(text[i:], "@")
		case '_':
			n = named(text[i:], "__")
		case '%':
			n = named(text[i:], "%")
		}
		if n > 0 {
			return i, i + n
		}
	}
	return -1, -1
}

// delimited returns the length of the mark at the start of text: up to the closing
// delimiter on the same line, or the opening delimiter alone.
func delimited(text, open, shut string) int {
	if !strings.HasPrefix(text, open) {
		return 0
	}
	line := text[len(open):min(len(text), 200)]
	if n := strings.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	if n := strings.Index(line, shut); n >= 0 {
		return len(open) + n + len(shut)
	}
	return len(open)
}

// named returns the length of a mark like __NAME__ at the start of text: at least
// two capitals, digits or single underscores.
func named(text, sign string) int {
	if !strings.HasPrefix(text, sign) {
		return 0
	}
	rest := text[len(sign):]
	n := 0
	for n < len(rest) && (rest[n] >= 'A' && rest[n] <= 'Z' || n > 0 && (rest[n] >= '0' && rest[n] <= '9' || rest[n] == '_')) {
		if strings.HasPrefix(rest[n:], sign) {
			break
		}
		n++
	}
	if n < 2 || !strings.HasPrefix(rest[n:], sign) {
		return 0
	}
	return 2*len(sign) + n
}

// structural returns the template mark of a line that cannot be parsed: one that
// findMark finds, or ${NAME} at its start.
func structural(line string) (from, to int) {
	if from, to = findMark(line); from >= 0 {
		return from, to
	}
	trimmed := strings.TrimLeft(line, " \t")
	if strings.HasPrefix(trimmed, "${") {
		if n := strings.IndexByte(trimmed, '}'); n > 2 {
			from = len(line) - len(trimmed)
			return from, from + n + 1
		}
	}
	return -1, -1
}
