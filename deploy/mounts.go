package deploy

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/compose"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// mount puts the mounts of a service in their places, outer ones first.
func (c *composer) mount(s *compose.Service, m *image) {
	mounts := slices.Clone(s.Mounts)
	slices.SortStableFunc(mounts, func(a, b compose.Mount) int {
		return strings.Count(a.Target.Text, "/") - strings.Count(b.Target.Text, "/")
	})
	for _, v := range mounts {
		c.mountOne(v, m)
	}
	for _, t := range s.Tmpfs {
		name, _, _ := strings.Cut(t.Text, ":")
		m.files.Mount(name, nil, "", "")
	}
	for _, f := range s.Configs {
		c.mountFile(f, c.project.Configs[f.Source.Text], m)
	}
	for _, f := range s.Secrets {
		c.mountFile(f, c.project.Secrets[f.Source.Text], m)
	}
}

func (c *composer) mountOne(v compose.Mount, m *image) {
	target := v.Target.Text
	if len(v.Target.Unknown) > 0 || target == "" {
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
			key = "anonymous:" + m.name + ":" + target
		}
		// A volume holds at first what the image has there, and later what it held then.
		m.files.Mount(target, m.files.Tree(), target, key)
		if v.Source.Text != "" {
			m.files.Doubt(target, v.At, "volume "+v.Source.Text)
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
		m.files.Mount(target, nil, "", "")
		m.files.Doubt(target, at, "a mount from outside the project")
	case err != nil:
		// The engine makes a folder of a name that does not exist; what a checkout lacks is
		// often made before the first start.
		m.files.Mount(target, nil, from.Text, tree.BindKey)
		m.files.Doubt(target, at, "a mount of what the project does not hold")
	default:
		m.fits(target, info.Type, info.Type.String()+" of the project", at)
		m.files.Mount(target, c.tree, from.Text, tree.BindKey)
		c.hold(from.Text)
	}
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
