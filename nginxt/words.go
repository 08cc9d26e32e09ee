package nginxt

import (
	"fmt"
	"net/netip"
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
// and in a fragment, for which that is unknown, it has no variable.
func (x *inspector) stays(text string) bool {
	return source.TemplateMark(text) == "" && (!nginx.HasVariable(text) || x.main && !nginx.MayBeReplaced(text))
}

// words judges arguments that must be one of a few words.
func (x *inspector) words(d nginx.Directive, row *servers.NginxDirective) {
	for i, w := range d.Args() {
		if text := w.String(); !row.Takes(i, text) && x.stays(text) && !(row.OfFrom == 0 && row.Vars.In(i) && nginx.HasVariable(text)) {
			x.refuse(d, w.Span(), fmt.Sprintf("%s takes %s%s, not %q", row.Name, typo.Either(strings.Split(row.Of, ",")), behind[row.OfFrom], text), refusedWord(row, text))
		}
	}
}

// behind says after which argument the words are expected, for messages.
var behind = [...]string{"", " behind its first argument", " behind its second argument"}

// refusedWord returns nginx's error for a word.
func refusedWord(row *servers.NginxDirective, text string) string {
	switch {
	case strings.HasPrefix(row.Name, "open_"):
		return fmt.Sprintf("invalid \"%s\" parameter \"%s\"", row.Name, text)
	case row.Name == "ssl_session_cache":
		return fmt.Sprintf("invalid session cache \"%s\"", text)
	case row.Name == "use":
		return fmt.Sprintf("invalid event type \"%s\"", text)
	case row.Name == "aio":
		return `"aio" directive invalid value`
	case row.OfFrom > 0, row.Name == "disable_symlinks", row.Name == "limit_req", row.Name == "random":
		return fmt.Sprintf("invalid parameter \"%s\"", text)
	}
	return fmt.Sprintf("invalid value \"%s\"", text)
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
	host, bits, masked := strings.Cut(text, "/")
	addr, err := netip.ParseAddr(host)
	ok = err == nil && addr.Zone() == ""
	if !ok {
		addr, ok = netaddr.NginxIPv4(host)
	}
	if n, number := nginx.Number(bits); ok && masked {
		ok = number && n <= int64(addr.BitLen())
	}
	if !ok {
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
		x.refuse(d, w.Span(), fmt.Sprintf("%q at the end of try_files is no status", text), fmt.Sprintf("invalid code \"%s\"", text))
	}
}

// errorPage judges the statuses of error_page.
func (x *inspector) errorPage(d nginx.Directive) {
	for i, w := range d.Args() {
		text := w.String()
		if i == d.NumArgs()-1 || !x.stays(text) {
			return
		}
		code, answer := strings.CutPrefix(text, "=")
		n, number := nginx.Number(code)
		switch {
		case answer && i == d.NumArgs()-2:
			if !number && code != "" {
				x.refuse(d, w.Span(), fmt.Sprintf("%q is no status for error_page to answer with", text), fmt.Sprintf("invalid value \"%s\"", text))
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

// keepaliveHeader judges the second argument of keepalive_timeout.
func (x *inspector) keepaliveHeader(d nginx.Directive) {
	if text, ok := x.literal(d.Arg(1)); d.NumArgs() == 2 && ok && !nginx.Seconds(text) {
		x.refuse(d, d.Arg(1).Span(), fmt.Sprintf("keepalive_timeout wants a time such as 60s, not %q", text), `"keepalive_timeout" directive invalid value`)
	}
}

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
			x.refuse(d, w.Span(), fmt.Sprintf("%s wants statuses in front of its time, not %q", d.Name(), text), fmt.Sprintf("invalid status \"%s\"", text))
		}
	}
}

// connections judges the number of limit_conn.
func (x *inspector) connections(d nginx.Directive) {
	text, ok := x.literal(d.Arg(1))
	n, number := nginx.Number(text)
	switch {
	case !ok:
	case !number || n == 0:
		x.refuse(d, d.Arg(1).Span(), fmt.Sprintf("limit_conn wants a number of connections, not %q", text), fmt.Sprintf("invalid number of connections \"%s\"", text))
	case n > 65535:
		x.refuse(d, d.Arg(1).Span(), "limit_conn takes 65535 connections at most", "connection limit must be less 65536")
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
	for _, w := range d.Args() {
		text, ok := x.literal(w)
		name, value, valued := strings.Cut(text, "=")
		switch {
		case !ok || valued && name == "status_zone":
			continue
		case valued && (name == "valid" && !nginx.Seconds(value) || (name == "ipv4" || name == "ipv6") && value != "on" && value != "off"):
			x.refuse(d, w.Span(), fmt.Sprintf("resolver does not take %s", text), "invalid parameter: "+text)
			continue
		case valued && (name == "valid" || name == "ipv4" || name == "ipv6"):
			continue
		}
		a := netaddr.ParseAddress(text)
		why := a.Refusal
		if _, numeric := netaddr.NginxLiteral(a.Host); why == "" && !numeric && (nginx.HasVariable(a.Host) || x.unresolvable(a.Host)) {
			why = hostNotFound
		}
		if why != "" {
			x.refuse(d, w.Span(), fmt.Sprintf("resolver wants addresses of DNS servers, and %s is none: %s", text, why), fmt.Sprintf("%s in resolver \"%s\"", why, text))
		}
	}
}

// accessLog judges an access_log.
func (x *inspector) accessLog(d nginx.Directive, row *servers.NginxDirective, v visit) {
	x.accessLogWords(d)
	x.writesFile(d)
	x.zone(d, row, v)
}

// accessLogWords judges the parameters after the file and the format of an access_log.
func (x *inspector) accessLogWords(d nginx.Directive) {
	off := d.Arg(0).String() == "off"
	for i, w := range d.Args() {
		text, ok := x.literal(w)
		name, value, valued := strings.Cut(text, "=")
		if i > 0 && name == "if" && valued {
			x.compiled(d, w, value)
		}
		known := valued && (name == "buffer" || name == "gzip" || name == "flush" || name == "if") || text == "gzip"
		if ok && (i > 1 && !known || i > 0 && off) {
			x.refuse(d, w.Span(), fmt.Sprintf("access_log takes no %s here", source.Excerpt(text)), fmt.Sprintf("invalid parameter \"%s\"", text))
			return
		}
	}
}

// errorLog judges the levels of an error_log.
func (x *inspector) errorLog(d nginx.Directive) {
	x.writesFile(d)
	for i, w := range d.Args() {
		text, ok := x.literal(w)
		if i > 0 && ok && !strings.HasPrefix(text, "debug_") && !strings.Contains(","+logLevels+",", ","+text+",") {
			x.refuse(d, w.Span(), fmt.Sprintf("error_log takes the levels %s, not %q", typo.Either(strings.Split(logLevels, ",")), text), fmt.Sprintf("invalid log level \"%s\"", text))
			return
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
