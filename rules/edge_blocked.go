package rules

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/parser/firewall"
	"github.com/wp502lint/wp502lint/servers/cloudflare"
	"github.com/wp502lint/wp502lint/stack"
)

// EdgeBlocked reports sites that refuse a part of the requests that come from Cloudflare.
var EdgeBlocked = &lint.Rule{
	ID:       "WP504",
	Name:     "edge-blocked",
	Cause:    lint.Edge,
	Outcomes: lint.Outcomes{lint.Other: lint.Always},
	Summary:  "A site that uses Cloudflare refuses connections or requests from some of the addresses of Cloudflare.",
	Why: "Cloudflare connects to an origin from any of its ranges, and the ranges change. A list of `allow` lines that was copied years ago lacks some, and visitors whose requests come from there get 403; a firewall that lacks some gives 522 if it drops the packets, and 521 if it rejects them. " +
		"The list of 2017 has `104.16.0.0/12`; today that is `104.16.0.0/13` and `104.24.0.0/14`. " +
		"With `set_real_ip_from` and a header that Cloudflare sends, nginx takes the address of the visitor before it looks at `allow` and `deny`: a list of the ranges of Cloudflare then refuses every visitor.",
	Fix: "Take the ranges from https://www.cloudflare.com/ips/ with a job that renews them. To accept requests from Cloudflare alone, use the firewall or Authenticated Origin Pulls; with `set_real_ip_from`, compare `$realip_remote_addr` in a `geo` block.",
	Verify: []string{
		"curl -s https://www.cloudflare.com/ips-v4 https://www.cloudflare.com/ips-v6",
		"grep -c 'access forbidden by rule' /var/log/nginx/error.log",
		`curl -sS -o /dev/null -w '%{http_code}\n' https://HOST/`,
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/`,
	},
	Sources: []string{
		cloudflareDocs + "fundamentals/concepts/cloudflare-ip-addresses/",
		"https://nginx.org/en/docs/http/ngx_http_access_module.html",
		"https://nginx.org/en/docs/http/ngx_http_realip_module.html",
	},
	Bad: `
edge GET blog.example/ -> 403
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    set_real_ip_from 173.245.48.0/20;
#   -------------------------------- WP504 the addresses of visitors come from Cloudflare here
    real_ip_header CF-Connecting-IP;
    allow 173.245.48.0/20;
    deny all;
#   ^^^^^^^^ WP504 nginx takes the address of the visitor from CF-Connecting-IP first, so that this list of Cloudflare's ranges refuses every visitor
    location / {
        try_files $uri $uri/ /index.php?$args;
    }
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Good: `
edge GET blog.example/index.php -> 200
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    set_real_ip_from 173.245.48.0/20;
    real_ip_header CF-Connecting-IP;
    location / {
        try_files $uri $uri/ /index.php?$args;
    }
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Check: func(p *lint.Pass) {
		for site := range nginxSites(p.Stack) {
			if edge, ok := site.Proxied(); ok {
				refusedRanges(p, site, edge)
			}
		}
		blockedPorts(p)
	},
}

// mostAddresses limits how many lines of a site are compared with each range.
const mostAddresses = 2000

// refusedRanges reports the allow and deny lines of a site that refuse ranges of Cloudflare.
func refusedRanges(p *lint.Pass, site *stack.Site, edge stack.Edge) {
	rules, known := site.Access()
	trusted, header := site.RealIP()
	if !known || len(rules)+len(trusted) > mostAddresses || !slices.ContainsFunc(rules, aboutEdge) {
		return // a list of other addresses is for a site that is not public
	}
	var refused []string
	var by stack.AccessRule
	for _, r := range cloudflare.Ranges.Value {
		if !servesFamily(site, r) {
			continue
		}
		if slices.Contains(cloudflare.RealIPHeaders.Value, header) && slices.ContainsFunc(trusted, func(t stack.Trusted) bool { return rangeHas(t.From, r) }) {
			if rule, all := refusesVisitors(rules); all {
				p.Report(lint.Finding{
					At:      rule.At,
					Message: fmt.Sprintf("nginx takes the address of the visitor from %s first, so that this list of Cloudflare's ranges refuses every visitor", spelled(header)),
					Notes:   edgeNote(edge),
				})
				return
			}
			continue
		}
		if rule, denied := firstRule(rules, r); denied {
			refused, by = append(refused, r.String()), rule
		}
	}
	if len(refused) == 0 {
		return
	}
	p.Report(lint.Finding{
		At:      by.At,
		Message: fmt.Sprintf("requests from %s of Cloudflare get 403", someOf(refused)),
		Notes:   edgeNote(edge),
	})
}

// aboutEdge reports whether a rule is about addresses of Cloudflare.
func aboutEdge(rule stack.AccessRule) bool {
	return !rule.All && slices.ContainsFunc(cloudflare.Ranges.Value, func(r netip.Prefix) bool { return rule.From.Bits() > 0 && rule.From.Overlaps(r) })
}

// firstRule returns the rule that decides about a range, and whether it refuses it.
func firstRule(rules []stack.AccessRule, r netip.Prefix) (by stack.AccessRule, denied bool) {
	for _, rule := range rules {
		if rule.All || rangeHas(rule.From, r) {
			return rule, !rule.Allow
		}
		if rule.From.Overlaps(r) {
			return rule, false // a part of the range is decided: not judged
		}
	}
	return by, false
}

// refusesVisitors reports whether rules allow ranges of Cloudflare and no other public ones, and refuse
// all that is left.
func refusesVisitors(rules []stack.AccessRule) (by stack.AccessRule, all bool) {
	of := false
	for _, rule := range rules {
		switch {
		case rule.All:
			return rule, of && !rule.Allow
		case rule.Allow && cloudflare.Owns(rule.From.Addr()):
			of = true
		case rule.Allow && !rule.From.Addr().IsPrivate() && !rule.From.Addr().IsLoopback():
			return by, false
		}
	}
	return by, false
}

// rangeHas reports whether a range has all of another one.
func rangeHas(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// servesFamily reports whether a site listens on addresses of the family of a range.
func servesFamily(site *stack.Site, r netip.Prefix) bool {
	return slices.ContainsFunc(site.Listens, func(l stack.Listen) bool {
		return l.Endpoint.Addr.Is4() == r.Addr().Is4() && !l.Endpoint.Addr.IsLoopback() || !r.Addr().Is4() == l.Endpoint.Addr.Is6() && !l.V6Only
	})
}

// edgeNote is what shows that a site uses Cloudflare.
func edgeNote(edge stack.Edge) []lint.Note {
	if edge.At.IsZero() {
		return nil
	}
	return []lint.Note{{At: edge.At, Message: edge.Why}}
}

// someOf lists the first of many.
func someOf(all []string) string {
	const few = 3
	if len(all) <= few {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more ranges", strings.Join(all[:few], ", "), len(all)-few)
}

// spelled returns a header as it is commonly written.
func spelled(header string) string {
	if header == "cf-connecting-ip" {
		return "CF-Connecting-IP"
	}
	parts := strings.Split(header, "-")
	for i, part := range parts {
		parts[i] = strings.ToUpper(part[:1]) + part[1:]
	}
	return strings.Join(parts, "-")
}

// blockedPorts reports ports of sites that use Cloudflare and that the firewall of the machine keeps
// from some of its ranges.
func blockedPorts(p *lint.Pass) {
	firewall := p.Stack.Firewall
	if firewall == nil {
		return
	}
	done := map[uint16]bool{}
	for site := range nginxSites(p.Stack) {
		edge, ok := site.Proxied()
		if !ok {
			continue
		}
		for i := range site.Listens {
			if l := &site.Listens[i]; !done[l.Endpoint.Port] && !l.UDP && !l.Endpoint.Addr.IsLoopback() && slices.Contains(cloudflare.Ports.Value, l.Endpoint.Port) {
				done[l.Endpoint.Port] = true
				blockedPort(p, site, l, edge)
			}
		}
	}
}

// blockedPort judges one port: from which ranges the firewall lets no connection in.
func blockedPort(p *lint.Pass, site *stack.Site, l *stack.Listen, edge stack.Edge) {
	var refused []string
	f := lint.Finding{Notes: append([]lint.Note{{At: l.At, Message: "the site listens here"}}, edgeNote(edge)...)}
	status := 0
	for _, r := range cloudflare.Ranges.Value {
		if !servesFamily(site, r) {
			continue
		}
		for _, answer := range p.Stack.Firewall.Answers(r, l.Endpoint.Port) {
			code := edgeStatus(answer.Verdict)
			switch {
			case answer.Why != "":
				p.NotChecked(answer.At, "whether the firewall lets Cloudflare in: "+answer.Why)
				return
			case code == 0 || answer.At.IsZero():
			case len(refused) == 0 || refused[len(refused)-1] != r.String():
				refused, f.At, status = append(refused, r.String()), answer.At, max(status, code)
			}
		}
	}
	if len(refused) == 0 {
		return
	}
	f.Message = fmt.Sprintf("the firewall does not let %s of Cloudflare connect to port %d: visitors get %d", someOf(refused), l.Endpoint.Port, status)
	p.Report(f)
}

// edgeStatus is what Cloudflare answers where a firewall refuses its connection; 0 if it does not.
func edgeStatus(v firewall.Verdict) int {
	switch v {
	case firewall.Dropped:
		return 522
	case firewall.Rejected:
		return 521
	}
	return 0
}
