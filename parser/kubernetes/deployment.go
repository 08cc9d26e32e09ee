package kubernetes

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Deployment is objects that are applied together.
type Deployment struct {
	Name string // the folder
	// Files are what was read for it: manifests, kustomizations, files of generators.
	Files []*source.File
	Objects
	// Partial is set if an object that others refer to may exist although it is not here: a
	// part could not be read.
	Partial bool
	// Everywhere are the Services of all deployments of the project, which may be applied to
	// the same cluster.
	Everywhere []*Service
	Problems   []source.Problem

	maps     map[identity]*ConfigMap // ConfigMaps and Secrets
	services map[string][]*Service   // by name
	pods     labelled
}

// ConfigMap returns the ConfigMap of a name in a namespace; nil if there is none.
func (d *Deployment) ConfigMap(namespace, name string) *ConfigMap {
	return d.maps[identity{"ConfigMap", cmp.Or(namespace, byDefault), name}]
}

// Secret returns the Secret of a name in a namespace; nil if there is none.
func (d *Deployment) Secret(namespace, name string) *ConfigMap {
	return d.maps[identity{"Secret", cmp.Or(namespace, byDefault), name}]
}

// ServicesNamed returns the Services of a name, in any namespace.
func (d *Deployment) ServicesNamed(name string) []*Service { return d.services[name] }

// PodsOf returns the pods that a Service leads to, in their order; not all if too many others
// have its labels.
func (d *Deployment) PodsOf(s *Service) (pods []*Pod, all bool) { return d.pods.selected(s) }

// index prepares what ConfigMap, Secret, ServicesNamed and PodsOf look up.
func (d *Deployment) index() {
	d.services, d.pods = map[string][]*Service{}, labelled{}
	for _, s := range d.Services {
		d.services[s.Name] = append(d.services[s.Name], s)
	}
	for _, p := range d.Pods {
		d.pods.add(p)
	}
	d.maps = map[identity]*ConfigMap{}
	for _, c := range d.ConfigMaps {
		d.maps[identity{"ConfigMap", cmp.Or(c.Namespace, byDefault), c.Name}] = c
	}
	for _, c := range d.Secrets {
		d.maps[identity{"Secret", cmp.Or(c.Namespace, byDefault), c.Name}] = c
	}
}

// identity is what tells an object from all others of its deployment.
type identity struct{ kind, namespace, name string }

func (p *Pod) identity() (identity, source.Span) {
	return identity{p.Kind, p.Namespace, p.Name}, p.At
}

func (s *Service) identity() (identity, source.Span) {
	return identity{"Service", s.Namespace, s.Name}, s.At
}

func (c *ConfigMap) identity(kind string) (identity, source.Span) {
	return identity{kind, c.Namespace, c.Name}, c.At
}

// each calls do with the identity and the place of each object.
func (o *Objects) each(do func(id identity, at source.Span)) {
	for _, p := range o.Pods {
		do(p.identity())
	}
	for _, s := range o.Services {
		do(s.identity())
	}
	for _, c := range o.ConfigMaps {
		do(c.identity("ConfigMap"))
	}
	for _, c := range o.Secrets {
		do(c.identity("Secret"))
	}
}

func (o *Objects) empty() bool {
	return len(o.Pods)+len(o.Services)+len(o.ConfigMaps)+len(o.Secrets) == 0
}

func (o *Objects) add(more Objects) {
	o.Pods = append(o.Pods, more.Pods...)
	o.Services = append(o.Services, more.Services...)
	o.ConfigMaps = append(o.ConfigMaps, more.ConfigMaps...)
	o.Secrets = append(o.Secrets, more.Secrets...)
}

// finish settles what only all objects together tell.
func (d *Deployment) finish() {
	d.oneNamespace()
	d.Pods = latest(d, d.Pods, (*Pod).identity)
	d.Services = latest(d, d.Services, (*Service).identity)
	d.ConfigMaps = latest(d, d.ConfigMaps, func(c *ConfigMap) (identity, source.Span) { return c.identity("ConfigMap") })
	d.Secrets = latest(d, d.Secrets, func(c *ConfigMap) (identity, source.Span) { return c.identity("Secret") })
	d.index()
}

// latest returns the last of the objects with one identity each: kubectl applies files in the
// order of their names.
func latest[T any](d *Deployment, all []T, of func(T) (identity, source.Span)) (kept []T) {
	last := map[identity]int{}
	for i, o := range all {
		id, _ := of(o)
		last[id] = i
	}
	for i, o := range all {
		id, at := of(o)
		if last[id] == i {
			kept = append(kept, o)
			continue
		}
		if _, by := of(all[last[id]]); by != at {
			d.Problems = append(d.Problems, source.Problem{At: at, Kind: source.Limit, Message: fmt.Sprintf(
				"%s %s is defined again at %s:%d, which takes effect", id.kind, label(id.name), path.Base(by.File.Name), by.Begin().Line)})
		}
	}
	return kept
}

// oneNamespace sets the namespace of objects without one to that of the others, if they
// have one: it is the one that the manifests are applied to.
func (d *Deployment) oneNamespace() {
	only := ""
	several := false
	d.each(func(id identity, _ source.Span) {
		several = several || id.namespace != "" && only != "" && id.namespace != only
		if id.namespace != "" {
			only = id.namespace
		}
	})
	if only != "" && !several {
		d.inNamespace(only, false)
	}
}

// inNamespace sets the namespace of each object, or of those without one.
func (o *Objects) inNamespace(name string, all bool) {
	set := func(namespace *string) {
		if all || *namespace == "" {
			*namespace = name
		}
	}
	for _, p := range o.Pods {
		set(&p.Namespace)
	}
	for _, s := range o.Services {
		set(&s.Namespace)
	}
	for _, c := range slices.Concat(o.ConfigMaps, o.Secrets) {
		set(&c.Namespace)
	}
}

// under reports whether name is dir or below it.
func under(name, dir string) bool {
	return name == dir || strings.HasPrefix(name, strings.TrimSuffix(dir, "/")+"/")
}
