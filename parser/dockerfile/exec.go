package dockerfile

import (
	"encoding/json"
	"strings"
)

// exec reads arguments in exec form, a JSON array of strings, and reports whether they
// are JSON. What only looks like it is read as if the brackets were text.
func (p *reader) exec(l *line, in *Instruction, from, to int) bool {
	text := l.text[from:to]
	if !strings.HasPrefix(text, "[") {
		return false
	}
	var values []any
	if json.Unmarshal([]byte(text), &values) != nil {
		return false
	}
	in.Exec = true
	at := from + 1
	for _, value := range values {
		decoded, ok := value.(string)
		if !ok {
			p.refuse(in, l.span(from, to), "the JSON form takes strings only")
			in.Words = nil
			return true
		}
		at += strings.IndexByte(l.text[at:], '"')
		end := stringEnd(l.text, at)
		in.Words = append(in.Words, Word{decoded, l.span(at, end)})
		at = end
	}
	return true
}

// stringEnd returns where the JSON string at text[at] ends.
func stringEnd(text string, at int) int {
	for at++; text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return at + 1
}
