package cloudflared

import (
	"strings"
	"unicode/utf8"
)

// All reports whether the rule matches every request, as the last one must.
func (r *Rule) All() bool { return (r.Host.Text == "" || r.Host.Text == "*") && r.Path.Text == "" }

// Match returns the rule that answers a request for a host and a path; nil if the configuration has
// no rules. known is false if a name outside of ASCII, which is compared in its form for DNS, may
// match before.
func (c *Config) Match(host, path string) (rule *Rule, known bool) {
	host, _ = cutPort(host)
	known = true
	for _, r := range c.Rules {
		if r.matchesHost(host) && (r.matchesPath == nil || r.matchesPath(path)) {
			return r, known
		}
		known = known && !foreign(r.Host.Text)
	}
	if n := len(c.Rules); n > 0 {
		return c.Rules[n-1], known
	}
	return nil, true
}

// matchesHost compares a host as cloudflared does: with its case, and with the name in its form for
// DNS, in lower case, unless it is not a host name (cloudflared ingress/ingress.go, matchHost).
func (r *Rule) matchesHost(host string) bool {
	name := r.Host.Text
	if name == "" || name == "*" || name == host {
		return true
	}
	if strings.HasPrefix(name, "*.") {
		return strings.HasSuffix(host, name[1:])
	}
	return strings.IndexFunc(name, outside) < 0 && strings.ToLower(name) == host
}

// outside reports whether a character is not one of a host name.
func outside(c rune) bool {
	return (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '-' && c != '.'
}

// foreign reports whether a name is not in ASCII.
func foreign(name string) bool {
	return strings.IndexFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0
}

// cutPort returns a host without the port after it, as Go's net.SplitHostPort does: an IPv6 address
// with a port is in brackets.
func cutPort(text string) (host string, ported bool) {
	host, port := text, ""
	if i := strings.LastIndexByte(text, ':'); i >= 0 {
		host, port, ported = text[:i], text[i+1:], true
	}
	if inner, ok := strings.CutPrefix(host, "["); ok && strings.HasSuffix(inner, "]") {
		host = inner[:len(inner)-1]
	} else if strings.Contains(host, ":") {
		return text, false
	}
	if !ported || strings.ContainsAny(host+port, "[]") {
		return text, false
	}
	return host, true
}
