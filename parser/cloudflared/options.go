package cloudflared

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Options are what a command line of cloudflared, with the variables of its environment, says
// about a tunnel.
type Options struct {
	// Config is the file that --config names; not set for the one that it finds.
	Config Value
	// Remote is set if a token, or the file of one, starts a tunnel that has its rules at Cloudflare. The
	// token itself may be unknown here.
	Remote bool
	// URL, Socket and Hello answer all requests of a tunnel without ingress rules.
	URL, Socket, Hello Value
	// Origin is how it connects to the URL or the socket.
	Origin Origin
	// Runs is set if it runs a tunnel, and does nothing else.
	Runs bool
}

// flag is a flag of the command line that matters, with the variable that sets it, too.
type flag struct {
	name, variable string
	// origin is the key of originRequest that it sets; "" for none.
	origin string
	// bare is set for a flag without a value.
	bare bool
}

// flags are those of cloudflared tunnel run (cloudflared 2026.8.2, cmd/cloudflared/tunnel/cmd.go).
// Those without a value are listed so that the next word is not taken for one.
var flags = []flag{
	{name: "config"}, {name: "token", variable: "TUNNEL_TOKEN"}, {name: "token-file", variable: "TUNNEL_TOKEN_FILE"},
	{name: "url", variable: "TUNNEL_URL"}, {name: "unix-socket", variable: "TUNNEL_UNIX_SOCKET"},
	{name: "hello-world", variable: "TUNNEL_HELLO_WORLD", bare: true},
	{name: "http-host-header", variable: "TUNNEL_HTTP_HOST_HEADER", origin: "httpHostHeader"},
	{name: "origin-server-name", variable: "TUNNEL_ORIGIN_SERVER_NAME", origin: "originServerName"},
	{name: "origin-ca-pool", variable: "TUNNEL_ORIGIN_CA_POOL", origin: "caPool"},
	{name: "no-tls-verify", variable: "NO_TLS_VERIFY", origin: "noTLSVerify", bare: true},
	{name: "http2-origin", variable: "TUNNEL_ORIGIN_ENABLE_HTTP2", origin: "http2Origin", bare: true},
	{name: "proxy-no-happy-eyeballs", origin: "noHappyEyeballs", bare: true},
	{name: "no-autoupdate", bare: true}, {name: "no-prechecks", bare: true}, {name: "no-chunked-encoding", bare: true},
	{name: "post-quantum", bare: true}, {name: "pq", bare: true}, {name: "bastion", bare: true}, {name: "socks5", bare: true},
	{name: "management-diagnostics", bare: true}, {name: "is-autoupdated", bare: true}, {name: "quic-disable-pmtu-discovery", bare: true},
	{name: "use-reconnect-token", bare: true}, {name: "overwrite-dns", bare: true}, {name: "f", bare: true},
}

// ParseOptions reads the arguments of cloudflared. env returns a variable of its environment; set is
// false without it.
func ParseOptions(args []Value, env func(name string) (v Value, set bool)) (o Options) {
	for _, f := range flags {
		if v, set := env(f.variable); f.variable != "" && set {
			o.set(f, v)
		}
	}
	var words []string
	for i := 0; i < len(args); i++ {
		name, isFlag := strings.CutPrefix(args[i].Text, "-")
		if !isFlag {
			words = append(words, args[i].Text)
			continue
		}
		name, value, given := strings.Cut(strings.TrimPrefix(name, "-"), "=")
		f := flag{name: name}
		if n := slices.IndexFunc(flags, func(f flag) bool { return f.name == name }); n >= 0 {
			f = flags[n]
		}
		switch {
		case given:
			o.set(f, Value{value, args[i].At})
		case f.bare:
			o.set(f, Value{"true", args[i].At})
		case i+1 < len(args):
			i++
			o.set(f, args[i])
		default: // a variable without a value here
			o.set(f, Value{})
		}
	}
	o.Runs = len(words) > 0 && words[0] == "tunnel" && (len(words) == 1 || words[1] == "run")
	return o
}

// set sets what a flag or its variable says.
func (o *Options) set(f flag, v Value) {
	switch f.name {
	case "config":
		o.Config = v
	case "token", "token-file":
		o.Remote = true
	case "url":
		o.URL = v
	case "unix-socket":
		o.Socket = v
	case "hello-world":
		o.Hello = v
	}
	if f.origin == "" {
		return
	}
	e := entry{f.origin, v.At, v.Text}
	if f.bare {
		e.value = truth(v.Text)
	}
	o.Origin = Origin{[]entry{e}}.over(o.Origin)
}

// truth is a flag as Go's strconv.ParseBool reads it.
func truth(text string) bool {
	switch text {
	case "1", "t", "T", "true", "TRUE", "True":
		return true
	}
	return false
}

// With returns the configuration with what the command line says: the only rule of one without
// ingress rules, and of none, which is nil.
func (c *Config) With(o Options) *Config {
	out := &Config{}
	if c != nil {
		if c.listed || len(c.Problems) > 0 {
			return c
		}
		*out = *c
	}
	for _, v := range []struct{ to, from *Value }{{&out.URL, &o.URL}, {&out.Socket, &o.Socket}, {&out.Hello, &o.Hello}} {
		if v.from.Set() {
			*v.to = *v.from
		}
	}
	out.Rules = nil
	if out.single(); len(out.Rules) > 0 {
		out.Rules[0].Origin = o.Origin
	}
	return out
}

// Empty returns where a configuration is read that has no rules, so that cloudflared answers 503 to
// every request; the zero Span for others.
func (c *Config) Empty() source.Span {
	if c.File == nil || len(c.Rules) > 0 || len(c.Problems) > 0 || len(c.Refusals) > 0 {
		return source.Span{}
	}
	if c.Tunnel.Set() {
		return c.Tunnel.At
	}
	return c.File.Span(0, 0)
}
