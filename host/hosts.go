package host

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// HostTable is the names of an etc/hosts. The zero HostTable is unknown.
type HostTable struct {
	// Known is set when etc/hosts exists.
	Known bool
	// Elsewhere is set when etc/nsswitch.conf also names a source besides etc/hosts
	// and DNS, which may have more names.
	Elsewhere bool
	byName    map[string][]netip.Addr
}

// Lookup returns the addresses of a name in the order of the file, and nil for
// a name that is not in it. Case does not matter.
func (t HostTable) Lookup(name string) []netip.Addr { return t.byName[strings.ToLower(name)] }

// Lookup returns the addresses of a host name in the order in which the servers get
// them: IPv6 loopback before IPv4, as RFC 6724 sorts them. It returns none where
// they are unknown.
func (f *Facts) Lookup(name string) []netip.Addr {
	if f == nil || !f.Hosts.Known {
		return nil
	}
	var v6, v4 []netip.Addr
	for _, addr := range f.Hosts.Lookup(name) {
		if addr.Is4() {
			v4 = append(v4, addr)
		} else {
			v6 = append(v6, addr)
		}
	}
	return append(v6, v4...)
}

// ParseHosts reads the text of an etc/hosts. A line without a valid address is
// skipped (glibc nss/nss_files/files-hosts.c).
func ParseHosts(text string) HostTable {
	t := HostTable{Known: true, byName: map[string][]netip.Addr{}}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		addr, err := netip.ParseAddr(fields[0])
		if err != nil || addr.Zone() != "" {
			continue
		}
		for _, name := range fields[1:] {
			t.add(name, addr)
		}
	}
	return t
}

func (t *HostTable) add(name string, addr netip.Addr) {
	name = strings.ToLower(name)
	if !slices.Contains(t.byName[name], addr) {
		t.byName[name] = append(t.byName[name], addr)
	}
}

// list returns the table by address, as a snapshot holds it. The order of the
// addresses of a name is kept.
func (t HostTable) list() (all []HostSnapshot) {
	index := map[netip.Addr]int{}
	for _, name := range slices.Sorted(maps.Keys(t.byName)) {
		for _, addr := range t.byName[name] {
			i, ok := index[addr]
			if !ok {
				i = len(all)
				index[addr] = i
				all = append(all, HostSnapshot{Address: addr.String()})
			}
			all[i].Names = append(all[i].Names, name)
		}
	}
	return all
}

// Resolver is how the machine resolves host names, besides etc/hosts.
type Resolver struct {
	// Search is set when etc/resolv.conf has a search domain for names without
	// a dot.
	Search bool
	// Own is the name of the machine itself; "" when it is not known.
	Own string
}

// ParseResolver reads the texts of etc/resolv.conf and etc/hostname.
func ParseResolver(conf, hostname string) Resolver {
	r := Resolver{Own: strings.TrimSpace(hostname)}
	for line := range strings.Lines(conf) {
		fields := strings.Fields(line)
		if len(fields) > 1 && (fields[0] == "search" || fields[0] == "domain") && fields[1] != "." {
			r.Search = true
		}
	}
	return r
}
