package dockerfile

import (
	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/source"
)

// Secrets returns the values of ENV, ARG and LABEL with the name of a secret, and what
// else looks like a secret anywhere in the file.
func (f *File) Secrets() []source.Span {
	m := secret.Marker{File: f.Source}
	m.Text(0, len(f.Source.Text))
	for _, in := range f.Args {
		in.secrets(&m)
	}
	for _, s := range f.Stages {
		for _, in := range s.Instructions {
			in.secrets(&m)
		}
	}
	return m.Spans()
}

func (i *Instruction) secrets(m *secret.Marker) {
	if i.Nested != nil {
		i.Nested.secrets(m)
	}
	for _, p := range i.Pairs {
		if p.HasValue && secret.Name(p.Name.Text) {
			m.Mark(int(p.Value.At.Start), int(p.Value.At.End))
		}
	}
}
