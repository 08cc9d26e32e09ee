package nginxt

import (
	"sync"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
)

// argumentCheck judges the arguments of a directive, which row allows.
type argumentCheck func(x *inspector, d nginx.Directive, row *servers.NginxDirective, v visit)

// argumentChecks judge arguments with a syntax of their own, by the name of the directive.
var argumentChecks = sync.OnceValue(func() map[string]argumentCheck {
	checks := map[string]argumentCheck{
		"server":                  within(servers.NginxUpstream, (*inspector).parameters),
		"listen":                  within(servers.NginxServer, (*inspector).listen),
		"return":                  within(servers.NginxLocation, (*inspector).returned),
		"server_name":             (*inspector).serverNames,
		"proxy_pass":              (*inspector).proxyPass,
		"rewrite":                 (*inspector).rewritten,
		"fastcgi_split_path_info": anywhere((*inspector).splitPathInfo),
		"keepalive_timeout":       anywhere((*inspector).keepaliveHeader),
		"resolver":                anywhere((*inspector).resolver),
		"expires":                 anywhere((*inspector).expires),
		"try_files":               anywhere((*inspector).fallback),
		"error_page":              anywhere((*inspector).errorPage),
		"error_log":               anywhere((*inspector).errorLog),
		"pid":                     anywhere((*inspector).writesFile),
		"access_log":              (*inspector).accessLog,
		"log_format":              (*inspector).zone,
		"limit_req":               (*inspector).zone,
		"limit_conn":              (*inspector).zone,
		"limit_req_zone":          (*inspector).zone,
		"limit_conn_zone":         (*inspector).zone,
	}
	all := func(check argumentCheck, names ...string) {
		for _, name := range names {
			checks[name] = check
		}
	}
	all(anywhere((*inspector).named), "set", "auth_request_set", "perl_set")
	all(anywhere((*inspector).client), "allow", "deny")
	all(anywhere((*inspector).cacheValid), "proxy_cache_valid", "fastcgi_cache_valid", "scgi_cache_valid", "uwsgi_cache_valid")
	all(anywhere((*inspector).changed), "proxy_redirect", "proxy_cookie_domain", "proxy_cookie_path", "proxy_cookie_flags")
	all(anywhere((*inspector).writesDir), "client_body_temp_path", "proxy_temp_path", "fastcgi_temp_path", "scgi_temp_path", "uwsgi_temp_path")
	all((*inspector).cachePath, "proxy_cache_path", "fastcgi_cache_path", "scgi_cache_path", "uwsgi_cache_path")
	all((*inspector).zone, "proxy_cache", "fastcgi_cache", "scgi_cache", "uwsgi_cache")
	return checks
})

// within limits a check to the rows of the table for one context.
func within(context servers.NginxContext, check func(*inspector, nginx.Directive)) argumentCheck {
	return func(x *inspector, d nginx.Directive, row *servers.NginxDirective, _ visit) {
		if row.Contexts&context != 0 {
			check(x, d)
		}
	}
}

// anywhere applies a check in every context.
func anywhere(check func(*inspector, nginx.Directive)) argumentCheck {
	return func(x *inspector, d nginx.Directive, _ *servers.NginxDirective, _ visit) { check(x, d) }
}

// serverNames judges the names of a server_name.
func (x *inspector) serverNames(d nginx.Directive, _ *servers.NginxDirective, _ visit) {
	for _, w := range d.Args() {
		x.serverName(d, w)
	}
}

// rewritten judges the regular expression of a rewrite.
func (x *inspector) rewritten(d nginx.Directive, _ *servers.NginxDirective, _ visit) {
	x.expression(d, d.Arg(0), d.Arg(0).String())
}

// zone records the shared memory zones that a directive defines or uses.
func (x *inspector) zone(d nginx.Directive, row *servers.NginxDirective, v visit) {
	x.zones.add(x, d, row, v.context)
}

// cachePath judges a *_cache_path.
func (x *inspector) cachePath(d nginx.Directive, row *servers.NginxDirective, v visit) {
	x.writesDir(d)
	x.zone(d, row, v)
}
