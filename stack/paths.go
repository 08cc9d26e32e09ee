package stack

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
)

// pathKeys are the settings of PHP-FPM that name files and directories.
var pathKeys = []servers.FPMKey{
	servers.KeyListen, servers.KeyPMStatusListen, servers.KeyPID, servers.KeyErrorLog,
	servers.KeyAccessLog, servers.KeySlowlog, servers.KeyChdir, servers.KeyChroot,
}

// Paths returns the paths whose existence, owner or mode rules need, each once and in
// order: facts about a machine must cover them.
func (s *Stack) Paths() []string {
	all := map[string]bool{}
	for _, g := range s.Gateways {
		for _, p := range g.Peers {
			if p.Endpoint.Network == netaddr.Unix {
				all[p.Endpoint.Path] = true
			}
		}
	}
	for _, m := range s.Masters {
		if m.global != nil {
			for _, key := range pathKeys {
				if text, ok := m.Text(key).Known(); ok {
					all[text] = true
				}
			}
		}
	}
	for _, p := range s.Pools {
		if e := p.Listen.Endpoint; e.Network == netaddr.Unix {
			all[e.Path] = true
		}
		for _, key := range pathKeys {
			if text, ok := p.value(key); ok {
				all[text] = true
			}
		}
	}
	for name := range all {
		if !strings.HasPrefix(name, "/") || path.Clean(name) != name {
			delete(all, name)
		}
	}
	return slices.Sorted(maps.Keys(all))
}
