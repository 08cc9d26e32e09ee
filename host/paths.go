package host

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/tree"
)

// Paths answers questions about the files of a machine. For a nil Paths, or one
// without a tree, all is unknown.
type Paths struct {
	tree   *tree.Tree
	listed map[string]listed // from a snapshot
}

// Exists reports whether name exists, after links, and whether that is known:
// where the snapshot or the tree knows it (tree.Tree.Exists).
func (p *Paths) Exists(name string) (exists, known bool) {
	if l, ok := p.lookup(name); ok {
		return !l.missing, true
	}
	if p == nil || p.tree == nil {
		return false, false
	}
	exists, known = p.tree.Exists(p.run(name))
	if !exists && known && !p.tree.Live() && everywhere(rooted(name)) {
		return true, true // a copy may omit it
	}
	return exists, known
}

// lookup returns what the snapshot says about name.
func (p *Paths) lookup(name string) (l listed, ok bool) {
	if p == nil || p.listed == nil {
		return listed{}, false
	}
	l, ok = p.listed[rooted(name)]
	return l, ok
}

// Shared returns in which storage name is, and where, if several machines may share it.
func (p *Paths) Shared(name string) (storage, rest string, ok bool) {
	if p == nil || p.tree == nil {
		return "", "", false
	}
	return p.tree.Shared(name)
}

// Doubt is why name may be another file than the one that is known; ok is false if it is not.
func (p *Paths) Doubt(name string) (why string, ok bool) {
	if p == nil || p.tree == nil {
		return "", false
	}
	return p.tree.WhyDoubted(name)
}

// Live reports whether the files are those of this machine.
func (p *Paths) Live() bool { return p != nil && p.tree != nil && p.tree.Live() }

// Missing reports whether name is known not to exist.
func (p *Paths) Missing(name string) bool {
	exists, known := p.Exists(name)
	return known && !exists
}

// Info returns type, owner and mode of name, after links. They are known on a
// live tree, in one in memory and, unless it says otherwise, in a composed one; in a
// folder of files they belong to the copy.
func (p *Paths) Info(name string) (info tree.Info, known bool) {
	if l, ok := p.lookup(name); ok {
		return l.info, !l.missing
	}
	if !p.real() {
		return tree.Info{}, false
	}
	info, err := p.tree.Stat(name)
	return info, err == nil && !info.Unknown
}

// everywhere reports whether a directory exists on every machine (Filesystem Hierarchy
// Standard 3.0).
func everywhere(dir string) bool {
	switch dir {
	case "/", "/bin", "/dev", "/etc", "/home", "/lib", "/media", "/mnt", "/opt", "/proc", "/root", "/run", "/sbin", "/srv", "/sys", "/tmp",
		"/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/sbin", "/usr/share", "/var", "/var/cache", "/var/lib", "/var/log", "/var/run", "/var/tmp":
		return true
	}
	return false
}

// IsDir reports whether name is known to be a directory, after links.
func (p *Paths) IsDir(name string) bool {
	if everywhere(rooted(name)) {
		return true
	}
	if l, ok := p.lookup(name); ok {
		return l.info.Type == tree.Dir
	}
	if p == nil || p.tree == nil {
		return false
	}
	info, err := p.tree.Stat(p.run(name))
	return err == nil && info.Type == tree.Dir
}

// run returns name below /run where the tree has no /var/run, which is a link to
// it on every machine.
func (p *Paths) run(name string) string {
	if !strings.Contains(name, "/run/") || !strings.Contains(name, "var/") {
		return name
	}
	rest, ok := strings.CutPrefix(rooted(name), "/var/run/")
	if !ok {
		return name
	}
	if exists, _ := p.tree.Exists("/var/run"); exists {
		return name
	}
	return "/run/" + rest
}

// Glob returns the names that match a pattern; none where nothing is known.
func (p *Paths) Glob(pattern string) []string {
	if p == nil || p.tree == nil {
		return nil
	}
	names, _ := p.tree.Glob(pattern)
	return names
}

// IsSocket reports whether name is a unix socket. It is known where Info is,
// and where name is known not to exist.
func (p *Paths) IsSocket(name string) (is, known bool) {
	if info, known := p.Info(name); known {
		return info.Type == tree.Socket, true
	}
	return false, p.real() && p.Missing(name)
}

// rooted returns the shortest name for the same file, as a path from the root.
// A name that is already in this form costs no memory.
func rooted(name string) string {
	if !strings.HasPrefix(name, "/") {
		name = "/" + name
	}
	return path.Clean(name)
}

// real reports whether the tree is a whole machine, not a folder of files.
func (p *Paths) real() bool {
	return p != nil && p.tree != nil && (p.tree.Live() || p.tree.Root() == "")
}

// Leads returns name with every link resolved, whether or not it exists.
func (p *Paths) Leads(name string) string {
	if p == nil || p.tree == nil {
		return name
	}
	return p.tree.Leads(name)
}

// RealDir returns the directory name with the links in it resolved, as far as
// its parts exist, and name itself when nothing is known.
func (p *Paths) RealDir(name string) string {
	if p == nil || p.tree == nil {
		return name
	}
	rest := ""
	for dir := path.Clean(name); ; dir = path.Dir(dir) {
		if at, err := p.tree.Place(dir + "/"); err == nil {
			return path.Join(at.Real, rest)
		}
		if dir == "/" || dir == "." {
			return name
		}
		rest = path.Join(path.Base(dir), rest)
	}
}

// Text returns the content of a regular file. It is known only if the file can be read and
// is certainly the one that the machine has.
func (p *Paths) Text(name string) (text string, known bool) {
	if p == nil || p.tree == nil {
		return "", false
	}
	if _, listed := p.lookup(name); listed {
		return "", false
	}
	if _, doubt := p.tree.WhyDoubted(name); doubt {
		return "", false
	}
	content, err := p.tree.Open(name)
	return content.Content, err == nil
}

// Blocks returns the part of a path that is known to exist and not to be a directory, so
// that nothing can be in it: name itself or what name is in; "" for none.
func (p *Paths) Blocks(name string) string {
	if p == nil || p.tree == nil && p.listed == nil {
		return ""
	}
	for at := rooted(name); at != "/"; at = path.Dir(at) {
		if everywhere(at) {
			return ""
		}
		kind, known := p.kind(at)
		if !known {
			continue
		}
		if _, doubt := p.Doubt(at); kind == tree.Dir || kind == tree.Link || kind == tree.Other || doubt {
			return ""
		}
		return at
	}
	return ""
}

// kind returns the type of a file, after links, where it exists.
func (p *Paths) kind(name string) (kind tree.Type, known bool) {
	if l, ok := p.lookup(name); ok {
		return l.info.Type, !l.missing
	}
	if p.tree == nil {
		return 0, false
	}
	kind, err := p.tree.Type(p.run(name))
	return kind, err == nil
}
