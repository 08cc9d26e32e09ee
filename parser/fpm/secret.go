package fpm

import (
	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/source"
)

// Secrets returns the values that PHP-FPM passes to PHP under the name of a secret, and
// unknown settings of such a name.
func (f *File) Secrets() []source.Span {
	return ini.Secrets(f.Source, ini.LineMode, func(key, index string) bool {
		if index != "" {
			return secret.Name(index)
		}
		return secret.Name(key)
	})
}
