package upgrade

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
)

// inPlace plans for a host with one PHP-FPM whose packages change the version where it is, such
// as the module of RHEL: no address changes, and a restart is the gap that cannot be avoided. It
// reports whether there is such a PHP-FPM that may have the old version.
func (p *planner) inPlace() bool {
	if p.stack == nil {
		return false
	}
	for _, m := range p.stack.Masters {
		for i := range servers.Layouts {
			l := &servers.Layouts[i]
			if l.FPMConf != m.At.File.Name || strings.Contains(l.FPMConf, "{") || m.Version != "" && m.Version != p.From || m.Start().Never != "" || m.Loose {
				continue
			}
			p.old = newEdition(l, p.From)
			p.old.master, p.old.unit = m, unitOf(m, p.old.unit)
			p.new = p.old
			p.new.number = p.To
			p.restartInPlace()
			return true
		}
	}
	return false
}

// restartInPlace says what the new version does not have, and puts down the commands.
func (p *planner) restartInPlace() {
	p.tell(Step{Path: p.old.main, Text: fmt.Sprintf("the packages change the PHP of %s where it is, so pools, addresses and the web server stay as they are", p.old.main), Why: "there is one PHP here, and its paths have no version"})
	for _, name := range append([]string{p.old.ini}, p.inis(p.old.confD)...) {
		if f, err := p.tree().File(name); err == nil {
			list, _ := values(f)
			for _, v := range list {
				p.lost(v)
			}
		}
	}
	p.changedDefaults()
	install := "install the packages of PHP " + p.To
	if p.old.layout.Install != "" {
		install = servers.At(p.old.layout.Install, p.To)
	}
	ctl, program := p.serviceCommand(), "php-fpm"
	if p.old.layout.Program != "" {
		program = p.old.layout.Program
	}
	p.run("install", "", install, "extensions need the packages of the new version too")
	p.run("test", p.old.unit, program+" -t", "PHP-FPM must accept the files as they are")
	p.run("restart", p.old.unit, ctl("restart", p.old.unit), "one PHP-FPM cannot follow another at the same address without a gap of some 30 ms; choose a quiet time")
	p.run("check", "", "ss -xltnp | grep php-fpm", "the sockets have to exist; then request each site with curl")
	p.Back = []Command{{Do: "install", Line: servers.At(p.old.layout.Install, p.From)}, {Do: "restart", What: p.old.unit, Line: ctl("restart", p.old.unit)}}
}
