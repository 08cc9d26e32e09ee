package nginxt

import (
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// proxyPass judges a proxy_pass with a URI in a location whose prefix nginx cannot
// replace (nginx ngx_http_proxy_module.c, ngx_http_proxy_pass).
func (x *inspector) proxyPass(d nginx.Directive, _ *servers.NginxDirective, v visit) {
	text := d.Arg(0).String()
	if x.tier == inStream {
		x.passTo(d)
	} else if _, _, uri, ok := netaddr.SplitURL(text); ok && source.TemplateMark(text) == "" {
		x.compiled(d, d.Arg(0), uri)
	}
	if !v.noURI || v.context&(servers.NginxStreamServer|servers.NginxServer) != 0 || nginx.HasVariable(text) || source.TemplateMark(text) != "" {
		return
	}
	if _, _, uri, ok := netaddr.SplitURL(text); ok && uri != "" {
		x.add(Refusal{At: d.Arg(0).Span(), Fault: PassWithURI, Name: d.Name(), Text: uri})
	}
}
