package stack

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
)

// wordpress decides whether a site is WordPress: its files exist, or a location or
// rewrite names one of them.
func (r *reader) wordpress(site *Site, blocks []*scope) {
	root := nginx.Directive{}
	for outer := blocks[0]; outer != nil && root.IsZero(); outer = outer.parent {
		root = outer.root
	}
	if r.linker.hasWordPress(root) {
		site.WordPress = true
		return
	}
	for _, s := range blocks {
		if isLocation(s) && namesWordPress(s.block) || s.root != root && r.linker.hasWordPress(s.root) {
			site.WordPress = true
			return
		}
		for _, it := range s.items {
			if it.keyword == kwRewrite && namesWordPress(it.d) {
				site.WordPress = true
				return
			}
		}
	}
}

// hasWordPress reports whether the directory of a root directive is known to contain
// the files of WordPress.
func (l *linker) hasWordPress(root nginx.Directive) bool {
	name := root.Arg(0).String()
	if root.IsZero() || l.Facts == nil || !strings.HasPrefix(name, "/") || nginx.HasVariable(name) {
		return false
	}
	if exists, _ := l.Facts.Files.Exists(name); !exists {
		return false
	}
	for _, file := range []string{"wp-config.php", "wp-includes"} {
		if exists, known := l.Facts.Files.Exists(path.Join(name, file)); exists && known {
			return true
		}
	}
	return false
}
