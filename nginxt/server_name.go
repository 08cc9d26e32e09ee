package nginxt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// serverName judges a server_name (nginx ngx_http_core_module.c,
// ngx_http_core_server_name).
func (x *inspector) serverName(d nginx.Directive, w nginx.Word) {
	text := w.String()
	expression, is := strings.CutPrefix(text, "~")
	switch {
	case is && expression == "":
		x.refuse(d, w.Span(), "there is no expression behind the ~ of server_name", `empty regex in server name "~"`)
	case is:
		x.expression(d, w, expression)
	case neverName(text):
		x.refuse(d, w.Span(), fmt.Sprintf("%s is no name for a server: a star stands for whole parts, as in *.example.com", text), fmt.Sprintf("server name \"%s\" is invalid", text))
	}
}

// neverName reports whether nginx refuses a server name at any address.
func neverName(name string) bool {
	return name == "." || strings.HasPrefix(name, "*") && (len(name) < 3 || name[1] != '.')
}

// OddName reports whether nginx refuses a server name at an address that several
// servers share. There an asterisk may replace the first or the last label only, and
// no label may be empty (nginx ngx_hash.c, ngx_hash_add_key; measured on nginx
// 1.22).
func OddName(name string) bool {
	if strings.HasPrefix(name, "~") || neverName(name) || source.TemplateMark(name) != "" || nginx.HasVariable(name) {
		return false
	}
	inner := strings.TrimPrefix(name, "*.")
	if inner == name {
		inner = strings.TrimSuffix(name, ".*")
	}
	return strings.Contains(name, "..") || strings.Contains(inner, "*")
}
