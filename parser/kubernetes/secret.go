package kubernetes

import (
	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/source"
)

// parsed is a file that was read.
type parsed struct {
	*source.File
	secrets []extent // values of Secrets, and what may have some
}

// Secrets returns the values of Secrets, and of what has the name of a secret: variables
// of containers, settings in ConfigMaps. A variable has its name and its value on two lines.
func (p parsed) Secrets() []source.Span {
	m := secret.Marker{File: p.File}
	for _, e := range p.secrets {
		m.Mark(e.start, e.end)
	}
	m.Text(0, len(p.Text))
	return m.Spans()
}
