package nginxt

import (
	"fmt"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// This file judges what a block as a whole lacks or has in the wrong order.

// inside calls visit with the directives of a block in the order in which nginx reads them,
// those of its includes among them. all is false if some are not known.
func (x *inspector) inside(block nginx.Directive, visit func(nginx.Directive)) (all bool) {
	seen := 0
	var read func(d nginx.Directive, depth int) bool
	read = func(d nginx.Directive, depth int) (all bool) {
		if seen++; seen > maxAdded {
			return false
		}
		if !d.IsInclude() {
			visit(d)
			return source.TemplateMark(d.Span().Text()) == ""
		}
		if depth == maxIncludes || len(x.filesOf(d)) == 0 && x.config.Open {
			return false
		}
		all = true
		for _, f := range x.filesOf(d) {
			for inner := range f.Directives() {
				all = read(inner, depth+1) && all
			}
			all = all && !f.quiet
		}
		return all
	}
	all = true
	for d := range block.Children() {
		all = read(d, 0) && all
	}
	return all && !x.broken && !x.config.Open
}

// whole judges a block that is complete.
func (x *inspector) whole(d nginx.Directive, inside servers.NginxContext) {
	if !x.main || x.quiet(d.File()) {
		return
	}
	switch inside {
	case servers.NginxUpstream, servers.NginxStreamUpstream:
		x.upstream(d)
	case servers.NginxStreamServer:
		x.streamServer(d)
	case servers.NginxMailServer:
		x.mailServer(d)
	}
}

// upstream judges an upstream (nginx ngx_http_upstream.c, ngx_http_upstream and
// ngx_http_upstream_server, and the same of stream).
func (x *inspector) upstream(block nginx.Directive) {
	x.pools.name(x, block)
	var method nginx.Directive
	count := 0
	all := x.inside(block, func(d nginx.Directive) {
		switch d.Name() {
		case "ip_hash", "hash", "random":
			method = d
		case "least_conn", "least_time":
			method = nginx.Directive{}
		case "server":
			count++
			if !method.IsZero() {
				x.backup(d, method)
			}
			if x.tier == inStream {
				x.portOf(d)
			}
		default:
			if d.Key() == 0 {
				method = nginx.Directive{} // of a third-party module
			}
		}
	})
	if all && count == 0 && x.tier == inStream {
		x.refuse(block, block.Span(), fmt.Sprintf("the upstream %s has no server", source.Excerpt(block.Arg(0).String())), "no servers are inside upstream")
	}
}

// backup finds a server that is a backup after a balancing method that has none.
func (x *inspector) backup(server, method nginx.Directive) {
	for i, w := range server.Args() {
		if i > 0 && w.String() == "backup" {
			x.refuse(server, w.Span(), fmt.Sprintf("a server cannot be a backup after %s", method.Name()), `balancing method does not support parameter "backup"`)
		}
	}
}

// noHandler is the first version whose stream servers need nothing that answers (nginx
// CHANGES).
const noHandler = "1.27.1"

// streamServer judges a server of stream (nginx ngx_stream_core_module.c,
// ngx_stream_core_server and ngx_stream_core_merge_srv_conf).
func (x *inspector) streamServer(block nginx.Directive) {
	listens, handled := false, false
	all := x.inside(block, func(d nginx.Directive) {
		switch d.Name() {
		case "listen":
			listens = true
		case "proxy_pass", "return", "pass":
			handled = true
		default:
			handled = handled || d.Key() == 0
		}
	})
	switch {
	case !all:
	case !listens:
		x.noListen(block, "stream")
	case !handled && servers.Older(x.version, noHandler):
		x.refuse(block, block.Span(), "this server of stream does nothing with a connection: it has no proxy_pass", "no handler for server in")
	}
}

// noListen reports a server of stream or mail without an address, for which there is no
// default.
func (x *inspector) noListen(block nginx.Directive, part string) {
	x.refuse(block, block.Span(), fmt.Sprintf("this server of %s has no listen", part), `no "listen" is defined for server in`)
}

// mailServer judges a server of mail (nginx ngx_mail_core_module.c, ngx_mail_core_server and
// ngx_mail_core_merge_srv_conf; ngx_mail_auth_http_module.c).
func (x *inspector) mailServer(block nginx.Directive) {
	listens, protocol, auth := false, false, false
	all := x.inside(block, func(d nginx.Directive) {
		switch d.Name() {
		case "listen":
			listens = true
			port := netaddr.ParseListen(d.Arg(0).String()).Port
			protocol = protocol || mailPort(port) || !x.stays(d.Arg(0).String())
		case "protocol":
			protocol = true
		case "auth_http":
			auth = true
		}
	})
	if block.Parent().IsZero() {
		return // of a file that mail {} includes
	}
	all = x.inside(block.Parent(), func(d nginx.Directive) { auth = auth || d.Name() == "auth_http" }) && all
	switch {
	case !all:
	case !listens:
		x.noListen(block, "mail")
	case !protocol:
		x.refuse(block, block.Span(), "this server of mail has no protocol, and its port does not tell one", "unknown mail protocol for server in")
	case !auth:
		x.refuse(block, block.Span(), "this server of mail has no auth_http, nor has mail {}", `no "auth_http" is defined for server in`)
	}
}

// mailPort reports whether a port tells the protocol of a server of mail.
func mailPort(port uint16) bool {
	switch port {
	case 25, 587, 465, 110, 995, 143, 993:
		return true
	}
	return false
}
