package httpd

import (
	_ "embed"
	"iter"
	"strings"
	"sync"
)

//go:embed directives.txt
var directiveText string

// directives are the rows of the table, and where those of a name are: the names are in order,
// without regard to case.
type directives struct {
	rows []Directive
	of   map[string]extent // by the name in lower case, and as httpd spells it
}

// extent is where some rows begin and end.
type extent struct{ first, end int32 }

var allDirectives = sync.OnceValue(func() *directives {
	all := &directives{rows: make([]Directive, 0, 1024), of: make(map[string]extent, 2048)}
	shared := map[string][]string{}
	for line := range strings.Lines(directiveText) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		d := row(line, shared)
		all.rows = append(all.rows, d)
		name, end := strings.ToLower(d.Name), int32(len(all.rows))
		at, met := all.of[name]
		if !met {
			at.first = end - 1
		}
		at.end = end
		all.of[name], all.of[d.Name] = at, at
	}
	return all
})

// row reads a line of the table. The lists of modules are shared between rows.
func row(line string, shared map[string][]string) Directive {
	name, line, _ := strings.Cut(line, " ")
	modules, line, _ := strings.Cut(line, " ")
	args, line, _ := strings.Cut(line, " ")
	where, line, _ := strings.Cut(line, " ")
	d := Directive{Name: name, Modules: shared[modules]}
	if d.Modules == nil {
		for short := range strings.SplitSeq(modules, ",") {
			d.Modules = append(d.Modules, moduleName(short))
		}
		shared[modules] = d.Modules
	}
	for i, word := range argsNames {
		if word == args {
			d.Args = Args(i)
		}
	}
	d.Where = Where(bits(where, whereLetters))
	for mark := range strings.FieldsSeq(line) {
		if places, ok := strings.CutPrefix(mark, "not="); ok {
			d.Not = Place(bits(places, placeLetters))
		} else {
			d.OnRead = d.OnRead || mark == "read"
		}
	}
	return d
}

// bits returns the bits of letters: bit i for the letter i of all.
func bits(letters, all string) (set uint16) {
	for i := range len(letters) {
		if bit := strings.IndexByte(all, letters[i]); bit >= 0 {
			set |= 1 << bit
		}
	}
	return set
}

// Directives returns the rows of a name, in any case and with the < of a section: usually
// one, several if modules have directives of one name that differ, none for an unknown name.
// Each of the loaded modules gets the directive (httpd server/config.c, ap_walk_config_sub).
func Directives(name string) []Directive {
	all := allDirectives()
	at, ok := all.of[name]
	if !ok { // rare: spelled in another way, or unknown
		if at, ok = all.of[strings.ToLower(name)]; !ok {
			return nil
		}
	}
	return all.rows[at.first:at.end:at.end]
}

// Names returns the names of all directives and, with a leading <, of sections.
func Names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range allDirectives().rows {
			if !yield(allDirectives().rows[i].Name) {
				return
			}
		}
	}
}
