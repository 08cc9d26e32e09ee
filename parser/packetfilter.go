package parser

import (
	"slices"

	"github.com/wp502lint/wp502lint/parser/firewall"
	"github.com/wp502lint/wp502lint/source"
)

// Firewall is what the files of a machine say about its packet filter.
type Firewall struct {
	*firewall.Rules
	Files []*source.File
}

// readFirewall reads the firewall that a machine with a web server loads at boot. It may be that
// of one program, or of several.
func (r *reader) readFirewall() {
	if !r.machine || r.container || !r.configs.All || len(r.configs.Nginx) == 0 {
		return
	}
	var all []*firewall.Rules
	out := &Firewall{}
	open := func(name string) *source.File {
		f, err := r.open(name)
		if err != nil {
			return nil
		}
		out.Files = append(out.Files, f)
		return f
	}
	for _, name := range firewall.Files() {
		kind, _ := firewall.KindOf(name)
		if !r.boots(loaders[kind]...) {
			continue
		}
		if f := open(name); f != nil {
			all = append(all, firewall.Parse(kind, f))
		}
	}
	if r.exists("/etc/ufw/ufw.conf") && r.boots("ufw.service") {
		rules := func(family string) firewall.UFWRules {
			return firewall.UFWRules{Before: open("/etc/ufw/before" + family + ".rules"), After: open("/etc/ufw/after" + family + ".rules"), User: open("/etc/ufw/user" + family + ".rules")}
		}
		all = append(all, firewall.ParseUFW(firewall.UFW{Conf: open("/etc/ufw/ufw.conf"), Defaults: open("/etc/default/ufw"), IPv4: rules(""), IPv6: rules("6")}))
	}
	if all != nil {
		out.Rules = firewall.Join(all...)
		r.configs.Firewall = out
	}
}

// loaders are the units that load files of each kind.
var loaders = [...][]string{
	firewall.IPTables:  {"netfilter-persistent.service", "iptables.service"},
	firewall.IP6Tables: {"netfilter-persistent.service", "ip6tables.service"},
	firewall.NFTables:  {"nftables.service"},
}

// boots reports whether one of some units is started at boot, or may be: the links that enable
// units are not all among the files.
func (r *reader) boots(units ...string) bool {
	return !r.configs.WantsKnown || slices.ContainsFunc(units, func(unit string) bool {
		links, _ := r.tree.Glob("/etc/systemd/system/*.wants/" + unit)
		return len(links) > 0
	})
}
