package handler

import (
	"maps"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
)

// request is one request for PHP.
type request struct {
	uri  string
	file string // the path of the file; "" if the document root is unknown
	// found is set if the file is known to exist.
	found bool
	host  string // the name that it is for; "" for one that the server does not name
	// action is set for the script of an Action, and script if a ScriptAlias maps its URL.
	action, script bool
	aliased        bool // an Alias or UserDir maps its URL
}

// name returns the name of the file.
func (r *request) name() string { return r.uri[strings.LastIndexByte(r.uri, '/')+1:] }

// ref is a directive in effect, with why it may not be.
type ref struct {
	d      *apache.Directive
	header source.Span
	why    string
}

// state is what the merged sections say about one request. A copy of it shares tables and lists with
// it: they are never changed in place.
type state struct {
	set            ref
	cleared        bool           // SetHandler None took a handler away
	handlers       map[string]ref // of AddHandler, by extension
	types          map[string]ref // of AddType, by extension
	force          ref            // ForceType
	access         access
	override, list *apache.Directive
	pass           ref
	rewrite        *layer
	engine         bool // RewriteEngine of directories
	redirects      []*apache.Directive
	actions        []*apache.Directive
	files          []*section
	ifs            []*section
	// removed are the headers of the sections that took a handler away, by extension.
	removed map[string]source.Span
	// unlinked is set without Options FollowSymLinks, which is the default.
	unlinked bool
	// ignored are layers of .htaccess files that are not read.
	ignored []*layer
	// may is why Apache may redirect or refuse the request.
	may string
	// refused is where Apache refuses to read a .htaccess file.
	refused source.Span
}

// none reports whether a SetHandler takes the handler away.
func none(d *apache.Directive) bool { return strings.EqualFold(d.Arg(0), "none") }

// apply merges a layer; why is why it may not apply.
func (s *state) apply(l *layer, why string) {
	if l.set != nil {
		s.cleared = none(l.set) && (s.cleared || s.set.d != nil && !none(s.set.d))
		s.set = ref{l.set, l.header, first(why, l.why)}
	}
	if l.access != unsaid {
		s.access = l.access
		if why != "" {
			s.access = granted
		}
	}
	if why != "" && l.access == denied {
		s.may = first(s.may, why)
	}
	s.files = append(slices.Clip(s.files), l.files...)
	s.ifs = append(slices.Clip(s.ifs), l.ifs...)
	if l.rare != nil {
		s.applyRare(l, why)
	}
}

// applyRare merges what few layers have.
func (s *state) applyRare(l *layer, why string) {
	if len(l.mime) > 0 {
		s.applyMime(l, why)
	}
	for _, d := range l.options {
		s.unlinked = unlinked(d, s.unlinked)
	}
	if l.override != nil {
		s.override = l.override
	}
	if l.list != nil {
		s.list = l.list
	}
	if l.pass != nil {
		s.pass = ref{l.pass, l.header, first(why, maybe(l.pass))}
	}
	if len(l.rewrite) > 0 {
		s.rewrite, s.engine = l, engine(l.rewrite, s.engine)
	}
	if why == "" {
		s.redirects = append(slices.Clip(s.redirects), l.redirects...)
	} else if len(l.redirects) > 0 {
		s.may = first(s.may, why)
	}
	s.actions = append(slices.Clip(s.actions), l.actions...)
}

// first returns the first text that is not empty.
func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// applyMime merges the directives of mod_mime. What a section removes is removed from the
// result, its own AddHandler included, and in the main server itself nothing is (httpd
// modules/http/mod_mime.c, merge_mime_dir_configs; measured on Apache 2.4).
func (s *state) applyMime(l *layer, why string) {
	s.handlers, s.types, s.removed = maps.Clone(s.handlers), maps.Clone(s.types), maps.Clone(s.removed)
	for _, d := range l.mime {
		r := ref{d, l.header, first(why, maybe(d))}
		switch d.Name {
		case "forcetype":
			s.force = r
		case "addhandler", "addtype":
			table := s.table(d.Name)
			for _, w := range d.Args[min(1, len(d.Args)):] {
				table[extension(w.Text)] = r
			}
		}
	}
	for _, d := range l.mime {
		if strings.HasPrefix(d.Name, "remove") && !l.outermost {
			s.remove(ref{d, l.header, first(why, maybe(d))})
		}
	}
}

// remove removes the extensions of a RemoveHandler or RemoveType, unless it is not certain to apply.
func (s *state) remove(by ref) {
	table := s.table(by.d.Name)
	for _, w := range by.d.Args {
		ext := extension(w.Text)
		r, ok := table[ext]
		switch {
		case ok && by.why != "":
			r.why = by.why
			table[ext] = r
		case ok && by.d.Name == "removehandler":
			if s.removed == nil {
				s.removed = map[string]source.Span{}
			}
			s.removed[ext] = by.header
			fallthrough
		default:
			delete(table, ext)
		}
	}
}

func (s *state) table(directive string) map[string]ref {
	table := &s.handlers
	if strings.HasSuffix(directive, "type") {
		table = &s.types
	}
	if *table == nil {
		*table = map[string]ref{}
	}
	return *table
}

// extension is an extension as mod_mime keeps it.
func extension(text string) string { return strings.ToLower(strings.TrimPrefix(text, ".")) }

// byExtension returns what a table has for a file: the last extension that it knows decides.
func byExtension(table map[string]ref, name string) (r ref) {
	if len(table) == 0 {
		return r
	}
	_, rest, more := strings.Cut(strings.TrimLeft(name, "."), ".")
	for ext := ""; more; {
		ext, rest, more = strings.Cut(rest, ".")
		if got, ok := table[strings.ToLower(ext)]; ok {
			r = got
		}
	}
	return r
}

// begin sets s to what a server says outside of sections, with what the main server says there.
func (m *model) begin(sc *scope, s *state) {
	if m.begun.sc != sc {
		m.begun.sc, m.begun.state = sc, m.outside
		if sc.main != nil {
			m.begun.apply(&sc.layer, sc.why)
		}
	}
	*s = m.begun.state
}

// walk merges what applies to a request into s, which is what the server says outside of sections,
// in the order of httpd server/request.c: directories, files, locations, and conditions last.
func (m *model) walk(sc *scope, r *request, s *state) {
	m.walkDirectories(sc, r, s)
	m.steps -= len(s.files) + 1
	for _, f := range s.files {
		if m.matches(f, r.name()) {
			s.apply(&f.layer, f.why)
		}
	}
	m.walkLocations(sc, r, s)
	s.applyIfs()
}

// conditional are the sections with a condition, as they are written.
var conditional = map[string]string{"if": "If", "elseif": "ElseIf", "else": "Else"}

// applyIfs applies <If>, and <ElseIf> and <Else> after it.
func (s *state) applyIfs() {
	taken, sure := false, true
	for i := 0; i < len(s.ifs); i++ { // those inside of them are added
		f := s.ifs[i]
		holds, known := f.holds()
		if f.d.Name == "if" {
			taken, sure = false, true
		}
		switch {
		case taken && sure:
		case !sure || !known:
			s.apply(&f.layer, "the condition of <"+conditional[f.d.Name]+"> is not decided here")
			sure = false
		case holds:
			s.apply(&f.layer, f.why)
			taken = true
		}
	}
}

// walkDirectories applies <Directory> from the shortest path on, each with the .htaccess file of
// its directory, and then those with regular expressions (httpd server/request.c,
// ap_directory_walk).
func (m *model) walkDirectories(sc *scope, r *request, s *state) {
	if r.file == "" {
		return
	}
	dir := r.file[:strings.LastIndexByte(r.file, '/')+1]
	if m.walked.sc != sc || m.walked.dir != dir {
		m.walkDown(sc, r, s)
		m.walked = walked{sc, dir, *s}
	}
	*s = m.walked.state
	if !s.unlinked {
		m.walkFile(sc, r, s)
	}
	for _, one := range sc.chain() {
		m.steps -= len(one.expressions)
		for _, d := range one.expressions {
			if d.matches(r.file) {
				s.apply(&d.layer, d.why)
			}
		}
	}
}

// walked is the state after what a server says outside of sections, or after the sections for a
// directory: most requests for a server are for files of one directory.
type walked struct {
	sc  *scope
	dir string
	state
}

// walkDown applies what is for the directories of a file.
func (m *model) walkDown(sc *scope, r *request, s *state) {
	for i := 0; i < len(r.file); i++ {
		if r.file[i] != '/' {
			continue
		}
		dir := r.file[:max(i, 1)]
		for _, one := range sc.chain() {
			all := one.directoriesAt(dir)
			m.steps -= len(all) + len(one.patterns)
			for _, d := range all {
				s.apply(&d.layer, d.why)
			}
		}
		if a := m.c.Access[dir]; a != nil {
			m.applyAccess(s, dir, a)
		}
	}
}

// walkFile applies <Directory> sections whose path is that of the file: where Apache need not look
// for symbolic links, it takes the file for one more directory (httpd server/request.c,
// ap_directory_walk; measured on Apache 2.4).
func (m *model) walkFile(sc *scope, r *request, s *state) {
	for _, one := range sc.chain() {
		all := one.directoriesAt(r.file)
		m.steps -= len(all) + len(one.patterns)
		for _, d := range all {
			s.apply(&d.layer, d.why)
		}
	}
}

// unlinked returns whether FollowSymLinks is off after an Options line (httpd server/core.c,
// set_options).
func unlinked(d *apache.Directive, off bool) bool {
	for i, w := range d.Args {
		option := strings.TrimLeft(w.Text, "+-")
		if i == 0 && option == w.Text {
			off = true
		}
		if strings.EqualFold(option, "followsymlinks") || strings.EqualFold(option, "all") {
			off = strings.HasPrefix(w.Text, "-")
		}
	}
	return off
}

// walkLocations applies <Location> and <LocationMatch>, which see the path of the URL.
func (m *model) walkLocations(sc *scope, r *request, s *state) {
	for _, one := range sc.chain() {
		m.steps -= len(one.locations)
		for _, l := range one.locations {
			if m.matches(l, r.uri) {
				s.apply(&l.layer, l.why)
			}
		}
	}
}

// directoriesAt returns the <Directory> sections for one directory, in the order of the file.
func (sc *scope) directoriesAt(dir string) []*section {
	found := sc.directoriesOf(dir)
	if len(sc.patterns) == 0 {
		return found
	}
	n := depth(dir)
	found = slices.Clone(found)
	for _, p := range sc.patterns {
		if p.depth == n && p.matches(dir) {
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b *section) int { return int(a.d.Order - b.d.Order) })
	return found
}

// holds returns whether an <If> holds for a request for a file that exists.
func (s *section) holds() (holds, known bool) {
	if s.d.Name == "else" {
		return true, true
	}
	if len(s.d.Args) == 0 {
		return false, false
	}
	text := s.d.Arg(0)
	if len(s.d.Args) > 1 {
		text = s.d.Raw()
	}
	text = strings.Trim(strings.TrimSpace(text), `"`)
	switch strings.NewReplacer(`'`, "", `"`, "").Replace(text) {
	case "true", "-f %{REQUEST_FILENAME}", "-e %{REQUEST_FILENAME}", "-s %{REQUEST_FILENAME}", "-f %{SCRIPT_FILENAME}":
		return true, true
	case "false", "!-f %{REQUEST_FILENAME}", "! -f %{REQUEST_FILENAME}", "-d %{REQUEST_FILENAME}":
		return false, true
	}
	return false, false
}
