package phpini

import (
	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/source"
)

// parsed is one file of a Config.
type parsed struct{ *ini.File }

// Secrets returns the values of settings with the name of a secret.
func (p parsed) Secrets() []source.Span {
	return ini.Secrets(p.Source, ini.FileMode, func(key, index string) bool { return secret.Name(key) || secret.Name(index) })
}
