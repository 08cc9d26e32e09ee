//go:build linux

package lab

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// uris are the directives whose arguments look like paths and are parts of
// requests and answers.
var uris = map[string]bool{
	"location": true, "rewrite": true, "return": true, "try_files": true, "error_page": true, "index": true,
	"server_name": true, "log_format": true, "add_header": true, "proxy_redirect": true, "sub_filter": true,
	"proxy_set_header": true, "limit_except": true, "fastcgi_index": true, "fastcgi_split_path_info": true,
}

// passes are the directives that hand a request to an address.
var passes = map[string]bool{
	"fastcgi_pass": true, "proxy_pass": true, "uwsgi_pass": true, "scgi_pass": true, "grpc_pass": true, "memcached_pass": true,
}

// inHTTP are the directives by which nginx keeps its own files below the root,
// each with the place there, and by which it gives up on PHP before the lab
// gives up on nginx. Those that a configuration has itself are left out.
var inHTTP = []struct{ name, value string }{
	{"access_log", "/var/log/nginx/access.log"},
	{"client_body_temp_path", own + "/body"},
	{"proxy_temp_path", own + "/proxy"},
	{"fastcgi_temp_path", own + "/fastcgi"},
	{"uwsgi_temp_path", own + "/uwsgi"},
	{"scgi_temp_path", own + "/scgi"},
	{"fastcgi_read_timeout", "5s"},
}

// nginx moves one configuration of nginx.
func (m *mover) nginx(n *parser.Nginx) {
	for _, f := range n.Files {
		for d := range f.All() {
			m.directive(n, d)
		}
	}
	// Values of variables come last: what is a port is known by then.
	for _, f := range n.Files {
		for d := range f.All() {
			if d.Name() == "set" && d.NumArgs() == 2 {
				m.value(inside(d.Arg(1)))
			} else if d.Data() && d.NumArgs() == 1 {
				m.value(inside(d.Arg(0)))
			}
		}
	}
}

// directive moves one directive.
func (m *mover) directive(n *parser.Nginx, d nginx.Directive) {
	name := d.Name()
	switch first := inside(d.Arg(0)); {
	case d.Data():
		for _, w := range d.Args() {
			m.paths(inside(w))
		}
		return
	case uris[name]:
		return
	case name == "http" && d.HasBlock():
		m.insert(d.File().Source, d.Terminator().End, m.temporary(n))
	case name == "server" && d.HasBlock():
		m.defaultListen(d)
	case name == "server" && d.Parent().Name() == "upstream":
		m.pass(first, true)
	case name == "listen":
		m.listen(first)
	case passes[name]:
		m.pass(first, false)
	case name == "daemon" && d.Parent().IsZero():
		m.edit(first, "off")
	case name == "resolver":
		for _, w := range d.Args() {
			if a, ok := readAddress(w.String()); ok && !strings.Contains(w.String(), "=") {
				m.reach(a.host)
			}
		}
	case name == "error_log" && strings.HasPrefix(d.Arg(0).String(), "/"):
		m.logs = append(m.logs, m.place(d.Arg(0).String()))
	case name == "ssl_certificate":
		m.certificate(d)
	}
	for _, w := range d.Args() {
		m.paths(inside(w))
	}
}

// inside returns a word without its quotes.
func inside(w nginx.Word) source.Span {
	at := w.Span()
	if w.Quoted() && at.End-at.Start >= 2 {
		return at.Sub(1, int(at.End-at.Start)-1)
	}
	return at
}

// place returns where a path of the case lies on this machine.
func (m *mover) place(path string) string {
	if m.moved(path) {
		return m.root + path
	}
	return path
}

// temporary returns what http {} starts with, on the line of its brace.
func (m *mover) temporary(n *parser.Nginx) string {
	written := map[string]bool{}
	for _, f := range n.Files {
		for d := range f.All() {
			if p := d.Parent(); p.IsZero() || p.Name() == "http" {
				written[d.Name()] = true
			}
		}
	}
	var b strings.Builder
	for _, d := range inHTTP {
		if written[d.name] {
			continue
		}
		b.WriteString(" " + d.name + " ")
		if strings.HasPrefix(d.value, "/") {
			b.WriteString(m.root)
		}
		b.WriteString(d.value + ";")
	}
	return b.String()
}

// defaultListen writes down the port of a server that has no listen.
func (m *mover) defaultListen(d nginx.Directive) {
	for _, site := range m.model.Sites {
		if site.At == d.NameWord().Span() && len(site.Listens) == 1 && site.Listens[0].At == site.At {
			m.insert(d.File().Source, d.Terminator().End, " listen "+m.everyIPv4(80)+";")
			return
		}
	}
}

// everyIPv4 returns the address that stands for a port on every IPv4 address:
// the loopback when nobody can tell the difference.
func (m *mover) everyIPv4(n uint16) string {
	if m.wild[n] {
		return "127.0.0.1:" + strconv.Itoa(int(m.port(n)))
	}
	return strconv.Itoa(int(m.port(n)))
}

// listen moves the address of a listen directive.
func (m *mover) listen(at source.Span) {
	text := at.Text()
	if n, err := strconv.ParseUint(text, 10, 16); err == nil && n > 0 {
		m.edit(at, m.everyIPv4(uint16(n)))
		return
	}
	if first, last, ok := portRange(text); ok {
		m.edit(at, fmt.Sprintf("%d-%d", m.port(first), m.port(last)))
		return
	}
	a, ok := readAddress(text)
	if !ok || strings.HasPrefix(text, "unix:") {
		return
	}
	_, err := netip.ParseAddr(a.host)
	switch every := a.host == "*" || a.host == "0.0.0.0"; {
	case a.portAt < a.behind && a.port == 0:
	case every && m.wild[a.orHTTP()]:
		m.edit(at.Sub(0, a.behind), m.everyIPv4(a.orHTTP()))
	case every || err == nil || len(m.hosts.Lookup(a.host)) > 0:
		if !every {
			m.reach(a.host)
		}
		m.withPort(at, a, 80)
	}
}

// portRange reads two ports with a - between them.
func portRange(text string) (first, last uint16, ok bool) {
	low, high, _ := strings.Cut(text, "-")
	from, err := strconv.ParseUint(low, 10, 16)
	to, wrong := strconv.ParseUint(high, 10, 16)
	return uint16(from), uint16(to), err == nil && wrong == nil && from <= to
}

// findRanges gives the ports of ranges their places, which are in a row.
func (m *mover) findRanges() {
	for _, site := range m.model.Sites {
		for _, listen := range site.Listens {
			first, last, ok := portRange(listen.Text)
			if _, met := m.ports[first]; !ok || met {
				continue
			}
			free, err := freePorts(int(last-first) + 1)
			if err != nil {
				m.err = err
			}
			for n := first; n <= last; n++ {
				m.ports[n] = free + (n - first)
			}
		}
	}
}

func (a address) orHTTP() uint16 {
	if a.port == 0 {
		return 80
	}
	return a.port
}

// withPort moves the port of a, or writes down the one that it has by default.
func (m *mover) withPort(at source.Span, a address, byDefault uint16) {
	if a.port > 0 {
		m.movePort(at, a)
	} else if a.portAt == a.behind {
		m.insert(at.File, at.Start+int32(a.hostEnd), ":"+strconv.Itoa(int(m.port(byDefault))))
	}
}

var scheme = regexp.MustCompile(`^(?:https?|grpcs?)://`)

// pass moves the address of a pass or of a server of an upstream.
func (m *mover) pass(at source.Span, server bool) {
	text := at.Text()
	prefix := scheme.FindString(text)
	byDefault := uint16(80)
	if strings.HasPrefix(prefix, "https") || strings.HasPrefix(prefix, "grpcs") {
		byDefault = 443
	}
	rest := at.Sub(len(prefix), len(text))
	a, ok := readAddress(rest.Text())
	if !ok || strings.HasPrefix(rest.Text(), "unix:") || strings.HasPrefix(rest.Text()[a.hostEnd:], "$") {
		return
	}
	if a.portAt == a.behind && !server && m.isUpstream(a.host) {
		return
	}
	if a.portAt < a.behind && a.port == 0 {
		return
	}
	if _, err := netip.ParseAddr(a.host); err != nil && a.port == 0 && !server && prefix == "" {
		// fastcgi_pass with a name that nothing explains: nginx refuses it.
		if !m.alone {
			m.reach(a.host)
		}
		return
	}
	if server || !m.isUpstream(a.host) {
		m.reach(a.host)
	}
	if a.port > 0 || server || prefix != "" {
		m.withPort(rest, a, byDefault)
	}
}

func (m *mover) isUpstream(name string) bool {
	for _, u := range m.model.Upstreams {
		if strings.EqualFold(u.Name, name) {
			return true
		}
	}
	return false
}

// value moves an address or a port that a variable holds.
func (m *mover) value(at source.Span) {
	if n, err := strconv.ParseUint(at.Text(), 10, 16); err == nil {
		if free, ok := m.ports[uint16(n)]; ok {
			m.edit(at, strconv.Itoa(int(free)))
		}
		return
	}
	if a, ok := readAddress(at.Text()); ok && a.port > 0 && a.behind == len(at.Text()) {
		m.reach(a.host)
		m.movePort(at, a)
	}
}

// certificate notes a certificate and the key beside it.
func (m *mover) certificate(d nginx.Directive) {
	for sibling := range d.Parent().Children() {
		if sibling.Name() == "ssl_certificate_key" {
			m.certs = append(m.certs, [2]string{m.place(d.Arg(0).String()), m.place(sibling.Arg(0).String())})
			return
		}
	}
}
