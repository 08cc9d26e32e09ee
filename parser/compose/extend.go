package compose

import (
	"path"
	"slices"

	"github.com/wp502lint/wp502lint/source"
)

// unit is the services of one file or document, which extend each other.
type unit struct {
	file     *source.File
	services *node
	done     map[string]*node
	open     map[string]bool
}

// extendAll returns a document whose services have what they extend.
func (l *loader) extendAll(doc *node, f *source.File) *node {
	services := doc.get("services")
	if services == nil || services.kind != mapping || !slices.ContainsFunc(services.members, func(m member) bool { return m.value.get("extends") != nil }) {
		return doc
	}
	u := &unit{f, services, map[string]*node{}, map[string]bool{}}
	all := &node{kind: mapping, at: services.at, scope: services.scope}
	for _, m := range services.members {
		all.members = append(all.members, member{m.key, m.at, l.extended(u, m.key, m.value)})
	}
	return l.mappings(doc.without("services"), &node{kind: mapping, at: doc.at, scope: doc.scope, members: []member{{"services", services.at, all}}}, nil)
}

// extended returns a service with what it extends.
func (l *loader) extended(u *unit, name string, service *node) *node {
	if done := u.done[name]; done != nil {
		return done
	}
	extends := service.get("extends")
	if extends == nil {
		return service
	}
	if u.open[name] {
		l.project.Partial = true
		l.fail(extends.at, source.Include, "service "+quoted(name)+" extends itself")
		return service.without("extends")
	}
	u.open[name] = true
	out := service.without("extends")
	if base := l.base(u, extends); base != nil {
		out = l.merge(base, out, serviceRule)
	}
	delete(u.open, name)
	u.done[name] = out
	return out
}

// base returns the service that extends names, with what it extends itself; nil if it
// cannot be found.
func (l *loader) base(u *unit, extends *node) *node {
	name, file := extends, (*node)(nil)
	if extends.kind == mapping {
		name, file = extends.get("service"), extends.get("file")
	}
	if name == nil || name.kind != scalar || file != nil && file.kind != scalar {
		l.fail(extends.at, source.Syntax, "extends does not name a service")
		return nil
	}
	if file != nil {
		if u = l.unit(file); u == nil {
			return nil
		}
	}
	at := u.services.find(name.value.Text)
	if at < 0 || u.services.members[at].value.kind == reset {
		l.project.Partial = true
		l.fail(name.at, source.Include, "no service "+quoted(name.value.Text)+" in "+u.file.Name)
		return nil
	}
	l.project.bases[base{u.file, name.value.Text}] = true
	return l.extended(u, name.value.Text, u.services.members[at].value)
}

// unit returns the services of a file that an extends names.
func (l *loader) unit(file *node) *unit {
	name, ok := l.named(file)
	if !ok {
		return nil
	}
	s := l.scope(path.Dir(name), file.scope.vars, file.scope.env)
	key := converted{name, s}
	if u, ok := l.units[key]; ok {
		return u
	}
	l.units[key] = nil
	docs := l.documents(name, s, file.at)
	if docs == nil {
		return nil
	}
	top := &node{kind: mapping, scope: s}
	for _, doc := range docs.docs {
		top = l.merge(top, l.versionOne(doc), topRule)
	}
	services := top.get("services")
	if services == nil || services.kind != mapping {
		l.fail(file.at, source.Include, name+" has no services")
		return nil
	}
	u := &unit{docs.file, services, map[string]*node{}, map[string]bool{}}
	l.units[key] = u
	return u
}
