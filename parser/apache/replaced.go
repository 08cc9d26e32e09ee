package apache

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/source"
)

// replaced are the variables that one configuration uses, as a text with a line NAME=VALUE for each
// value. What is said about its files may quote a value, though it is set in another file or in the
// environment.
type replaced struct {
	file   source.File
	text   strings.Builder
	latest map[string]string // by name
	values []value
}

// value is where the text has a variable.
type value struct {
	name     string
	from, to int // of the value
}

// maxReplaced limits the text of the variables in bytes.
const maxReplaced = 1 << 20

func newReplaced() *replaced {
	r := &replaced{latest: map[string]string{}}
	r.file.Parsed = r
	return r
}

// note records a value that a variable is replaced with.
func (r *replaced) note(name, text string) {
	if latest, ok := r.latest[name]; ok && latest == text || r.text.Len()+len(name)+len(text) > maxReplaced {
		return
	}
	r.latest[name] = text
	r.text.WriteString(name + "=")
	from := r.text.Len()
	r.text.WriteString(text)
	r.values = append(r.values, value{name, from, r.text.Len()})
	r.text.WriteString("\n")
}

// Secrets returns the values of variables with the name of a secret, and the secrets in others, such
// as the user information of URLs.
func (r *replaced) Secrets() []source.Span {
	m := &secret.Marker{File: &r.file, Variable: func(string) bool { return false }}
	for _, v := range r.values {
		if secret.Name(v.name) {
			m.Mark(v.from, v.to)
			continue
		}
		m.Text(v.from, v.to)
	}
	return m.Spans()
}
