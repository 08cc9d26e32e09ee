package parser

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// roleOfTemplate detects the role of an nginx configuration of which a template decides the
// blocks, so that it has no directives: it is listed, and said not to be checked.
func (r *reader) roleOfTemplate(f *source.File) source.Role {
	if looksLikeIni(f.Text) || strings.HasPrefix(f.Text, "#!") {
		return ""
	}
	n := r.parseNginx(f)
	template := func(p source.Problem) bool { return p.Kind == source.Template }
	switch {
	case n.Count() > 0 || !slices.ContainsFunc(n.Problems, template) || n.Foreign(false):
		return ""
	case path.Base(f.Name) == "nginx.conf":
		return source.RoleNginx
	}
	return source.RoleFragment
}
