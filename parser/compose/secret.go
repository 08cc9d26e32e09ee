package compose

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/source"
)

// secrets is a YAML file that was read.
type secrets struct {
	file    *source.File
	scalars []source.Span
	named   []source.Span // the values of keys with the name of a secret
	broken  bool          // the file is not valid YAML to its end
}

// Secrets returns the values of keys and variables with the name of a secret, user
// information in URLs, and tokens.
func (s *secrets) Secrets() []source.Span {
	m := secret.Marker{File: s.file}
	for _, at := range s.scalars {
		if _, value, ok := strings.Cut(at.Text(), "="); !ok || !reference(value) {
			m.Text(int(at.Start), int(at.End))
		}
	}
	for _, at := range s.named {
		m.Mark(int(at.Start), int(at.End))
	}
	for _, at := range s.file.Comments {
		m.Text(int(at.Start), int(at.End))
	}
	if s.broken {
		m.Text(0, len(s.file.Text))
	}
	return m.Spans()
}

// reference reports whether a text is a variable and nothing else.
func reference(text string) bool {
	name := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(text, "$"), "{"), "}")
	return strings.HasPrefix(text, "$") && name != "" && nameEnd(name, 0) == len(name)
}

// add notes where a scalar is. One that is met again, by an alias, is known.
func (s *secrets) add(at source.Span) {
	if n := len(s.scalars); n == 0 || s.scalars[n-1].End <= at.Start {
		s.scalars = append(s.scalars, at)
	}
}

// secret notes the value of a key with the name of a secret.
func (c *converter) secret(key string, value *node) {
	if value.kind == scalar && secret.Name(key) {
		c.secrets.named = append(c.secrets.named, value.at)
	}
}

// envSecrets is an env file that was read.
type envSecrets struct{ file *source.File }

// Secrets returns the values of variables with the name of a secret, user information in
// URLs, and tokens.
func (s envSecrets) Secrets() []source.Span {
	m := secret.Marker{File: s.file}
	m.Text(0, len(s.file.Text))
	return m.Spans()
}
