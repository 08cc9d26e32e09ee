package stack

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
)

// wordpress finds out whether a site is WordPress: its files are there, or a
// location or rewrite names one of them.
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
		if !s.block.IsZero() && s.block.Name() == "location" && namesWordPress(s.block) || r.linker.hasWordPress(s.root) {
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

// hasWordPress reports whether the files of WordPress are known to be in the
// directory that a root directive names.
func (l *linker) hasWordPress(root nginx.Directive) bool {
	name := root.Arg(0).String()
	if root.IsZero() || l.Facts == nil || !strings.HasPrefix(name, "/") || nginx.HasVariable(name) {
		return false
	}
	has, met := l.wordpress[name]
	if !met {
		if there, _ := l.Facts.Files.Exists(name); !there {
			return false
		}
		for _, file := range []string{"wp-config.php", "wp-includes"} {
			exists, known := l.Facts.Files.Exists(path.Join(name, file))
			has = has || exists && known
		}
		l.wordpress[name] = has
	}
	return has
}
