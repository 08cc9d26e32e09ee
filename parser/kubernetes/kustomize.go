package kubernetes

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Limits of kustomizations, which can multiply objects with few bytes.
const (
	maxLayers  = 30      // kustomizations on top of each other
	maxObjects = 100_000 // that all of them together make
)

// base is what the kustomization of a folder makes.
type base struct {
	Objects
	files    []*source.File // without any twice
	has      map[*source.File]bool
	problems []source.Problem
	partial  bool // a part of it could not be read
	open     bool // it is being made: a cycle leads back to it
}

// kustomize returns the deployments of kustomizations that no other one uses.
func (l *loader) kustomize(all []*Manifest) (out []*Deployment) {
	uses, used := map[string][]string{}, map[string]bool{} // by folder
	for _, m := range all {
		dir := path.Dir(m.File.Name)
		l.used[m.File.Name] = true
		for _, v := range slices.Concat(m.Kustomization.Resources, m.Kustomization.Components) {
			if to := path.Join(dir, v.Text); to != dir {
				uses[dir], used[to] = append(uses[dir], to), true
			}
		}
	}
	reached := map[string]bool{}
	deploy := func(m *Manifest) {
		for todo := []string{path.Dir(m.File.Name)}; len(todo) > 0; {
			dir := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if !reached[dir] {
				reached[dir] = true
				todo = append(todo, uses[dir]...)
			}
		}
		b := l.base(m, 0)
		if m.Kustomization.Component { // a part that nothing uses
			return
		}
		d := &Deployment{Name: path.Dir(m.File.Name), Files: b.files, Objects: b.clone(), Partial: b.partial}
		seen := map[source.Problem]bool{} // a component is applied more than once
		for _, p := range b.problems {
			if !seen[p] {
				seen[p] = true
				d.Problems = append(d.Problems, p)
			}
		}
		d.finish()
		out = append(out, d)
	}
	for _, m := range all {
		if !used[path.Dir(m.File.Name)] {
			deploy(m)
		}
	}
	for _, m := range all { // of a cycle, the first
		if !reached[path.Dir(m.File.Name)] {
			deploy(m)
		}
	}
	return out
}

// base returns what a kustomization makes, which so many others use in turn.
func (l *loader) base(m *Manifest, layers int) *base {
	dir := path.Dir(m.File.Name)
	if b := l.bases[dir]; b != nil {
		return b
	}
	b := &base{has: map[*source.File]bool{}, problems: m.Problems, partial: m.Partial, open: true}
	b.read(m.File)
	l.bases[dir] = b
	l.used[m.File.Name] = true
	k := m.Kustomization
	for _, v := range k.Resources {
		l.resource(b, dir, v, layers)
	}
	for _, g := range k.ConfigMapGenerator {
		b.ConfigMaps = l.generate(b, b.ConfigMaps, dir, g)
	}
	for _, g := range k.SecretGenerator {
		b.Secrets = l.generate(b, b.Secrets, dir, g)
	}
	for _, v := range k.Components {
		l.component(b, dir, v, layers)
	}
	l.transform(b, dir, k)
	b.open = false
	return b
}

// fail reports that a part could not be read.
func (b *base) fail(at source.Span, kind source.Kind, message string) {
	b.partial = true
	b.problems = append(b.problems, source.Problem{At: at, Kind: kind, Message: message})
}

// resource adds what an entry of resources leads to.
func (l *loader) resource(b *base, dir string, v Value, layers int) {
	if v.Text == "" {
		return
	}
	if remote(v.Text) {
		b.fail(v.At, source.Limit, "resources on the network are not read")
		return
	}
	name := path.Join(dir, v.Text)
	if m := l.kustomizationIn(name); m != nil {
		other := l.inner(b, m, v, layers)
		if other != nil {
			b.take(l, other, v)
		}
		return
	}
	m := l.manifest(name)
	l.used[name] = true
	switch {
	case m != nil && m.Kustomization == nil:
		b.take(l, &base{Objects: m.Objects, files: []*source.File{m.File}, problems: m.Problems, partial: m.Partial}, v)
	case l.ofChart(name):
		b.fail(v.At, source.Template, helm)
	case !l.exists(name):
		b.fail(v.At, source.Limit, name+" is not a file of the project, nor a folder with a kustomization")
	}
}

// exists reports whether there is a file of that path.
func (l *loader) exists(name string) bool {
	_, err := l.open(name)
	return err == nil
}

// remote reports whether a resource is on the network (kustomize api/internal/git/repospec.go).
func remote(text string) bool {
	host, _, _ := strings.Cut(text, "/")
	return strings.Contains(text, "://") || strings.Contains(text, "?ref=") || strings.HasPrefix(text, "git@") || strings.HasPrefix(text, "git::") || host == "github.com"
}

// inner returns what the kustomization m makes, which b uses at v; nil if it uses b itself.
func (l *loader) inner(b *base, m *Manifest, v Value, layers int) *base {
	if layers == maxLayers {
		b.fail(v.At, source.Limit, "kustomizations more than 30 deep are not read")
		return nil
	}
	other := l.base(m, layers+1)
	if other.open {
		b.fail(v.At, source.Include, "this kustomization uses itself")
		return nil
	}
	return other
}

// kustomizationIn returns the kustomization of a folder; nil for none.
func (l *loader) kustomizationIn(dir string) *Manifest {
	if ext := path.Ext(dir); ext == ".yaml" || ext == ".yml" || ext == ".json" {
		return nil
	}
	for _, name := range []string{"kustomization.yaml", "kustomization.yml", "Kustomization"} {
		if m := l.manifest(path.Join(dir, name)); m != nil && m.Kustomization != nil {
			return m
		}
	}
	return nil
}

// take adds a copy of what other makes, which b uses at v.
func (b *base) take(l *loader, other *base, v Value) {
	l.objects += len(other.Pods) + len(other.Services) + len(other.ConfigMaps) + len(other.Secrets) + len(other.files) + len(other.problems)
	if l.objects > maxObjects {
		b.fail(v.At, source.Limit, "kustomizations make more than 100,000 objects; the rest was not read")
		return
	}
	b.add(other.clone())
	b.problems = append(b.problems, other.problems...)
	b.partial = b.partial || other.partial
	for _, f := range other.files {
		b.read(f)
	}
}

// read notes that a file was read for b.
func (b *base) read(f *source.File) {
	if !b.has[f] {
		b.has[f] = true
		b.files = append(b.files, f)
	}
}

// component applies a component to what b has so far.
func (l *loader) component(b *base, dir string, v Value, layers int) {
	m := l.kustomizationIn(path.Join(dir, v.Text))
	if m == nil {
		b.fail(v.At, source.Limit, path.Join(dir, v.Text)+" is not a folder of the project with a kustomization")
		return
	}
	other := l.inner(b, m, v, layers)
	if other == nil {
		return
	}
	b.take(l, other, v)
	k := m.Kustomization
	// Its own objects were changed already, which the same changes do not alter.
	l.transform(b, path.Dir(m.File.Name), &Kustomization{Namespace: k.Namespace, Labels: k.Labels, Images: k.Images, Replicas: k.Replicas, Patches: k.Patches})
}

// transform changes what b has as a kustomization says.
func (l *loader) transform(b *base, dir string, k *Kustomization) {
	for _, p := range k.Patches {
		l.patch(b, dir, p)
	}
	if k.Namespace != "" {
		b.inNamespace(k.Namespace, true)
	}
	for _, p := range b.Pods {
		if k.Labels != nil {
			p.Labels = with(p.Labels, k.Labels)
		}
		for _, r := range k.Replicas {
			if r.Name == p.Name {
				p.Replicas, p.ReplicasAt = r.Count, r.At
			}
		}
		for _, c := range slices.Concat(p.Containers, p.Init) {
			for _, i := range k.Images {
				c.Image = i.apply(c.Image)
			}
		}
	}
	for _, s := range b.Services {
		if k.Labels != nil && len(s.Selector) > 0 {
			s.Selector = with(s.Selector, k.Labels)
		}
	}
	b.rename(k.NamePrefix, k.NameSuffix)
	for _, v := range k.Unread {
		b.fail(v.At, source.Limit, v.Text+" of a kustomization is not followed: what it makes or changes is unknown")
	}
}

// apply returns the reference of an image after the change.
func (i ImageChange) apply(image Value) Value {
	name, tag := image.Text, ""
	if at := strings.IndexByte(name, '@'); at >= 0 {
		name, tag = name[:at], name[at:]
	} else if at := strings.LastIndexByte(name, ':'); at > strings.LastIndexByte(name, '/') {
		name, tag = name[:at], name[at:]
	}
	if name != i.Name {
		return image
	}
	at := image.At
	if i.NewName.Text != "" {
		name, at = i.NewName.Text, i.NewName.At
	}
	switch {
	case i.Digest.Text != "":
		tag, at = "@"+i.Digest.Text, i.Digest.At
	case i.NewTag.Text != "":
		tag, at = ":"+i.NewTag.Text, i.NewTag.At
	}
	return Value{name + tag, at}
}
