package nginxt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// LoadedModule is a dynamic module that nginx opens at startup.
type LoadedModule struct {
	At   source.Span // the argument of load_module
	Path string      // as written; a relative path starts at nginx's prefix
}

// loadModule judges a load_module (nginx nginx.c, ngx_load_module; ngx_module.c, ngx_add_module).
func (x *inspector) loadModule(d nginx.Directive) {
	w := d.Arg(0)
	file := w.String()
	x.others = x.others || !servers.NginxKnowsModule(file)
	if !x.main || source.TemplateMark(file) != "" || nginx.HasVariable(file) || source.Stub(file) {
		return
	}
	name := servers.NginxModuleName(file)
	first, twice := x.loaded[name]
	switch {
	case x.used == x.block:
		x.refuse(d, d.Span(), "load_module comes too late: it belongs before events, http, stream and mail", `"load_module" directive is specified too late`)
	case twice && strings.HasSuffix(file, ".so"):
		x.add(Refusal{At: d.Span(), Fault: RefusedArgument, Name: d.Name(), First: first.Span(),
			Message: fmt.Sprintf("the module %s is loaded twice", source.Excerpt(name)), Says: fmt.Sprintf("module \"%s\" is already loaded", name)})
	default:
		if x.loaded == nil {
			x.loaded = map[string]nginx.Directive{}
		}
		x.loaded[name] = d
		x.Loaded = append(x.Loaded, LoadedModule{w.Span(), file})
	}
}
