package parser

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
)

// layoutOf returns the layout in which name is the main file of a master or one of its
// pool files, or nil; the PHP version in the name, or ""; and the directory that
// serves as "/" of the layout, "" for the root of the tree. Among several layouts it
// chooses the one with the longest path: /usr/local/etc/php-fpm.conf also ends in
// /etc/php-fpm.conf.
func layoutOf(name string) (l *servers.Layout, version, root string) {
	longest := 0
	for i := range servers.Layouts {
		for _, pattern := range []string{servers.Layouts[i].FPMConf, servers.Layouts[i].Pools} {
			depth := strings.Count(pattern, "/")
			if depth <= longest {
				continue
			}
			if above, below := splitTail(name, depth); below != "" && matches(pattern, below) {
				l, version, root, longest = &servers.Layouts[i], versionIn(pattern, below), above, depth
			}
		}
	}
	return l, version, root
}

func matches(pattern, name string) bool {
	ok, err := path.Match(servers.Glob(pattern), name)
	return ok && err == nil
}

// splitTail splits an absolute name before its last n components; below is "" if it has fewer.
func splitTail(name string, n int) (above, below string) {
	at := len(name)
	for ; n > 0 && at >= 0; n-- {
		at = strings.LastIndexByte(name[:at], '/')
	}
	if at < 0 {
		return name, ""
	}
	return name[:at], name[at:]
}

// versionIn returns the PHP version in name at the {V} or {VV} of pattern.
func versionIn(pattern, name string) string {
	before, after, ok := strings.Cut(pattern, "{V")
	if !ok {
		return ""
	}
	version := name[len(before):]
	if after[0] == '}' {
		return version[:len("8.3")]
	}
	return version[:1] + "." + version[1:2]
}
