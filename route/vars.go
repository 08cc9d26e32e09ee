package route

import (
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
)

// value is the value of a text with variables; why is set if it is unknown.
type value struct{ text, why string }

// maxValue limits the length of a text with variables.
const maxValue = 16 << 10

// eval returns a text with its variables replaced. quote is whether captures are escaped.
func (w *walk) eval(text string, quote bool) value {
	if !nginx.HasVariable(text) {
		return value{text: text}
	}
	var out strings.Builder
	for part := range nginx.Variables(text) {
		v := value{text: part.Text}
		if part.Variable != "" {
			v = w.variable(part.Variable, quote)
		}
		if v.why != "" {
			return v
		}
		if out.WriteString(v.text); out.Len() > maxValue {
			return value{why: "a value is too long"}
		}
	}
	return value{text: out.String()}
}

func (w *walk) set(name string, v value) {
	if w.vars == nil {
		w.vars = map[string]value{}
	}
	w.vars[strings.ToLower(name)] = v
	delete(w.seen, strings.ToLower(name))
}

// variable returns the value of a variable. The index module takes the value that was
// computed before, if there is one (nginx ngx_http_index_module.c: flushed is set).
func (w *walk) variable(name string, quote bool) value {
	if c := name[0]; c >= '0' && c <= '9' {
		return w.capture(int(c-'0'), quote)
	}
	name = strings.ToLower(name)
	if v, ok := w.seen[name]; ok && w.stale {
		return v
	}
	v := w.current(name)
	if w.seen == nil {
		w.seen = map[string]value{}
	}
	w.seen[name] = v
	return v
}

// current computes the value of a variable.
func (w *walk) current(name string) value {
	if v, ok := w.vars[name]; ok {
		return v
	}
	if v, ok := w.builtin(name); ok {
		return v
	}
	if w.c.assigned()[name] {
		return value{} // set elsewhere: empty until then
	}
	return value{why: "the value of $" + name + " is not in the files"}
}

func (w *walk) capture(n int, quote bool) value {
	if w.groups.why != "" {
		return value{why: w.groups.why}
	}
	if n >= len(w.groups.groups) {
		return value{}
	}
	text := w.groups.groups[n]
	if quote && w.escaped {
		text = escape(text, true)
	}
	return value{text: text}
}

// assigned returns the variables that set or an expression assigns, and nothing else does.
func (c *Config) assigned() map[string]bool {
	c.assignedOnce.Do(func() {
		c.assignedNames = map[string]bool{}
		for _, f := range c.parsed.Files {
			for d := range f.All() {
				if d.Name() == "set" && !d.Data() {
					c.assignedNames[strings.ToLower(strings.TrimPrefix(d.Arg(0).String(), "$"))] = true
				}
			}
		}
		for _, f := range c.parsed.Files {
			for d := range f.All() {
				switch d.Name() {
				case "map", "geo", "split_clients", "auth_request_set", "perl_set", "js_set", "js_var", "set_by_lua_block", "set_by_lua", "set_by_lua_file", "geoip2", "set_random":
					for _, a := range d.Args() {
						delete(c.assignedNames, strings.ToLower(strings.TrimPrefix(a.String(), "$")))
					}
				}
			}
		}
	})
	return c.assignedNames
}

// builtin returns a variable about the processing of the request; ok is false for one
// that is not determined by what is known.
func (w *walk) builtin(name string) (v value, ok bool) {
	switch name {
	case "uri", "document_uri":
		return value{text: w.uri}, true
	case "request_uri":
		return value{text: w.req.URI}, true
	case "args", "query_string":
		return w.args, true
	case "is_args":
		if w.args.why == "" && w.args.text != "" {
			return value{text: "?"}, true
		}
		return value{why: w.args.why}, true
	case "host":
		if w.host == "" {
			return w.serverName(), true
		}
		return value{text: w.host}, true
	case "server_name":
		return w.serverName(), true
	case "document_root":
		return w.root(), true
	case "request_filename":
		return w.path(w.uri), true
	}
	return w.ofConnection(name)
}

// ofConnection returns a variable about the connection or the request line.
func (w *walk) ofConnection(name string) (v value, ok bool) {
	switch tls, e := w.req.TLS, w.req.Endpoint; name {
	case "http_host":
		return value{text: w.req.Host}, true
	case "request_method":
		return value{text: w.method}, true
	case "scheme":
		if tls {
			return value{text: "https"}, true
		}
		return value{text: "http"}, true
	case "https":
		if tls {
			return value{text: "on"}, true
		}
		return value{}, true
	case "server_port":
		if e.Network == netaddr.TCP {
			return value{text: strconv.Itoa(int(e.Port))}, true
		}
		return value{}, true
	case "remote_addr":
		return value{text: w.req.Client.String()}, w.req.Client.IsValid()
	}
	return w.ofRequest(name)
}

// ofRequest returns a variable that is named after a part of the request.
func (w *walk) ofRequest(name string) (v value, ok bool) {
	if arg, is := strings.CutPrefix(name, "arg_"); is {
		if w.args.why != "" {
			return w.args, true
		}
		return value{text: argument(w.args.text, arg)}, true
	}
	if w.req.Bare && (strings.HasPrefix(name, "http_") && name != "http_connection" || strings.HasPrefix(name, "cookie_")) {
		return value{}, true
	}
	return v, false
}

// argument returns an argument of a query, whose name is compared without case (nginx
// ngx_http_parse.c, ngx_http_arg).
func argument(query, name string) string {
	for part := range strings.SplitSeq(query, "&") {
		if key, text, ok := strings.Cut(part, "="); ok && strings.EqualFold(key, name) {
			return text
		}
	}
	return ""
}

// serverName is $server_name: the first name of the server, with the ~ of an expression
// (nginx ngx_http_core_module.c, ngx_http_core_merge_srv_conf).
func (w *walk) serverName() value {
	own := w.server.of("server_name")
	if len(own) == 0 {
		return value{}
	}
	name := own[0].Arg(0).String()
	if strings.HasPrefix(name, "~") {
		return value{text: name}
	}
	if strings.Contains(name, "$") {
		return value{why: "the name of the machine is not known"}
	}
	return value{text: strings.ToLower(strings.TrimPrefix(name, "."))}
}

// root returns the value of root or alias that takes effect.
func (w *walk) root() value {
	root, _, _ := w.rootOf()
	return root
}

// rootOf returns the root of the block. If it is an alias, cut is how many bytes of the URI
// it replaces: those of the name of its location, or -1 for all in an expression.
func (w *walk) rootOf() (root value, alias bool, cut int) {
	for b := w.loc; b != nil; b = b.parent {
		for _, name := range [...]string{"alias", "root"} {
			if own := b.of(name); len(own) > 0 {
				v := w.eval(own[len(own)-1].Arg(0).String(), false)
				if v.why == "" && !strings.HasPrefix(v.text, "/") {
					v = value{why: "the root is relative to the directory of nginx"}
				}
				if cut = len(b.name); b.modifier == "~" || b.modifier == "~*" || b.modifier == "@" {
					cut = -1
				}
				return v, name == "alias", cut
			}
		}
	}
	return value{why: "no root is set"}, false, 0
}

// path returns the file of a URI (nginx ngx_http_core_module.c, ngx_http_map_uri_to_path).
func (w *walk) path(uri string) value {
	root, alias, cut := w.rootOf()
	switch {
	case root.why != "":
		return root
	case !alias:
		return value{text: strings.TrimSuffix(root.text, "/") + uri}
	case !w.ownLocation:
		return value{} // nginx finds no file for it
	case cut < 0:
		return root
	}
	return value{text: root.text + uri[min(len(uri), cut):]}
}
