package compose

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// declaration is a place where a file declares a service.
type declaration struct {
	in    *parsed
	name  string
	key   source.Span
	order int // of all declarations of the project, as they are merged
}

// base names a service that others extend.
type base struct {
	file *source.File
	name string
}

// declare records the services that a document of a file declares.
func (l *loader) declare(file string, doc *node) {
	services := doc.get("services")
	if services == nil || services.kind != mapping {
		return
	}
	in, err := l.parsed(file)
	if err != nil {
		return
	}
	for _, m := range services.members {
		l.order++
		l.declared[m.key] = append(l.declared[m.key], declaration{in, m.key, m.at, l.order})
	}
}

// DependOn returns the edit that makes a service start after another one: an entry of
// depends_on, in the file that declares the service and in the style of that file.
//
// It is not ok where the edit would be wrong or a guess: a project with that file has a problem,
// lacks the other service, or has it with a profile of its own or after the service; or
// further services have the same text by an anchor, a merge key or extends. The form
// without services: has no depends_on.
func (p *Project) DependOn(service, on string) (edit source.Edit, ok bool) {
	s, other := p.Service(service), p.Service(on)
	if s == nil || other == nil || strings.Trim(on, nameLetters) != "" {
		return source.Edit{}, false
	}
	d := s.home(other, p.Merged)
	if d == nil || !p.accepts(d, service, on) ||
		slices.ContainsFunc(p.beside[d.in.file.Name], func(q *Project) bool { return q != p && !q.accepts(d, service, on) }) {
		return source.Edit{}, false
	}
	return d.dependOn(on, s.declared)
}

// nameLetters are those of the names of services (compose-go schema/compose-spec.json).
const nameLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

// home returns where s is declared so that other is too wherever the file is used: in
// the first file that declares both, else in the last one that is merged; nil if neither
// is certain.
func (s *Service) home(other *Service, merged []string) *declaration {
	for i, d := range s.declared {
		if slices.ContainsFunc(other.declared, func(o declaration) bool { return o.in == d.in }) {
			return &s.declared[i]
		}
	}
	if len(s.declared) == 0 || len(other.declared) == 0 {
		return nil
	}
	last := &s.declared[len(s.declared)-1]
	if other.declared[0].order > last.order || !slices.Contains(merged, last.in.file.Name) {
		return nil
	}
	return last
}

// accepts reports whether Compose starts p if service, as d declares it, starts after on,
// and nothing else of p changes.
func (p *Project) accepts(d *declaration, service, on string) bool {
	services := p.named()
	s, other := services[service], services[on]
	return s != nil && other != nil &&
		!slices.ContainsFunc(p.Problems, func(q source.Problem) bool { return q.Kind != source.Unset && q.At != d.empty() }) &&
		!p.bases[base{d.in.file, service}] && other.startsWith(s) && !waits(services, other, service)
}

// empty returns the place of a depends_on without value, which Compose refuses; zero if
// there is none.
func (d *declaration) empty() source.Span {
	_, service := d.node()
	if key, depends := child(service, "depends_on"); depends != nil && depends.Kind == yaml.ScalarNode && depends.Value == "" {
		at := d.in.yaml()
		return keyAt(at, key)
	}
	return source.Span{}
}

// named returns all services of p by their names.
func (p *Project) named() map[string]*Service {
	p.once.Do(func() {
		p.byName = make(map[string]*Service, len(p.Services)+len(p.Inactive))
		for _, s := range slices.Concat(p.Services, p.Inactive) {
			p.byName[s.Name] = s
		}
	})
	return p.byName
}

// startsWith reports whether s starts whatever profiles start other.
func (s *Service) startsWith(other *Service) bool {
	if len(s.Profiles) == 0 {
		return true
	}
	return len(other.Profiles) > 0 && !slices.ContainsFunc(other.Profiles, func(profile Value) bool {
		return !slices.ContainsFunc(s.Profiles, func(v Value) bool { return v.Text == profile.Text })
	})
}

// waits reports whether s is called name or starts after the service of that name.
func waits(services map[string]*Service, s *Service, name string) bool {
	met := map[string]bool{s.Name: true}
	for todo := []*Service{s}; len(todo) > 0; todo = todo[1:] {
		if todo[0].Name == name {
			return true
		}
		for _, d := range todo[0].DependsOn {
			if next := services[d.Service]; next != nil && !met[d.Service] {
				met[d.Service] = true
				todo = append(todo, next)
			}
		}
	}
	return false
}

// dependOn returns the edit of d. all are the declarations of the service, none of which may
// replace what another one says.
func (d *declaration) dependOn(on string, all []declaration) (edit source.Edit, ok bool) {
	for i := range all {
		_, service := all[i].node()
		_, depends := child(service, "depends_on")
		if service == nil || tagged(service) || tagged(depends) {
			return source.Edit{}, false
		}
	}
	services, service := d.node()
	key, depends := child(service, "depends_on")
	if service.Kind != yaml.MappingNode || services.Anchor+service.Anchor != "" || depends != nil && depends.Anchor != "" {
		return source.Edit{}, false
	}
	e := editor{Document: d.in.yaml(), services: services}
	switch {
	case depends == nil && !brings(service, "depends_on", map[*yaml.Node]bool{}):
		return e.member(service, "depends_on", e.list(service, on))
	case depends == nil:
	case depends.Kind == yaml.SequenceNode:
		return e.item(depends, on)
	case depends.Kind == yaml.MappingNode:
		return e.member(depends, on, e.condition(depends))
	case depends.Kind == yaml.ScalarNode && depends.Value == "":
		return e.fill(key, service.Style, e.list(service, on))
	}
	return source.Edit{}, false
}

// node returns the service as it is written and the mapping that has it; nil if another
// mapping brings it.
func (d *declaration) node() (services, service *yaml.Node) {
	at := d.in.yaml()
	for _, doc := range d.in.documents {
		_, services := child(doc, "services")
		if services == nil || services.Kind != yaml.MappingNode {
			continue
		}
		for i := 0; i+1 < len(services.Content); i += 2 {
			if key := services.Content[i]; key.Kind == yaml.ScalarNode && key.Value == d.name && keyAt(at, key) == d.key {
				return services, services.Content[i+1]
			}
		}
	}
	return nil, nil
}

// child returns a member that n itself has, nil for none.
func child(n *yaml.Node, name string) (key, value *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Kind == yaml.ScalarNode && n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// brings reports whether a merge key of n brings a member.
func brings(n *yaml.Node, key string, met map[*yaml.Node]bool) bool {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n == nil || met[n] {
		return false
	}
	met[n] = true
	if n.Kind == yaml.SequenceNode {
		return slices.ContainsFunc(n.Content, func(item *yaml.Node) bool { return brings(item, key, met) })
	}
	_, own := child(n, key)
	_, from := child(n, "<<")
	return own != nil || from != nil && brings(from, key, met)
}

// tagged reports whether n has a tag, such as !reset and !override.
func tagged(n *yaml.Node) bool {
	return n != nil && n.Style&yaml.TaggedStyle != 0
}
