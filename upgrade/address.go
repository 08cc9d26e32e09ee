package upgrade

import (
	"fmt"
	"math"
	"net/netip"
	"path"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/stack"
)

// target is where the requests of an old pool go.
type target struct {
	name     string // of the new pool
	listen   string // the value of its listen line
	endpoint netaddr.Endpoint
}

// longest is the longest path of a socket in bytes (Linux unix(7), sun_path without its NUL).
const longest = 107

// address returns the address of a new pool for an old one with the value text of a listen line:
// the same one with the version replaced, or a new one beside it, which nothing else has.
func (p *planner) address(pool, text string) (listen string, endpoint netaddr.Endpoint) {
	if strings.HasPrefix(text, "/") {
		return p.socket(pool, text)
	}
	at := strings.LastIndexByte(text, ':') + 1
	port, _ := strconv.Atoi(text[at:])
	for port = p.port(port); ; port++ {
		if port > math.MaxUint16 {
			port = 9000
		}
		endpoint = netaddr.TCPEndpoint(netip.Addr{}, uint16(port))
		if !p.taken(endpoint) {
			p.addresses.add(endpoint)
			return text[:at] + strconv.Itoa(port), endpoint
		}
	}
}

// port returns the port that follows from an old one: the same with the digits of the version at
// its end replaced, else 9000 and the digits of the new version.
func (p *planner) port(old int) int {
	was, now := forms(p.From)[1], forms(p.To)[1]
	if head, ok := strings.CutSuffix(strconv.Itoa(old), was); ok {
		if port, err := strconv.Atoi(head + now); err == nil && port < 1<<16 {
			return port
		}
	}
	digits, _ := strconv.Atoi(now)
	return 9000 + digits%1000
}

// socket is address for a path.
func (p *planner) socket(pool, text string) (string, netaddr.Endpoint) {
	expand := func(s string) string { return strings.ReplaceAll(s, "$pool", pool) }
	name := renamedBase(text, p.From, p.To)
	if name == text {
		ext := path.Ext(text)
		if strings.Contains(ext, "$") || ext == path.Base(text) {
			ext = ""
		}
		name = strings.TrimSuffix(text, ext) + "-php" + p.To + ext
	}
	if dir := path.Dir(name); dir != path.Dir(text) && !p.made(expand(dir)) {
		name = path.Join(path.Dir(text), path.Base(name))
	}
	if !p.fits(expand(path.Dir(name))) {
		name = path.Join(p.runDir(), path.Base(name))
	}
	if len(expand(name)) > longest {
		name = path.Join(p.runDir(), "php"+p.To+"-fpm-"+strconv.Itoa(len(p.targets)+1)+".sock")
	}
	ext := path.Ext(name)
	for n := 2; ; n++ {
		endpoint := netaddr.UnixEndpoint(expand(name))
		if !p.taken(endpoint) {
			p.addresses.add(endpoint)
			return name, endpoint
		}
		name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(strings.TrimSuffix(name, ext), fmt.Sprintf("-%d", n-1)), n, ext)
	}
}

// made reports whether a directory exists, or is made at boot.
func (p *planner) made(dir string) bool {
	if p.there(dir) {
		return true
	}
	made, known := p.stack.BootDir(dir)
	return made && known
}

// fits reports whether the new PHP-FPM can make a socket in a directory that others see, and
// which the old one does not take away when it stops.
func (p *planner) fits(dir string) bool {
	probe := path.Join(dir, "x.sock")
	for _, u := range p.stack.UnitsOf(p.new.master) {
		_, hidden := u.Hides(probe, netaddr.UnixEndpoint(probe).InTmp())
		if sight, _ := u.Sees(probe); hidden || sight != service.Plain && sight != service.Unknown {
			return false
		}
	}
	for _, u := range p.old.master.Start().Units {
		for _, e := range u.All("Service", "RuntimeDirectory") {
			for _, name := range strings.Fields(e.Value) {
				if dir == "/run/"+name || dir == "/var/run/"+name {
					return false
				}
			}
		}
	}
	return true
}

// runDir returns the directory of the sockets of the new PHP-FPM.
func (p *planner) runDir() string {
	if m := p.new.master; m != nil {
		for _, pool := range m.Pools {
			if e := pool.Listen.Endpoint; e.Network == netaddr.Unix && p.fits(path.Dir(e.Path)) {
				return path.Dir(e.Path)
			}
		}
	}
	if p.made("/run/php") {
		return "/run/php"
	}
	return "/run"
}

// whole returns the whole address of a target in place of that of peer.
func (t *target) whole(peer *stack.Peer) string {
	old, now := t.gateway(peer)
	return swapped(peer.Text, old, now)
}

// gateway returns the address of a target as a web server that dialled the address of peer
// writes it: the host stays where the port alone is another one.
func (t *target) gateway(peer *stack.Peer) (old, now string) {
	if t.endpoint.Network == netaddr.Unix {
		if peer.Network == netaddr.Unix {
			return peer.Path, t.endpoint.Path
		}
		return peer.Text, "unix:" + t.endpoint.Path
	}
	port := strconv.Itoa(int(t.endpoint.Port))
	if peer.Network == netaddr.Unix {
		host := "127.0.0.1"
		if a := t.endpoint.Addr; a.IsValid() && !a.IsUnspecified() {
			host = a.String()
		}
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		return peer.Text, host + ":" + port
	}
	return ":" + strconv.Itoa(int(peer.Port)), ":" + port
}
