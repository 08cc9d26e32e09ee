package handler

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
)

// Options is what is known besides the configuration.
type Options struct {
	// Files are those of the machine; nil if nothing is known about them.
	Files Files
	// ServerRoot and RuntimeDir are what the build of Apache sets for lines that are missing; ""
	// if they are not known.
	ServerRoot, RuntimeDir string
}

// Files are the files of the machine, such as a *host.Paths.
type Files interface {
	// Glob returns the paths that match a pattern, sorted.
	Glob(pattern string) []string
}

// model is what New gathers.
type model struct {
	c       *apache.Config
	o       Options
	out     *Config
	modules modules
	// serverRoot and runtimeDir are ServerRoot and DefaultRuntimeDir.
	serverRoot, runtimeDir string
	main                   *scope
	// outside is what the main server says outside of sections.
	outside state
	scopes  []*scope
	access  []string            // the directories with .htaccess files, sorted
	skipped []*apache.Directive // sections that do not hold and have a handler
	defined map[string]bool     // by a Define anywhere
	memory
}

// scope is what a server's own lines say: the main server, or a virtual host.
type scope struct {
	layer
	d      *apache.Directive // <VirtualHost>; nil for the main server
	why    string            // why the server may not exist
	index  int
	server *Server
	main   *scope // nil for the main server itself
	both   []*scope
	bare   bool // the document root has files, and none for PHP
	first  bool // it also gets the requests for names that no server has
	items  byName
	// directories are <Directory> sections sorted by path and then in order, patterns those with
	// wildcards, and expressions those with regular expressions.
	directories []*section
	patterns    []*section
	expressions []*section
	paths       []string // of directories, and with what those of expressions begin, sorted
	naming      []string // those with <Files> inside, sorted
	prefixes    []string // of URLs that lines are about
	inDirectory bool     // a <Directory> has a handler
	locations   []*section
	aliases     []alias             // its own lines
	maps        []alias             // all lines for it
	passLines   []*apache.Directive // ProxyPass and ProxyPassMatch
	ownRules    []*apache.Directive // RewriteCond and RewriteRule
	rules       []*apache.Directive // with those that it inherits
	engine      bool                // RewriteEngine
	moves       []*apache.Directive // Redirect and RedirectMatch
	// unproxied is set if a variable of the environment may keep requests from ProxyPass.
	unproxied bool
	workers   table
	balancers map[string]*balancer
}

// New returns what Apache does with requests for PHP.
func New(c *apache.Config, o Options) *Config {
	m := modelOf(c, o)
	m.judge()
	return m.out
}

// modelOf reads a configuration.
func modelOf(c *apache.Config, o Options) *model {
	m := &model{c: c, o: o, out: &Config{Loose: c.Main == nil}, defined: map[string]bool{}, memory: newMemory()}
	if c.Main != nil {
		m.out.At = c.Main.Span(0, 0)
	} else if len(c.Files) > 0 {
		m.out.At = c.Files[0].Span(0, 0)
	}
	m.modules = modulesOf(c)
	for dir := range c.Access {
		m.access = append(m.access, dir)
	}
	slices.Sort(m.access)
	for _, d := range c.Skipped {
		if proxyIn(d.Children) != nil {
			m.skipped = append(m.skipped, d)
		}
	}
	m.define(c.Directives)
	m.split()
	m.scripts = make(map[string][]string, len(m.scopes))
	m.settings()
	for _, sc := range m.scopes {
		sc.aliases = m.aliasesOf(sc) // relative to ServerRoot
		sc.maps = m.mapping(sc)
	}
	for _, sc := range m.scopes {
		m.defineWorkers(sc)
	}
	m.serve()
	return m
}

// split sorts the directives into the main server and the virtual hosts.
func (m *model) split() {
	var top []*apache.Directive
	var hosts []*apache.Directive
	for _, d := range m.c.Directives {
		if d.Name == "virtualhost" {
			hosts = append(hosts, d)
		} else {
			top = append(top, d)
		}
	}
	all, servers := make([]scope, 1+len(hosts)), make([]Server, 1+len(hosts))
	m.scopes, m.out.Servers = make([]*scope, len(all)), make([]*Server, len(all))
	for i := range all {
		all[i].index, all[i].server = i, &servers[i]
		m.scopes[i], m.out.Servers[i] = &all[i], &servers[i]
	}
	m.main = &all[0]
	m.main.both = m.scopes[:1:1]
	m.scope(m.main, nil, top)
	m.outside.apply(&m.main.layer, m.main.why)
	m.each(1, func() bool { return true }, func(own *model, i int) {
		sc, d := m.scopes[i], hosts[i-1]
		sc.main, sc.both = m.main, []*scope{m.main, sc}
		own.scope(sc, d, d.Children)
	})
}

// byName are directives outside sections, sorted by name and then in order.
type byName []*apache.Directive

func sorted(items []*apache.Directive) byName {
	all := make(byName, 0, len(items))
	for _, d := range items {
		if !d.Section {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b *apache.Directive) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// of returns the directives of one name, in order.
func (all byName) of(name string) []*apache.Directive {
	from, found := slices.BinarySearchFunc(all, name, func(d *apache.Directive, name string) int { return strings.Compare(d.Name, name) })
	if !found {
		return nil
	}
	to := from + 1
	for to < len(all) && all[to].Name == name {
		to++
	}
	return all[from:to:to]
}

// scope reads the lines of one server, those of the main server if d is nil.
func (m *model) scope(sc *scope, d *apache.Directive, items []*apache.Directive) {
	sc.d, sc.why, sc.items = d, maybe(d), sorted(items)
	sc.server.At, sc.server.Main = m.out.At, d == nil
	if d != nil {
		sc.server.At = d.NameAt()
	}
	sc.layer = layer{header: sc.server.At, outermost: d == nil}
	m.read(&sc.layer, items)
	if own := sc.layer.rare; own != nil {
		sc.ownRules, sc.moves = own.rewrite, own.redirects
		own.pass, own.rewrite, own.redirects = nil, nil, nil
	}
	for _, item := range items {
		switch item.Name {
		case "directory", "directorymatch":
			sc.directory(m.section(item))
		case "location", "locationmatch":
			sc.locations = append(sc.locations, m.section(item))
		case "setenvif", "setenvifnocase", "browsermatch", "browsermatchnocase":
			sc.unproxied = sc.unproxied || contains(item.Args, "no-proxy")
		}
	}
	slices.SortStableFunc(sc.directories, byPath)
	slices.Sort(sc.paths)
	sc.paths = slices.Compact(sc.paths)
	slices.Sort(sc.naming)
	sc.naming = slices.Compact(sc.naming)
	sc.passLines = sc.lines("proxypass", "proxypassmatch")
	sc.prefixes = prefixesOf(sc)
	sc.inherit()
}

// balance defines a balancer.
func (sc *scope) balance(key string, b *balancer) {
	if sc.balancers == nil {
		sc.balancers = map[string]*balancer{}
	}
	sc.balancers[key] = b
}

// directory files one <Directory>.
func (sc *scope) directory(s *section) {
	sc.inDirectory = sc.inDirectory || s.path != "/" && s.mayHandle()
	switch {
	case s.expr:
		sc.expressions = append(sc.expressions, s)
		if dir := path.Dir(literal(s.path)); dir != "." && dir != "/" {
			sc.paths = append(sc.paths, dir)
		}
	case s.re != nil || s.why != "" && apache.Wild(s.path):
		sc.patterns = append(sc.patterns, s)
	default:
		sc.paths = append(sc.paths, s.path)
		if len(s.files) > 0 {
			sc.naming = append(sc.naming, s.path)
		}
		sc.directories = append(sc.directories, s)
	}
}

func byPath(a, b *section) int { return strings.Compare(a.path, b.path) }

// directoriesOf returns the <Directory> sections that name a directory, in the order of the file.
func (sc *scope) directoriesOf(dir string) []*section {
	from, found := slices.BinarySearchFunc(sc.directories, dir, func(s *section, dir string) int { return strings.Compare(s.path, dir) })
	if !found {
		return nil
	}
	to := from + 1
	for to < len(sc.directories) && sc.directories[to].path == dir {
		to++
	}
	return sc.directories[from:to:to]
}

// chain returns the scopes whose lines apply to the server, the outer one first.
func (sc *scope) chain() []*scope { return sc.both }

// last returns the last directive of a name, that of the server before that of the main server.
func (sc *scope) last(name string) *apache.Directive {
	if all := sc.items.of(name); len(all) > 0 {
		return all[len(all)-1]
	}
	if sc.main != nil {
		return sc.main.last(name)
	}
	return nil
}

// text returns a setting of one word.
func (m *model) text(sc *scope, name string) source.Setting[string] {
	d := sc.last(name)
	if d == nil {
		if why := m.missing(); why != "" {
			return source.Unknown[string](sc.server.At, why)
		}
		return source.Absent[string](sc.server.At)
	}
	if why := first(maybe(d), m.unknownWord(d.Args)); why != "" {
		return source.Unknown[string](d.At, why)
	}
	at := d.At
	if len(d.Args) > 0 {
		at = d.Args[0].At
	}
	return source.Written(d.Arg(0), at)
}

// missing returns why lines may be missing; "" if all are known.
func (m *model) missing() string {
	switch {
	case m.out.Loose:
		return "no apache2.conf or httpd.conf given"
	case len(m.c.Unread) > 0:
		return m.c.Unread[0].Why
	case m.c.Rendered:
		return rendered
	}
	return ""
}

// absolute returns a path that may be relative to ServerRoot (httpd server/config.c,
// ap_server_root_relative).
func (m *model) absolute(name string) string {
	if !strings.HasPrefix(name, "/") {
		name = m.serverRoot + "/" + name
	}
	return path.Clean(name)
}
