package systemd

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/source"
)

// parsed is one file of a Unit.
type parsed struct{ *source.File }

// Secrets returns the values of variables and options with the name of a secret, and
// the credentials in the unit itself (systemd.exec(5), SetCredential=).
func (p parsed) Secrets() []source.Span {
	m := secret.Marker{File: p.File}
	for from := 0; from < len(p.Text); {
		logical, _ := takeLine(p.Text[from:])
		to := from + len(logical)
		key, value, _ := strings.Cut(logical, "=")
		start := to - len(value)
		if _, credential, ok := strings.Cut(value, ":"); ok && strings.Contains(key, "SetCredential") {
			m.Mark(to-len(credential), to)
		} else {
			m.Text(start, to)
		}
		from = to + 1
	}
	return m.Spans()
}
