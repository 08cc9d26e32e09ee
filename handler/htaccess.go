package handler

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// applyAccess merges a .htaccess file, as far as AllowOverride of its directory lets it be read
// (httpd server/config.c, ap_parse_htaccess; measured on Apache 2.4).
func (m *model) applyAccess(s *state, dir string, a *apache.Access) {
	if d := m.main.last("accessfilename"); d != nil && !contains(d.Args, ".htaccess") {
		return
	}
	l := m.htaccess[dir]
	if l == nil {
		l = &layer{header: a.File.Span(0, 0)}
		m.read(l, a.Directives)
		m.htaccess[dir] = l
	}
	r := s.rights()
	if r.why == "" && r.none() {
		s.ignored = append(s.ignored, l)
		return
	}
	at := m.refusal(a, r)
	switch {
	case r.why == "" && at.IsZero() && (r.forbidden || r.unknown):
		s.apply(m.remains(l, a, r), "")
	case r.why != "" || at.IsZero():
		s.apply(l, r.why)
	case s.refused.IsZero():
		s.refused = at
	}
}

func contains(words []apache.Word, text string) bool {
	return slices.ContainsFunc(words, func(w apache.Word) bool { return strings.EqualFold(w.Text, text) })
}

// rights is what a .htaccess file may contain.
type rights struct {
	classes httpd.Where
	list    []apache.Word // names of directives
	why     string
	// forbidden and unknown are set if a line that is not allowed, or whose module is not loaded, is
	// passed over: Nonfatal=Override and Nonfatal=Unknown (measured on Apache 2.4).
	forbidden, unknown bool
}

// none reports whether the file is not read.
func (r *rights) none() bool { return r.classes == 0 && len(r.list) == 0 }

// classes are the words of AllowOverride (httpd server/core.c, set_override).
var classes = map[string]httpd.Where{
	"all": httpd.WithAll, "fileinfo": httpd.WithFileInfo, "options": httpd.WithOptions, "limit": httpd.WithLimit,
	"authconfig": httpd.WithAuthConfig, "indexes": httpd.WithIndexes,
}

// rights reads AllowOverride, whose default is None, and AllowOverrideList.
func (s *state) rights() (r rights) {
	if s.list != nil {
		r.why = first(maybe(s.list), unknownWord(s.list.Args))
		if !contains(s.list.Args, "none") {
			r.list = s.list.Args
		}
	}
	if s.override == nil {
		return r
	}
	r.why = first(r.why, first(maybe(s.override), unknownWord(s.override.Args)))
	for _, w := range s.override.Args {
		name, value, _ := strings.Cut(strings.ToLower(w.Text), "=")
		r.classes |= classes[name]
		if name == "nonfatal" {
			r.forbidden = value == "all" || value == "override"
			r.unknown = value == "all" || value == "unknown"
		}
	}
	return r
}

// remains returns what a file says without the lines that are passed over.
func (m *model) remains(l *layer, a *apache.Access, r rights) *layer {
	strict := r
	strict.forbidden, strict.unknown = false, false
	if m.refusedLine(a.Directives, strict).IsZero() {
		return l
	}
	rest := &layer{header: l.header}
	m.read(rest, slices.DeleteFunc(slices.Clone(a.Directives), func(d *apache.Directive) bool {
		return !m.refusedLine([]*apache.Directive{d}, strict).IsZero()
	}))
	return rest
}

// refusal returns what Apache refuses in a .htaccess file, so that every request gets 500; zero
// for nothing that is known.
func (m *model) refusal(a *apache.Access, r rights) source.Span {
	if len(a.Problems) > 0 {
		return a.Problems[0].At
	}
	return m.refusedLine(a.Directives, r)
}

func (m *model) refusedLine(items []*apache.Directive, r rights) source.Span {
	for _, d := range items {
		if maybe(d) == "" && m.refuses(d, r) {
			return d.At
		}
		if at := m.refusedLine(d.Children, r); !at.IsZero() {
			return at
		}
	}
	return source.Span{}
}

// refuses reports whether a directive is unknown to the loaded modules, or not allowed, or has too
// few or too many words.
func (m *model) refuses(d *apache.Directive, r rights) bool {
	name := d.Name
	if d.Section {
		name = "<" + name
	}
	rows := httpd.Directives(name)
	if len(rows) == 0 {
		return !r.unknown && m.modules.why == "" && m.modules.foreign == "" && len(httpd.Bringing(name)) == 0
	}
	listed, passed := contains(r.list, name), r.unknown
	for _, row := range rows {
		if !slices.ContainsFunc(row.Modules, func(module string) bool { return !m.modules.absent(module) }) {
			continue
		}
		if row.Not&httpd.HTAccess == 0 && (listed || row.Where&r.classes != 0) {
			least, most, counted := row.Args.Words()
			return counted && (len(d.Args) < least || len(d.Args) > most) && unknownWord(d.Args) == ""
		}
		passed = r.forbidden
	}
	return !passed
}
