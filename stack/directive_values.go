package stack

import (
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
)

// values judges the arguments of a directive that is no block.
func (x *inspector) values(d nginx.Directive, row *servers.NginxDirective, v visit) {
	if x.quiet[d.File()] {
		return
	}
	if row.Value != 0 {
		if text := d.Arg(0).String(); !takes(row.Value, text) {
			x.add(BadDirective{At: d.Arg(0).Span(), Fault: WrongValue, Name: row.Name, Text: text, Want: row.Value})
		}
		return
	}
	switch row.Name {
	case "server":
		if row.Contexts&servers.NginxUpstream != 0 {
			x.parameters(d)
		}
	case "proxy_pass":
		x.proxyPass(d, v)
	case "server_name":
		for _, w := range d.Args() {
			if re, ok := strings.CutPrefix(w.String(), "~"); ok {
				x.expression(d, w, re)
			}
		}
	case "rewrite":
		x.expression(d, d.Arg(0), d.Arg(0).String())
	case "fastcgi_split_path_info":
		x.splitPathInfo(d)
	default:
		x.zones.add(d, row, v.context)
	}
}

// takes reports whether nginx takes a value of a kind. Newer versions take
// variables in some places where older ones did not.
func takes(kind servers.NginxValue, text string) (ok bool) {
	if nginx.HasVariable(text) || templateMark(text) != "" {
		return true
	}
	switch kind {
	case servers.NginxFlag:
		return strings.EqualFold(text, "on") || strings.EqualFold(text, "off")
	case servers.NginxSize:
		_, ok = nginx.Size(text)
	case servers.NginxOffset:
		_, ok = nginx.Offset(text)
	case servers.NginxTime:
		// Some count seconds, and those take months and years as well.
		if _, ok = nginx.Duration(text); !ok {
			ok = strings.ContainsAny(text, "yM") && text[0] >= '0' && text[0] <= '9'
		}
	default:
		_, ok = nginx.Number(text)
	}
	return ok
}

// proxyPass judges a proxy_pass with a URI in a location that nginx cannot
// replace the prefix of (nginx ngx_http_proxy_module.c, ngx_http_proxy_pass).
func (x *inspector) proxyPass(d nginx.Directive, v visit) {
	text := d.Arg(0).String()
	if !v.noURI || v.context&(servers.NginxStreamServer|servers.NginxServer) != 0 || nginx.HasVariable(text) || templateMark(text) != "" {
		return
	}
	_, rest, ok := strings.Cut(text, "://")
	if !ok {
		return
	}
	uri := ""
	if len(rest) >= 5 && strings.EqualFold(rest[:5], "unix:") {
		_, uri, _ = strings.Cut(rest[5:], ":")
	} else if i := strings.IndexAny(rest, "/?"); i >= 0 {
		uri = rest[i:]
	}
	if uri != "" {
		x.add(BadDirective{At: d.Arg(0).Span(), Fault: PassWithURI, Name: d.Name(), Text: uri})
	}
}

// location judges the expression of a location.
func (x *inspector) location(d nginx.Directive) {
	switch name := d.Arg(0).String(); {
	case d.NumArgs() == 2 && (name == "~" || name == "~*"):
		x.expression(d, d.Arg(1), d.Arg(1).String())
	case d.NumArgs() == 1 && strings.HasPrefix(name, "~"):
		x.expression(d, d.Arg(0), strings.TrimPrefix(name[1:], "*"))
	}
}

// condition judges the expression of an if.
func (x *inspector) condition(d nginx.Directive) {
	for i, w := range d.Args() {
		switch w.String() {
		case "~", "~*", "!~", "!~*":
			expression, text := d.Arg(i+1), d.Arg(i+1).String()
			if i+2 == d.NumArgs() {
				text = strings.TrimSuffix(text, ")")
			}
			x.expression(d, expression, text)
			return
		}
	}
}

// expression judges a regular expression: only what no dialect of Perl's takes.
func (x *inspector) expression(d nginx.Directive, w nginx.Word, text string) {
	why, ok := x.expressions[text]
	if !ok {
		why = badExpression(text)
		x.expressions[text] = why
	}
	if why != "" && !x.quiet[d.File()] && templateMark(text) == "" {
		x.add(BadDirective{At: w.Span(), Fault: BadExpression, Name: d.Name(), Text: why})
	}
}

var refusedByAll = map[syntax.ErrorCode]string{
	syntax.ErrMissingParen:          "a ( is not closed",
	syntax.ErrUnexpectedParen:       "a ) is not opened",
	syntax.ErrMissingBracket:        "a [ is not closed",
	syntax.ErrTrailingBackslash:     `it ends in a \`,
	syntax.ErrMissingRepeatArgument: "a quantifier has nothing to repeat",
}

func badExpression(text string) string {
	if strings.Contains(text, "(*") || strings.Contains(text, `\Q`) || strings.Contains(text, "(?x") {
		return ""
	}
	_, err := syntax.Parse(text, syntax.Perl)
	if err, ok := err.(*syntax.Error); ok {
		return refusedByAll[err.Code]
	}
	return ""
}

// splitPathInfo judges the number of groups (nginx ngx_http_fastcgi_module.c,
// ngx_http_fastcgi_split_path_info).
func (x *inspector) splitPathInfo(d nginx.Directive) {
	text := d.Arg(0).String()
	if re, err := syntax.Parse(text, syntax.Perl); err == nil && re.MaxCap() != 2 {
		x.add(BadDirective{At: d.Arg(0).Span(), Fault: CapturesMissing, Name: d.Name(), Text: text})
		return
	}
	x.expression(d, d.Arg(0), text)
}

// The parameters of a server of an upstream (nginx ngx_http_upstream.c). Those
// without a kind take no value, or any.
var serverParams = map[string]servers.NginxValue{
	"weight": servers.NginxNumber, "max_fails": servers.NginxNumber, "max_conns": servers.NginxNumber, "fail_timeout": servers.NginxTime,
	"backup": 0, "down": 0, "resolve": 0, "service": 0, "slow_start": 0, "route": 0, "drain": 0, "id": 0, "sid": 0,
}

// parameters judges what follows the address of a server. A name that is far
// from all that nginx has may be one of another module.
func (x *inspector) parameters(d nginx.Directive) {
	for i, w := range d.Args() {
		if i == 0 || templateMark(w.String()) != "" {
			continue
		}
		name, value, valued := strings.Cut(w.String(), "=")
		kind, known := serverParams[name]
		bad := BadDirective{At: w.Span(), Fault: BadParameter, Name: d.Name(), Text: w.String()}
		switch {
		case !known:
			if bad.Near = nearParams(name); len(bad.Near) == 0 {
				continue
			}
		case kind != 0 && (!valued || !takes(kind, value) || name == "weight" && strings.Trim(value, "0") == ""):
		case (name == "backup" || name == "down") && valued:
		default:
			continue
		}
		x.add(bad)
	}
}

func nearParams(name string) (near []string) {
	for known := range serverParams {
		if len(known) > 3 && distance(name, known, 2) <= 2 {
			near = append(near, known)
		}
	}
	slices.Sort(near)
	return near
}

// zones are the zones of memory of a configuration, and who asks for them.
type zones struct {
	defined map[zone]bool
	asked   []askedZone
}

// zone is a zone of memory of one kind.
type zone struct{ kind, name string }

type askedZone struct {
	zone
	d  nginx.Directive
	at nginx.Word
}

// add notes a directive that defines a zone or asks for one.
func (z *zones) add(d nginx.Directive, row *servers.NginxDirective, in servers.NginxContext) {
	if in&(servers.NginxStream|servers.NginxStreamServer) != 0 {
		return
	}
	switch row.Name {
	case "limit_req_zone", "limit_conn_zone":
		z.define(strings.TrimSuffix(row.Name, "_zone"), d, "zone=")
	case "proxy_cache_path", "fastcgi_cache_path", "uwsgi_cache_path", "scgi_cache_path":
		z.define(strings.TrimSuffix(row.Name, "_path"), d, "keys_zone=")
	case "limit_req":
		for _, w := range d.Args() {
			if name, ok := strings.CutPrefix(w.String(), "zone="); ok {
				z.asked = append(z.asked, askedZone{zone{row.Name, name}, d, w})
			}
		}
	case "limit_conn":
		z.asked = append(z.asked, askedZone{zone{row.Name, d.Arg(0).String()}, d, d.Arg(0)})
	case "proxy_cache", "fastcgi_cache", "uwsgi_cache", "scgi_cache":
		if name := d.Arg(0).String(); name != "off" {
			z.asked = append(z.asked, askedZone{zone{row.Name, name}, d, d.Arg(0)})
		}
	}
}

func (z *zones) define(kind string, d nginx.Directive, prefix string) {
	for _, w := range d.Args() {
		if value, ok := strings.CutPrefix(w.String(), prefix); ok {
			name, _, _ := strings.Cut(value, ":")
			if z.defined == nil {
				z.defined = map[zone]bool{}
			}
			z.defined[zone{kind, name}] = true
		}
	}
}

// judge finds the zones that nothing defines. A file with a syntax error may
// define any.
func (z *zones) judge(x *inspector) {
	if !x.main || x.anyQuiet() {
		return
	}
	for _, a := range z.asked {
		if z.defined[a.zone] || nginx.HasVariable(a.name) || templateMark(a.name) != "" {
			continue
		}
		x.add(BadDirective{At: a.at.Span(), Fault: UndefinedZone, Name: a.d.Name(), Text: a.name})
	}
}

func (x *inspector) anyQuiet() bool {
	for _, quiet := range x.quiet {
		if quiet {
			return true
		}
	}
	return false
}
