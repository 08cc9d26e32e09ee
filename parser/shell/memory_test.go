package shell_test

import (
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/parser/shell"
	"github.com/wp502lint/wp502lint/source"
)

// node is a file of a memory.
type node struct {
	kind   shell.Kind
	text   source.Text
	known  bool
	target string
}

// vague is a machine of which not all files are known: what it does not have may exist.
type vague struct{ *memory }

func (v vague) Stat(name string) shell.Kind  { return vaguely(v.memory.Stat(name)) }
func (v vague) Lstat(name string) shell.Kind { return vaguely(v.memory.Lstat(name)) }

func vaguely(k shell.Kind) shell.Kind {
	if k == shell.Missing {
		return shell.Unknown
	}
	return k
}

// partly is a machine whose directories may hold more than is known.
type partly struct{ *memory }

func (p partly) List(dir string) (names []string, complete bool) {
	names, _ = p.memory.List(dir)
	return names, false
}

// memory is a machine in memory, that writes down what happens to it.
type memory struct {
	nodes    map[string]*node
	log      []string
	doubts   []string
	programs []shell.Program
	stays    func(shell.Program) bool
}

// newMemory returns a machine with files, by their names. A name that ends in "/" is a
// directory, a text "-> x" a link, and "?" a text that is not known.
func newMemory(files map[string]string) *memory {
	m := &memory{nodes: map[string]*node{"/": {kind: shell.Dir}}}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		text := files[name]
		clean := path.Clean(name)
		m.Mkdir(path.Dir(clean), source.Span{})
		switch target, link := strings.CutPrefix(text, "-> "); {
		case strings.HasSuffix(name, "/"):
			m.Mkdir(clean, source.Span{})
		case link:
			m.nodes[clean] = &node{kind: shell.Link, target: target}
		case text == "?":
			m.nodes[clean] = &node{kind: shell.File}
		default:
			f := &source.File{Name: clean, Real: clean, Text: text}
			m.nodes[clean] = &node{kind: shell.File, text: source.Whole(f), known: true}
		}
	}
	return m
}

// resolve follows the links in a name; the last one only if follow is set.
func (m *memory) resolve(name string, follow bool) string {
	for range 40 {
		at, changed := "/", false
		parts := strings.Split(strings.Trim(path.Clean(name), "/"), "/")
		for i, part := range parts {
			here := path.Join(at, part)
			if n := m.nodes[here]; n != nil && n.kind == shell.Link && (follow || i < len(parts)-1) {
				target := n.target
				if !strings.HasPrefix(target, "/") {
					target = path.Join(at, target)
				}
				name = path.Join(append([]string{target}, parts[i+1:]...)...)
				changed = true
				break
			}
			at = here
		}
		if !changed {
			return path.Clean(name)
		}
	}
	return name
}

func (m *memory) Stat(name string) shell.Kind {
	if n := m.nodes[m.resolve(name, true)]; n != nil {
		return n.kind
	}
	return shell.Missing
}

func (m *memory) Lstat(name string) shell.Kind {
	if n := m.nodes[m.resolve(name, false)]; n != nil {
		return n.kind
	}
	return shell.Missing
}

func (m *memory) Read(name string) (source.Text, bool) {
	n := m.nodes[m.resolve(name, true)]
	if n == nil || n.kind != shell.File || !n.known {
		return source.Text{}, false
	}
	return n.text, true
}

func (m *memory) List(dir string) (names []string, complete bool) {
	dir = m.resolve(dir, true)
	for name := range m.nodes {
		if name != "/" && path.Dir(name) == dir {
			names = append(names, path.Base(name))
		}
	}
	return names, true
}

func (m *memory) say(format string, args ...any) { m.log = append(m.log, fmt.Sprintf(format, args...)) }

func (m *memory) Write(name string, text source.Text, _ source.Span) {
	name = m.resolve(name, true)
	m.nodes[name] = &node{kind: shell.File, text: text, known: true}
}

func (m *memory) Edit(name string, text source.Text, at source.Span) { m.Write(name, text, at) }

func (m *memory) WriteUnknown(name string, _ source.Span) {
	m.nodes[m.resolve(name, true)] = &node{kind: shell.File}
}

func (m *memory) Mkdir(name string, at source.Span) {
	name = m.resolve(name, true)
	if name != "/" {
		m.Mkdir(path.Dir(name), at)
	}
	if m.nodes[name] == nil {
		m.nodes[name] = &node{kind: shell.Dir}
	}
}

func (m *memory) Remove(name string, _ source.Span) {
	name = m.resolve(name, false)
	for other := range m.nodes {
		if other == name || strings.HasPrefix(other, name+"/") {
			delete(m.nodes, other)
		}
	}
}

func (m *memory) Link(name, target string, _ source.Span) {
	m.nodes[m.resolve(name, false)] = &node{kind: shell.Link, target: target}
}

func (m *memory) Move(from, to string, at source.Span) {
	from, to = m.resolve(from, false), m.resolve(to, false)
	moved := map[string]*node{}
	for name, n := range m.nodes {
		if name == from || strings.HasPrefix(name, from+"/") {
			moved[to+name[len(from):]] = n
		}
	}
	m.Remove(from, at)
	for name, n := range moved {
		m.nodes[name] = n
	}
}

func (m *memory) Copy(c shell.Copied) {
	from := m.resolve(c.From, !c.Tree)
	to := m.resolve(c.To, true)
	copied := map[string]*node{}
	for name, n := range m.nodes {
		if name == from || strings.HasPrefix(name, from+"/") {
			one := *n
			copied[to+name[len(from):]] = &one
		}
	}
	for name, n := range copied {
		m.nodes[name] = n
	}
}

func (m *memory) Chmod(name string, mode shell.Mode, _ source.Span) {
	text := mode.Symbolic
	if mode.Unknown {
		text = "unknown"
	} else if text == "" {
		text = fmt.Sprintf("%04o", uint32(mode.Bits&fs.ModePerm))
	}
	m.say("chmod %s %s%s", text, name, tree(mode.Tree))
}

func (m *memory) Chown(name string, o shell.Owner, _ source.Span) {
	if o.Unknown {
		o.User, o.Group = "unknown", "unknown"
	}
	m.say("chown %s:%s %s%s", o.User, o.Group, name, tree(o.Tree))
}

func tree(yes bool) string {
	if yes {
		return " and below"
	}
	return ""
}

func (m *memory) AddUser(u shell.User) {
	m.say("user %s uid %d group %q groups %v home %q system %v", u.Name, u.UID, u.Group, u.Groups, u.Home, u.System)
}
func (m *memory) AddGroup(g shell.Group)                      { m.say("group %s gid %d system %v", g.Name, g.GID, g.System) }
func (m *memory) AddMember(user, group string, _ source.Span) { m.say("member %s of %s", user, group) }
func (m *memory) ChangeUser(u shell.User) {
	m.say("change user %s to %q uid %d group %q home %q", u.Name, u.NewName, u.UID, u.Group, u.Home)
}
func (m *memory) ChangeGroup(g shell.Group) {
	m.say("change group %s to %q gid %d", g.Name, g.NewName, g.GID)
}
func (m *memory) RemoveUser(name string, _ source.Span)  { m.say("remove user %s", name) }
func (m *memory) RemoveGroup(name string, _ source.Span) { m.say("remove group %s", name) }

func (m *memory) Install(p shell.Packages) {
	m.say("install %s %s%s", p.Manager, strings.Join(p.Names, " "), maybe(p.Maybe))
}

func (m *memory) Uninstall(p shell.Packages) {
	m.say("uninstall %s %s%s", p.Manager, strings.Join(p.Names, " "), maybe(p.Maybe))
}

func (m *memory) Enable(e shell.Enabled) {
	m.say("%s %s%s", e.Tool, strings.Join(e.Names, " "), maybe(e.Maybe))
}

func maybe(yes bool) string {
	if yes {
		return " maybe"
	}
	return ""
}

func (m *memory) Configure(s shell.Sources) {
	m.say("configure %s %s", s.Dir, strings.Join(s.Options, " "))
}

func (m *memory) MakeInstall(s shell.Sources) { m.say("make install %s %s", s.Dir, s.Root) }

func (m *memory) MayMake(dir string) { m.say("may make files below %s", dir) }

func (m *memory) Start(p shell.Program) bool {
	m.programs = append(m.programs, p)
	return m.stays != nil && m.stays(p)
}

func (m *memory) Doubt(name string, _ source.Span, words string) {
	m.doubts = append(m.doubts, name+" "+words)
}

// files returns what the files hold, with ? for what is not known and ~ for each hole.
func (m *memory) files() map[string]string {
	out := map[string]string{}
	for name, n := range m.nodes {
		switch {
		case n.kind == shell.Link:
			out[name] = "-> " + n.target
		case n.kind == shell.File && !n.known:
			out[name] = "?"
		case n.kind == shell.File:
			out[name] = strings.ReplaceAll(n.text.String, hole.Mark, "~")
		}
	}
	return out
}

// started returns the programs, one a line.
func (m *memory) started() []string {
	var out []string
	for _, p := range m.programs {
		var words []string
		for _, a := range p.Args {
			words = append(words, a.String)
		}
		line := strings.Join(words, " ")
		if p.Service != "" {
			line = "service " + p.Service
		}
		if p.User != "" {
			line = p.User + ": " + line
		}
		if p.Background {
			line += " &"
		}
		if p.Exec {
			line = "exec " + line
		}
		out = append(out, line+maybe(p.Maybe))
	}
	return out
}

// follow runs a script that is a whole file.
func follow(m *memory, text string, env *shell.Env) *shell.Result {
	if env == nil {
		env = &shell.Env{Dir: "/", Flavor: shell.Dash, Sh: shell.Dash}
	}
	return shell.Run(shell.Whole(&source.File{Name: "/Dockerfile", Real: "/Dockerfile", Text: text}), env, m)
}
