//go:build linux

package lab

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/deploy"
)

// clusterResolver is the name of the resolver of a cluster
// (kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers).
const clusterResolver = "kube-dns.kube-system.svc.cluster.local"

// clusterDomain ends the full names of Services, the only ones that the resolver of a
// cluster has: the short names are of the search list of /etc/resolv.conf.
const clusterDomain = ".svc.cluster.local"

// hostPort matches a name with a port in the text of a configuration.
var hostPort = regexp.MustCompile(`\b([a-zA-Z][a-zA-Z0-9.-]*):(\d+)\b`)

// joinCluster adds to a container the Services that its nginx names. Each has an address on
// the bridge, at which the ports that lead to a container are forwarded.
func (h *Host) joinCluster(c *Container, m *deploy.Machine, machines []*deploy.Machine) {
	c.Hosts = []Known{{Name: clusterResolver, Addr: netip.MustParseAddrPort(resolver).Addr()}}
	for _, found := range written(m, hostPort) {
		h.addService(c, m, machines, strings.ToLower(found.name), found.port)
	}
}

func (h *Host) addService(c *Container, m *deploy.Machine, machines []*deploy.Machine, name string, port uint16) {
	route := m.Route(name, port)
	if route.Missing || route.Why != "" {
		return
	}
	i := slices.IndexFunc(c.Hosts, func(k Known) bool { return k.Name == name })
	if i < 0 {
		i = len(c.Hosts)
		c.Hosts = append(c.Hosts, Known{Name: name, Addr: h.newAddress()})
	}
	for _, t := range route.Targets {
		p := Published{Addr: c.Hosts[i].Addr, Port: port, Container: slices.Index(machines, t.Machine), Target: t.Port}
		if !slices.ContainsFunc(h.Published, func(q Published) bool { return q.Addr == p.Addr && q.Port == p.Port }) {
			h.Published = append(h.Published, p)
		}
	}
}

// newAddress returns a further address of the bridge.
func (h *Host) newAddress() netip.Addr {
	addr := netip.AddrFrom4([4]byte{172, 30, 2, byte(len(h.Services) + 1)})
	h.Services = append(h.Services, addr)
	return addr
}
