package handler

import (
	"slices"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
)

// worker is an entry of the table of workers, with its parameters.
type worker struct {
	Worker
	name   string // canonical: scheme and host in lower case
	match  bool   // of an expression: $1 in the name is any text
	dollar bool   // it has one
	// unsteady is set if the address has a $1, so that no connection is kept.
	unsteady bool
	params   map[string]param
	why      string // why it may not exist
}

// param is one parameter of a worker.
type param struct {
	text string
	at   source.Span
	why  string
}

// balancer is one balancer:// with its members.
type balancer struct {
	table
	why string
}

// defineWorkers fills the table of workers of one server in the order of its lines (httpd
// modules/proxy/mod_proxy.c: add_pass, proxysection, add_member, set_proxy_param).
func (m *model) defineWorkers(sc *scope) {
	items := m.c.Directives
	if sc.d != nil {
		items = sc.d.Children
	}
	for _, d := range items {
		m.defineOne(sc, d)
	}
	if sc.server.Main {
		return
	}
	if len(m.main.balancers) > 0 && !sc.isolated() {
		for key, b := range m.main.balancers { // that of the main server wins
			sc.balance(key, b)
		}
	}
}

func (m *model) defineOne(sc *scope, d *apache.Directive) {
	switch d.Name {
	case "proxypass", "proxypassmatch":
		m.definePass(sc, d, 1)
	case "location", "locationmatch":
		for _, inner := range d.Children {
			if inner.Name == "proxypass" || inner.Name == "proxypassmatch" {
				m.definePass(sc, inner, 0)
			}
		}
	case "proxy", "proxymatch":
		m.defineSection(sc, d)
	case "proxyset":
		if w := m.target(sc, d.Args, d, prefixes|expressions); w != nil {
			w.set(d.Args[1:], d)
		}
	case "balancermember":
		if len(d.Args) > 1 {
			m.member(sc, d.Arg(0), d, d.Args[1:])
		}
	}
}

// definePass defines the worker of a ProxyPass, whose URL is argument i.
func (m *model) definePass(sc *scope, d *apache.Directive, i int) {
	args := d.Args
	if len(args) > 0 && args[0].Text == "~" {
		i++
	}
	if len(args) <= i || args[i].Text == "!" {
		return
	}
	match := args[0].Text == "~" || byExpression(d)
	kind := prefixes
	if match {
		kind = expressions
	}
	// A second line of one name shares the worker, and its parameters are ignored.
	if w := m.target(sc, args[i:], d, kind); w != nil && w.At == args[i].At {
		w.set(args[i+1:], d)
	}
}

// byExpression reports whether the path of a line is a regular expression. That of a section around
// a ProxyPass is one only if it has wildcards, even in <LocationMatch> (httpd
// modules/proxy/mod_proxy.c, add_pass; measured on Apache 2.4).
func byExpression(d *apache.Directive) bool {
	return d.Name == "proxypassmatch" || inLocation(d) && apache.Wild(pathOf(d.Parent))
}

// inLocation reports whether a ProxyPass has its path from a section.
func inLocation(d *apache.Directive) bool {
	return d.Parent != nil && strings.HasPrefix(d.Parent.Name, "location")
}

// pathOf returns the path or expression of a section.
func pathOf(d *apache.Directive) string {
	if d.Arg(0) == "~" {
		return d.Arg(1)
	}
	return d.Arg(0)
}

// defineSection defines the worker of <Proxy>. Without a parameter or ProxySet there is none.
func (m *model) defineSection(sc *scope, d *apache.Directive) {
	match := prefixes
	if d.Name == "proxymatch" {
		match = expressions
	}
	if len(d.Args) > 1 {
		if w := m.target(sc, d.Args, d, match); w != nil {
			w.set(d.Args[1:], d)
		}
	}
	for _, inner := range d.Children {
		switch inner.Name {
		case "proxyset":
			if w := m.target(sc, d.Args, d, match); w != nil {
				w.set(inner.Args, inner)
			}
		case "balancermember":
			if len(inner.Args) > 0 && len(d.Args) > 0 {
				m.member(sc, d.Arg(0), inner, inner.Args)
			}
		}
	}
}

// target returns the worker of the URL in the first of args: one that is defined, else a new one.
func (m *model) target(sc *scope, args []apache.Word, d *apache.Directive, kind kinds) *worker {
	if len(args) == 0 {
		return nil
	}
	text := args[0].Text
	if strings.HasPrefix(strings.ToLower(text), "balancer://") {
		m.balancer(sc, text, d)
		return nil
	}
	w := m.newWorker(sc, args[0], kind == expressions)
	if w == nil {
		return nil
	}
	if old := sc.workers.find(w.name, kind); old != nil {
		return old
	}
	w.why = first(maybe(d), m.unknownWord(args[:1]))
	sc.workers.add(w)
	return w
}

// newWorker reads the URL that defines a worker; nil for one that Apache refuses.
func (m *model) newWorker(sc *scope, word apache.Word, match bool) *worker {
	text := strings.TrimPrefix(word.Text, "proxy:")
	p := m.parseWorker(text)
	w := &worker{match: match, dollar: match && strings.Contains(text, "$")}
	if w.dollar && p.bad { // a $1 in host or port
		host, _, _ := strings.Cut(p.url, "$")
		p.bad, p.url, w.unsteady = false, host+"$"+p.url[len(host)+1:], true
	}
	if p.bad || p.alien || p.url == "" {
		return nil
	}
	w.name = p.url
	w.unsteady = w.unsteady || strings.Contains(p.Host, "$")
	w.Worker = Worker{Name: p.url, At: word.At, Server: sc.index, Target: p.Target}
	return w
}

// table is the workers of a server or of a balancer.
type table struct {
	list    []*worker
	named   map[string]*worker // those that are not of an expression
	lengths []int              // of their names, each once, the longest first
	matches []*worker          // those of expressions
}

// kinds are the kinds of workers that one is searched among: a line that defines one shares only
// one of its own kind, and requests take those of both (httpd modules/proxy/mod_proxy.h,
// AP_PROXY_WORKER_IS_PREFIX, AP_PROXY_WORKER_IS_MATCH).
type kinds uint8

const (
	prefixes kinds = 1 << iota
	expressions
)

// maxMatches limits the workers of expressions of one server.
const maxMatches = 1000

// add adds a worker.
func (t *table) add(w *worker) {
	if t.named == nil {
		t.named = map[string]*worker{}
	}
	t.list = append(t.list, w)
	if w.match {
		if len(t.matches) < maxMatches {
			t.matches = append(t.matches, w)
		}
		return
	}
	t.named[w.name] = w
	n := len(w.name)
	if i, ok := slices.BinarySearchFunc(t.lengths, n, func(a, b int) int { return b - a }); !ok {
		t.lengths = slices.Insert(t.lengths, i, n)
	}
}

// find returns the worker of the longest name that a URL begins with, which has to contain its
// host and port (httpd modules/proxy/proxy_util.c, ap_proxy_get_worker_ex).
func (t *table) find(url string, kind kinds) (best *worker) {
	_, after, ok := strings.Cut(url, "://")
	if !ok || after == "" {
		return nil
	}
	least := len(url)
	if i := strings.IndexByte(after, '/'); i >= 0 {
		least = len(url) - len(after) + i
	}
	for _, n := range t.lengths {
		if n < least || kind&prefixes == 0 {
			break
		}
		if n <= len(url) {
			if best = t.named[url[:n]]; best != nil {
				break
			}
		}
	}
	for _, w := range t.matches {
		n := len(w.name)
		if kind&expressions == 0 {
			break
		}
		if n <= len(url) && n >= least && (best == nil || n > len(best.name)) && ematch(url, w.name) {
			best = w
		}
	}
	return best
}

// ematch reports whether a URL begins with a name in which $1 is any text.
func ematch(url, name string) bool {
	pieces := strings.Split(name, "$")
	rest, ok := strings.CutPrefix(url, pieces[0])
	for _, piece := range pieces[1:] {
		piece = strings.TrimLeft(piece, "0123456789")
		if piece == "" {
			return ok
		}
		i := strings.Index(rest, piece)
		if !ok || i < 0 {
			return false
		}
		rest = rest[i+len(piece):]
	}
	return ok
}

// set stores parameters: key=value words.
func (w *worker) set(words []apache.Word, d *apache.Directive) {
	for _, word := range words {
		key, value, ok := strings.Cut(word.Text, "=")
		if !ok {
			continue
		}
		if w.params == nil {
			w.params = map[string]param{}
		}
		p := param{value, word.At, first(maybe(d), unknownWord([]apache.Word{word}))}
		switch key = strings.ToLower(key); key {
		case "disablereuse":
			key = "enablereuse"
			p.text = "on"
			if strings.EqualFold(value, "on") {
				p.text = "off"
			}
		}
		w.params[key] = p
	}
}

// balancer returns a balancer of a server, made if it does not exist.
func (m *model) balancer(sc *scope, name string, d *apache.Directive) *balancer {
	key := balancerName(name)
	b := sc.balancers[key]
	if b == nil {
		b = &balancer{why: maybe(d)}
		sc.balance(key, b)
	}
	return b
}

// balancerName is scheme and name of a balancer in lower case.
func balancerName(url string) string {
	url = strings.ToLower(url)
	rest := strings.TrimPrefix(url, "balancer://")
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// member adds a BalancerMember.
func (m *model) member(sc *scope, name string, d *apache.Directive, words []apache.Word) {
	b := m.balancer(sc, name, d)
	w := m.newWorker(sc, words[0], false)
	if w == nil || b.find(w.name, prefixes|expressions) != nil {
		return
	}
	w.why = first(maybe(d), m.unknownWord(words[:1]))
	w.set(words[1:], d)
	b.add(w)
}

// time reads a parameter that is a time.
func (w *worker) time(name string, read func(string) (time.Duration, bool)) (s source.Setting[time.Duration], ok bool) {
	p, ok := w.params[name]
	switch d, good := read(p.text); {
	case !ok:
		return s, false
	case p.why != "" || !good:
		return source.Unknown[time.Duration](p.at, first(p.why, name+"="+p.text+" is not a time")), true
	default:
		return source.Written(d, p.at), true
	}
}

// status returns the flags that status= sets: D for disabled, S for stopped, N for drained, H for
// a hot standby, R for a spare one (httpd modules/proxy/proxy_util.c, proxy_wstat_tbl).
func (w *worker) status() string {
	var flags []byte
	set := true
	for _, c := range []byte(strings.ToUpper(w.params["status"].text)) {
		switch {
		case c == '+' || c == '-':
			set = c == '+'
		case set:
			flags = append(flags, c)
		}
	}
	return string(flags)
}
