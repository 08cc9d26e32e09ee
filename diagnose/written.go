package diagnose

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/source"
)

// refusedEntries returns the entries of PHP-FPM's files that a line about a refusal names, by
// their path or by their key.
func (c *Config) refusedEntries(m *mark) (notes []source.Note) {
	pool := m.Field("pool")
	for _, p := range c.pools() {
		if pool != "" && p.Name != pool {
			continue
		}
		for i := range p.Section.Entries {
			e := &p.Section.Entries[i]
			if names(m.Text, e) {
				notes = append(notes, source.Note{At: e.KeyAt(), Message: "the refusal is about this line"})
			}
		}
	}
	return notes
}

// names reports whether a line of PHP-FPM names an entry.
func names(line string, e *fpm.Entry) bool {
	value := e.Value().Text
	return strings.Contains(value, "/") && strings.Contains(line, value) ||
		strings.Contains(e.Key(), ".") && strings.Contains(line, e.Key()) || strings.Contains(line, "'"+e.Key()+"'")
}
