package cloudflared

import (
	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/source"
)

// parsed is a file that was read.
type parsed struct{ *source.File }

// Secrets returns the values of what has the name of a secret, such as token.
func (p parsed) Secrets() []source.Span {
	m := secret.Marker{File: p.File}
	m.Text(0, len(p.Text))
	return m.Spans()
}
