package nginxt

import (
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
)

// argumentCheck judges the arguments of a directive, which row allows.
type argumentCheck func(x *inspector, d nginx.Directive, row *servers.NginxDirective, v visit)

// argumentCheckOf returns what judges the arguments of a directive that have a syntax of their
// own; nil for others.
func argumentCheckOf(name string) argumentCheck {
	switch name {
	case "listen":
		return (*inspector).listen
	case "keepalive":
		return anywhere((*inspector).keepalive)
	case "return":
		return within(servers.NginxLocation, (*inspector).returned)
	case "server_name":
		return (*inspector).serverNames
	case "proxy_pass":
		return (*inspector).proxyPass
	case "grpc_pass", "memcached_pass":
		return anywhere((*inspector).passTo)
	case "log_format":
		return (*inspector).logFormat
	case "access_log":
		return anywhere((*inspector).accessLog)
	case "rewrite":
		return (*inspector).rewritten
	case "fastcgi_split_path_info":
		return anywhere((*inspector).splitPathInfo)
	case "resolver":
		return anywhere((*inspector).resolver)
	case "load_module":
		return anywhere((*inspector).loadModule)
	case "root", "alias":
		return anywhere((*inspector).rooted)
	case "expires":
		return anywhere((*inspector).expires)
	case "try_files":
		return anywhere((*inspector).fallback)
	case "error_page":
		return anywhere((*inspector).errorPage)
	case "error_log":
		return anywhere((*inspector).errorLog)
	case "pid":
		return anywhere((*inspector).writesFile)
	case "set", "auth_request_set", "perl_set":
		return anywhere((*inspector).named)
	case "set_real_ip_from":
		return anywhere((*inspector).realIP)
	case "allow", "deny":
		return anywhere((*inspector).client)
	}
	return rareCheckOf(name)
}

// rareCheckOf is argumentCheckOf for directives that few sites have.
func rareCheckOf(name string) argumentCheck {
	switch name {
	case "index":
		return anywhere((*inspector).indexes)
	case "worker_priority":
		return anywhere((*inspector).priority)
	case "worker_cpu_affinity":
		return anywhere((*inspector).affinity)
	case "auth_http":
		return anywhere((*inspector).authHTTP)
	case "worker_connections":
		return anywhere((*inspector).connections)
	}
	return familyCheckOf(name)
}

// familyCheckOf is argumentCheckOf for directives that several modules have.
func familyCheckOf(name string) argumentCheck {
	switch name {
	case "limit_req", "limit_conn", "limit_req_zone", "limit_conn_zone", "proxy_cache", "fastcgi_cache", "scgi_cache", "uwsgi_cache",
		"zone", "ssl_session_cache", "ssl_ocsp_cache":
		return anywhere((*inspector).zone)
	case "proxy_cache_path", "fastcgi_cache_path", "scgi_cache_path", "uwsgi_cache_path":
		return anywhere((*inspector).cachePath)
	case "proxy_bind", "fastcgi_bind", "uwsgi_bind", "scgi_bind", "grpc_bind", "memcached_bind", "tunnel_bind":
		return anywhere((*inspector).ownAddress)
	case "proxy_cache_valid", "fastcgi_cache_valid", "scgi_cache_valid", "uwsgi_cache_valid":
		return anywhere((*inspector).cacheValid)
	case "proxy_redirect":
		return (*inspector).redirected
	case "proxy_cookie_domain", "proxy_cookie_path", "proxy_cookie_flags":
		return anywhere((*inspector).changedBy)
	case "valid_referers":
		return anywhere((*inspector).referers)
	case "gzip_disable":
		return anywhere((*inspector).agents)
	case "client_body_temp_path", "proxy_temp_path", "fastcgi_temp_path", "scgi_temp_path", "uwsgi_temp_path":
		return anywhere((*inspector).tempPath)
	}
	return hashCheckOf(name)
}

// hashCheckOf is argumentCheckOf for directives that are about nginx's hash tables.
func hashCheckOf(name string) argumentCheck {
	switch name {
	case "map_hash_max_size", "map_hash_bucket_size", "variables_hash_max_size", "variables_hash_bucket_size", "types_hash_max_size", "types_hash_bucket_size",
		"server_names_hash_max_size", "server_names_hash_bucket_size", "referer_hash_max_size", "referer_hash_bucket_size",
		"proxy_headers_hash_max_size", "proxy_headers_hash_bucket_size":
		return (*inspector).hashSize
	case "proxy_set_header", "proxy_hide_header":
		return anywhere((*inspector).headerName)
	}
	return nil
}

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
		x.keepsName("server_names_hash", d, w, w.String())
	}
}

// rewritten judges the regular expression of a rewrite, and that it has a replacement.
func (x *inspector) rewritten(d nginx.Directive, _ *servers.NginxDirective, _ visit) {
	if d.Arg(1).String() == "" {
		x.refuse(d, d.Arg(1).Span(), "rewrite needs a replacement that is not empty", "empty replacement")
	}
	x.expression(d, d.Arg(0), d.Arg(0).String())
}

// zone records the shared memory zones that a directive defines or uses.
func (x *inspector) zone(d nginx.Directive) { x.zones.add(x, d) }

// cachePath judges a *_cache_path.
func (x *inspector) cachePath(d nginx.Directive) {
	x.writesDir(d)
	x.zone(d)
	x.zones.makes(x, d, true)
}

// tempPath judges a *_temp_path.
func (x *inspector) tempPath(d nginx.Directive) {
	x.pathLevels(d)
	x.writesDir(d)
	x.zones.makes(x, d, false)
}
