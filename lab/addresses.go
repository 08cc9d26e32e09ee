//go:build linux

package lab

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/source"
)

// hostAddress is that of the bridge, by which containers reach the host.
var hostAddress = netip.AddrFrom4([4]byte{172, 30, 0, 1})

// gateway matches a name of extra_hosts for the host of the containers.
var gateway = regexp.MustCompile(`([a-zA-Z0-9.-]+)["']?[:=]\s*["']?host-gateway\b`)

// publish publishes the ports of a deployment, if a container can reach the host: it is in
// its network, or the project gives the host a name.
func (h *Host) publish(d *deploy.Deployment, machines []*deploy.Machine) {
	reached := slices.ContainsFunc(h.Containers, func(c *Container) bool { return c.OnHost })
	for _, f := range h.Files {
		for _, found := range gateway.FindAllStringSubmatch(f.Text, -1) {
			reached = true
			for _, c := range h.Containers {
				c.Hosts = append(c.Hosts, Known{Name: found[1], Addr: hostAddress})
			}
		}
	}
	if !reached {
		return
	}
	for _, p := range d.Published {
		h.Published = append(h.Published, Published{Port: p.Host, Container: slices.Index(machines, p.Target.Machine), Target: p.Target.Port})
	}
}

// addrPort matches an IPv4 address with a port in the text of a configuration.
var addrPort = regexp.MustCompile(`\b(\d+\.\d+\.\d+\.\d+):(\d+)\b`)

// fix gives containers the fixed addresses that the nginx of m connects to. The others get
// an address in the same network, which leads there.
func (h *Host) fix(m *deploy.Machine, machines []*deploy.Machine) {
	for _, found := range written(m, addrPort) {
		addr, err := netip.ParseAddr(found.name)
		if err != nil {
			continue
		}
		route, _ := m.RouteTo(addr, found.port)
		for _, t := range route.Targets {
			owner := h.Containers[slices.Index(machines, t.Machine)].Space
			for i, c := range h.Containers {
				if c.Space == i {
					c.add(addr, i == owner, byte(i+1))
				}
			}
		}
	}
}

// add adds addr, or if the container does not own it an address in its network.
func (c *Container) add(addr netip.Addr, owner bool, number byte) {
	if !owner {
		network := addr.As4()
		addr = netip.AddrFrom4([4]byte{network[0], network[1], 250, number})
	}
	if !slices.Contains(c.Fixed, addr) {
		c.Fixed = append(c.Fixed, addr)
	}
}

// reference is a name or an address with a port.
type reference struct {
	name string
	port uint16
}

// written returns what pattern matches in the configuration of the nginx and the cloudflared of m.
func written(m *deploy.Machine, pattern *regexp.Regexp) (all []reference) {
	match := func(f *source.File) {
		for _, found := range pattern.FindAllStringSubmatch(f.Text, -1) {
			if port, err := strconv.ParseUint(found[2], 10, 16); err == nil {
				all = append(all, reference{found[1], uint16(port)})
			}
		}
	}
	configs := readConfigs(m, m.Nginx, nil)
	for _, n := range configs.Nginx {
		for _, f := range n.Files {
			match(f.Source)
		}
	}
	for _, t := range configs.Tunnels {
		if t.Config != nil && t.Config.File != nil {
			match(t.Config.File)
		}
	}
	return all
}
