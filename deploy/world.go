package deploy

import (
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/parser/shell"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// world is an image as a script sees and changes it.
type world struct {
	*image
	// start is called for each program that the script starts; nil for a build, in which
	// nothing stays.
	start func(shell.Program) (stays bool)
}

func kindOf(t tree.Type) shell.Kind {
	switch t {
	case tree.Dir:
		return shell.Dir
	case tree.Link:
		return shell.Link
	}
	return shell.File
}

// Stat implements shell.World.
func (w *world) Stat(name string) shell.Kind {
	t := w.files.Now()
	if info, err := t.Stat(name); err == nil {
		return kindOf(info.Type)
	}
	if t.Missing(name) {
		return shell.Missing
	}
	return shell.Unknown
}

// Lstat implements shell.World.
func (w *world) Lstat(name string) shell.Kind {
	t := w.files.Now()
	if kind, err := t.Type(name); err == nil {
		return kindOf(kind)
	}
	if t.Missing(name) {
		return shell.Missing
	}
	return shell.Unknown
}

// Read implements shell.World.
func (w *world) Read(name string) (source.Text, bool) {
	text, err := w.files.Now().Open(name)
	if raw, ok := w.doubtful[text.Content]; ok && err == nil {
		return raw, true
	}
	return text.Source(), err == nil
}

// List implements shell.World.
func (w *world) List(dir string) (names []string, complete bool) {
	t := w.files.Now()
	list, err := t.List(dir)
	for _, e := range list {
		names = append(names, e.Name)
	}
	return names, err == nil && t.Missing(path.Join(dir, "\x01"))
}

// own is the owner of what the image's account makes now.
func (w *world) own(mode fs.FileMode) tree.Owner {
	uid, gid, known := w.account(w.user)
	return tree.Owner{UID: uid, GID: gid, Mode: mode, Known: known}
}

// Write implements shell.World.
func (w *world) Write(name string, text source.Text, at source.Span) {
	settled, doubtful := hole.Settle(text)
	image := ""
	if w.Lstat(name) == shell.Missing || w.Lstat(name) == shell.Unknown {
		image = w.partOf(settled)
	}
	w.files.Put(name, settled, image, w.own(0o644))
	for _, d := range doubtful {
		by := d.At
		if by.IsZero() {
			by = at
		}
		if by.IsZero() {
			by = w.at // a script of the image writes it
		}
		if line := settled.String[d.Start:d.End]; d.Inside && servers.Aside(line) {
			w.files.DoubtMinor(name, by, firstWord(by))
			continue
		}
		w.files.Doubt(name, by, firstWord(by))
	}
	if len(doubtful) > 0 {
		w.doubtful[settled.String] = text
	}
}

// Edit implements shell.World.
func (w *world) Edit(name string, text source.Text, at source.Span) {
	d, doubted := w.files.Now().DoubtOf(name)
	w.Write(name, text, at)
	switch {
	case doubted && d.Minor:
		w.files.DoubtMinor(name, d.By, d.Words)
	case doubted:
		w.files.Doubt(name, d.By, d.Words)
	}
}

// partOf returns the image if a part of a text comes from it; "" if the project has all of it.
func (w *world) partOf(text source.Text) string {
	if len(text.Pieces) > 1 && slices.ContainsFunc(text.Pieces, func(p source.Piece) bool { return p.From.IsZero() }) {
		return w.name
	}
	return ""
}

// firstWord returns the command or the variable at a place, for people.
func firstWord(at source.Span) string {
	word, _, _ := strings.Cut(strings.TrimSpace(at.Text()), " ")
	return word
}

// WriteUnknown implements shell.World.
func (w *world) WriteUnknown(name string, at source.Span) {
	what := firstWord(at)
	if strings.Trim(what, "<>|&0123456789") == "" {
		what = "a redirection"
	}
	w.files.PutUnknown(name, "cannot tell what "+what+" writes", w.own(0o644))
}

// Mkdir implements shell.World.
func (w *world) Mkdir(name string, _ source.Span) { w.files.Mkdir(name, w.own(0o755)) }

// Remove implements shell.World.
func (w *world) Remove(name string, _ source.Span) { w.files.Remove(name) }

// Link implements shell.World.
func (w *world) Link(name, target string, _ source.Span) { w.files.Link(name, target) }

// Move implements shell.World.
func (w *world) Move(from, to string, _ source.Span) {
	w.files.Copy(to, w.files.Tree(), from, tree.CopyOptions{})
	w.files.Remove(from)
}

// Copy implements shell.World.
func (w *world) Copy(c shell.Copied) {
	var o tree.CopyOptions
	if !c.Keep {
		own := w.own(0)
		o.Owner = &own
	}
	w.files.Copy(c.To, w.files.Tree(), c.From, o)
}

// Chmod implements shell.World.
func (w *world) Chmod(name string, m shell.Mode, _ source.Span) {
	bits, known := m.Bits, !m.Unknown
	if m.Symbolic != "" && known {
		info, err := w.files.Now().Stat(name)
		if err != nil {
			return
		}
		if bits, known = symbolic(info.Mode, m.Symbolic, info.Type == tree.Dir); info.Unknown {
			return
		}
	}
	if !known {
		w.files.Disown(name, m.Tree)
		return
	}
	w.files.Chmod(name, bits, m.Tree)
}

// Chown implements shell.World.
func (w *world) Chown(name string, o shell.Owner, _ source.Span) {
	uid, gid := int64(-1), int64(-1)
	known := !o.Unknown
	if o.User != "" && known {
		uid, _, known = w.account(o.User)
	}
	if o.Group != "" && known {
		gid, known = w.group(o.Group)
	}
	if !known {
		w.files.Disown(name, o.Tree)
		return
	}
	w.files.Chown(name, uid, gid, o.Tree)
}

// Install implements shell.World.
func (w *world) Install(p shell.Packages) {
	// What a package brings is the fault of the line that installs it, not of the image.
	w.files.Name(w.name, p.At)
	defer w.files.Name(w.name, w.at)
	for _, name := range p.Names {
		w.systemd = w.systemd || bringsSystemd(name)
	}
	if p.Manager != "docker-php-ext-install" && p.Manager != "pecl" {
		w.files.Incomplete("/var/log") // a package may bring a folder for its logs
	}
	defer w.installModules(p)
	for _, name := range p.Names {
		found, ok := servers.Package(w.base.Distribution, w.base.Release, name)
		if name == "nginx" && (w.usesNginxOrg() || strings.Contains(p.At.Text(), "nginx.org")) {
			found, ok, w.nginxOrg = servers.NginxOrgPackage(""), true, true
		}
		if !ok || len(found.Programs) > 0 && found.Programs[0].Server != servers.FPM && w.runs(found.Programs[0].Server) {
			continue
		}
		if found.Needs != "" && !w.runs(servers.Apache) {
			w.Install(shell.Packages{Manager: p.Manager, Names: []string{found.Needs}, At: p.At})
		}
		for _, a := range found.Groups {
			w.AddGroup(shell.Group{Name: a.Name, GID: int(a.GID)})
		}
		for _, a := range found.Accounts {
			w.AddUser(shell.User{Name: a.Name, UID: int(a.UID), Group: strconv.Itoa(int(a.GID))})
		}
		for _, g := range found.Groups {
			for _, member := range g.Members {
				w.AddMember(member, g.Name, p.At)
			}
		}
		w.bring(slices.DeleteFunc(slices.Clone(found.Files), w.kept), found.Links, found.Complete)
		w.otherVersions(found.PHP)
		if w.systemd {
			w.files.Doubt("/run/php", p.At, "the packages that are installed with "+name)
		}
		for _, q := range found.Programs {
			w.programs[q.Path] = q
		}
	}
}

// bringsSystemd reports whether a package of Debian depends on systemd, whose systemd-tmpfiles
// the scripts of other packages then call.
func bringsSystemd(name string) bool {
	switch name {
	case "software-properties-common", "systemd", "systemd-sysv", "policykit-1", "polkitd", "libpam-systemd", "snapd":
		return true
	}
	return false
}

// otherVersions says that PHP-FPM of other versions than one is not installed, where packages
// come from the distribution alone: it has one version.
func (w *world) otherVersions(version string) {
	t := w.files.Tree()
	list, _ := t.Glob("/etc/apt/sources.list.d/*")
	if version == "" || w.systemd || len(list) > 0 || w.base.Distribution != "debian" && w.base.Distribution != "ubuntu" {
		return
	}
	for known := range servers.EndOfLife {
		if dir := "/etc/php/" + known; known != version && !w.isThere(dir) {
			w.files.Absent(dir)
		}
	}
}

func (w *world) isThere(name string) bool {
	_, err := w.files.Tree().Stat(name)
	return err == nil
}

// kept reports whether a package leaves a file alone: what was put into /etc before stays
// (dpkg with a conffile that exists; apk writes NAME.apk-new).
func (w *world) kept(f servers.ImageFile) bool {
	text, err := w.files.Tree().Open(f.Name)
	return err == nil && !f.Dir && strings.HasPrefix(f.Name, "/etc/") && text.Image == ""
}

// usesNginxOrg reports whether packages of nginx come from nginx.org.
func (w *world) usesNginxOrg() bool {
	t := w.files.Tree()
	for _, pattern := range []string{"/etc/apt/sources.list.d/*", "/etc/apt/sources.list", "/etc/apk/repositories", "/etc/yum.repos.d/*"} {
		names, _ := t.Glob(pattern)
		for _, name := range names {
			if text, err := t.Open(name); err == nil && strings.Contains(text.Content, "nginx.org") {
				return true
			}
		}
	}
	return false
}

// Uninstall implements shell.World.
func (w *world) Uninstall(shell.Packages) {}

// MayMake implements shell.World.
func (w *world) MayMake(dir string) { w.files.Incomplete(dir) }

// Start implements shell.World.
func (w *world) Start(p shell.Program) (stays bool) { return w.start != nil && w.start(p) }

// Doubt implements shell.World.
func (w *world) Doubt(name string, at source.Span, words string) {
	if i := strings.IndexByte(name, '*'); i >= 0 {
		name = path.Dir(name[:i] + "x")
	}
	if name == "" {
		name = "/"
	}
	w.files.Doubt(name, at, words)
}

// treeMode returns the mode of an octal number.
func treeMode(n uint64) fs.FileMode { return fs.FileMode(n & 0o777) }
