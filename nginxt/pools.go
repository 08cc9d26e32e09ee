package nginxt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// pools are the upstreams of a configuration and the directives that pass to one of them or
// to an address, other than those that package stack follows: grpc_pass and memcached_pass,
// and proxy_pass in stream.
type pools struct {
	names map[pool]bool
	used  []usedPool
}

// pool is the name of an upstream in lower case, since nginx ignores its case (nginx
// ngx_http_upstream.c, ngx_http_upstream_add).
type pool struct {
	tier
	name string
}

type usedPool struct {
	pool // its name is the address as written
	at   nginx.Word
	d    nginx.Directive
}

// name records an upstream.
func (p *pools) name(x *inspector, block nginx.Directive) {
	if p.names == nil {
		p.names = map[pool]bool{}
	}
	p.names[pool{x.tier, strings.ToLower(block.Arg(0).String())}] = true
}

// passTo records a directive that passes to an upstream or to an address.
func (x *inspector) passTo(d nginx.Directive) {
	text, ok := x.literal(d.Arg(0))
	if !ok || nginx.HasVariable(text) || source.Stub(text) || !x.main {
		return
	}
	if d.Name() == "grpc_pass" {
		for _, scheme := range [...]string{"grpc://", "grpcs://"} {
			if len(text) >= len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
				text = text[len(scheme):]
				break
			}
		}
	}
	x.pools.used = append(x.pools.used, usedPool{pool{x.tier, text}, d.Arg(0), d})
}

// judge finds addresses that nginx refuses. A file that was not read may have any upstream.
func (p *pools) judge(x *inspector) {
	if x.broken || x.config.Open {
		return
	}
	for _, u := range p.used {
		host, port, found := strings.Cut(strings.ToLower(u.name), ":")
		switch {
		case p.names[pool{u.tier, strings.ToLower(u.name)}]:
		case found && p.names[pool{u.tier, host}]:
			if _, ok := netaddr.Port(port); ok {
				x.refuse(u.d, u.at.Span(), fmt.Sprintf("%s names an upstream, which takes no port: %s", u.d.Name(), source.Excerpt(u.name)), fmt.Sprintf("upstream \"%s\" may not have port %s", host, port))
			}
		default:
			x.addressed(u.d, u.at, u.name)
		}
	}
}

// portOf judges the address of a server in an upstream of stream.
func (x *inspector) portOf(d nginx.Directive) {
	text, ok := x.literal(d.Arg(0))
	if !ok || nginx.HasVariable(text) || source.Stub(text) || d.NumArgs() == 0 {
		return
	}
	for _, w := range d.Args() {
		if strings.HasPrefix(w.String(), "service=") || w.String() == "resolve" {
			return
		}
	}
	x.addressed(d, d.Arg(0), text)
}

// addressed judges an address that needs a port.
func (x *inspector) addressed(d nginx.Directive, at nginx.Word, text string) {
	a := netaddr.ParseAddress(text)
	why := a.Refusal
	switch {
	case why != "" || a.Network == netaddr.Unix:
	case a.Port == 0:
		why = "no port"
	case x.unknownHost(a):
		why = hostNotFound
	}
	if why != "" {
		x.refuse(d, at.Span(), fmt.Sprintf("%s cannot use %s: %s", d.Name(), source.Excerpt(text), why), fmt.Sprintf("%s in upstream \"%s\"", why, text))
	}
}

// unknownHost reports whether a is a host name that certainly has no address.
func (x *inspector) unknownHost(a netaddr.Address) bool {
	_, numeric := netaddr.NginxLiteral(a.Host)
	return a.Refusal == "" && a.Network == netaddr.TCP && !numeric && !strings.HasPrefix(a.Text, "[") && x.unresolvable(a.Host)
}
