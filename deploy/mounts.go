package deploy

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/compose"
	"github.com/wp502lint/wp502lint/parser/dockerfile"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// mount puts the mounts of a service in their places, outer ones first, whichever key they are
// under (moby, daemon/oci_linux.go, withMounts).
func (c *composer) mount(s *compose.Service, m *image) {
	type placed struct {
		target string
		put    func()
	}
	var all []placed
	for _, v := range c.mountsOf(s) {
		all = append(all, placed{v.Target.Text, func() { c.mountOne(v, m) }})
	}
	for _, t := range s.Tmpfs {
		name, _, _ := strings.Cut(t.Text, ":")
		all = append(all, placed{name, func() { m.files.Mount(name, nil, "", "") }})
	}
	for _, f := range s.Configs {
		all = append(all, placed{f.Target.Text, func() { c.mountFile(f, c.project.Configs[f.Source.Text], m) }})
	}
	for _, f := range s.Secrets {
		all = append(all, placed{f.Target.Text, func() { c.mountFile(f, c.project.Secrets[f.Source.Text], m) }})
	}
	slices.SortStableFunc(all, func(a, b placed) int {
		return strings.Count(path.Clean(a.target), "/") - strings.Count(path.Clean(b.target), "/")
	})
	for _, one := range all {
		one.put()
	}
}

// volume is a path at which each container of an image has an anonymous volume, and where the
// project says so: at VOLUME or the name of the image.
type volume struct {
	path string
	at   source.Span
}

// volume follows VOLUME. What later steps write there is kept, as BuildKit does and the legacy
// builder does not (docs.docker.com/reference/dockerfile, "Notes about specifying volumes").
func (s *stage) volume(in *dockerfile.Instruction) {
	for _, w := range in.Words {
		if name, ok := s.expand(w); ok && strings.HasPrefix(name.String, "/") {
			s.volumes = append(slices.Clip(s.volumes), volume{path.Clean(name.String), w.At})
		}
	}
}

// owned is a mount with the service that it is written for: an anonymous volume is one of its
// container.
type owned struct {
	compose.Mount
	by string
}

// mountsOf returns the mounts of a service, with those of the services that volumes_from names,
// unless it has one of its own there, and the volumes of its image where nothing else is mounted
// (moby, daemon/create_unix.go). In a cycle, which Compose refuses, there are none.
func (c *composer) mountsOf(s *compose.Service) []owned {
	if all, met := c.mounts[s.Name]; met {
		return all
	}
	c.mounts[s.Name] = nil
	var all []owned
	add := func(v owned) {
		if !slices.ContainsFunc(all, func(o owned) bool { return o.Target.Text == v.Target.Text }) {
			all = append(all, v)
		}
	}
	for _, v := range s.Mounts {
		all = append(all, owned{v, s.Name})
	}
	for _, from := range s.VolumesFrom {
		other := c.services[from.Service]
		if other == nil || from.Container {
			continue
		}
		for _, v := range c.mountsOf(other) {
			add(v)
		}
	}
	for _, v := range c.images[s.Name].volumes {
		add(owned{compose.Mount{At: v.at, Kind: "volume", Target: compose.Value{Text: v.path, At: v.at}}, s.Name})
	}
	c.mounts[s.Name] = all
	return all
}

// lend records whose volumes a machine has, and whether it has some of which the project does not
// tell.
func (c *composer) lend(s *compose.Service, m *Machine) {
	m.unlisted = c.images[s.Name].unknown != ""
	for _, from := range s.VolumesFrom {
		other := c.machines[from.Service]
		if from.Container {
			if other = c.lent[from.Service]; other == nil {
				other = &Machine{Name: from.Service, unlisted: true}
				c.lent[from.Service] = other
			}
		}
		if other != nil {
			m.lenders = append(m.lenders, other)
		}
	}
}

func (c *composer) mountOne(v owned, m *image) {
	target := v.Target.Text
	if len(v.Target.Unknown) > 0 || target == "" {
		return
	}
	if len(v.Source.Unknown) > 0 && (v.Kind == "bind" || v.Kind == "volume") {
		m.mountUnknown(target, v.At, "a mount of what a variable without value names")
		return
	}
	switch v.Kind {
	case "bind":
		c.bind(v.Source, v.Outside, target, v.At, m)
	case "volume":
		vol := c.project.Volumes[v.Source.Text]
		if vol != nil && vol.Bind.Set() {
			c.bind(vol.Bind, vol.Outside, target, v.At, m)
			return
		}
		key := "volume:" + v.Source.Text
		if v.Source.Text == "" {
			key = "anonymous:" + v.by + ":" + target
		}
		if v.Source.Text != "" {
			m.fits(target, tree.Dir, "volume "+v.Source.Text, v.At)
		}
		// A volume holds at first what the image has there, and later what it held then.
		m.files.Mount(target, c.files[v.by], target, key)
		switch {
		case v.Source.Text != "":
			m.files.Doubt(target, v.At, "volume "+v.Source.Text)
		case c.files[v.by] != nil && c.files[v.by].Missing(target): // so the engine makes it, as root (moby volume/local)
			m.files.Chown(target, 0, 0, false)
			m.files.Chmod(target, 0o755, false)
		}
	case "tmpfs":
		m.files.Mount(target, nil, "", "")
	default:
		m.files.Doubt(target, v.At, "a mount of the kind "+v.Kind)
	}
}

// bind mounts what the project has at a path.
func (c *composer) bind(from compose.Value, outside bool, target string, at source.Span, m *image) {
	info, err := c.tree.Stat(from.Text)
	switch {
	case outside || len(from.Unknown) > 0:
		m.mountUnknown(target, at, "a mount from outside the project")
	case err != nil:
		// The engine makes a folder of a name that does not exist; what a checkout lacks is
		// often made before the first start.
		m.files.Mount(target, nil, from.Text, tree.BindKey)
		m.files.Doubt(target, at, "a mount of what the project does not hold")
	default:
		m.fits(target, info.Type, info.Type.String()+" of the project", at)
		m.files.Mount(target, c.tree, from.Text, tree.BindKey)
		c.hold(from.Text)
		if c.emptied(from.Text) {
			m.files.Doubt(target, at, "a mount of what git ignores")
		}
	}
}

// emptied reports whether the project has of a folder only what keeps it in git: what it holds is
// made outside the repository.
func (c *composer) emptied(dir string) bool {
	list, err := c.tree.List(dir)
	return err == nil && !slices.ContainsFunc(list, func(e tree.Entry) bool {
		return e.Name != ".gitignore" && e.Name != ".gitkeep" && e.Name != ".keep"
	})
}

// mountUnknown mounts what is not in the project: a file where the image has one, since the engine
// refuses to mount a folder there, and where the name is that of a configuration file.
func (m *image) mountUnknown(target string, at source.Span, words string) {
	t, err := m.files.Tree().Type(target)
	if t == tree.File && err == nil || err != nil && isFileName(target) {
		m.files.PutUnknown(target, words, tree.Owner{})
	} else {
		m.files.Mount(target, nil, "", "")
	}
	m.files.Doubt(target, at, words)
}

// isFileName reports whether a name is that of a file that servers read, not of a folder.
func isFileName(name string) bool {
	switch path.Ext(name) {
	case ".conf", ".ini", ".pem", ".crt", ".key", ".template", ".sh":
		return true
	}
	return false
}

// mountFile mounts a config or a secret.
func (c *composer) mountFile(f compose.FileMount, object *compose.FileObject, m *image) {
	own := tree.Owner{Mode: 0o444, Known: true}
	switch {
	case object == nil:
	case object.Content.String != "" && len(object.Unknown) == 0:
		m.files.Put(f.Target.Text, object.Content, "", own)
	case object.File.Set() && !object.Outside && len(object.File.Unknown) == 0:
		c.bind(object.File, false, f.Target.Text, f.At, m)
	default:
		m.files.PutUnknown(f.Target.Text, "what is in "+f.Source.Text+" is not in the project", own)
	}
}
