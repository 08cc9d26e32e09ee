package kubernetes

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Open reads the file of an absolute path inside the project. The error is fs.ErrNotExist for
// one that does not exist.
type Open func(name string) (*source.File, error)

// Load reads the manifests and the kustomizations among files, which are absolute paths inside
// the project, and all that they refer to. It returns what is applied together: a
// kustomization that no other one uses, with all that it reaches, and the other manifests of
// a folder with those of the folders in it, unless they are alternatives.
func Load(open Open, files []string) []*Deployment {
	l := &loader{open: open, parsed: map[string]*Manifest{}, charts: map[string]bool{}, used: map[string]bool{}, bases: map[string]*base{}}
	var plain, kustomizations []*Manifest
	for _, name := range slices.Compact(slices.Sorted(slices.Values(files))) {
		switch m := l.manifest(name); {
		case m == nil:
		case m.Kustomization != nil:
			kustomizations = append(kustomizations, m)
		default:
			plain = append(plain, m)
		}
	}
	out := l.rendered()
	out = append(out, l.kustomize(kustomizations)...)
	plain = slices.DeleteFunc(plain, func(m *Manifest) bool { return l.used[m.File.Name] || l.ofChart(m.File.Name) })
	out = append(out, l.folder("/", plain)...)
	var services []*Service
	for _, d := range out {
		services = append(services, d.Services...)
	}
	for _, d := range out {
		d.Everywhere = services
	}
	return out
}

// loader is one call of Load.
type loader struct {
	open    Open
	parsed  map[string]*Manifest // by path; nil for what is not a manifest
	charts  map[string]bool      // folders with a Chart.yaml, or without
	helm    []source.Problem     // one for each chart
	tops    []string             // the charts that have templates
	used    map[string]bool      // files that belong to kustomizations
	bases   map[string]*base     // by folder
	unread  []source.Problem
	objects int
}

// manifest returns what the file of a path holds; nil if it is not a manifest or if it is
// one of a chart that has templates.
func (l *loader) manifest(name string) *Manifest {
	if m, ok := l.parsed[name]; ok {
		return m
	}
	l.parsed[name] = nil
	f, err := l.open(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			l.unread = append(l.unread, source.Problem{Kind: source.Unreadable, Message: "cannot read " + name + ": " + err.Error()})
		}
		return nil
	}
	is := Is(f)
	if at := strings.Index(f.Text, mark); at >= 0 && (is || strings.Contains(name, "/templates/")) {
		if top := l.chart(name); top != "" {
			if !slices.Contains(l.tops, top) {
				l.tops = append(l.tops, top)
				l.helm = append(l.helm, source.Problem{At: f.Span(at, at+len(mark)), Kind: source.Template, Message: helm})
			}
			return nil
		}
	}
	if !is {
		return nil
	}
	m := Parse(f)
	l.parsed[name] = m
	return m
}

// chart returns the outermost folder with a Chart.yaml that a file is in; "" for none.
func (l *loader) chart(name string) (top string) {
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		is, known := l.charts[dir]
		if !known {
			_, err := l.open(path.Join(dir, "Chart.yaml"))
			is = err == nil
			l.charts[dir] = is
		}
		if is {
			top = dir
		}
		if dir == "/" || dir == "." {
			return top
		}
	}
}

// ofChart reports whether a file is in a chart that has templates.
func (l *loader) ofChart(name string) bool {
	return slices.ContainsFunc(l.tops, func(top string) bool { return under(name, top) })
}

// rendered returns the charts, of which nothing is known before they are rendered, and
// the files that could not be read.
func (l *loader) rendered() (out []*Deployment) {
	for i, p := range l.helm {
		out = append(out, &Deployment{Name: l.tops[i], Files: []*source.File{p.At.File}, Partial: true, Problems: []source.Problem{p}})
	}
	if l.unread != nil {
		out = append(out, &Deployment{Name: "/", Partial: true, Problems: l.unread})
	}
	return out
}

// folder returns the deployments of the manifests in a folder and those in it. They are one,
// unless they are alternatives of each other.
func (l *loader) folder(dir string, all []*Manifest) (out []*Deployment) {
	if len(all) == 0 {
		return nil
	}
	parts := map[string][]*Manifest{}
	for _, m := range all {
		child := ""
		if in := path.Dir(m.File.Name); in != dir {
			child, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimPrefix(in, dir), "/"), "/")
		}
		parts[child] = append(parts[child], m)
	}
	direct := parts[""]
	switch {
	case len(direct) == 0 && len(parts) == 1:
		for child := range parts {
			return l.folder(path.Join(dir, child), all)
		}
	case len(parts) > 1 && alternatives(all):
		delete(parts, "")
		out = append(out, l.folder(dir, direct)...)
		for _, child := range slices.Sorted(maps.Keys(parts)) {
			out = append(out, l.folder(path.Join(dir, child), parts[child])...)
		}
		return out
	}
	d := &Deployment{Name: dir}
	for _, m := range all {
		d.take(m)
		if m.Problems == nil && m.empty() {
			d.Files = d.Files[:len(d.Files)-1]
		}
	}
	if d.empty() && d.Problems == nil {
		return nil
	}
	d.finish()
	return []*Deployment{d}
}

// take adds all of a manifest.
func (d *Deployment) take(m *Manifest) {
	d.Files = append(d.Files, m.File)
	d.add(m.Objects.clone())
	d.Problems = append(d.Problems, m.Problems...)
	d.Partial = d.Partial || m.Partial
}

// alternatives reports whether manifests of several folders are not applied together: they
// have the same object, or a Service of one folder would lead to pods of another one besides
// those of its own.
func alternatives(all []*Manifest) bool {
	folders := map[identity]string{} // without namespaces
	again := false
	var services []*Service
	pods := labelled{}
	for _, m := range all {
		dir := path.Dir(m.File.Name)
		m.each(func(id identity, _ source.Span) {
			again = again || elsewhere(folders, id, dir)
		})
		services = append(services, m.Services...)
		for _, p := range m.Pods {
			pods.add(p)
		}
	}
	return again || slices.ContainsFunc(services, func(s *Service) bool { return leadsOut(s, pods) })
}

// elsewhere notes that an object is in a folder. It reports whether one in another folder may
// be the same: one of them may have no namespace of its own.
func elsewhere(folders map[identity]string, id identity, dir string) bool {
	const whatever = "*" // not a name of a namespace
	for _, namespace := range []string{id.namespace, "", whatever} {
		if namespace == whatever && id.namespace != "" {
			continue
		}
		if other, ok := folders[identity{id.kind, namespace, id.name}]; ok && other != dir {
			return true
		}
	}
	folders[id] = dir
	folders[identity{id.kind, whatever, id.name}] = dir
	return false
}

// leadsOut reports whether a Service leads to pods in its folder and in others.
func leadsOut(s *Service, pods labelled) bool {
	own, other := false, false
	led, _ := pods.selected(s)
	for _, p := range led {
		same := path.Dir(p.At.File.Name) == path.Dir(s.At.File.Name)
		own, other = own || same, other || !same
	}
	return own && other
}
