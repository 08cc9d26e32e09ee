package compose

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// build makes the project of its merged model.
func (l *loader) build(top *node, root *scope) {
	p := l.project
	p.Networks, p.Volumes = map[string]*Network{}, map[string]*Volume{}
	p.Configs, p.Secrets = map[string]*FileObject{}, map[string]*FileObject{}
	l.each(top, "networks", func(m member) { p.Networks[m.key] = l.network(m) })
	l.each(top, "volumes", func(m member) { p.Volumes[m.key] = l.volume(m) })
	l.each(top, "configs", func(m member) { p.Configs[m.key] = l.object(m, "config") })
	l.each(top, "secrets", func(m member) { p.Secrets[m.key] = l.object(m, "secret") })
	active := profiles(root.vars)
	l.each(top, "services", func(m member) {
		if !l.shaped(m.value, "service "+quoted(m.key), m.at, aMapping) {
			return
		}
		s := l.service(m)
		if starts(s, active) {
			p.Services = append(p.Services, s)
		} else {
			p.Inactive = append(p.Inactive, s)
		}
	})
	if top.get("services") == nil && len(p.Problems) == 0 {
		l.fail(p.Files[0].Span(0, 0), source.Syntax, "this file has no services")
	}
	l.defaultNetwork()
	l.check()
}

// each calls with for each member of a top-level mapping.
func (l *loader) each(top *node, key string, with func(member)) {
	n := top.get(key)
	if n == nil || !l.shaped(n, key, n.at, aMapping) {
		return
	}
	for _, m := range n.members {
		if m.value.kind != reset && !strings.HasPrefix(m.key, "x-") || key == "services" && m.value.kind != reset {
			with(m)
		}
	}
}

// profiles returns the profiles that COMPOSE_PROFILES starts.
func profiles(vars variables) map[string]bool {
	active := map[string]bool{}
	for name := range strings.SplitSeq(vars["COMPOSE_PROFILES"].Text, ",") {
		active[strings.TrimSpace(name)] = true
	}
	return active
}

// starts reports whether a service has no profile or an active one.
func starts(s *Service, active map[string]bool) bool {
	for _, v := range s.Profiles {
		if active[v.Text] {
			return true
		}
	}
	return len(s.Profiles) == 0 || active["*"]
}

// defaultNetwork adds the default network if a service is on it.
func (l *loader) defaultNetwork() {
	p := l.project
	if p.Networks["default"] != nil {
		return
	}
	for _, s := range slices.Concat(p.Services, p.Inactive) {
		for _, n := range s.Networks {
			if n.Network == "default" {
				p.Networks["default"] = &Network{Key: "default", Name: l.defaultName("default"), Default: true}
				return
			}
		}
	}
}

// defaultName returns the name of a resource that has none of its own.
func (l *loader) defaultName(key string) string {
	if l.project.Name == "" {
		return ""
	}
	return l.project.Name + "_" + key
}

// external returns the name of a resource, and whether it is made outside the project.
func (l *loader) external(m member) (name string, external bool) {
	own := l.text(m.value.get("name"), "name")
	name = own.Text
	if e := m.value.get("external"); e != nil {
		external = e.kind == mapping || l.flag(e, "external")
		if old := e.get("name"); old != nil && name == "" {
			name = l.text(old, "name").Text
		}
	}
	switch {
	case name != "":
	case external:
		name = m.key
	default:
		name = l.defaultName(m.key)
	}
	return name, external
}

func (l *loader) network(m member) *Network {
	n := &Network{At: m.at, Key: m.key, Default: m.key == "default"}
	l.shaped(m.value, "network "+quoted(m.key), m.at, aMapping|nothing)
	n.Name, n.External = l.external(m)
	n.Internal = l.flag(m.value.get("internal"), "internal")
	n.Driver = l.text(m.value.get("driver"), "driver").Text
	return n
}

func (l *loader) volume(m member) *Volume {
	v := &Volume{At: m.at}
	l.shaped(m.value, "volume "+quoted(m.key), m.at, aMapping|nothing)
	v.Name, v.External = l.external(m)
	v.Driver = l.text(m.value.get("driver"), "driver").Text
	options := m.value.get("driver_opts")
	if device := options.get("device"); device != nil && strings.Contains(l.text(options.get("o"), "o").Text, "bind") {
		v.Bind, v.Outside = resolve(device.scope.dir, l.text(device, "device"))
	}
	return v
}

func (l *loader) object(m member, what string) *FileObject {
	o := &FileObject{At: m.at}
	l.shaped(m.value, what+" "+quoted(m.key), m.at, aMapping)
	o.Name, o.External = l.external(m)
	if file := m.value.get("file"); file != nil {
		if v := l.text(file, "file"); v.Set() {
			o.File, o.Outside = resolve(file.scope.dir, v)
		}
	}
	if content := l.text(m.value.get("content"), "content"); content.Set() {
		o.Content, o.Unknown = content.From(), content.Unknown
	}
	if variable := m.value.get("environment"); variable != nil {
		o.Environment = l.text(variable, "environment").Text
		if v, ok := variable.scope.vars[o.Environment]; ok {
			o.Content, o.Unknown = v.From(), v.Unknown
		} else {
			o.Unknown = []string{o.Environment}
		}
	}
	return o
}

// text returns a scalar; the zero Value for nil and null.
func (l *loader) text(n *node, name string) Value {
	if n == nil || n.kind == null || n.kind == reset {
		return Value{}
	}
	if !l.shaped(n, name, n.at, text|number|boolean) {
		return Value{}
	}
	return n.value
}

// printed returns a scalar as Compose prints it into a string: 1.10 is a number, and
// becomes 1.1.
func (l *loader) printed(n *node, name string) Value {
	v := l.text(n, name)
	if n != nil && n.typed != "" {
		v = v.with(n.typed)
	}
	return v
}

// flag returns a boolean, false for nil.
func (l *loader) flag(n *node, name string) bool {
	v := l.text(n, name)
	switch strings.ToLower(v.Text) {
	case "true", "y", "yes", "on":
		return true
	case "", "false", "n", "no", "off":
	default:
		if v.Known() {
			l.fail(v.At, source.Syntax, name+" is "+quoted(v.Text)+", not true or false")
		}
	}
	return false
}

// mayBe reports whether n is true, or not known.
func (l *loader) mayBe(n *node, name string) bool {
	return l.flag(n, name) || len(l.text(n, name).Unknown) > 0
}

// number returns a whole number, or def for nil and what is not known.
func (l *loader) number(n *node, name string, def int) int {
	v := l.text(n, name)
	if !v.Known() {
		return def
	}
	i, err := strconv.Atoi(v.Text)
	if err != nil {
		l.fail(v.At, source.Syntax, name+" is "+quoted(v.Text)+", not a number")
		return def
	}
	return i
}

// list returns the scalars of a list, or one scalar as a list.
func (l *loader) list(n *node, name string) (all []Value) {
	for _, item := range l.items(n, name) {
		if v := l.text(item, name); v.Set() {
			all = append(all, v)
		}
	}
	return all
}

// unique returns the scalars of a list, each text once: the last one at the place of the
// first.
func (l *loader) unique(n *node, name string) []Value {
	return last(l.list(n, name), func(v Value) string { return v.Text })
}

// words is unique for a list of strings, without numbers.
func (l *loader) words(n *node, name string) []Value {
	for _, item := range l.items(n, name) {
		l.shaped(item, "an entry of "+name, item.at, text)
	}
	return l.unique(n, name)
}

// items returns the items of a list, or one scalar as the only one.
func (l *loader) items(n *node, name string) []*node {
	if n == nil || n.kind == null || !l.shaped(n, name, n.at, text|number|boolean|aList) {
		return nil
	}
	return listOf(n).items
}

// last returns the entries with one for each key: the last one, at the place of the
// first.
func last[T any](entries []T, key func(T) string) []T {
	if len(entries) < 2 {
		return entries
	}
	at := make(map[string]int, len(entries))
	out := entries[:0:0]
	for _, e := range entries {
		k := key(e)
		if i, ok := at[k]; ok {
			out[i] = e
			continue
		}
		at[k] = len(out)
		out = append(out, e)
	}
	return out
}

// cleaned returns an absolute path of a container in its shortest form.
func cleaned(v Value) Value {
	if v.Text == "" {
		return v
	}
	return v.with(path.Clean(v.Text))
}
