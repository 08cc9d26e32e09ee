package nginxt

import (
	"strings"

	"github.com/wp502lint/wp502lint/internal/pcre"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// expression judges a regular expression: only what every PCRE that this nginx may be built
// with refuses.
func (x *inspector) expression(d nginx.Directive, w nginx.Word, text string) {
	p := x.pattern(text)
	x.captured(d, w, p, text)
	if why := x.badExpression(p); why != "" && !x.quiet(d.File()) && final(text) {
		x.add(Refusal{At: w.Span(), Fault: BadExpression, Name: d.Name(), Text: why})
	}
}

// pattern returns what is known of an expression. Results are cached, since most sites have
// the same expressions.
func (x *inspector) pattern(text string) pcre.Pattern {
	p, ok := x.expressions[text]
	if !ok {
		p = pcre.Parse(text)
		x.expressions[text] = p
	}
	return p
}

// final reports whether nothing replaces a part of an expression before nginx reads it. A $ does
// not start a variable there, but may be one to envsubst.
func final(text string) bool {
	return source.TemplateMark(text) == "" && !nginx.MayBeReplaced(text)
}

// badExpression returns why this nginx refuses an expression; "" if it may accept it.
func (x *inspector) badExpression(p pcre.Pattern) string {
	if p.Refused == "" && x.version != "" && !servers.Older(x.version, sincePCRE2) {
		return p.OnlyPCRE2
	}
	return p.Refused
}

// sincePCRE2 is the first version of nginx that prefers PCRE2 when it is built (nginx
// CHANGES).
const sincePCRE2 = "1.21.5"

// splitPathInfo judges the number of groups (nginx ngx_http_fastcgi_module.c,
// ngx_http_fastcgi_split_path_info).
func (x *inspector) splitPathInfo(d nginx.Directive) {
	text := d.Arg(0).String()
	if p := x.pattern(text); p.Sure && p.OnlyPCRE2 == "" && p.Groups != 2 && final(text) {
		x.add(Refusal{At: d.Arg(0).Span(), Fault: CapturesMissing, Name: d.Name(), Text: text})
		return
	}
	x.expression(d, d.Arg(0), text)
}

// changedBy judges a single argument of proxy_redirect and proxy_cookie_*, which need two to
// replace anything, and the regular expression that starts with ~ (nginx
// ngx_http_proxy_module.c).
func (x *inspector) changedBy(d nginx.Directive) {
	x.changed(d)
	text, ok := strings.CutPrefix(d.Arg(0).String(), "~")
	if !ok || d.NumArgs() == 1 {
		return
	}
	if d.Name() == "proxy_redirect" || d.Name() == "proxy_cookie_path" {
		text = strings.TrimPrefix(text, "*")
	}
	x.expression(d, d.Arg(0), text)
}

// redirected judges a proxy_redirect. default takes its value from the proxy_pass before it in
// the same block (nginx ngx_http_proxy_module.c, ngx_http_proxy_redirect).
func (x *inspector) redirected(d nginx.Directive, _ *servers.NginxDirective, v visit) {
	x.changedBy(d)
	if d.NumArgs() != 1 || d.Arg(0).String() != "default" || !x.main || x.broken || x.config.Open || v.block.IsZero() && v.context&servers.NginxLocation != 0 {
		return // what includes the file may have the proxy_pass
	}
	pass := x.knownOf(servers.NginxKeyOf("proxy_pass"))
	switch to := pass.first.Arg(0).String(); {
	case pass.block != x.block:
		x.refuse(d, d.Span(), "proxy_redirect default needs a proxy_pass before it in the same block", `"proxy_redirect default" should be placed after the "proxy_pass" directive`)
	case nginx.HasVariable(to) && x.stays(to):
		x.refuse(d, d.Span(), "proxy_redirect default cannot be used with a proxy_pass that has variables", `"proxy_redirect default" cannot be used with "proxy_pass" directive with variables`)
	}
}

// referers judges the regular expressions of valid_referers, and records its names
// (nginx ngx_http_referer_module.c).
func (x *inspector) referers(d nginx.Directive) {
	for _, w := range d.Args() {
		if text, ok := strings.CutPrefix(w.String(), "~"); ok {
			x.expression(d, w, text)
			continue
		}
		name, _, _ := strings.Cut(w.String(), "/")
		x.keepsName("referer_hash", d, w, name)
	}
}

// agents judges the regular expressions of gzip_disable (nginx ngx_http_core_module.c,
// ngx_http_gzip_disable).
func (x *inspector) agents(d nginx.Directive) {
	for _, w := range d.Args() {
		x.expression(d, w, w.String())
	}
}
