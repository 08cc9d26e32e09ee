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

// tunnelServices returns the lines of cloudflared's configuration with an address.
func (c *Config) tunnelServices(address string) (notes []source.Note) {
	if address == "" {
		return nil
	}
	for _, f := range c.Tunnel {
		notes = append(notes, linesWith(f, address)...)
	}
	return notes
}

// linesWith returns the values after service: that contain address. An address of this host may be
// written as localhost.
func linesWith(f *source.File, address string) (notes []source.Note) {
	local := strings.NewReplacer("127.0.0.1", "localhost", "[::1]", "localhost")
	at := 0
	for line := range strings.Lines(f.Text) {
		key, value, ok := strings.Cut(line, "service:")
		if value = strings.TrimSpace(value); ok && !strings.Contains(key, "#") && strings.Contains(local.Replace(value), local.Replace(address)) {
			from := at + strings.Index(line, value)
			notes = append(notes, source.Note{At: source.Span{File: f, Start: int32(from), End: int32(from + len(value))}, Message: "the tunnel passes requests on here"})
		}
		at += len(line)
	}
	return notes
}
