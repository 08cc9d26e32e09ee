package deploy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/parser/shell"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// account returns the numbers of an account: a name, a number, or either with a group after
// a colon.
func (m *image) account(name string) (uid, gid int64, known bool) {
	user, group, grouped := strings.Cut(name, ":")
	if user == "" {
		user = "0"
	}
	uid, err := strconv.ParseInt(user, 10, 32)
	for _, line := range m.lines("/etc/passwd") {
		f := strings.Split(line.String, ":")
		if len(f) > 3 && (f[0] == user || f[2] == user) {
			uid, _ = strconv.ParseInt(f[2], 10, 64)
			gid, _ = strconv.ParseInt(f[3], 10, 64)
			known = true
			break
		}
	}
	known = known || err == nil
	if grouped && known {
		gid, known = m.group(group)
	}
	return uid, gid, known
}

// runsAs returns the account that a program starts as.
func (m *image) runsAs() (a Account) {
	a.UID, a.GID, a.Known = m.account(m.user)
	a.At = m.userAt
	return a
}

// join gives a machine a supplementary group, by its name or number.
func (m *Machine) join(from *image, group source.Text) {
	gid, known := from.group(group.String)
	if hole.In(group) || !known || gid < 0 {
		m.GroupsWhy = "the supplementary groups of container " + m.Name + " are not all known"
		return
	}
	m.Groups = append(m.Groups, uint32(gid))
}

// group returns the number of a group, by name or number.
func (m *image) group(name string) (gid int64, known bool) {
	if n, err := strconv.ParseInt(name, 10, 32); err == nil {
		return n, true
	}
	for _, line := range m.lines("/etc/group") {
		if f := strings.Split(line.String, ":"); len(f) > 2 && f[0] == name {
			gid, err := strconv.ParseInt(f[2], 10, 64)
			return gid, err == nil
		}
	}
	return 0, false
}

// lines returns the lines of a file of the image; none if it is not known.
func (m *image) lines(name string) []source.Text {
	text, err := m.files.Now().Open(name)
	if err != nil {
		return nil
	}
	return text.Source().Lines()
}

// edit replaces a file of accounts by what change makes of its lines.
func (w *world) edit(name string, change func(lines []source.Text) []source.Text) {
	lines := w.lines(name)
	if lines == nil {
		return // without the accounts of the image, more of them tell nothing
	}
	w.files.Put(name, source.Join(change(lines)...), "", tree.Owner{Mode: 0o644, Known: true})
}

// free returns the lowest number from first on that the third fields of lines do not have.
func free(lines []source.Text, first int) int {
	taken := map[int]bool{}
	for _, line := range lines {
		if f := strings.Split(line.String, ":"); len(f) > 2 {
			n, _ := strconv.Atoi(f[2])
			taken[n] = true
		}
	}
	for taken[first] {
		first++
	}
	return first
}

// AddUser implements shell.World.
func (w *world) AddUser(u shell.User) {
	if _, _, known := w.named("/etc/passwd", u.Name); known {
		return
	}
	uid := u.UID
	if uid < 0 {
		if uid = free(w.lines("/etc/passwd"), 1000); u.System {
			uid = free(w.lines("/etc/passwd"), 100)
		}
	}
	group := u.Group
	if group == "" {
		w.AddGroup(shell.Group{Name: u.Name, GID: u.UID, System: u.System, At: u.At})
		group = u.Name
	}
	gid, ok := w.group(group)
	if !ok {
		gid = int64(uid)
	}
	line := source.Made(fmt.Sprintf("%s:x:%d:%d::%s:/sbin/nologin\n", u.Name, uid, gid, u.Home), u.At)
	w.edit("/etc/passwd", func(lines []source.Text) []source.Text { return append(lines, line) })
	for _, g := range u.Groups {
		w.AddMember(u.Name, g, u.At)
	}
}

// named returns the line of a name in a file of accounts.
func (w *world) named(file, name string) (i int, fields []string, ok bool) {
	for i, line := range w.lines(file) {
		if f := strings.Split(strings.TrimSuffix(line.String, "\n"), ":"); f[0] == name {
			return i, f, true
		}
	}
	return 0, nil, false
}

// AddGroup implements shell.World.
func (w *world) AddGroup(g shell.Group) {
	if _, _, known := w.named("/etc/group", g.Name); known {
		return
	}
	gid := g.GID
	if gid < 0 {
		if gid = free(w.lines("/etc/group"), 1000); g.System {
			gid = free(w.lines("/etc/group"), 100)
		}
	}
	line := source.Made(fmt.Sprintf("%s:x:%d:\n", g.Name, gid), g.At)
	w.edit("/etc/group", func(lines []source.Text) []source.Text { return append(lines, line) })
}

// rewrite replaces the line of a name in a file of accounts.
func (w *world) rewrite(file, name string, at source.Span, change func(fields []string)) {
	i, fields, ok := w.named(file, name)
	if !ok {
		return
	}
	change(fields)
	w.edit(file, func(lines []source.Text) []source.Text {
		lines = slices.Clone(lines)
		lines[i] = source.Made(strings.Join(fields, ":")+"\n", at)
		return lines
	})
}

// AddMember implements shell.World.
func (w *world) AddMember(user, group string, at source.Span) {
	w.rewrite("/etc/group", group, at, func(f []string) {
		if len(f) > 3 && !slices.Contains(strings.Split(f[3], ","), user) {
			f[3] = strings.Trim(f[3]+","+user, ",")
		}
	})
}

// ChangeUser implements shell.World.
func (w *world) ChangeUser(u shell.User) {
	w.rewrite("/etc/passwd", u.Name, u.At, func(f []string) {
		if u.UID >= 0 && len(f) > 2 {
			f[2] = strconv.Itoa(u.UID)
		}
		if gid, ok := w.group(u.Group); ok && u.Group != "" && len(f) > 3 {
			f[3] = strconv.FormatInt(gid, 10)
		}
	})
	for _, g := range u.Groups {
		w.AddMember(u.Name, g, u.At)
	}
}

// ChangeGroup implements shell.World.
func (w *world) ChangeGroup(g shell.Group) {
	if g.GID < 0 {
		return
	}
	_, old, ok := w.named("/etc/group", g.Name)
	if !ok || len(old) < 3 {
		return
	}
	before := old[2]
	w.rewrite("/etc/group", g.Name, g.At, func(f []string) { f[2] = strconv.Itoa(g.GID) })
	// groupmod changes the primary group of the accounts too.
	for _, line := range w.lines("/etc/passwd") {
		if f := strings.Split(line.String, ":"); len(f) > 3 && f[3] == before {
			w.rewrite("/etc/passwd", f[0], g.At, func(f []string) { f[3] = strconv.Itoa(g.GID) })
		}
	}
}

// RemoveUser implements shell.World.
func (w *world) RemoveUser(name string, _ source.Span) { w.drop("/etc/passwd", name) }

// RemoveGroup implements shell.World.
func (w *world) RemoveGroup(name string, _ source.Span) { w.drop("/etc/group", name) }

func (w *world) drop(file, name string) {
	if i, _, ok := w.named(file, name); ok {
		w.edit(file, func(lines []source.Text) []source.Text { return slices.Delete(slices.Clone(lines), i, i+1) })
	}
}
