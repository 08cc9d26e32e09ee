package handler

import (
	"path"
	"slices"
	"sort"
	"strings"
)

// maxRequests limits the requests of one server that are tried, and maxFound the files of one
// pattern.
const (
	maxRequests = 200
	maxFound    = 40
	manyServers = 50 // of so many, only the top of each document root is searched
)

// requests gathers the requests of one server.
type requests struct {
	m    *model
	sc   *scope
	root string
	all  []request
}

// requestsOf returns the requests of a server, without any yet.
func (m *model) requestsOf(sc *scope) *requests {
	root, _ := sc.server.Root.Known()
	return &requests{m: m, sc: sc, root: root}
}

// requests returns the requests for PHP that a server is judged by: those for the files that are
// below the document root, else for index.php, for another file and for one in a directory; and
// those that a section, a ProxyPass or a .htaccess file may treat in another way.
func (m *model) requests(sc *scope) []request {
	r := m.requestsOf(sc)
	r.all = m.tried[:0]
	clear(m.seen)
	root := r.root
	if r.found("/", root); len(r.all) == 0 {
		sc.bare = r.bare()
		r.add("/index.php", false)
		r.add("/wp-admin/index.php", false)
		r.add("/x.php", false)
	}
	for _, one := range sc.both {
		r.directories(one, alias{to: root})
		m.steps -= len(one.prefixes)
		for _, text := range one.prefixes {
			r.prefix(text)
		}
	}
	for _, a := range r.sc.maps {
		r.aliased(a)
	}
	if root != "" {
		for _, dir := range within(m.access, root) {
			r.directory(dir)
		}
	}
	m.tried = r.all
	return r.all
}

// add adds the request for a URL.
func (r *requests) add(uri string, found bool) {
	if !strings.HasPrefix(uri, "/") {
		uri = "/" + uri
	}
	uri = path.Clean(uri)
	if r.m.seen[uri] || len(r.all) >= maxRequests {
		return
	}
	r.m.seen[uri] = true
	one := r.request(uri, r.sc.host(0))
	one.found = found
	r.all = append(r.all, one)
}

// phpFiles are where the .php files below a document root are looked for.
var phpFiles = [...]string{"/*.php", "/*/*.php", "/*/*/*.php"}

// found adds the .php files of a directory and of the directories in it.
func (r *requests) found(uri, dir string) {
	for _, name := range r.m.scriptsIn(dir) {
		if rest, ok := strings.CutPrefix(name, dir); ok {
			r.add(strings.TrimSuffix(uri, "/")+"/"+strings.TrimPrefix(rest, "/"), true)
		}
	}
}

// scriptsIn returns the names of the .php files of a directory and of the directories in it: an
// Alias of the main server leads all virtual hosts to the same ones.
func (m *model) scriptsIn(dir string) []string {
	if m.o.Files == nil || dir == "" {
		return nil
	}
	names, ok := m.scripts[dir]
	if ok {
		return names
	}
	for _, pattern := range phpFiles {
		all := m.o.Files.Glob(strings.TrimSuffix(dir, "/") + pattern)
		names = append(names, all[:min(len(all), maxFound)]...)
		if len(m.scopes) > manyServers {
			break
		}
	}
	m.scripts[dir] = names
	return names
}

// bare reports whether the document root is known to have files, and none for PHP.
func (r *requests) bare() bool {
	files, root := r.m.o.Files, strings.TrimSuffix(r.root, "/")
	if files == nil || root == "" || len(files.Glob(root+"/*")) == 0 {
		return false
	}
	return !slices.ContainsFunc(phpFiles[:], func(pattern string) bool { return len(files.Glob(root+pattern)) > 0 })
}

// directory adds a request for a file in a directory of the machine.
func (r *requests) directory(dir string) {
	rest, ok := strings.CutPrefix(dir, r.root)
	if !ok || r.root == "" || dir == r.root {
		return
	}
	r.add(rest+"/x.php", false)
}

// directories adds requests for the directories at and below the target of an alias, or below
// the document root, that a server has sections for, and for the files that those name.
func (r *requests) directories(sc *scope, a alias) {
	if a.to == "" {
		return
	}
	for _, dir := range within(sc.paths, a.to) {
		r.at(a, dir, "x.php")
	}
	for _, dir := range append(slices.Clip(within(sc.naming, a.to)), a.to) {
		for _, s := range sc.directoriesOf(dir) {
			for _, f := range s.files {
				if name := f.scriptName(); name != "" {
					r.at(a, dir, name)
				}
			}
		}
	}
}

// at adds the request for a file of a directory if the alias is what leads there.
func (r *requests) at(a alias, dir, name string) {
	if r.m.steps < 0 || len(r.all) >= maxRequests {
		return
	}
	file := path.Join(dir, name)
	uri := path.Join("/", a.from, file[len(a.to):])
	if r.request(uri, "").file == file {
		r.add(uri, false)
	}
}

// scriptName returns the name of the .php file that a <Files> or <FilesMatch> is about; "" if it
// names none, or nobody may read it.
func (s *section) scriptName() string {
	name := s.path
	if s.expr {
		name = literal(name)
	}
	if strings.HasSuffix(name, ".php") && (s.expr || s.re == nil) && !s.denies() {
		return name
	}
	return ""
}

// prefixesOf returns with what the paths of the URLs begin that lines of a server are about: those
// of sections, ProxyPass and RewriteRule. One that ends in .php is whole.
func prefixesOf(sc *scope) (all []string) {
	add := func(text string) {
		if strings.HasPrefix(text, "/") {
			all = append(all, text)
		}
	}
	for _, l := range sc.locations {
		switch {
		case l.denies():
		case l.expr:
			add(literal(l.path))
		case l.re == nil:
			add(strings.TrimSuffix(l.path, "/") + "/")
		}
	}
	for _, f := range sc.files {
		if name := f.scriptName(); name != "" {
			add("/" + name)
		}
	}
	for _, d := range sc.passLines {
		switch from := d.Arg(0); {
		case toServer(d.Arg(1)):
		case d.Name == "proxypassmatch":
			add(literal(from))
		case strings.HasSuffix(from, ".php"):
			add(from)
		default:
			add(strings.TrimSuffix(from, "/") + "/")
		}
	}
	for _, d := range sc.ownRules {
		if d.Name == "rewriterule" && flags(d).proxy && !toServer(d.Arg(1)) {
			add(literal(d.Arg(0)))
		}
	}
	return all
}

// toServer reports whether a URL is that of another web server: what it does with the paths that
// it is given is not about PHP, unless files of this server have them.
func toServer(url string) bool {
	scheme, _, _ := strings.Cut(strings.ToLower(url), "://")
	switch scheme {
	case "http", "https", "ws", "wss", "h2", "h2c", "ftp":
		return true
	}
	return false
}

// prefix adds a request whose URL begins with a text.
func (r *requests) prefix(text string) {
	switch {
	case strings.LastIndexByte(text, '/') == 0 && !strings.HasSuffix(text, ".php") && len(r.all) > 0:
		// The files at the top are requested already.
	case strings.HasSuffix(text, ".php"):
		r.add(text, false)
	default:
		r.add(text[:strings.LastIndexByte(text, '/')+1]+"x.php", false)
	}
}

// within returns the paths of a sorted list that are below dir.
func within(sorted []string, dir string) []string {
	dir = strings.TrimSuffix(dir, "/") + "/"
	from := sort.SearchStrings(sorted, dir)
	to := from
	for to < len(sorted) && strings.HasPrefix(sorted[to], dir) {
		to++
	}
	return sorted[from:min(to, from+maxRequests)]
}
