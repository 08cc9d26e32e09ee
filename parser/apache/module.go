package apache

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/servers/httpd"
)

// sourceOf returns the other name of a module: mod_proxy.c for proxy_module. Nearly all that
// the table of modules does not have are like that.
func sourceOf(module string) string {
	if m := httpd.ModuleNamed(module); m != nil {
		return m.Source
	}
	return "mod_" + strings.TrimSuffix(module, "_module") + ".c"
}

// loaded records a module under both names; doubt is why it may not be.
func (r *reader) loaded(module, doubt string) {
	for _, name := range [...]string{module, sourceOf(module)} {
		if t, ok := r.modules[name]; !ok || t.why != "" {
			r.modules[name] = truth{true, doubt}
		}
	}
}

// module reports whether a module is loaded above.
func (r *reader) module(name string) truth {
	if t, ok := r.modules[name]; ok {
		return t
	}
	switch m := httpd.ModuleNamed(name); {
	case m != nil && m.Always || r.w != nil && r.w.Builtin(name):
		return truth{holds: true}
	case r.lacks != "":
		return truth{false, r.lacks}
	}
	return truth{}
}

// loadModule is LoadModule.
func (r *reader) loadModule(d *Directive) {
	if !r.takes(d, 2, 2, "takes two arguments, a module name and the name of a shared object file to load it from") {
		return
	}
	r.loaded(d.Arg(0), d.Maybe)
	r.c.Modules = append(r.c.Modules, Module{d.Arg(0), r.relative(d.Arg(1)), d})
}

// relative returns a path that is relative to ServerRoot (httpd server/config.c,
// ap_server_root_relative).
func (r *reader) relative(name string) string {
	if strings.HasPrefix(name, "/") {
		return path.Clean(name)
	}
	return path.Join(r.root, name)
}

// serverRoot is ServerRoot.
func (r *reader) serverRoot(d *Directive) {
	if !r.takes(d, 1, 1, "takes one argument, Common directory of server-related files (logs, confs, etc.)") {
		return
	}
	root := d.Arg(0)
	if windows(root) {
		r.root = root
		return
	}
	if !strings.HasPrefix(root, "/") || d.Args[0].Unset != "" {
		r.root = "" // relative to the directory that Apache is started in
		return
	}
	r.root = path.Clean(root)
	if d.Args[0].Unset == "" && r.w != nil {
		switch r.w.Stat(r.root) {
		case Missing, Regular, Other:
			r.refuseIn(d, d.Args[0].At, "ServerRoot must be a valid directory")
		}
	}
}

// windows reports whether a path is one of Windows.
func windows(name string) bool {
	return len(name) > 1 && name[1] == ':' && 'a' <= lower(name[0]) && lower(name[0]) <= 'z'
}
