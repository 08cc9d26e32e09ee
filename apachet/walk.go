package apachet

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
)

// walk returns the first mistake in directives that httpd processes in order (httpd
// server/config.c, ap_walk_config).
func (x *checker) walk(list []*apache.Directive, s state) *Refusal {
	for _, d := range list {
		if r := x.directive(d, s); r != nil {
			return r
		}
		x.last = d
	}
	return nil
}

// directive judges one directive, and a section with what is inside.
func (x *checker) directive(d *apache.Directive, s state) *Refusal {
	is := x.kind(d)
	rows, loaded := is.rows, is.loaded
	if len(loaded) == 0 {
		if name := (apache.Word{Text: written(d), At: d.NameAt()}); d.Maybe() == "" && !x.mayKnow(d, rows) && !name.Varies() && !strings.HasPrefix(name.Text, "${") {
			return x.unknown(d, rows, s)
		}
		return x.possibly(d, x.rowsOf(rows, possible), s)
	}
	for i := range loaded {
		if r := x.row(&loaded[i], d, s); r != nil {
			return r
		}
	}
	return nil
}

// kind is what is known of all directives of one name.
type kind struct {
	rows, loaded []httpd.Directive // all, and those of modules that are loaded
	onRead       bool              // a row acts while the file is read
	check        check
}

// kind returns what is known of the name of d. Configurations have few names, and many lines.
func (x *checker) kind(d *apache.Directive) *kind {
	kinds := x.kinds[d.Section]
	if is := kinds[d.Name]; is != nil {
		return is
	}
	name := tableName(d)
	rows := httpd.Directives(name)
	is := &kind{rows: rows, loaded: x.rowsOf(rows, present), check: checks()[name]}
	is.onRead = slices.ContainsFunc(rows, func(row httpd.Directive) bool { return row.OnRead })
	kinds[d.Name] = is
	return is
}

// rowsOf returns the rows of those modules that are loaded, or that may be.
func (x *checker) rowsOf(rows []httpd.Directive, p presence) (found []httpd.Directive) {
	for i := range rows {
		switch is := x.modules.anyOf(rows[i].Modules) == p; {
		case is && len(rows) == 1:
			return rows // no copy of the usual case
		case is:
			found = append(found, rows[i])
		}
	}
	return found
}

// mayKnow reports whether a module that may be loaded may bring a directive.
func (x *checker) mayKnow(d *apache.Directive, rows []httpd.Directive) bool {
	name := tableName(d)
	for i := range rows {
		if x.modules.anyOf(rows[i].Modules) != absent {
			return true
		}
	}
	for _, m := range httpd.Bringing(name) {
		if x.modules.of(m.Name) != absent {
			return true
		}
	}
	return !x.modules.sealed || len(rows) == 0 && x.modules.foreign
}

// possibly judges a directive whose module may not be loaded. It is refused in both cases if
// each module that may be loaded refuses it, but only the words and places are judged.
func (x *checker) possibly(d *apache.Directive, rows []httpd.Directive, s state) (r *Refusal) {
	for i := range rows {
		if r = x.row(&rows[i], d, s); r == nil {
			return nil
		}
	}
	if len(rows) == 0 || len(httpd.Bringing(tableName(d))) > 0 {
		return nil
	}
	return r
}

// row judges a directive by one row of its table (httpd server/config.c, invoke_cmd).
func (x *checker) row(row *httpd.Directive, d *apache.Directive, s state) *Refusal {
	if row.OnRead {
		return nil // judged while it is read, or never
	}
	if d.Maybe() == "" {
		if !s.allows(row) {
			return s.forbidden(row, d)
		}
		if r := x.arguments(row, d); r != nil && !x.unset(d) {
			return r
		}
		if text := s.forbids(row, d); text != "" {
			name := row.Name
			if d.Section {
				name += ">"
			}
			return refusal(Directive, d, d.NameAt(), name+text, name+text)
		}
	}
	if d.Section {
		return x.section(row, d, s)
	}
	if check := x.kind(d).check; check != nil && d.Maybe() == "" {
		return check(x, d, s)
	}
	return x.lateAt(d)
}

// lateAt returns what the parser knows that httpd refuses in d when it processes it.
func (x *checker) lateAt(d *apache.Directive) *Refusal {
	if late, ok := x.late[d.At]; ok {
		return problem(late)
	}
	return nil
}

// unset reports whether a word of d may have another text, which may be several words.
func (x *checker) unset(d *apache.Directive) bool {
	return slices.ContainsFunc(d.Args, apache.Word.Varies)
}

// forbidden returns that the section around, or AllowOverride, does not allow a directive.
func (s state) forbidden(row *httpd.Directive, d *apache.Directive) *Refusal {
	if s.access != nil && s.access.IgnoreForbidden {
		return nil
	}
	log := row.Name + " not allowed here"
	if d.Parent != nil {
		log = row.Name + " not allowed in " + spelled(d.Parent) + "> context"
	}
	name := row.Name
	if d.Section {
		name += ">"
	}
	return refusal(Directive, d, d.NameAt(), name+" is not allowed "+s.here(d)+"; it belongs "+belongs(row.Where, s.access != nil), log)
}

// unknown returns that no loaded module brings a directive.
func (x *checker) unknown(d *apache.Directive, rows []httpd.Directive, s state) *Refusal {
	if s.access != nil && s.access.IgnoreUnknown {
		return nil
	}
	name := spelled(d)
	if len(rows) > 0 {
		name = rows[0].Name // as the table has it; httpd prints it as written
	}
	log := "Invalid command '" + written(d) + "', perhaps misspelled or defined by a module not included in the server configuration"
	r := refusal(Unknown, d, d.NameAt(), "", log)
	modules := modulesOf(d, rows)
	if len(modules) == 0 {
		r.Message = "unknown directive " + quoted(written(d)) + meant(d, written(d))
		if before := afterComment(d, x.last); before != nil {
			r.At, r.Line = before.At, d.Line()
			r.Message += "; a comment ends the line that it continues"
		}
		return r
	}
	r.Module = modules[0]
	r.Message = name + " needs " + either(modules) + ", which no LoadModule line loads" + x.enable(modules[0])
	return r
}

// modulesOf returns the modules that bring a directive, those of httpd's own first.
func modulesOf(d *apache.Directive, rows []httpd.Directive) (names []string) {
	for i := range rows {
		for _, name := range rows[i].Modules {
			if m := httpd.ModuleNamed(name); m != nil && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	for _, m := range httpd.Bringing(tableName(d)) {
		if !slices.Contains(names, m.Name) {
			names = append(names, m.Name)
		}
	}
	return names
}

// enable returns how a module of the distribution is enabled, as the end of a message.
func (x *checker) enable(module string) string {
	if x.modules.built == debian && !phpModule.MatchString(module) {
		return " (a2enmod " + httpd.Short(module) + ")"
	}
	return ""
}

// either lists modules for a sentence, the first few of them.
func either(modules []string) string {
	var words []string
	for _, name := range modules {
		if word := short(name); !slices.Contains(words, word) && len(words) < 3 {
			words = append(words, word)
		}
	}
	return typo.Either(words)
}

// meant returns the end of a message about an unknown directive: what it was meant to be.
func meant(d *apache.Directive, name string) string {
	var same []string
	for candidate := range httpd.Names() {
		if strings.HasPrefix(candidate, "<") == d.Section {
			same = append(same, strings.TrimPrefix(candidate, "<"))
		}
	}
	near := typo.Near(strings.ToLower(strings.TrimPrefix(name, "<")), lowered(same))
	switch {
	case len(near) == 0, len(name) < 4:
		return ""
	}
	for _, candidate := range same {
		if strings.EqualFold(candidate, near[0]) {
			return "; did you mean " + candidate + "?"
		}
	}
	return ""
}
