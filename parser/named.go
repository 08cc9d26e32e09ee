package parser

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// findFile adds the entry for a file that the user names. What belongs to no server is
// refused, unless something loads it.
func (r *reader) findFile(name string, found *entries) {
	f, err := r.open(name)
	if err != nil {
		r.fail(name, err.Error())
		return
	}
	if found.named == nil {
		found.named = map[*source.File]bool{}
	}
	found.named[f] = true
	role := r.namedRole(f)
	if role == "" || role == source.RolePHPIni {
		r.strangers = append(r.strangers, stranger{name, f, role})
		return
	}
	found.add(f, role)
}

// namedRole is the role of a file that the user names, "" if it belongs to no server.
// The user knows what it is: one that need not be of a server, but may be, is.
func (r *reader) namedRole(f *source.File) source.Role {
	g := r.guess(f)
	if role := placeRole(f.Name); role != "" && !g.proved {
		return role
	}
	switch {
	case g.master:
		return source.RoleFPM
	case g.role != "":
		return g.role
	case r.kindOf(f) != "":
		return ""
	}
	return r.unreadRole(f)
}

// unreadRole is the role of a file without a statement that can be read: one that is named
// like a file of a server and has only comments, or a template, by its lines.
func (r *reader) unreadRole(f *source.File) source.Role {
	if role := unreadApache(f); role != "" {
		return role
	}
	ext := path.Ext(f.Name)
	if ext == ".ini" || !candidate(f.Name) && ext != ".inc" && !ofNginx(f.Name) {
		return ""
	}
	role := source.RoleFragment // if there is no line
	if looksLikeIni(f.Text) && !ofNginx(f.Name) {
		role = source.RolePool // its comments start with ";"
	}
	for line := range strings.Lines(f.Text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' || mark(line) {
			continue
		}
		role = ""
		key, _, _ := strings.Cut(line, " ")
		switch ini := servers.FPMKeyOf(key); {
		case ini != 0 && !ini.Shared() && templated(r.parseFPM(f).Problems):
			return source.RolePool
		case servers.NginxKeyOf(key) != 0 && !servers.NginxShares(key) && strings.HasSuffix(line, ";") && templated(r.parseNginx(f).Problems):
			return source.RoleFragment
		}
	}
	return role
}

// unreadApache is the role of a file that has nothing but directives of Apache, which other
// programs may have as well, or nothing but comments and the name of one of Apache.
func unreadApache(f *source.File) source.Role {
	empty := true
	for line := range strings.Lines(f.Text) {
		word, _ := firstWord(line)
		switch {
		case word == "" || word[0] == '#' || strings.HasPrefix(word, "</"):
		case httpd.Directives(strings.TrimSuffix(word, ">")) == nil || strings.HasSuffix(strings.TrimSpace(line), ";"):
			return ""
		default:
			empty = false
		}
	}
	switch {
	case httpd.MainName(path.Base(f.Name)):
		return source.RoleApache
	case !empty, (candidate(f.Name) || path.Ext(f.Name) == ".load") && ofHttpd(f.Name):
		return source.RoleApacheFragment
	}
	return ""
}

// templated reports whether a template mark keeps a file from being read.
func templated(problems []source.Problem) bool {
	return slices.ContainsFunc(problems, func(p source.Problem) bool { return p.Kind == source.Template })
}

// placeRole returns the role of the file that a layout has at name, "" if there is none.
func placeRole(name string) source.Role {
	switch l, _, _ := layoutOf(name); {
	case mainPlace(name):
		return source.RoleFPM
	case l != nil:
		return source.RolePool
	}
	for i := range servers.Layouts {
		if conf := servers.Layouts[i].NginxConf; conf != "" && strings.HasSuffix(name, conf) {
			return source.RoleNginx
		}
	}
	if l, _ := httpd.LayoutOf(name, ""); l != nil {
		return source.RoleApache
	}
	return ""
}

// stranger is a file that the user names and that cannot be linted on its own.
type stranger struct {
	name string
	file *source.File
	role source.Role // source.RolePHPIni, or "" for a file of no server
}

// refuse fails for each stranger that nothing loaded.
func (r *reader) refuse() {
	if r.strangers == nil {
		return
	}
	loaded := map[*source.File]bool{}
	for _, f := range r.configs.Files {
		if f.File != nil {
			loaded[f.File] = true
		}
	}
	for _, s := range r.strangers {
		if loaded[s.file] {
			continue
		}
		switch kind := r.kindOf(s.file); {
		case s.role == source.RolePHPIni:
			r.reject(s.name, "a php.ini is read with the php-fpm.conf or the pool files of its PHP; name those, too")
		case kind != "":
			r.reject(s.name, "not a configuration of nginx, Apache or PHP-FPM but "+kind)
		default:
			r.reject(s.name, "not a configuration of nginx, Apache or PHP-FPM")
		}
	}
}

// reject records that the file name was read and is none to lint.
func (r *reader) reject(name, why string) {
	r.configs.Failed = append(r.configs.Failed, Failure{Path: name, Why: why, Read: true})
}
