package route

import (
	"regexp"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
)

// Unreached returns why no request reaches the *_pass of a block; "" if one may. blocks are
// the block and those around it, innermost first, the last one a server. named is whether
// nginx certainly selects the server for some requests.
func (c *Config) Unreached(blocks []nginx.Directive, named bool) (why string) {
	if c.why != "" || len(blocks) == 0 {
		return ""
	}
	s := c.server(blocks[len(blocks)-1])
	if s == nil {
		return ""
	}
	blocks = blocks[:len(blocks)-1]
	if !named && c.unnamed(s) {
		return "nginx takes another server with the same names and addresses"
	}
	b := s
	for i := len(blocks) - 1; i >= 0; i-- {
		inner := b.inside[blocks[i]]
		if inner == nil {
			return ""
		}
		if b.shadows(inner) {
			return "an earlier location takes its requests"
		}
		b = inner
	}
	switch l := b.location(); {
	case c.foreign(b):
		return ""
	case l != nil && l.closed(s):
		return "nothing leads to this internal location"
	case !c.subrequests && b.deniesAll():
		return "deny all refuses every request before"
	case l != nil && l.leaves(b):
		return "a rewrite sends every request elsewhere"
	case l != nil && l.modifier != "@" && s.redirects3xx():
		return "a rewrite of the server redirects every request"
	}
	return ""
}

// foreign reports whether a directive whose effect is not known is in effect.
func (c *Config) foreign(b *block) bool {
	for ; b != nil; b = b.parent {
		if !b.alien.IsZero() {
			return true
		}
	}
	return false
}

// unnamed reports whether nginx selects the server for no request: at each of its
// addresses, an earlier server has all its names, and another is the default.
func (c *Config) unnamed(s *block) bool {
	c.prepare()
	return s.listens && !s.selected && !c.options.Partial && !c.anywhere(s)
}

// anywhere reports whether one of the addresses of a server is not known.
func (c *Config) anywhere(s *block) bool {
	for _, d := range s.of("listen") {
		for _, e := range c.options.Endpoints(d.Arg(0).String()) {
			if e.IsZero() || isQUIC(d) {
				return true
			}
		}
	}
	return false
}

// mark sets listens and selected of the servers of l.
func (l *listener) mark() {
	for _, s := range l.servers {
		s.listens = true
		s.selected = s.selected || l.unsure != ""
	}
	l.fallback.selected = true
	for _, s := range l.names {
		s.selected = true
	}
	for _, h := range l.heads {
		h.server.selected = true
	}
	for _, s := range l.tails {
		s.selected = true
	}
	met := map[string]bool{}
	for _, r := range l.regexes {
		if !met[r.text] {
			met[r.text], r.server.selected = true, true
		}
	}
}

// shadows reports whether an earlier expression of b matches whatever that of inner does.
func (b *block) shadows(inner *block) bool {
	if inner.modifier != "~" && inner.modifier != "~*" || inner.noname {
		return false
	}
	b.order.Do(func() {
		b.firsts = map[[2]string]*block{}
		for i, l := range b.regexes {
			l.turn = i
			if key := [2]string{l.modifier, l.name}; b.firsts[key] == nil {
				b.firsts[key] = l
			}
			if b.sweeps == nil && always(l.name, "") {
				b.sweeps = l
			}
		}
	})
	for _, l := range [...]*block{b.sweeps, b.firsts[[2]string{inner.modifier, inner.name}], b.firsts[[2]string{"~*", inner.name}]} {
		if l != nil && l.turn < inner.turn {
			return true
		}
	}
	return false
}

// deniesAll reports whether the access rules begin with deny all.
func (b *block) deniesAll() bool {
	if d := b.get("satisfy"); d.Arg(0).String() == "any" {
		return false
	}
	rules := b.accessRules()
	return len(rules) > 0 && rules[0].Name() == "deny" && rules[0].Arg(0).String() == "all"
}

// leaves reports whether the script of a location never ends in the block to, which is the
// location itself or an if in it.
func (b *block) leaves(to *block) bool {
	prefix := ""
	if b.modifier == "" || b.modifier == "^~" || b.modifier == "=" {
		prefix = b.name
	}
	if to.d.Name() == "limit_except" {
		return false // nginx does not run the script
	}
	changed := false // every request has another URI by now
	for _, c := range b.codes {
		switch name, flag := c.d.Name(), c.d.Arg(2).String(); {
		case c.inner != nil && c.inner == to, name == "break":
			return false
		case c.inner != nil && c.inner.stops():
			return false
		case c.inner != nil:
			prefix = "" // it may have changed
		case name == "return":
			return true
		case name != "rewrite":
		case flag == "break":
			return false
		case always(c.d.Arg(0).String(), prefix):
			if flag != "" || external(c.d.Arg(1).String()) {
				return true
			}
			changed, prefix = true, ""
		default:
			prefix = ""
		}
	}
	return changed
}

// external reports whether a rewrite redirects the client, whatever its flag.
func external(to string) bool {
	return strings.HasPrefix(to, "http://") || strings.HasPrefix(to, "https://") || strings.HasPrefix(to, "$scheme")
}

// Redirects reports whether a rewrite answers with a redirect.
func Redirects(d nginx.Directive) bool {
	flag := d.Arg(2).String()
	return flag == "redirect" || flag == "permanent" || external(d.Arg(1).String())
}

// stops reports whether an if may end the script without leaving the location.
func (b *block) stops() bool {
	for _, c := range b.codes {
		if c.d.Name() == "break" || c.d.Name() == "rewrite" && c.d.Arg(2).String() == "break" || c.inner != nil && c.inner.stops() {
			return true
		}
	}
	return false
}

// redirects3xx reports whether a rewrite of the server answers every request.
func (b *block) redirects3xx() bool {
	for _, c := range b.codes {
		switch {
		case c.inner != nil, c.d.Name() == "break":
			return false
		case c.d.Name() != "rewrite":
		case !Redirects(c.d):
			return false
		case always(c.d.Arg(0).String(), ""):
			return true
		}
	}
	return false
}

// always reports whether an expression matches every path that begins with a prefix.
func always(text, prefix string) bool {
	rest, anchored := strings.CutPrefix(text, "^")
	if anchored {
		rest = strings.TrimPrefix(rest, "/")
		if quoted := regexp.QuoteMeta(prefix); prefix != "" && strings.HasPrefix(text, "^"+quoted) {
			rest = text[1+len(quoted):]
		}
	}
	switch strings.TrimSuffix(rest, "$") {
	case ".*", "(.*)":
		return true
	case "", "/", ".":
		return !strings.HasSuffix(rest, "$")
	}
	return false
}
