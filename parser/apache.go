package parser

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// apacheFile is what a file of Apache is called.
const apacheFile = "an Apache configuration"

// maxApache limits how much of a file is searched for the directives of Apache, in bytes.
const maxApache = 256 << 10

// ofApache reports whether a line of text is a directive or a section that only Apache has.
func ofApache(text string) bool {
	for line := range strings.Lines(text[:min(len(text), maxApache)]) {
		words := strings.Fields(line)
		if len(words) < 2 || words[0][0] == '#' {
			continue
		}
		if servers.ApacheOnly(words[0]) || words[0] == "LoadModule" && strings.HasSuffix(words[1], "_module") {
			return true
		}
	}
	return false
}

// apaches are the files of Apache that a walk found, by directory.
type apaches map[string][]string

func (a *apaches) add(name string) {
	if *a == nil {
		*a = apaches{}
	}
	dir := path.Dir(name)
	(*a)[dir] = append((*a)[dir], path.Base(name))
}

// listApache records that the files of Apache were not read: each directory once.
func (r *reader) listApache() {
	var dirs []string
	for dir := range r.apaches {
		dirs = append(dirs, dir)
	}
	slices.Sort(dirs)
	for _, dir := range dirs {
		names := r.apaches[dir]
		slices.Sort(names)
		switch names = slices.Compact(names); len(names) {
		case 1:
			r.skip(source.NotChecked{Path: path.Join(dir, names[0]), Why: apacheFile}, source.RoleApache)
		default:
			r.skip(source.NotChecked{Path: dir, Why: "Apache configurations, such as " + names[0]}, source.RoleApache)
		}
	}
}

// findApache adds the main files of Apache at the usual places in dir: a machine may hand
// requests to PHP-FPM through Apache as well.
func (r *reader) findApache(dir string) {
	for _, name := range servers.ApacheMains {
		if within(name, dir) && r.exists(name) {
			r.apaches.add(name)
		}
	}
}
