package parser

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
)

// layoutOf returns the layout in which name is the main file of a master or one of its
// pool files, or nil; the number of the PHP version in the name, such as 8.3 or 83, or
// ""; and the directory that serves as "/" of the layout, "" for the root of the tree. Among several layouts it
// chooses the one with the longest path: /usr/local/etc/php-fpm.conf also ends in
// /etc/php-fpm.conf.
func layoutOf(name string) (l *servers.Layout, number, root string) {
	longest := 0
	for i := range servers.Layouts {
		for _, pattern := range []string{servers.Layouts[i].FPMConf, servers.Layouts[i].Pools} {
			depth := strings.Count(pattern, "/")
			if depth <= longest {
				continue
			}
			if above, below := splitTail(name, depth); below != "" && matches(pattern, below) {
				l, root, longest = &servers.Layouts[i], above, depth
				number, _ = servers.Number(pattern, below)
			}
		}
	}
	return l, number, root
}

func matches(pattern, name string) bool {
	if ok, err := path.Match(servers.Glob(pattern), name); !ok || err != nil {
		return false
	}
	_, ok := servers.Number(pattern, name)
	return ok
}

// matchesTail reports whether pattern matches the end of name, which has a directory before
// it that holds a root file system.
func matchesTail(pattern, name string) bool {
	_, below := splitTail(name, strings.Count(pattern, "/"))
	return matches(pattern, below)
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

// versionOf returns the PHP version, such as 8.3, that a number in a path means; ""
// for one that is only a part of it.
func versionOf(number string) string {
	if version := servers.Dotted(number); strings.Count(version, ".") == 1 {
		return version
	}
	return ""
}
