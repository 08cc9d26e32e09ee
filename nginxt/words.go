package nginxt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// This file judges the arguments of directives whose arguments have a syntax of
// their own. Everything was measured on nginx 1.22.

// refuse reports an argument that nginx does not accept.
func (x *inspector) refuse(d nginx.Directive, at source.Span, message, says string) {
	x.add(Refusal{At: at, Fault: RefusedArgument, Name: d.Name(), Message: message, Says: says})
}

// literal returns the decoded word w of an argument in which nginx evaluates no
// variables. ok is false if the text may change before nginx reads it.
func (x *inspector) literal(w nginx.Word) (text string, ok bool) {
	text = w.String()
	return text, x.stays(text)
}

// stays reports whether nginx reads text as it is: no template replaces a part of it,
// and in a fragment, for which that is unknown, it has no variable. In a container the
// names that its environment does not have are left.
func (x *inspector) stays(text string) bool {
	return source.TemplateMark(text) == "" && (!nginx.HasVariable(text) || x.main && (x.config.Literal || !nginx.MayBeReplaced(text)))
}

// expires judges the time of expires (nginx ngx_http_headers_filter_module.c,
// ngx_http_parse_expires).
func (x *inspector) expires(d nginx.Directive) {
	w := d.Arg(d.NumArgs() - 1)
	text, ok := x.literal(w)
	if !ok || strings.HasPrefix(text, "$") || d.NumArgs() == 1 && (text == "epoch" || text == "max" || text == "off") {
		return
	}
	digits := strings.TrimPrefix(text, "@")
	if digits == text {
		if digits = strings.TrimPrefix(text, "+"); digits == text {
			digits = strings.TrimPrefix(text, "-")
		}
	}
	if !nginx.Seconds(digits) || d.NumArgs() == 2 && d.Arg(0).String() != "modified" {
		x.refuse(d, w.Span(), fmt.Sprintf("expires wants a time such as 30d, epoch, max or off, not %q", text), `"expires" directive invalid value`)
	}
}

// client judges the address of allow and deny.
func (x *inspector) client(d nginx.Directive) {
	text, ok := x.literal(d.Arg(0))
	if !ok || text == "all" || text == "unix:" {
		return
	}
	if !isNetwork(text) {
		x.refuse(d, d.Arg(0).Span(), fmt.Sprintf("%s wants an address, a network, unix: or all, not %q", d.Name(), text), fmt.Sprintf("invalid parameter \"%s\"", text))
	}
}

// returned judges the status of a return directive.
func (x *inspector) returned(d nginx.Directive) {
	text := d.Arg(0).String()
	if d.NumArgs() == 1 && isURL(text) || !x.stays(text) {
		return
	}
	if n, ok := nginx.Number(text); !ok || n > 999 {
		x.refuse(d, d.Arg(0).Span(), fmt.Sprintf("return wants a status or a URL with its scheme, not %q", text), fmt.Sprintf("invalid return code \"%s\"", text))
	}
}

// isURL reports whether return takes text as a URL.
func isURL(text string) bool {
	return strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "$scheme")
}

// fallback judges the status that ends a try_files.
func (x *inspector) fallback(d nginx.Directive) {
	w := d.Arg(d.NumArgs() - 1)
	text := w.String()
	code, is := strings.CutPrefix(text, "=")
	if n, number := nginx.Number(code); is && (!number || n > 999) && x.stays(text) {
		x.refuse(d, w.Span(), fmt.Sprintf("%q at the end of try_files is not a status", text), fmt.Sprintf("invalid code \"%s\"", text))
	}
}

// errorPage judges the statuses of error_page.
func (x *inspector) errorPage(d nginx.Directive) {
	for i, w := range d.Args() {
		text := w.String()
		code, answer := strings.CutPrefix(text, "=")
		n, number := nginx.Number(code)
		switch {
		case i == d.NumArgs()-1, !number && !x.stays(text):
			return
		case answer && i == d.NumArgs()-2:
			if !number && code != "" {
				x.refuse(d, w.Span(), fmt.Sprintf("error_page cannot answer with %q, which is not a status", text), fmt.Sprintf("invalid value \"%s\"", text))
			}
		case !number || n == 499:
			x.refuse(d, w.Span(), fmt.Sprintf("error_page wants statuses from 300 to 599, not %q", text), fmt.Sprintf("invalid value \"%s\"", text))
		case n < 300 || n > 599:
			x.refuse(d, w.Span(), fmt.Sprintf("error_page wants statuses from 300 to 599, not %q", text), fmt.Sprintf("value \"%s\" must be between 300 and 599", text))
		}
	}
}

// logLevels are the levels of error_log; each debug_… level names a part of nginx.
const logLevels = "debug,info,notice,warn,error,crit,alert,emerg"

// cacheValid judges the statuses and the time of fastcgi_cache_valid and its variants
// (nginx ngx_http_file_cache.c, ngx_http_file_cache_valid_set_slot).
func (x *inspector) cacheValid(d nginx.Directive) {
	last := d.NumArgs() - 1
	for i, w := range d.Args() {
		text, ok := x.literal(w)
		n, number := nginx.Number(text)
		switch {
		case !ok:
		case i == last && !nginx.Seconds(text):
			x.refuse(d, w.Span(), fmt.Sprintf("%s wants a time such as 10m at its end, not %q", d.Name(), text), fmt.Sprintf("invalid time value \"%s\"", text))
		case i < last && text != "any" && (!number || n < 100 || n > 599):
			x.refuse(d, w.Span(), fmt.Sprintf("%s wants statuses before its time, not %q", d.Name(), text), fmt.Sprintf("invalid status \"%s\"", text))
		}
	}
}

// changed judges a single argument of proxy_redirect and proxy_cookie_*, which
// need two to replace anything.
func (x *inspector) changed(d nginx.Directive) {
	text, ok := x.literal(d.Arg(0))
	if d.NumArgs() == 1 && ok && text != "off" && !(d.Name() == "proxy_redirect" && text == "default") {
		x.refuse(d, d.Arg(0).Span(), fmt.Sprintf("%s takes off or two arguments, not %q alone", d.Name(), text), fmt.Sprintf("invalid parameter \"%s\"", text))
	}
}

// resolver judges the addresses and parameters of resolver (nginx ngx_resolver.c,
// ngx_resolver_create).
func (x *inspector) resolver(d nginx.Directive) {
	addresses, without := 0, map[string]nginx.Word{}
	for _, w := range d.Args() {
		text, ok := x.literal(w)
		if !ok || strings.HasPrefix(text, "status_zone=") {
			addresses++
			continue
		}
		name, value, valued := strings.Cut(text, "=")
		if name == "ipv4" && servers.Older(x.version, "1.23.1") {
			valued = false // an address, to this nginx
		}
		switch {
		case valued && (name == "valid" && !nginx.Seconds(value) || (name == "ipv4" || name == "ipv6") && value != "on" && value != "off"):
			x.refuse(d, w.Span(), fmt.Sprintf("resolver does not take %s", text), "invalid parameter: "+text)
		case valued && (name == "ipv4" || name == "ipv6"):
			if value == "off" {
				without[name] = w
			}
		case valued && name == "valid":
		default:
			addresses++
			x.nameServer(d, w, text)
		}
	}
	switch {
	case len(without) == 2:
		x.refuse(d, without["ipv6"].Span(), "resolver has both ipv4 and ipv6 off", `"ipv4" and "ipv6" cannot both be "off"`)
	case addresses == 0:
		x.refuse(d, d.Span(), "resolver has parameters and no address of a DNS server", "no name servers defined")
	}
}

// nameServer judges an address of resolver.
func (x *inspector) nameServer(d nginx.Directive, w nginx.Word, text string) {
	a := netaddr.ParseAddress(text)
	why := a.Refusal
	if _, numeric := netaddr.NginxLiteral(a.Host); why == "" && !numeric && (nginx.HasVariable(a.Host) || x.unresolvable(a.Host)) {
		why = hostNotFound
	}
	if why != "" {
		x.refuse(d, w.Span(), fmt.Sprintf("resolver cannot use %s: %s", text, why), fmt.Sprintf("%s in resolver \"%s\"", why, text))
	}
}

// accessLog judges an access_log.
func (x *inspector) accessLog(d nginx.Directive) {
	x.accessLogWords(d)
	x.syslog(d)
	x.usesFormat(d)
	x.writesLog(d)
}

// accessLogWords judges what follows off, and what the parameters of an access_log mean
// together (nginx ngx_http_log_module.c, ngx_http_log_set_log).
func (x *inspector) accessLogWords(d nginx.Directive) {
	if d.Arg(0).String() == "off" {
		if text, ok := x.literal(d.Arg(1)); d.NumArgs() > 1 && ok {
			x.refuse(d, d.Arg(1).Span(), fmt.Sprintf("access_log takes no %s after off", source.Excerpt(text)), fmt.Sprintf("invalid parameter \"%s\"", text))
		}
		return
	}
	var flush, buffered nginx.Word
	for i, w := range d.Args() {
		text, ok := x.literal(w)
		if value, is := strings.CutPrefix(text, "if="); i > 1 && is {
			x.compiled(d, w, value)
		}
		switch {
		case i < 2:
		case !ok:
			return
		case strings.HasPrefix(text, "flush="):
			flush = w
		case strings.HasPrefix(text, "buffer="), text == "gzip", strings.HasPrefix(text, "gzip="):
			buffered = w
		}
	}
	file, ok := d.Arg(0).String(), source.TemplateMark(d.Arg(0).String()) == ""
	switch {
	case !flush.IsZero() && buffered.IsZero():
		x.refuse(d, flush.Span(), "access_log has flush= without buffer= or gzip", fmt.Sprintf("no buffer is defined for access_log \"%s\"", file))
	case !buffered.IsZero() && ok && nginx.HasVariable(file) && x.stays(file):
		x.refuse(d, buffered.Span(), "a buffered access_log cannot have variables in its path", "buffered logs cannot have variables in name")
	case !buffered.IsZero() && strings.HasPrefix(file, "syslog:"):
		x.refuse(d, buffered.Span(), "an access_log to syslog cannot be buffered", "logs to syslog cannot be buffered")
	}
}

// keepalive judges the size of the cache of connections of an upstream, which may be 0
// since nginx 1.29.7.
func (x *inspector) keepalive(d nginx.Directive) {
	text, ok := x.literal(d.Arg(0))
	if n, number := nginx.Number(text); ok && number && n == 0 && servers.Older(x.version, "1.29.7") {
		x.refuse(d, d.Arg(0).Span(), "keepalive wants at least 1 connection before nginx 1.29.7, not 0", `invalid value "0" in "keepalive" directive`)
	}
}

// errorLog judges the levels of an error_log.
func (x *inspector) errorLog(d nginx.Directive) {
	x.writesLog(d)
	x.syslog(d)
	level := ""
	for i, w := range d.Args() {
		text, ok := x.literal(w)
		switch {
		case i == 0 || !ok || strings.HasPrefix(text, "debug_"):
		case !strings.Contains(","+logLevels+",", ","+text+","):
			x.refuse(d, w.Span(), fmt.Sprintf("error_log takes the levels %s, not %q", typo.Either(strings.Split(logLevels, ",")), text), fmt.Sprintf("invalid log level \"%s\"", text))
			return
		case level != "":
			x.refuse(d, w.Span(), fmt.Sprintf("error_log takes one level, and has %s already", level), fmt.Sprintf("duplicate log level \"%s\"", text))
			return
		default:
			level = text
		}
	}
}

// lookupTable judges the entries of a map (nginx ngx_http_map_module.c).
func (x *inspector) lookupTable(d nginx.Directive) {
	if !x.main || x.quiet(d.File()) {
		return
	}
	seen := map[string]nginx.Directive{}
	for line := range d.Children() {
		x.lookupLine(d, line, seen, 0)
	}
}

// lookupLine judges an entry of a map, or the entries of a file that it includes.
func (x *inspector) lookupLine(d, line nginx.Directive, seen map[string]nginx.Directive, depth int) {
	key := line.Name()
	if line.IsInclude() {
		for _, f := range x.filesOf(line) {
			for inner := range f.Directives() {
				if depth < maxIncludes && !f.quiet && len(seen) < maxAdded {
					x.lookupLine(d, inner, seen, depth+1)
				}
			}
		}
		return
	}
	switch {
	case line.HasBlock():
		x.refuse(d, line.Span(), "a map has no blocks in it", `unexpected "{"`)
		return
	case source.TemplateMark(line.Span().Text()) != "" || line.NumArgs() == 0 && (key == "hostnames" || key == "volatile"):
		return
	case line.NumArgs() != 1:
		x.refuse(d, line.Span(), "a line of a map has a text and a value for it, and nothing else", "invalid number of the map parameters")
		return
	}
	x.compiled(d, line.Arg(0), line.Arg(0).String())
	if expression, ok := strings.CutPrefix(key, "~"); ok {
		x.expression(d, line.NameWord(), strings.TrimPrefix(expression, "*"))
		return
	}
	if !strings.ContainsAny(key, "*") && key[:min(1, len(key))] != "." {
		x.keeps("map_hash", d, line.NameWord().Span(), strings.TrimPrefix(key, `\`))
	}
	lower := strings.ToLower(key)
	first, twice := seen[lower]
	if !twice {
		seen[lower] = line
		return
	}
	says := fmt.Sprintf("conflicting parameter \"%s\"", key)
	if key == "default" {
		says = "duplicate default map parameter"
	}
	x.add(Refusal{At: line.NameWord().Span(), Fault: RefusedArgument, Name: d.Name(), First: first.NameWord().Span(),
		Message: fmt.Sprintf("a second line for %s in this map", source.Excerpt(key)), Says: says})
}
