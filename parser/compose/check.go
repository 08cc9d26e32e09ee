package compose

import (
	"github.com/wp502lint/wp502lint/source"
)

// check reports what Compose refuses although each file is right by itself.
func (l *loader) check() {
	p := l.project
	active, inactive := map[string]bool{}, map[string]bool{}
	for _, s := range p.Services {
		active[s.Name] = true
	}
	for _, s := range p.Inactive {
		inactive[s.Name] = true
	}
	for _, s := range p.Services {
		for _, d := range s.DependsOn {
			switch {
			case active[d.Service] || !d.Required && inactive[d.Service]:
			case inactive[d.Service]:
				l.fail(d.At, source.Include, "service "+quoted(s.Name)+" needs "+quoted(d.Service)+", which has a profile that is not active; Compose refuses the project")
			default:
				l.lacks(d.At, "service", d.Service)
			}
		}
		l.checkService(s)
	}
}

// checkService reports what a service uses that the project does not have.
func (l *loader) checkService(s *Service) {
	p := l.project
	if !s.described && !p.Partial {
		l.fail(s.At, source.Syntax, "service "+quoted(s.Name)+" has neither image nor build")
	}
	for _, n := range s.Networks {
		if p.Networks[n.Network] == nil {
			l.lacks(n.At, "network", n.Network)
		}
	}
	if s.NetworkMode.Set() && len(s.Networks) > 0 {
		l.fail(s.NetworkMode.At, source.Syntax, "service "+quoted(s.Name)+" has network_mode and networks; Compose refuses both")
	}
	for _, m := range s.Mounts {
		if m.Kind == "volume" && m.Source.Known() && m.Source.Text != "" && p.Volumes[m.Source.Text] == nil && !p.V1 {
			l.lacks(m.Source.At, "volume", m.Source.Text)
		}
	}
	for _, c := range s.Configs {
		if c.Source.Known() && p.Configs[c.Source.Text] == nil {
			l.lacks(c.Source.At, "config", c.Source.Text)
		}
	}
	for _, c := range s.Secrets {
		if c.Source.Known() && p.Secrets[c.Source.Text] == nil {
			l.lacks(c.Source.At, "secret", c.Source.Text)
		}
	}
}

// lacks reports a name that nothing in the project has, if all of the project was read.
func (l *loader) lacks(at source.Span, kind, name string) {
	if !l.project.Partial {
		l.fail(at, source.Include, "no "+kind+" "+quoted(name)+" in this project")
	}
}
