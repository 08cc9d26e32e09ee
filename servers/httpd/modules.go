package httpd

import (
	_ "embed"
	"iter"
	"slices"
	"strings"
	"sync"
)

//go:embed modules.txt
var moduleText string

var allModules = sync.OnceValue(func() (all []Module) {
	for line := range strings.Lines(moduleText) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] != "#" {
			all = append(all, moduleRow(fields))
		}
	}
	return all
})

// moduleName returns the name of a module that the tables shorten.
func moduleName(short string) string {
	if strings.HasPrefix(short, "mod_") {
		return short
	}
	return short + "_module"
}

// moduleRow reads the fields of a line of the table.
func moduleRow(fields []string) Module {
	short := fields[0]
	file := "mod_" + strings.TrimPrefix(short, "mod_")
	m := Module{Name: moduleName(short), Source: file + ".c", Object: file + ".so", Own: true}
	for _, mark := range fields[1:] {
		key, value, _ := strings.Cut(mark, "=")
		switch key {
		case "source":
			m.Source = value
		case "object":
			m.Object = value
		case "needs":
			for need := range strings.SplitSeq(value, ",") {
				m.Needs = append(m.Needs, moduleName(need))
			}
		case "mpm":
			m.MPM = true
		case "always":
			m.Built, m.Always, m.Object = true, true, ""
		case "debian":
			m.Built = true
		case "whole":
			m.Own, m.Whole = false, true
		case "other":
			m.Own = false
		default:
			m.brings = append(m.brings, strings.ToLower(mark))
		}
	}
	return m
}

// Modules returns all modules.
func Modules() iter.Seq[*Module] {
	return func(yield func(*Module) bool) {
		all := allModules()
		for i := range all {
			if !yield(&all[i]) {
				return
			}
		}
	}
}

// ModuleNamed returns the module of a name such as proxy_fcgi_module, or of a source such as
// mod_proxy_fcgi.c, the two names that IfModule takes; nil for an unknown one. Case matters
// (httpd server/core.c, find_module).
func ModuleNamed(name string) *Module {
	for m := range Modules() {
		if m.Name == name || m.Source == name {
			return m
		}
	}
	return nil
}

// Short returns the name of a module without _module, by which a2enmod knows it.
func Short(module string) string { return strings.TrimSuffix(module, "_module") }

// Bringing returns the third-party modules that have a directive, in any case, which is not
// in the table of directives.
func Bringing(directive string) (modules []*Module) {
	directive = strings.ToLower(directive)
	for m := range Modules() {
		if slices.ContainsFunc(m.brings, func(pattern string) bool { return matches(directive, pattern) }) {
			modules = append(modules, m)
		}
	}
	return modules
}

func matches(name, pattern string) bool {
	if start, open := strings.CutSuffix(pattern, "*"); open {
		return strings.HasPrefix(name, start)
	}
	return name == pattern
}
