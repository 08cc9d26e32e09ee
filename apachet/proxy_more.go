package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// proxyRemote judges ProxyRemote and ProxyRemoteMatch (httpd modules/proxy/mod_proxy.c,
// add_proxy).
func (x *checker) proxyRemote(d *apache.Directive, _ state) *Refusal {
	name, url := spelled(d), d.Arg(1)
	_, host, ok := strings.Cut(url, "://")
	colon := strings.IndexByte(url, ':')
	switch {
	case x.unset(d):
		return nil
	case !ok || host == "" || !strings.HasPrefix(url[colon:], "://"):
		return refuse(d, 1, expected(d, "a URL of a proxy", url), name+": Bad syntax for a remote proxy server")
	}
	if _, port, ok := strings.Cut(host, ":"); ok {
		if n, _, digits, fits := apache.Number(port); !digits || !fits || n < 0 || n > 65535 {
			return refuse(d, 1, expected(d, "a URL with a port up to 65535", url), name+": Bad syntax for a remote proxy server (bad port number)")
		}
	}
	if d.Name == "proxyremotematch" {
		return x.pattern(d, 0, d.Arg(0), "Regular expression for ProxyRemoteMatch could not be compiled.")
	}
	return nil
}

// errorOverride judges ProxyErrorOverride, whose first word is on or off, and others are
// statuses (httpd modules/proxy/mod_proxy.c, set_proxy_error_override).
func (x *checker) errorOverride(d *apache.Directive, _ state) *Refusal {
	if x.unset(d) {
		return nil
	}
	on, before := false, false
	for i, w := range d.Args {
		word := strings.ToLower(w.Text)
		switch {
		case word == "on", word == "off":
			on, before = word == "on", true
		case !before && i > 0 || word == "":
			return nil
		case !before:
			return refuse(d, i, expected(d, "on or off before statuses", w.Text), "ProxyErrorOverride first parameter must be one of: off | on")
		case !isDigit(word[0]):
			return refuse(d, i, expected(d, "statuses after on", w.Text), "ProxyErrorOverride: status codes to intercept must be numeric")
		case !on:
			return refuse(d, i, "ProxyErrorOverride off takes no statuses", "ProxyErrorOverride: status codes must follow a value of 'on'")
		case apache.Int(word) < 400 || apache.Int(word) > 599:
			return refuse(d, i, expected(d, "statuses from 400 to 599", w.Text), "ProxyErrorOverride: status codes to intercept must be valid HTTP Status Codes >=400 && <600")
		}
	}
	return nil
}

// fcgiSetEnvIf judges ProxyFCGISetEnvIf (httpd modules/proxy/mod_proxy_fcgi.c,
// cmd_setenv).
func (x *checker) fcgiSetEnvIf(d *apache.Directive, _ state) *Refusal {
	if r := x.expression(d, 0, d.Arg(0), condition, "Could not parse expression \""+d.Arg(0)+"\": "); r != nil || len(d.Args) < 3 {
		return r
	}
	return x.expression(d, 2, d.Arg(2), text, "Could not parse expression \""+d.Arg(2)+"\": ")
}
