package tree

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
)

// Exists reports whether name exists, after links, and whether that is known. It
// is the only place that decides whether a missing file is missing on the machine:
//
//   - On this machine everything is known.
//   - A whole root file system has etc/passwd and either usr/bin or the database of
//     a package manager. It says nothing about a directory in its root that it lacks,
//     such as /run, nor about /var/log or another directory of data that every system
//     has and that a copy leaves out.
//   - A copy of the /etc of a machine knows what is missing there.
//   - Any other tree, such as the files that an image copies over its base, knows
//     what is missing only below the directories that it fills itself: those that
//     hold one of its files, and where no package of a distribution installs any.
//   - A composed tree knows what its Composition says is missing, and that nothing is
//     missing for certain where something that was not understood may have made it.
//   - No machine has a /nonexistent, or a slip of the fingers such as /ect.
func (t *Tree) Exists(name string) (exists, known bool) {
	at, err := t.walk(name, true)
	c := t.composed()
	switch {
	case err == nil:
		return true, true
	case !errors.Is(err, fs.ErrNotExist):
		return false, false
	case c != nil && (err == errMissing || err == errDangling || err == errMidway):
		return false, c.missing(at.real) && !t.unmade(c, at.real) || t.nowhere(at.real)
	case t.Live() || err != errMissing && err != errDangling: // the rest lies in the name itself
		return false, true
	case at.top || t.leftOut(at.real):
		return false, t.nowhere(at.real)
	}
	return false, t.whole() || strings.HasPrefix(at.real, "/etc/") && t.wholeEtc() || t.filled(at.real)
}

// leftOut reports whether name is in a directory of data that the tree lacks and every system
// has (Filesystem Hierarchy Standard 3.0, 5.2): the copy was made without it.
func (t *Tree) leftOut(name string) bool {
	return slices.ContainsFunc([]string{"/var/cache", "/var/log", "/var/spool", "/var/tmp"}, func(dir string) bool {
		return (name == dir || strings.HasPrefix(name, dir+"/")) && !t.there(dir)
	})
}

// nowhere reports whether a path exists on no machine: /nonexistent is the home of accounts
// that have none (Debian Policy Manual 9.2.3), others say the same with more words, and /ect is
// a slip of the fingers, as is /rum/php where there is a /run/php.
func (t *Tree) nowhere(name string) bool {
	top, rest, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	return strings.HasPrefix(top, "nonexistent") || slices.ContainsFunc([]string{"etc", "run", "usr", "var"}, func(dir string) bool {
		return top != dir && (swapped(top, dir) || doubled(top, dir) || rest != "" && slipped(top, dir) && t.there("/"+dir+"/"+rest))
	})
}

// swapped reports whether word is meant with two neighbouring letters swapped.
func swapped(word, meant string) bool {
	for i := 1; i < len(word) && len(word) == len(meant); i++ {
		if word[:i-1] == meant[:i-1] && word[i-1] == meant[i] && word[i] == meant[i-1] && word[i+1:] == meant[i+1:] {
			return true
		}
	}
	return false
}

// doubled reports whether word is meant with one letter twice.
func doubled(word, meant string) bool {
	for i := 1; i < len(word) && len(word) == len(meant)+1; i++ {
		if word[i] == word[i-1] && word[:i]+word[i+1:] == meant {
			return true
		}
	}
	return false
}

// slipped reports whether word is meant with one letter more, less or other. A digit at the
// end makes another name.
func slipped(word, meant string) bool {
	return typo.Distance(word, meant, 1) == 1 && strings.TrimRight(word, "0123456789") != meant
}

// Missing reports whether name is known not to exist.
func (t *Tree) Missing(name string) bool {
	exists, known := t.Exists(name)
	return known && !exists
}

// Rooted reports whether the root is laid out like that of a machine, with an etc.
// In the folder of a project, an app or a var means nothing about /app or /var.
func (t *Tree) Rooted() bool { return t.Live() || t.composed() != nil || t.there("/etc") }

// Whole reports whether the tree is a whole root file system; see Exists.
func (t *Tree) Whole() bool { return t.Live() || t.whole() }

// isWhole is whole without its cache.
func (t *Tree) isWhole() bool {
	return t.composed() == nil && t.there("/etc/passwd") && slices.ContainsFunc(wholeSigns, t.there)
}

// wholeSigns are what a root file system with an etc/passwd has and a copy of
// some of its files lacks: programs (Filesystem Hierarchy Standard 3.0), or the
// database of dpkg, apk or rpm.
var wholeSigns = []string{"/usr/bin", "/var/lib/dpkg/status", "/lib/apk/db/installed", "/usr/lib/apk/db/installed", "/var/lib/rpm", "/usr/lib/sysimage/rpm"}

// hasEtc reports whether the tree has all of the /etc of a machine: what the package
// manager or the loader of programs writes there, and no project brings.
func (t *Tree) hasEtc() bool {
	return t.there("/etc/passwd") && slices.ContainsFunc([]string{"/etc/ld.so.cache", "/etc/debian_version", "/etc/redhat-release", "/etc/alpine-release"}, t.there)
}

func (t *Tree) there(name string) bool {
	_, err := t.walk(name, true)
	return err == nil
}

// filled reports whether the nearest directory above real, which does not exist, is
// one that the tree fills itself.
func (t *Tree) filled(real string) bool {
	dir := t.nearest(real)
	if dir == "/" || ofPackages(dir) || !t.Rooted() {
		return false
	}
	list, err := t.listReal(dir)
	return err == nil && slices.ContainsFunc(list, func(e Entry) bool { return e.Type != Dir })
}

// nearest returns the deepest directory above real that exists.
func (t *Tree) nearest(real string) (dir string) {
	dir = "/"
	for i := 1; i < len(real); i++ {
		if real[i] != '/' {
			continue
		}
		base := strings.TrimPrefix(real[len(dir):i], "/")
		if kind, err := t.kind(dir, base); err != nil || kind != Dir {
			return dir
		}
		dir = real[:i]
	}
	return dir
}

// ofPackages reports whether the packages of a distribution or the layers of a base
// image put files or directories into dir, so that a copy of some files lacks others
// (Filesystem Hierarchy Standard 3.0; usr/local and opt/homebrew as the official
// images and Homebrew use them).
func ofPackages(dir string) bool {
	if dir == "/var" || dir == "/var/log" || dir == "/var/www" {
		return true
	}
	for _, top := range packageDirs {
		if rest, ok := strings.CutPrefix(dir, top); ok && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}

var packageDirs = []string{
	"/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/opt/homebrew", "/proc", "/run", "/sbin", "/sys", "/tmp",
	"/usr/bin", "/usr/include", "/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/local", "/usr/sbin", "/usr/share",
	"/var/cache", "/var/lib", "/var/run", "/var/spool", "/var/tmp",
}
