package compose

import (
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// attachments reads networks of a service. Without them it is on the default network.
func (l *loader) attachments(n *node, mode Value) (all []Attachment) {
	if n != nil {
		for _, m := range l.namesOf(n).members {
			if m.value.kind == reset {
				continue
			}
			l.shaped(m.value, "network "+quoted(m.key), m.at, aMapping|nothing)
			a := Attachment{At: m.at, Network: m.key}
			if m.value.kind == mapping {
				a.Aliases = l.words(m.value.get("aliases"), "aliases")
				a.IPv4 = l.text(m.value.get("ipv4_address"), "ipv4_address")
				a.IPv6 = l.text(m.value.get("ipv6_address"), "ipv6_address")
			}
			all = append(all, a)
		}
	}
	if len(all) == 0 && !mode.Set() {
		all = []Attachment{{Network: "default"}}
	}
	return all
}

// links reads SERVICE[:ALIAS].
func (l *loader) links(n *node, name string) (all []Link) {
	for _, v := range l.words(n, name) {
		service, alias, ok := strings.Cut(v.Text, ":")
		if !ok {
			alias = service
		}
		all = append(all, Link{v.At, service, alias})
	}
	return all
}

// hosts reads extra_hosts: NAME=ADDRESS, NAME:ADDRESS, or a mapping, where a name may have
// several addresses.
func (l *loader) hosts(n *node) (all []Host) {
	if n == nil || n.kind == null {
		return nil
	}
	for _, item := range listOf(n).items {
		if item.kind == mapping {
			for _, m := range item.members {
				for _, v := range l.list(m.value, "extra_hosts") {
					all = append(all, Host{m.at, m.key, bare(v)})
				}
			}
			continue
		}
		v := l.text(item, "extra_hosts")
		i := strings.IndexByte(v.Text, '=')
		if i < 0 {
			i = strings.IndexByte(v.Text, ':')
		}
		if i < 0 {
			l.fail(item.at, source.Syntax, "an entry of extra_hosts is not NAME=ADDRESS: "+quoted(v.At.Masked()))
			continue
		}
		all = append(all, Host{v.At, strings.TrimSpace(v.Text[:i]), bare(v.sub(i+1, len(v.Text)))})
	}
	return last(all, func(h Host) string { return h.Name + "=" + h.Address.Text })
}

// bare returns an address without the brackets of IPv6.
func bare(v Value) Value {
	if t := v.Text; len(t) > 1 && t[0] == '[' && t[len(t)-1] == ']' {
		return v.sub(1, len(t)-1)
	}
	return v
}

// ports reads ports of a service.
func (l *loader) ports(n *node) (all []Port) {
	for _, item := range l.items(n, "ports") {
		p, ok := Port{At: item.at, Protocol: "tcp"}, false
		switch item.kind {
		case scalar:
			p.Unknown = item.value.Unknown
			ok = p.short(item.value.Text)
		case mapping:
			ok = l.longPort(item, &p)
		}
		if !ok && len(p.Unknown) == 0 {
			l.fail(item.at, source.Syntax, "an entry of ports is not [[ADDRESS:]PUBLISHED:]PORT[/PROTOCOL]")
			continue
		}
		if ok {
			all = append(all, p)
		}
	}
	return last(all, func(p Port) string {
		return p.HostIP + " " + p.Published.String() + " " + p.Target.String() + " " + p.Protocol
	})
}

// short reads [[ADDRESS:]PUBLISHED:]TARGET[/PROTOCOL].
func (p *Port) short(text string) bool {
	text, protocol, ok := strings.Cut(text, "/")
	if ok {
		p.Protocol = strings.ToLower(protocol)
		if p.Protocol != "tcp" && p.Protocol != "udp" && p.Protocol != "sctp" {
			return false
		}
	}
	target := text[strings.LastIndexByte(text, ':')+1:]
	rest := strings.TrimSuffix(strings.TrimSuffix(text, target), ":")
	published := rest[strings.LastIndexByte(rest, ':')+1:]
	p.HostIP = strings.Trim(strings.TrimSuffix(strings.TrimSuffix(rest, published), ":"), "[]")
	if p.Target, ok = ports(target); !ok {
		return false
	}
	if published == "" {
		return true
	}
	if p.Published, ok = ports(published); !ok {
		return false
	}
	return p.Published.Last-p.Published.First == p.Target.Last-p.Target.First || p.Target.First == p.Target.Last
}

func (l *loader) longPort(n *node, p *Port) (ok bool) {
	if protocol := l.text(n.get("protocol"), "protocol"); protocol.Set() {
		p.Protocol = protocol.Text
	}
	p.HostIP = l.text(n.get("host_ip"), "host_ip").Text
	target, published := l.text(n.get("target"), "target"), l.text(n.get("published"), "published")
	p.Unknown = slices.Concat(target.Unknown, published.Unknown)
	p.Target, ok = ports(target.Text)
	if ok && published.Text != "" {
		p.Published, ok = ports(published.Text)
	}
	return ok
}

// ports reads PORT or FIRST-LAST.
func ports(text string) (r Ports, ok bool) {
	first, last, isRange := strings.Cut(text, "-")
	a, err := strconv.ParseUint(first, 10, 16)
	b := a
	if err == nil && isRange {
		b, err = strconv.ParseUint(last, 10, 16)
	}
	return Ports{int(a), int(b)}, err == nil && a <= b
}

// String returns PORT or FIRST-LAST, and "" for none.
func (r Ports) String() string {
	switch {
	case r == Ports{}:
		return ""
	case r.First == r.Last:
		return strconv.Itoa(r.First)
	}
	return strconv.Itoa(r.First) + "-" + strconv.Itoa(r.Last)
}

// dependencies reads depends_on, and what else makes a service wait for another: links,
// network_mode and volumes_from.
func (l *loader) dependencies(n *node, s *Service) (all []Dependency) {
	if n != nil && n.kind != null {
		for _, m := range l.namesOf(n).members {
			if m.value.kind == reset {
				continue
			}
			if n.kind == mapping {
				l.shaped(m.value, "the dependency "+quoted(m.key), m.at, aMapping)
			}
			d := Dependency{At: m.at, Service: m.key, Condition: "service_started", Required: true, By: "depends_on"}
			if condition := l.text(m.value.get("condition"), "condition"); condition.Set() {
				d.Condition = condition.Text
			}
			if required := m.value.get("required"); required != nil {
				d.Required = l.flag(required, "required")
			}
			all = append(all, d)
		}
	}
	also := func(at source.Span, name, by string) {
		all = append(all, Dependency{at, name, "service_started", true, by})
	}
	for _, link := range s.Links {
		also(link.At, link.Service, "links")
	}
	if name, ok := strings.CutPrefix(s.NetworkMode.Text, "service:"); ok {
		also(s.NetworkMode.At, name, "network_mode")
	}
	for _, from := range s.VolumesFrom {
		if !from.Container {
			also(from.At, from.Service, "volumes_from")
		}
	}
	return first(all)
}

// first returns the dependencies with the first one on each service.
func first(all []Dependency) []Dependency {
	if len(all) < 2 {
		return all
	}
	seen := map[string]bool{}
	out := all[:0:0]
	for _, d := range all {
		if !seen[d.Service] {
			seen[d.Service] = true
			out = append(out, d)
		}
	}
	return out
}

// namesOf is namesOf with a problem for each item that is not a name.
func (l *loader) namesOf(n *node) *node {
	for _, item := range n.items {
		l.shaped(item, "an entry of this list", item.at, text)
	}
	return namesOf(n)
}
