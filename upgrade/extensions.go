package upgrade

import (
	"fmt"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// extensions says what PHP of the new version lacks by its own choice.
func (p *planner) extensions() {
	if servers.Older(p.From, "8.5") && !servers.Older(p.To, "8.5") && p.old.layout.Module != "" {
		p.tell(Step{Text: "PHP 8.5 has opcache built in: a line that loads it only brings a warning, and none is carried"})
	}
}

// enable enables an extension of the old version, whose link in conf.d is name, for the new one.
func (p *planner) enable(name string, f *source.File) {
	module := strings.TrimSuffix(path.Base(f.Real), ".ini")
	if module == "opcache" && !servers.Older(p.To, "8.5") || p.enabled(module) {
		return
	}
	if module == "xdebug" {
		p.tell(Step{Path: name, Text: "Xdebug is not enabled for PHP " + p.To + ": it slows every request down and belongs on no production host"})
		return
	}
	available := strings.ReplaceAll(f.Real, "/"+p.old.number+"/", "/"+p.new.number+"/")
	if available == f.Real || !p.there(available) {
		p.tell(Step{Path: name, Text: fmt.Sprintf("PHP %s lacks the extension %s, which PHP %s loads; install %s first", p.To, module, p.From, p.module(module)), Why: "a site that needs it answers 500"})
		return
	}
	p.link(path.Join(p.new.confD, path.Base(name)), available)
	p.fresh = true
	p.do(Step{Kind: Extensions, Path: available, Text: fmt.Sprintf("extension %s is enabled for PHP-FPM %s", module, p.To), Why: "it is installed, and PHP " + p.From + " loads it"})
}

// enabled reports whether conf.d of the new version has an extension.
func (p *planner) enabled(module string) bool {
	for _, name := range p.inis(p.new.confD) {
		base := strings.TrimSuffix(path.Base(name), ".ini")
		if _, after, ok := strings.Cut(base, "-"); ok && digit(base[0]) {
			base = after
		}
		if base == module {
			return true
		}
	}
	return false
}

// module returns the name of the package of an extension.
func (p *planner) module(name string) string {
	if p.new.layout.Module == "" {
		return "the extension " + name
	}
	return "the package " + strings.ReplaceAll(p.new.in(p.new.layout.Module), "{M}", name)
}

// tellLoads says which extensions of a file that people wrote have to be enabled for the new
// version: the path of an extension is that of one version.
func (p *planner) tellLoads(name string, loads []value) {
	for _, l := range loads {
		module := strings.TrimSuffix(path.Base(unquoted(l.written)), ".so")
		if p.enabled(module) || module == "opcache" {
			continue
		}
		if module == "xdebug" {
			p.tell(Step{At: l.at, Text: "Xdebug is not enabled for PHP " + p.To + ": it slows every request down and belongs on no production host"})
			continue
		}
		p.tell(Step{At: l.at, Text: fmt.Sprintf("PHP %s does not load the extension %s, which PHP %s loads; install %s", p.To, module, p.From, p.module(module)), Why: "a site that needs it answers 500"})
	}
}
