package rules

import (
	"fmt"
	"slices"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/parser/cloudflared"
	"github.com/wp502lint/wp502lint/stack"
)

// TunnelServiceForm reports what cloudflared refuses in its configuration, or ignores, but for the
// order of the ingress rules.
var TunnelServiceForm = &lint.Rule{
	ID:    "WP503",
	Name:  "tunnel-service-form",
	Cause: lint.Edge,
	Outcomes: lint.Outcomes{
		lint.Other: "cloudflared does not start, so that visitors get 530, or it answers 503 to every request",
		lint.None:  "a key that cloudflared ignores",
	},
	Faults: []lint.Fault{
		cloudflared.WrongValue, cloudflared.BadService, cloudflared.BadHost, cloudflared.BadPath, cloudflared.BadAccess, cloudflared.BadIPRule, cloudflared.URLWithRules,
	},
	Summary: "cloudflared refuses its configuration, or ignores a part of it.",
	Why: "cloudflared reads its whole configuration before it connects to Cloudflare, and ends at the first value that it does not take: a service without `http://`, or with a path, even `/`; a time without a unit; a host name with a port. " +
		"Without a cloudflared that is connected, Cloudflare answers 530 with error 1033. Without any ingress rule it starts, and answers 503. " +
		"Keys are case-sensitive: it ignores `noTlsVerify` without a word in its log, and goes on to verify.",
	Fix: "Correct the value at the place that the message points to.",
	Verify: []string{
		"cloudflared tunnel --config FILE ingress validate",
		"journalctl -u cloudflared --since -10min",
		"cloudflared tunnel info TUNNEL",
		`curl -sS -o /dev/null -w '%{http_code}\n' https://HOST/`,
	},
	Sources: []string{tunnelFile, tunnelOrigins},
	Bad: `
tunnel GET blog.example/ -> 530
-- etc/cloudflared/config.yml --
tunnel: 6ff42ae2-765d-4adf-8112-31c55c1551ef
credentials-file: /etc/cloudflared/6ff42ae2-765d-4adf-8112-31c55c1551ef.json
ingress:
  - hostname: blog.example
    service: http://localhost:80/
#            ^^^^^^^^^^^^^^^^^^^^ WP503 cloudflared does not start: the service has a path, and cloudflared passes on the path of the request
  - service: http_status:404
`,
	Good: `
tunnel GET blog.example/ -> 200
-- etc/cloudflared/config.yml --
tunnel: 6ff42ae2-765d-4adf-8112-31c55c1551ef
credentials-file: /etc/cloudflared/6ff42ae2-765d-4adf-8112-31c55c1551ef.json
ingress:
  - hostname: blog.example
    service: http://localhost:80
  - service: http_status:404
`,
	Check: func(p *lint.Pass) {
		for c := range tunnelFiles(p.Stack) {
			refusedTunnel(p, c)
			for _, u := range c.Unused {
				p.Report(lint.Finding{
					Outcome: lint.None,
					At:      u.At,
					Message: fmt.Sprintf("cloudflared ignores %s%s", u.Name, typo.DidYouMean(u.Name, u.Known)),
				})
			}
			if at := c.Empty(); !at.IsZero() {
				p.Report(lint.Finding{
					Outcome: lint.Other,
					At:      at,
					Message: "no ingress rules: cloudflared answers 503 to every request, unless the rules are kept at Cloudflare",
				})
			}
		}
	},
}

// tunnelFiles yields the configurations of cloudflared, each once.
func tunnelFiles(s *stack.Stack) func(yield func(*cloudflared.Config) bool) {
	return func(yield func(*cloudflared.Config) bool) {
		for i, t := range s.Tunnels {
			c := t.Config
			if c == nil || c.File == nil || slices.ContainsFunc(s.Tunnels[:i], func(other *stack.Tunnel) bool { return other.Config != nil && other.Config.File == c.File }) {
				continue
			}
			if !yield(c) {
				return
			}
		}
	}
}

// refusedTunnel reports what cloudflared refuses and this rule claims.
func refusedTunnel(p *lint.Pass, c *cloudflared.Config) {
	for _, r := range c.Refusals {
		switch {
		case !p.Claims(r.Reason):
		case r.Reason == cloudflared.URLWithRules:
			p.Report(lint.Finding{Outcome: lint.None, At: r.At, Message: "cloudflared ignores url beside ingress rules, and tunnel ingress validate refuses it"})
		default:
			p.Report(lint.Finding{Outcome: lint.Other, At: r.At, Message: "cloudflared does not start: " + r.Message})
		}
	}
}
