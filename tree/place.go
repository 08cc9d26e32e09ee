package tree

import (
	"path/filepath"
	"strings"
)

// Below returns the name of a file of this machine relative to a directory, with slashes, when it
// is the directory or is in it. It compares names: see Resolved.
func Below(name, dir string) (rest string, ok bool) {
	name, dir = filepath.ToSlash(name), filepath.ToSlash(dir)
	if name == dir {
		return "", true
	}
	return strings.CutPrefix(name, strings.TrimSuffix(dir, "/")+"/")
}

// Resolved returns the name of a file of this machine with its links resolved, as far as it
// exists.
func Resolved(name string) string {
	real, err := filepath.EvalSymlinks(name)
	switch up := filepath.Dir(name); {
	case err == nil:
		return real
	case up != name:
		return filepath.Join(Resolved(up), filepath.Base(name))
	}
	return name
}
