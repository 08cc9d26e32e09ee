package shell

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// guard is a world in which a change is a doubt while it is not certain that it happens.
type guard struct {
	World
	maybe   int    // depth of conditions that cannot be decided
	changes int    // how many changes there were
	command string // the one that runs
	budget  *Budget
}

// uncertain counts a change. It reports whether the change is not certain, and throws the
// doubt about each name then.
func (g *guard) uncertain(at source.Span, names ...string) bool {
	g.changes++
	if g.maybe == 0 {
		return false
	}
	for _, name := range names {
		g.conditional(name, at)
	}
	return true
}

// conditional throws a doubt about what a command changes under a condition.
func (g *guard) conditional(name string, at source.Span) {
	g.doubt(name, at, g.command+", under a condition")
}

// Write merges a text that may be written with that of the file as it is.
func (g *guard) Write(name string, text source.Text, at source.Span) { g.put(name, text, at, g.write) }

// Edit is Write for a text that was made from that of the file.
func (g *guard) Edit(name string, text source.Text, at source.Span) { g.put(name, text, at, g.edit) }

func (g *guard) put(name string, text source.Text, at source.Span, certain func(string, source.Text, source.Span)) {
	switch {
	case hole.All(text):
		g.WriteUnknown(name, at)
	case !g.uncertain(at):
		certain(name, text, at)
		if hole.Lines(text) {
			g.World.Doubt(name, at, g.command)
		}
	default:
		old, known := g.Read(name)
		switch kind := g.Stat(name); {
		case kind == Missing:
			g.write(name, hole.Merge(source.Text{}, text, at), at)
			g.conditional(name, at)
		case kind != File || !known || !hole.Mergeable(old, text):
			g.conditional(name, at)
		default:
			g.edit(name, hole.Merge(old, text, at), at)
		}
	}
}

// WriteUnknown makes a file of which nothing is known.
func (g *guard) WriteUnknown(name string, at source.Span) {
	if !g.uncertain(at, name) {
		g.World.WriteUnknown(name, at)
	}
}

// Mkdir makes a directory.
func (g *guard) Mkdir(name string, at source.Span) {
	if g.Stat(name) != Dir && !g.uncertain(at, name) {
		g.World.Mkdir(name, at)
	}
}

// Remove removes a file.
func (g *guard) Remove(name string, at source.Span) {
	if !g.uncertain(at, name) {
		g.World.Remove(name, at)
	}
}

// Link makes a symbolic link.
func (g *guard) Link(name, target string, at source.Span) {
	if !g.uncertain(at, name) {
		g.World.Link(name, target, at)
	}
}

// Move moves a file.
func (g *guard) Move(from, to string, at source.Span) {
	if !g.uncertain(at, from, to) {
		g.World.Move(from, to, at)
	}
}

// Copy copies a file. One of which the text is known is written, if it is not certain.
func (g *guard) Copy(c Copied) {
	if g.maybe > 0 && g.Stat(c.From) == File {
		if text, known := g.Read(c.From); known {
			g.Write(c.To, text, c.At)
			return
		}
	}
	if !g.uncertain(c.At, c.To) {
		g.World.Copy(c)
	}
}

// Chmod changes permissions.
func (g *guard) Chmod(name string, mode Mode, at source.Span) {
	mode.Unknown = g.uncertain(at) || mode.Unknown
	g.World.Chmod(name, mode, at)
}

// Chown changes owners.
func (g *guard) Chown(name string, o Owner, at source.Span) {
	o.Unknown = g.uncertain(at) || o.Unknown
	g.World.Chown(name, o, at)
}

// The files that hold the accounts. A doubt about accounts is one about them.
const (
	passwd = "/etc/passwd"
	groups = "/etc/group"
)

// AddUser makes an account.
func (g *guard) AddUser(u User) {
	if !g.accounts(u.At, passwd, groups) {
		g.World.AddUser(u)
	}
}

// ChangeUser changes an account.
func (g *guard) ChangeUser(u User) {
	if !g.accounts(u.At, passwd, groups) {
		g.World.ChangeUser(u)
	}
}

// AddGroup makes a group.
func (g *guard) AddGroup(group Group) {
	if !g.accounts(group.At, groups) {
		g.World.AddGroup(group)
	}
}

// ChangeGroup changes a group.
func (g *guard) ChangeGroup(group Group) {
	if !g.accounts(group.At, groups) {
		g.World.ChangeGroup(group)
	}
}

// AddMember adds an account to a group.
func (g *guard) AddMember(user, group string, at source.Span) {
	if !g.accounts(at, groups) {
		g.World.AddMember(user, group, at)
	}
}

// RemoveUser removes an account.
func (g *guard) RemoveUser(name string, at source.Span) {
	if !g.accounts(at, passwd, groups) {
		g.World.RemoveUser(name, at)
	}
}

// RemoveGroup removes a group.
func (g *guard) RemoveGroup(name string, at source.Span) {
	if !g.accounts(at, groups) {
		g.World.RemoveGroup(name, at)
	}
}

// Install installs packages.
func (g *guard) Install(p Packages) {
	p.Maybe = g.uncertain(p.At)
	g.World.Install(p)
}

// Uninstall removes packages.
func (g *guard) Uninstall(p Packages) {
	p.Maybe = g.uncertain(p.At)
	g.World.Uninstall(p)
}

// Enable switches parts of a server on or off.
func (g *guard) Enable(e Enabled) {
	e.Maybe = g.uncertain(e.At)
	g.World.Enable(e)
}

// MakeInstall installs what was built.
func (g *guard) MakeInstall(s Sources) {
	g.changes++
	g.World.MakeInstall(s)
}

// Start starts a program.
func (g *guard) Start(p Program) bool {
	p.Maybe = g.uncertain(p.At)
	return g.World.Start(p) && !p.Maybe
}

// Doubt says what may have changed. A name of which nothing is known is left out: it would be
// a doubt about all files.
func (g *guard) Doubt(name string, at source.Span, words string) {
	g.changes++
	if named := hole.Name(name); name == "" || strings.Trim(named, "/*.") != "" {
		g.doubt(name, at, words)
	}
}

// doubt says what may have changed. A pattern for names in the root means those that exist there.
func (g *guard) doubt(name string, at source.Span, words string) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	if strings.Contains(name, hole.Mark) || !strings.ContainsAny(first, "*?[") {
		g.World.Doubt(hole.Name(name), at, words)
		return
	}
	all, _ := g.List("/")
	for _, match := range sorted(all) {
		if like, err := path.Match(strings.ReplaceAll(first, "[!", "[^"), match); like || err != nil {
			g.World.Doubt(path.Join("/", match, rest), at, words)
		}
	}
}
