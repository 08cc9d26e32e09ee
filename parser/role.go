package parser

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// roleOf tells from the content of f what it is: the main file of nginx or of
// PHP-FPM, a fragment, a pool file, a php.ini, or "" for none of them.
func (r *reader) roleOf(f *source.File) string {
	if looksLikeIni(f.Text) {
		return roleOfIni(ini.Parse(f, ini.LineMode))
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

func roleOfIni(f *ini.File) string {
	role, section := "", "global"
	for _, line := range f.Lines {
		if line.Kind == ini.Section {
			section = strings.ToLower(line.Key)
			if section == "global" {
				return RoleFPM
			}
			continue
		}
		switch key := strings.ToLower(line.Key); {
		case key == "include" && strings.Contains(line.Value.Text, ".conf"):
			return RoleFPM
		case key == "listen" || key == "pm" || strings.HasPrefix(key, "pm.") || strings.HasPrefix(key, "php_admin_") || strings.HasPrefix(key, "php_value") || strings.HasPrefix(key, "php_flag"):
			if section != "global" {
				role = RolePool
			}
		case strings.HasPrefix(key, "listen."), key == "request_terminate_timeout", key == "catch_workers_output":
			if section != "global" {
				role = RolePool
			}
		}
	}
	if role == "" && strings.HasSuffix(f.Source.Name, ".ini") {
		return RolePHPIni
	}
	return role
}

// looksLikeIni reports whether the first line of text that says something is a
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
