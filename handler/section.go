package handler

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
)

// layer is what one section, one .htaccess file or a server itself says about requests.
type layer struct {
	header source.Span
	// outermost is set for the lines of the main server itself.
	outermost bool
	access    access
	set       *apache.Directive // the last SetHandler
	why       string            // why that may not be in effect, or may be another
	files     []*section        // <Files> and <FilesMatch> inside
	ifs       []*section        // <If> and <Else>
	*rare                       // nil for none of it
}

// rare is what few layers have.
type rare struct {
	mime []*apache.Directive // AddHandler, RemoveHandler, AddType, RemoveType, ForceType
	// options are the Options lines.
	options []*apache.Directive
	// override is the last AllowOverride, and list the last AllowOverrideList.
	override, list *apache.Directive
	pass           *apache.Directive   // the last ProxyPass or ProxyPassMatch of a <Location>
	rewrite        []*apache.Directive // RewriteEngine, RewriteCond, RewriteRule
	redirects      []*apache.Directive // Redirect, RedirectMatch
	actions        []*apache.Directive
}

// access is what the Require lines of one section say.
type access uint8

const (
	unsaid access = iota
	denied
	granted // to somebody
)

// section is one section that has a layer.
type section struct {
	d    *apache.Directive
	path string         // without a pattern
	re   *regexp.Regexp // of a pattern, or of a regular expression
	expr bool           // a regular expression
	// why is why it is unknown whether it matches.
	why   string
	depth int // components of the path of a <Directory>
	layer
}

// read adds the directives of a section to its layer, those of sections inside apart.
func (m *model) read(l *layer, items []*apache.Directive) {
	for _, d := range items {
		switch d.Name {
		case "sethandler":
			l.set, l.why = d, first(maybe(d), m.unknownWord(d.Args[:min(1, len(d.Args))]))
		case "addhandler", "removehandler", "addtype", "removetype", "forcetype":
			add(&l.keep().mime, d)
		case "options":
			add(&l.keep().options, d)
		case "allowoverride":
			l.keep().override = d
		case "allowoverridelist":
			l.keep().list = d
		case "proxypass", "proxypassmatch":
			l.keep().pass = d
		case "rewriteengine", "rewritecond", "rewriterule", "rewritebase", "rewriteoptions":
			add(&l.keep().rewrite, d)
		case "redirect", "redirectmatch", "redirectpermanent", "redirecttemp":
			add(&l.keep().redirects, d)
		case "action":
			add(&l.keep().actions, d)
		case "files", "filesmatch":
			l.files = append(l.files, m.section(d))
		case "if", "elseif", "else":
			l.ifs = append(l.ifs, m.section(d))
		case "limit", "limitexcept": // they limit who may read, and nothing else
			m.read(l, d.Children)
		default:
			l.permit(d)
		}
	}
}

// keep returns where what few layers have is kept.
func (l *layer) keep() *rare {
	if l.rare == nil {
		l.rare = &rare{}
	}
	return l.rare
}

func add(list *[]*apache.Directive, d *apache.Directive) { *list = append(*list, d) }

// mayHandle reports whether a layer has a handler.
func (l *layer) mayHandle() bool {
	inside := func(s *section) bool { return s.mayHandle() }
	return l.set != nil || l.rare != nil && len(l.mime) > 0 || slices.ContainsFunc(l.files, inside) || slices.ContainsFunc(l.ifs, inside)
}

// denies reports whether a section certainly says that nobody may make its requests, and nothing else.
func (s *section) denies() bool {
	return s.why == "" && s.access == denied && !s.mayHandle() && s.rare == nil
}

// permit reads what d says about who may read: denied if it is only that nobody may.
func (l *layer) permit(d *apache.Directive) {
	switch d.Name {
	case "require":
		nobody := strings.EqualFold(d.Arg(0), "all") && strings.EqualFold(d.Arg(1), "denied")
		l.say(!nobody || maybe(d) != "")
	case "deny":
		l.say(!strings.EqualFold(d.Arg(1), "all") || maybe(d) != "")
	case "requireall":
		l.say(!slices.ContainsFunc(d.Children, func(d *apache.Directive) bool {
			return d.Name == "require" && strings.EqualFold(d.Arg(0), "all") && strings.EqualFold(d.Arg(1), "denied")
		}) || maybe(d) != "")
	case "allow", "satisfy", "requireany", "requirenone", "authtype":
		l.say(true)
	}
}

func (l *layer) say(somebody bool) {
	if somebody {
		l.access = granted
	} else if l.access == unsaid {
		l.access = denied
	}
}

// section reads a section with its pattern.
func (m *model) section(d *apache.Directive) *section {
	s := &section{d: d, layer: layer{header: d.At}, why: maybe(d)}
	m.read(&s.layer, d.Children)
	if d.Name == "if" || d.Name == "elseif" || d.Name == "else" {
		return s
	}
	word := d.Arg(0)
	if word == "~" {
		word, s.expr = d.Arg(1), true
	}
	s.expr = s.expr || strings.HasSuffix(d.Name, "match")
	s.why = first(s.why, m.unknownWord(d.Args))
	switch {
	case s.why != "":
	case s.expr:
		s.re = m.compile(word, false)
	case apache.Wild(word):
		s.re = m.fnmatch(word, d.Name != "files")
	}
	if s.why == "" && s.re == nil && (s.expr || apache.Wild(word)) {
		s.why = "the pattern " + word + " cannot be decided here"
	}
	s.path = word
	if d.Name == "directory" {
		s.path = path.Clean(word)
		s.depth = depth(s.path)
	}
	return s
}

// depth is the number of components of a path.
func depth(name string) int { return strings.Count(strings.TrimSuffix(name, "/"), "/") }

// matches reports whether s applies to text: a directory, a file name or the path of a URL.
func (s *section) matches(text string) bool {
	if s.re != nil {
		return s.re.MatchString(text)
	}
	if s.why != "" {
		return true
	}
	switch s.d.Name {
	case "location":
		return below(text, s.path)
	default:
		return text == s.path
	}
}

// below reports whether the path of a URL is name or below it (httpd server/request.c,
// ap_location_walk).
func below(uri, name string) bool {
	rest, ok := strings.CutPrefix(uri, name)
	return ok && (name == "" || strings.HasSuffix(name, "/") || rest == "" || rest[0] == '/')
}

// maybe returns why d may not be in effect: for itself or for a section around it.
func maybe(d *apache.Directive) string {
	for ; d != nil; d = d.Parent {
		if d.Maybe() != "" {
			return d.Maybe()
		}
	}
	return ""
}

// unset is why a word with a variable is unknown.
func unset(name string) string {
	return "no file sets ${" + name + "}, and the environment of Apache is unknown"
}

// define notes the names of Define lines. One after the place where its name is used is the
// mistake, so that the text stays as it is written: an environment that sets the same name is
// not expected.
func (m *model) define(items []*apache.Directive) {
	for _, d := range items {
		if d.Name == "define" && len(d.Args) > 1 && maybe(d) == "" {
			m.defined[d.Arg(0)] = true
		}
		m.define(d.Children)
	}
}

// unknownWord returns why one of the words is unknown; "" if none is.
func (m *model) unknownWord(words []apache.Word) string {
	for _, w := range words {
		if w.Unset() == "" || !m.defined[w.Unset()] {
			if why := unknown(w); why != "" {
				return why
			}
		}
	}
	return ""
}

// unknownWord returns why one of the words is unknown; "" if none is.
func unknownWord(words []apache.Word) (why string) {
	for _, w := range words {
		why = first(why, unknown(w))
	}
	return why
}

// unknown returns why a word is unknown; "" if it is not.
func unknown(w apache.Word) string {
	if w.Unset() != "" {
		return unset(w.Unset())
	}
	if mark := w.Mark(); mark != "" {
		return "the template mark " + source.Excerpt(mark) + " is not filled in"
	}
	return ""
}
