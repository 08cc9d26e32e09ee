package nginx

import (
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/servers"
)

// Foreign reports whether f may be another file than a configuration of nginx, such as a
// list of passwords that an include leads to: a mistake precedes everything well-formed
// in it or, unless the user names the file, no more than half of its directives are
// of nginx. The lines of a table are not directives.
func (f *File) Foreign(named bool) bool {
	if f.unlike || len(f.entries) > 0 && strings.ContainsAny(Word{f, 0}.String(), `<?('"\\`) {
		return true
	}
	return !named && (f.strange || len(f.entries) > 0 && f.mostlyStrange())
}

// mostlyStrange reports whether no more than half of the well-formed directives at top level
// have a name that nginx has, or a similar one.
func (f *File) mostlyStrange() bool {
	known := 0
	var others []string
	for d := range f.Directives() {
		switch {
		case f.entries[d.index].term < 0:
		case d.Key() != 0:
			known++
		default:
			others = append(others, d.Name())
		}
	}
	return !typo.Mostly(known, others, func(name string) bool {
		plain := strings.ToLower(strings.ReplaceAll(name, "-", "_"))
		return servers.NginxKeyOf(plain) != 0 || typo.Misspelt(name, servers.NginxNames())
	})
}
