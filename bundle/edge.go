package bundle

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/servers/cloudflare"
	"github.com/wp502lint/wp502lint/source"
)

// edge is what is known about a proxy that requests pass before they reach the machine.
type edge struct {
	cloudflare bool
	// proxied is set if nginx takes the addresses of visitors from a proxy.
	proxied bool
	signs   []string // Markdown
}

// findEdge looks for the signs of an edge.
func (b *writer) findEdge() *edge {
	e := &edge{}
	sign := func(text string, at source.Span) {
		if !at.IsZero() {
			text += " at " + code(b.at(at))
		}
		if len(e.signs) < mostLines && !slices.Contains(e.signs, text) {
			e.signs = append(e.signs, text)
		}
	}
	if b.Cloudflare {
		e.cloudflare = true
		sign("`cloudflare: true` in the project file", source.Span{})
	}
	for _, m := range b.machines {
		if m.stack != nil {
			b.edgeOfTunnels(e, m, sign)
			b.edgeOfNginx(e, m, sign)
		}
	}
	if n := b.clientsOfCloudflare(); n > 0 {
		e.cloudflare = true
		sign("clients in the log are addresses of Cloudflare", source.Span{})
	}
	return e
}

// edgeOfTunnels looks for cloudflared.
func (b *writer) edgeOfTunnels(e *edge, m machine, sign func(string, source.Span)) {
	for _, t := range m.stack.Tunnels {
		e.cloudflare = true
		switch {
		case t.Config != nil && t.Config.File != nil:
			sign("cloudflared is configured in "+code(b.m.text(b.path(t.Config.File))), source.Span{})
		default:
			sign("cloudflared is started", t.At)
		}
	}
}

// edgeOfNginx looks for the signs in the files of nginx.
func (b *writer) edgeOfNginx(e *edge, m machine, sign func(string, source.Span)) {
	ranges := 0
	var first source.Span
	for d := range directives(m.stack) {
		switch d.Name() {
		case "set_real_ip_from":
			e.proxied = true
			if p, err := netip.ParsePrefix(d.Arg(0).String()); err == nil && cloudflare.Owns(p.Addr()) {
				if ranges++; ranges == 1 {
					first = d.Span()
				}
			} else {
				sign("`set_real_ip_from`", d.Span())
			}
		case "real_ip_header":
			e.proxied = true
			sign("`real_ip_header` "+code(b.m.word(d.Arg(0).String())), d.Span())
			e.cloudflare = e.cloudflare || ofCloudflare(d.Arg(0).String())
		default:
			for _, w := range d.Args() {
				if ofCloudflare(w.String()) {
					e.cloudflare = true
					sign("a header of Cloudflare in `"+strings.Trim(prose(d.Name()), "`")+"`", d.Span())
				}
			}
		}
	}
	if ranges > 0 {
		e.cloudflare = true
		sign("`set_real_ip_from` with ranges of Cloudflare, the first", first)
	}
}

// ofCloudflare reports whether a word names a header that Cloudflare sets.
func ofCloudflare(word string) bool {
	word = strings.ToLower(word)
	return strings.Contains(word, "cf-connecting-ip") || strings.Contains(word, "http_cf_") || strings.Contains(word, "cf-ray") || strings.Contains(word, "cf-ipcountry") || strings.Contains(word, "cf-visitor")
}

// clientsOfCloudflare counts the lines that are kept whose client is Cloudflare itself.
func (b *writer) clientsOfCloudflare() (n int) {
	if b.Kept == nil {
		return 0
	}
	for _, f := range b.Kept.Requests {
		e, ok := logs.Parse(f.Lines[0].Text, logs.Options{})
		if a, err := netip.ParseAddr(e.Request.Client); ok && err == nil && cloudflare.Owns(a) {
			n++
		}
	}
	return n
}

// edges answers the eighth point: whether requests pass an edge, and how to go around it.
func (b *writer) edges() {
	e := b.edge
	switch {
	case e.cloudflare:
		b.print("Requests pass Cloudflare first:\n\n")
	case e.proxied:
		b.print("Requests pass a proxy first:\n\n")
	default:
		name, _ := b.site()
		b.instruct("The configuration, the project file and the logs show no edge. Check with DNS: an address of an edge is not an address of the machine.",
			"dig +short "+ShellCommand(b.m.text(name)), "ip -brief address", ShellCommand("curl", "-sSI", b.url())+" | grep -iE '^(server|via|cf-ray|x-cache|x-served-by):'")
	}
	for _, s := range e.signs {
		b.printf("- %s\n", s)
	}
	if len(e.signs) > 0 {
		b.print("\n")
	}
	name, tls := b.site()
	port := map[bool]string{true: "443", false: "80"}[tls]
	b.instruct("Send a request on the machine itself, which bypasses the edge. A 502 here does not come from the edge.",
		ShellCommand("curl", "-skSI", "--resolve", b.m.text(name)+":"+port+":127.0.0.1", b.url()))
}
