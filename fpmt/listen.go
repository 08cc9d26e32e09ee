package fpmt

import (
	"cmp"
	"net/netip"
	"path"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Listen is one listen line of a pool.
type Listen struct {
	At       source.Span      // the value; the pool's header if it is not set
	Text     string           // the effective value, $pool expanded
	Endpoint netaddr.Endpoint // where FPM listens; zero if it cannot, or if Why is set
	Misread  Misread
	// Meant is the endpoint that the text resembles, if FPM reads another one.
	Meant netaddr.Endpoint
	// Name is the host name in the text, which is bound by its first address.
	Name string
	Why  string // why the endpoint is unknown, worded to follow "not checked: "
}

// Listens are the addresses of one pool.
type Listens struct {
	// Listen is the listen line that takes effect.
	Listen Listen
	// Lost are the listen lines that it replaces.
	Lost []Listen
	// Status is pm.status_listen; nil if not set.
	Status *Listen
}

// Misread is a way in which FPM reads a listen value other than it looks.
type Misread uint8

// The ways of misreading.
const (
	NotMisread   Misread = iota
	BareAddress          // an IP address without a port: a unix socket of that name
	RelativePath         // a path below FPM's prefix
	SchemePrefix         // a prefix unix: or tcp://: a host name that cannot be resolved
	PortRange            // port 0, above 65535 or not a number: FPM refuses
	StarPort             // *:port: the first address of the name *, which is ::1
	CutPath              // a path over 107 bytes, of which FPM uses the first 107
	CommentTail          // a # after the address, which FPM takes as part of it
	NoHost               // :port: an empty host name, which cannot be resolved
	UnknownHost          // a host that certainly has no address: FPM refuses
	NoIPv6               // an IPv6 address of a machine without IPv6: FPM refuses
)

// Sockets reads listen values on one machine.
type Sockets struct {
	facts *host.Facts
	real  map[string]string // directories with their links resolved
}

// NewSockets returns a reader for the machine of facts, which are nil if nothing is known.
func NewSockets(facts *host.Facts) *Sockets {
	return &Sockets{cmp.Or(facts, noFacts), map[string]string{}}
}

// noFacts is never changed.
var noFacts = &host.Facts{}

// Read reads a listen value as PHP-FPM does (php-src fpm_sockets.c,
// fpm_sockets_domain_from_address): with a colon it is host:port, all digits
// are a port, and anything else is the name of a unix socket.
func (s *Sockets) Read(v ini.Value, section *fpm.Section, prefix string) Listen {
	text := section.Pool(v.Text)
	listen := Listen{At: v.At, Text: text, Why: v.Why}
	switch {
	case listen.Why != "":
	case section.Why != "" && text != v.Text:
		listen.Why = section.Why
	case text == "":
		listen.Why = "listen is empty"
	case text[0] != '/' && source.Stub(text):
		listen.Why = "a program may replace " + text
	default:
		s.bind(&listen, prefix)
	}
	if listen.Misread == RelativePath && section.Last(servers.KeyPrefix) != nil {
		// Whoever sets a prefix knows how the pool's relative paths are resolved.
		listen.Misread, listen.Meant = NotMisread, netaddr.Endpoint{}
	}
	if from := hashTail(v); from >= 0 && listen.Why == "" {
		s.readCommented(&listen, v, section, prefix, from)
	}
	return listen
}

// bind sets what FPM binds for the text.
func (s *Sockets) bind(listen *Listen, prefix string) {
	switch a := netaddr.ParsePool(listen.Text); {
	case a.Network == netaddr.Unix:
		s.readSocket(listen, prefix)
	case strings.Contains(listen.Text, ":"):
		s.readAddress(listen, a)
	case a.Port == 0:
		listen.Misread = PortRange
	default:
		listen.Endpoint = netaddr.TCPEndpoint(netip.IPv6Unspecified(), a.Port)
	}
}

// readCommented reads a listen value followed by a #, which PHP-FPM takes as part of the
// name or refuses.
func (s *Sockets) readCommented(listen *Listen, v ini.Value, section *fpm.Section, prefix string, from int) {
	v.At = v.At.Sub(0, len(strings.TrimRight(v.At.Text()[:from], " \t")))
	v.Text = v.At.Text()
	listen.Misread = CommentTail
	listen.Meant = s.Read(v, section, prefix).Endpoint
	if strings.Contains(listen.Text, ":") {
		listen.Endpoint = netaddr.Endpoint{}
	}
}

// readSocket reads the name of a unix socket.
func (s *Sockets) readSocket(listen *Listen, prefix string) {
	name := listen.Text
	if strings.HasPrefix(name, "/") {
		s.bindPath(listen, name)
		return
	}
	listen.Misread = RelativePath
	if addr, err := netip.ParseAddr(name); err == nil {
		listen.Misread = BareAddress
		listen.Meant = netaddr.TCPEndpoint(addr, 9000)
	}
	if prefix == "" {
		listen.Why = "the base directory of " + name + " is unknown"
		return
	}
	listen.Endpoint = s.Endpoint(path.Join(prefix, name))
	if listen.Misread == RelativePath {
		listen.Meant = netaddr.UnixEndpoint("/" + name)
	}
}

// bindPath sets the socket that FPM creates for an absolute path: one of its first 107
// bytes if it is longer (php-src fpm_sockets.c,
// fpm_socket_af_unix_listening_socket; measured on PHP-FPM 8.2).
func (s *Sockets) bindPath(listen *Listen, name string) {
	if len(name) > netaddr.MaxSocketPath {
		listen.Misread, listen.Meant = CutPath, netaddr.UnixEndpoint(name)
		name = name[:netaddr.MaxSocketPath]
	}
	listen.Endpoint = s.Endpoint(name)
}

// readAddress reads host:port.
func (s *Sockets) readAddress(listen *Listen, a netaddr.Address) {
	if rest, ok := strings.CutPrefix(listen.Text, "unix:"); ok {
		listen.Misread, listen.Meant = SchemePrefix, netaddr.UnixEndpoint(rest)
		return
	}
	if rest, ok := strings.CutPrefix(listen.Text, "tcp://"); ok {
		listen.Misread = SchemePrefix
		a := netaddr.ParsePool(rest)
		if addr, err := netip.ParseAddr(a.Host); err == nil && a.Port > 0 {
			listen.Meant = netaddr.TCPEndpoint(addr, a.Port)
		}
		return
	}
	name, n := a.Host, a.Port
	switch {
	case n == 0:
		listen.Misread = PortRange
	case name == ":": // ::1 cut at its last colon
		listen.Misread = NoHost
	case name == "":
		listen.Misread, listen.Meant = NoHost, netaddr.TCPEndpoint(netaddr.Loopback4, n)
	case name == "*":
		listen.Misread, listen.Name = StarPort, name
		listen.Endpoint, listen.Meant = netaddr.TCPEndpoint(netaddr.Loopback6, n), netaddr.TCPEndpoint(netaddr.Loopback4, n)
	default:
		s.bindHost(listen, name, n)
	}
}

// bindHost sets the address that FPM binds for a host: the first one of a name (measured
// on PHP-FPM 8.2).
func (s *Sockets) bindHost(listen *Listen, name string, n uint16) {
	if addr, ok := netaddr.Literal(name); ok && s.facts.IPv6.Lacks(addr) {
		listen.Misread = NoIPv6
		return
	} else if ok {
		listen.Endpoint = netaddr.TCPEndpoint(addr, n)
		return
	}
	listen.Name = name
	addrs := s.facts.Lookup(name)
	if len(addrs) == 0 && netaddr.NotHostName(name) && source.TemplateMark(name) == "" {
		listen.Misread = UnknownHost
		return
	}
	if len(addrs) == 0 {
		listen.Why = "cannot resolve host " + strconv.Quote(name) + " offline"
		return
	}
	listen.Endpoint = netaddr.TCPEndpoint(addrs[0], n)
}

// Endpoint returns the endpoint of a unix socket, with the links in its directory resolved
// if the tree contains them.
func (s *Sockets) Endpoint(name string) netaddr.Endpoint {
	name = netaddr.Clean(name)
	dir := "." // of a name without a slash
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		dir = name[:max(i, 1)]
	}
	real, met := s.real[dir]
	if !met {
		real = s.facts.Files.RealDir(dir)
		s.real[dir] = real
	}
	if real != dir {
		name = path.Join(real, path.Base(name))
	}
	return netaddr.UnixEndpoint(name)
}

// Prefix returns the directory from which a pool's relative paths are resolved (php-src
// fpm_conf.c, fpm_evaluate_full_path), "" if the files do not determine it.
func Prefix(c *parser.Master, section *fpm.Section) string {
	own := section.Text(servers.KeyPrefix)
	if own.Why() != "" {
		return ""
	}
	prefix, _ := own.Known()
	written := prefix != ""
	prefix = cmp.Or(prefix, c.Prefix)
	if !strings.HasPrefix(prefix, "/") {
		prefix = path.Join(c.Prefix, prefix)
	}
	if c.Loose && !written && c.Layout == nil {
		return ""
	}
	return prefix
}

// listens returns the addresses of a pool.
func (j *judge) listens(prefix string) (at Listens) {
	read := func(e *fpm.Entry) Listen { return j.sockets.Read(e.Value(), j.section, prefix) }
	if e := j.section.Last(servers.KeyPMStatusListen); e != nil {
		status := read(e)
		at.Status = &status
	}
	last := j.section.Last(servers.KeyListen)
	if last == nil {
		at.Listen = Listen{At: j.section.At(), Why: "pool " + j.section.Name + " has no listen in the files given"}
		return at
	}
	for i := range j.section.Entries {
		if e := &j.section.Entries[i]; e.Directive == servers.KeyListen && e.Lost {
			at.Lost = append(at.Lost, read(e))
		}
	}
	at.Listen = read(last)
	return at
}
