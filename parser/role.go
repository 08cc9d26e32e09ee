package parser

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// roleOf detects the role of f from its content: the main file of nginx or of
// PHP-FPM, a fragment, a pool file, a php.ini, or "" for any other file.
func (r *reader) roleOf(f *source.File) string {
	if looksLikeIni(f.Text) {
		return roleOfIni(r.parseFPM(f).File)
	}
	return roleOfNginx(r.parseNginx(f))
}

func roleOfNginx(f *nginx.File) string {
	role := ""
	for d := range f.Directives() {
		switch name := d.Name(); name {
		case "events", "http":
			if d.HasBlock() {
				return RoleNginx
			}
		case "server", "location", "upstream", "map":
			if d.HasBlock() {
				role = RoleFragment
			}
		case "fastcgi_pass", "proxy_pass", "uwsgi_pass", "scgi_pass":
			role = RoleFragment
		}
	}
	return role
}

// roleOfIni detects a main file of PHP-FPM by its include or, without pools, by its
// [global]. For a file with both [global] and pools, its name decides.
func roleOfIni(f *ini.File) string {
	global, pools, section := false, false, "global"
	for line := range f.Lines() {
		key := strings.ToLower(line.Key())
		switch {
		case line.Kind() == ini.Section:
			section = key
			global = global || key == "global"
		case key == "include" && strings.Contains(line.Value().Text, ".conf"):
			return RoleFPM
		case section != "global":
			// uwsgi.ini and others have a listen as well.
			pools = pools || poolKey(key) && !(key == "listen" && strings.HasSuffix(f.Source.Name, ".ini"))
		}
	}
	switch {
	case global && (!pools || strings.Contains(path.Base(f.Source.Name), "php-fpm")):
		return RoleFPM
	case pools:
		return RolePool
	case strings.HasSuffix(f.Source.Name, ".ini"):
		return RolePHPIni
	}
	return ""
}

// poolKey reports whether a key is specific to a pool and not used by other programs
// with this file format.
func poolKey(key string) bool {
	switch key {
	case "listen", "pm", "request_terminate_timeout", "catch_workers_output", "php_value", "php_flag":
		return true
	}
	return strings.HasPrefix(key, "pm.") || strings.HasPrefix(key, "listen.") || strings.HasPrefix(key, "php_admin_")
}

// looksLikeIni reports whether the first line that is not blank or a comment is a
// [section] or a key = value.
func looksLikeIni(text string) bool {
	text = strings.TrimPrefix(text, "\ufeff")
	for len(text) > 0 {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		line = strings.TrimSpace(line)
		switch {
		case line == "", line[0] == '#':
			continue
		case line[0] == ';':
			return true
		case line[0] == '[':
			return true
		}
		key, _, ok := strings.Cut(line, "=")
		return ok && !strings.ContainsAny(strings.TrimSpace(key), " \t{};$\"'")
	}
	return false
}
