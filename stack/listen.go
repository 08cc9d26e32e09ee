package stack

import (
	"net/netip"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

var debianLayout = &servers.Layouts[0]

// readListen reads a listen value as PHP-FPM does (php-src fpm_sockets.c,
// fpm_sockets_domain_from_address): with a colon it is host:port, all digits
// are a port, and anything else is the name of a unix socket.
func (l *linker) readListen(v ini.Value, section *fpm.Section, prefix string) PoolListen {
	text := section.Pool(v.Text)
	listen := PoolListen{At: v.At, Text: text, Why: v.Why}
	switch {
	case listen.Why != "":
	case section.Why != "" && text != v.Text:
		listen.Why = section.Why
	case text == "":
		listen.Why = "listen is empty"
	case strings.Contains(text, ":"):
		l.readAddress(&listen)
	case netaddr.ParsePool(text).Network == netaddr.TCP:
		a := netaddr.ParsePool(text)
		if a.Port == 0 {
			listen.Misread = PortRange
			break
		}
		listen.Endpoint = netaddr.TCPEndpoint(netip.IPv6Unspecified(), a.Port)
	default:
		l.readSocket(&listen, prefix)
		if _, own := section.Get("prefix"); own && listen.Misread == RelativePath {
			// Whoever gives a pool a prefix knows what its paths are relative to.
			listen.Misread, listen.Meant = NotMisread, netaddr.Endpoint{}
		}
	}
	if from := hashTail(v); from >= 0 && listen.Why == "" {
		l.readCommented(&listen, v, section, prefix, from)
	}
	return listen
}

// readCommented reads a listen value with a # behind it, which PHP-FPM takes
// for a part of the name or refuses.
func (l *linker) readCommented(listen *PoolListen, v ini.Value, section *fpm.Section, prefix string, from int) {
	v.At = v.At.Sub(0, len(strings.TrimRight(v.At.Text()[:from], " \t")))
	v.Text = v.At.Text()
	listen.Misread = CommentTail
	listen.Meant = l.readListen(v, section, prefix).Endpoint
	if strings.Contains(listen.Text, ":") {
		listen.Endpoint = netaddr.Endpoint{}
	}
}

// readSocket reads the name of a unix socket.
func (l *linker) readSocket(listen *PoolListen, prefix string) {
	name := listen.Text
	if strings.HasPrefix(name, "/") {
		l.bindPath(listen, name)
		return
	}
	listen.Misread = RelativePath
	if addr, err := netip.ParseAddr(name); err == nil {
		listen.Misread = BareAddress
		listen.Meant = netaddr.TCPEndpoint(addr, 9000)
	}
	if prefix == "" {
		listen.Why = "the directory that " + name + " is relative to is not known"
		return
	}
	listen.Endpoint = l.socket(path.Join(prefix, name))
	if listen.Misread == RelativePath {
		listen.Meant = netaddr.UnixEndpoint("/" + name)
	}
}

// bindPath finds the socket that FPM makes for an absolute path: one of its
// first 107 bytes, where it is longer (php-src fpm_sockets.c,
// fpm_socket_af_unix_listening_socket; measured on PHP-FPM 8.2).
func (l *linker) bindPath(listen *PoolListen, name string) {
	if len(name) > netaddr.MaxSocketPath {
		listen.Misread, listen.Meant = CutPath, netaddr.UnixEndpoint(name)
		name = name[:netaddr.MaxSocketPath]
	}
	listen.Endpoint = l.socket(name)
}

// readAddress reads host:port.
func (l *linker) readAddress(listen *PoolListen) {
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
	a := netaddr.ParsePool(listen.Text)
	host, n := a.Host, a.Port
	switch {
	case n == 0:
		listen.Misread = PortRange
	case host == ":": // what ::1 looks like from the right
		listen.Misread = NoHost
	case host == "":
		listen.Misread, listen.Meant = NoHost, netaddr.TCPEndpoint(netaddr.Loopback4, n)
	case host == "*":
		listen.Misread, listen.Name = StarPort, host
		listen.Endpoint, listen.Meant = netaddr.TCPEndpoint(netaddr.Loopback6, n), netaddr.TCPEndpoint(netaddr.Loopback4, n)
	default:
		l.bindHost(listen, host, n)
	}
}

// bindHost finds the address that FPM binds for a host: the first one of a name
// (measured on PHP-FPM 8.2).
func (l *linker) bindHost(listen *PoolListen, host string, n uint16) {
	if addr, ok := netaddr.Literal(host); ok {
		listen.Endpoint = netaddr.TCPEndpoint(addr, n)
		return
	}
	listen.Name = host
	addrs := l.lookup(host)
	if len(addrs) == 0 && netaddr.NotHostName(host) && source.TemplateMark(host) == "" {
		listen.Misread = UnknownHost
		return
	}
	if len(addrs) == 0 {
		listen.Why = "the address of the host name " + host + " is not known"
		return
	}
	listen.Endpoint = netaddr.TCPEndpoint(addrs[0], n)
}

// lookup returns the addresses of a host name in the order in which the servers
// get them: IPv6 loopback before IPv4, as RFC 6724 sorts them.
func (l *linker) lookup(name string) []netip.Addr {
	if l.Facts == nil || !l.Facts.Hosts.Known {
		return nil
	}
	var v6, v4 []netip.Addr
	for _, addr := range l.Facts.Hosts.Lookup(name) {
		if addr.Is4() {
			v4 = append(v4, addr)
		} else {
			v6 = append(v6, addr)
		}
	}
	return append(v6, v4...)
}

// socket returns the endpoint of a unix socket, with the links in its directory
// resolved where the tree shows them.
func (l *linker) socket(name string) netaddr.Endpoint {
	if l.Facts != nil {
		if dir, ok := l.realDirs[path.Dir(name)]; ok {
			return netaddr.UnixEndpoint(path.Join(dir, path.Base(name)))
		}
		dir := l.Facts.Files.RealDir(path.Dir(path.Clean(name)))
		l.realDirs[path.Dir(name)] = dir
		return netaddr.UnixEndpoint(path.Join(dir, path.Base(name)))
	}
	return netaddr.UnixEndpoint(name)
}
