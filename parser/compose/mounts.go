package compose

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// mounts reads volumes of a service.
func (l *loader) mounts(n *node) (all []Mount) {
	for _, item := range l.items(n, "volumes") {
		m, ok := Mount{}, l.shaped(item, "an entry of volumes", item.at, text|aMapping)
		switch {
		case !ok:
		case item.kind == scalar:
			m, ok = l.shortMount(item)
		default:
			m, ok = l.longMount(item)
		}
		if ok {
			m.Target = cleaned(m.Target)
			all = append(all, m)
		}
	}
	return last(all, func(m Mount) string { return m.Target.Text })
}

// shortMount reads [SOURCE:]TARGET[:OPTIONS].
func (l *loader) shortMount(item *node) (m Mount, ok bool) {
	v := item.value
	m = Mount{At: item.at, Kind: "volume"}
	parts := splitMount(v)
	for _, part := range parts {
		if part.Text == "" && len(part.Unknown) == 0 {
			l.fail(item.at, source.Syntax, "an entry of volumes has an empty part: "+quoted(item.at.Masked()))
			return m, false
		}
	}
	switch len(parts) {
	case 1:
		m.Target = parts[0]
		return m, true
	case 2, 3:
	default:
		l.fail(item.at, source.Syntax, "an entry of volumes has too many colons: "+quoted(item.at.Masked()))
		return m, false
	}
	m.Source, m.Target = parts[0], parts[1]
	if len(parts) == 3 {
		for option := range strings.SplitSeq(parts[2].Text, ",") {
			switch option {
			case "ro":
				m.ReadOnly = true
			case "rw":
				m.ReadOnly = false
			case "nocopy":
				m.NoCopy = true
			}
		}
	}
	if isPath(m.Source) {
		m.Kind = "bind"
		m.Source, m.Outside = resolve(item.scope.dir, m.Source)
	}
	return m, true
}

// splitMount splits a short mount at its colons, but not after the letter of a drive.
func splitMount(v Value) (parts []Value) {
	start := 0
	for i := 0; i <= len(v.Text); i++ {
		if i == len(v.Text) || v.Text[i] == ':' && !(i == start+1 && letter(v.Text[start])) {
			parts = append(parts, v.sub(start, i))
			start = i + 1
		}
	}
	return parts
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// isPath reports whether the source of a short mount is a path, else it is the name of a
// volume.
func isPath(v Value) bool {
	t := v.Text
	return v.inside || t != "" && strings.IndexByte("./~", t[0]) >= 0 || strings.HasPrefix(t, `\\`) || len(t) > 1 && t[1] == ':' && letter(t[0])
}

// longMount reads a mapping with type, source and target.
func (l *loader) longMount(n *node) (m Mount, ok bool) {
	m = Mount{At: n.at, Kind: l.text(n.get("type"), "type").Text}
	m.Target = l.text(n.get("target"), "target")
	if !m.Target.Set() {
		l.fail(n.at, source.Syntax, "an entry of volumes has no target")
		return m, false
	}
	m.Source = l.text(n.get("source"), "source")
	m.ReadOnly = l.flag(n.get("read_only"), "read_only")
	m.NoCopy = l.flag(n.get("volume").get("nocopy"), "nocopy")
	m.Subpath = l.text(n.get("volume").get("subpath"), "subpath").Text
	if sub := l.text(n.get("image").get("subpath"), "subpath"); sub.Set() {
		m.Subpath = sub.Text
	}
	switch m.Kind {
	case "bind":
		if !m.Source.Set() {
			l.fail(n.at, source.Syntax, "a bind mount has no source")
			return m, false
		}
		m.Source, m.Outside = resolve(n.get("source").scope.dir, m.Source)
	case "volume", "tmpfs", "npipe", "image", "cluster":
	default:
		l.fail(n.at, source.Syntax, "an entry of volumes has the unknown type "+quoted(m.Kind))
		return m, false
	}
	return m, true
}

// fileMounts reads configs or secrets of a service, which are mounted in dir by default.
func (l *loader) fileMounts(n *node, name, dir string) (all []FileMount) {
	for _, item := range l.items(n, name) {
		m := FileMount{At: item.at}
		switch item.kind {
		case scalar:
			m.Source = item.value
		case mapping:
			m.Source, m.Target = l.text(item.get("source"), "source"), l.text(item.get("target"), "target")
			m.UID, m.GID = l.text(item.get("uid"), "uid").Text, l.text(item.get("gid"), "gid").Text
			m.Mode = l.text(item.get("mode"), "mode").Text
		}
		if !m.Source.Set() {
			l.fail(item.at, source.Syntax, "an entry of "+name+" has no source")
			continue
		}
		switch {
		case !m.Target.Set():
			m.Target = m.Source.with(dir + m.Source.Text)
		case !strings.HasPrefix(m.Target.Text, "/"):
			m.Target = m.Target.with(dir + m.Target.Text)
		}
		all = append(all, m)
	}
	return last(all, func(m FileMount) string { return m.Target.Text })
}

// volumesFrom reads NAME[:ro] and container:NAME[:ro].
func (l *loader) volumesFrom(n *node) (all []Source) {
	for _, v := range l.words(n, "volumes_from") {
		s := Source{At: v.At}
		text := v.Text
		text, s.Container = strings.CutPrefix(text, "container:")
		var mode string
		s.Service, mode, _ = strings.Cut(text, ":")
		s.ReadOnly = mode == "ro"
		all = append(all, s)
	}
	return all
}
