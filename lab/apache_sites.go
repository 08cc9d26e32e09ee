//go:build linux

package lab

import (
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/netaddr"
)

// virtualHost is one <VirtualHost>, as a request has to name it.
type virtualHost struct {
	address string // as written
	name    string
	tls     bool
}

// wildcard reports whether a virtual host is for requests to all addresses.
func (h virtualHost) wildcard() bool {
	return strings.HasPrefix(h.address, "*") || strings.HasPrefix(h.address, "_default_")
}

// served reports whether Apache listens for a virtual host, which it does at any address with its port.
func (h virtualHost) served(listens []string) bool {
	_, port, _ := strings.Cut(h.address, ":")
	return !h.wildcard() || slices.ContainsFunc(listens, func(l string) bool { return listensAt([]string{l}, port) == l })
}

// usual reports whether a virtual host is for requests to the address that is otherwise requested: those
// never get to one for all addresses.
func (h virtualHost) usual() bool { return strings.HasPrefix(h.address, "127.0.0.1") }

// apacheRequests returns a request for the root of each virtual host in the files of Apache for
// which it listens, in their order, or for the main server if there is none. They are read line
// by line, without the linter: what the linter takes a file for has no influence on what is
// requested.
func apacheRequests(files []cases.File, main string) (all []Request) {
	listens, hosts := readSites(files, apacheRoot(main))
	hosts = slices.DeleteFunc(hosts, func(h virtualHost) bool { return !h.served(listens) })
	if len(hosts) == 0 {
		hosts = []virtualHost{{address: "*"}}
	}
	for _, h := range hosts {
		address := h.address
		if h.wildcard() {
			_, port, _ := strings.Cut(address, ":")
			address = listensAt(listens, port)
			if p, every := netaddr.Port(strings.TrimPrefix(address, "0.0.0.0:")); every && slices.ContainsFunc(hosts, virtualHost.usual) {
				address = fmt.Sprintf("127.0.0.2:%d", p)
			}
		}
		r := Request{Endpoint: tcpEndpoint(address), TLS: h.tls, Apache: true, Host: h.name}
		if !r.Endpoint.IsZero() && !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	return all
}

// readSites returns the Listen addresses and the virtual hosts of the files below dir, without
// those that Debian has only to be enabled.
func readSites(files []cases.File, dir string) (listens []string, hosts []virtualHost) {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b cases.File) int { return strings.Compare(a.Name, b.Name) })
	for _, f := range files {
		if !strings.HasPrefix(f.Name, dir+"/") || strings.Contains(f.Name, "-available/") || path.Base(f.Name) == "envvars" {
			continue
		}
		inside := false
		for line := range strings.Lines(f.Text) {
			words := strings.Fields(strings.NewReplacer(`"`, "", "'", "", ">", " ").Replace(line))
			if len(words) == 0 {
				continue
			}
			switch name := strings.ToLower(words[0]); {
			case name == "</virtualhost":
				inside = false
			case len(words) < 2:
			case name == "listen":
				listens = append(listens, words[1])
			case name == "<virtualhost":
				hosts, inside = append(hosts, virtualHost{address: numeric(words[1:]), name: "localhost"}), true
			case name == "servername" && inside && !strings.Contains(words[1], "$"): // not in a macro
				hosts[len(hosts)-1].name, _, _ = strings.Cut(words[1], ":")
			case name == "sslengine" && inside:
				hosts[len(hosts)-1].tls = strings.EqualFold(words[1], "on")
			}
		}
	}
	return listens, hosts
}

// numeric returns the first of the addresses of a virtual host that is not a name, which nothing resolves
// here; the first if there is none.
func numeric(addresses []string) string {
	for _, a := range addresses {
		if (virtualHost{address: a}).wildcard() || !tcpEndpoint(a).IsZero() {
			return a
		}
	}
	return addresses[0]
}

// listensAt returns the first address at which Apache listens, with a port unless that is "".
func listensAt(listens []string, port string) string {
	for _, l := range listens {
		if port == "" || l == port || strings.HasSuffix(l, ":"+port) {
			return l
		}
	}
	return port
}

// tcpEndpoint returns the endpoint of a Listen line or a virtual host; zero if it is a name.
func tcpEndpoint(address string) netaddr.Endpoint {
	if port, ok := netaddr.Port(address); ok {
		return netaddr.TCPEndpoint(netip.AddrFrom4([4]byte{127, 0, 0, 1}), port)
	}
	if at, err := netip.ParseAddrPort(address); err == nil {
		return netaddr.TCPEndpoint(at.Addr(), at.Port())
	}
	return netaddr.Endpoint{}
}
