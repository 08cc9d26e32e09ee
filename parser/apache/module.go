package apache

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
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
	r.loaded(d.Arg(0), d.Maybe())
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
		if r.root = root; !slices.ContainsFunc(r.c.Unread, func(what source.NotChecked) bool { return what.Why == OnWindows }) {
			r.c.Unread = append(r.c.Unread, source.NotChecked{At: d.Args[0].At, Why: OnWindows})
		}
		return
	}
	if !strings.HasPrefix(root, "/") || d.Args[0].Unset() != "" {
		r.root = "" // relative to the directory that Apache is started in
		return
	}
	r.root = path.Clean(root)
	if d.Args[0].Unset() == "" && r.w != nil {
		switch r.w.Stat(r.root) {
		case Missing, Regular, Other:
			r.refuseIn(d, d.Args[0].At, "ServerRoot must be a valid directory")
		}
	}
}

// OnWindows is why little is known of an Apache whose ServerRoot is a path on Windows: it has no
// accounts and no sockets there, and other modules.
const OnWindows = "ServerRoot is a path on Windows, and what Apache does there is not followed"

// windows reports whether a path is one of Windows.
func windows(name string) bool {
	return len(name) > 1 && name[1] == ':' && 'a' <= lower(name[0]) && lower(name[0]) <= 'z'
}

// fromWindows returns where the files have a path below a ServerRoot on Windows, which may be in a
// repository: ServerRoot is the directory that the place of the main file tells. "" if nothing has that path.
func (r *reader) fromWindows(name string) string {
	slashes := func(text string) string { return strings.ReplaceAll(text, `\`, "/") }
	name = slashes(name)
	if windows(name) || strings.HasPrefix(name, "//") {
		root := strings.TrimSuffix(slashes(r.root), "/") + "/"
		if !windows(root) || len(name) < len(root) || !strings.EqualFold(name[:len(root)], root) {
			return ""
		}
		name = name[len(root):]
	}
	full := path.Join(r.w.ServerRoot(), name)
	fixed := full
	if n := strings.IndexAny(full, "*?["); n >= 0 {
		fixed = path.Dir(full[:n+1])
	}
	if t := r.w.Stat(fixed); t != Regular && t != Directory {
		return ""
	}
	return full
}
