package rules

import (
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/parser/cloudflared"
)

// TunnelCatchAll reports ingress rules in an order that cloudflared refuses.
var TunnelCatchAll = &lint.Rule{
	ID:       "WP509",
	Name:     "tunnel-catch-all",
	Cause:    lint.Edge,
	Outcomes: lint.Outcomes{lint.Other: lint.Always},
	Faults:   []lint.Fault{cloudflared.LastNotAll, cloudflared.AllNotLast},
	Summary:  "The last ingress rule of cloudflared does not match every request, or an earlier one does.",
	Why: "cloudflared takes the first ingress rule that matches the host and the path of a request. The last one must match every request, with no `hostname` and no `path`, and no other may. " +
		"Otherwise it does not start, and Cloudflare answers 530 with error 1033 for every host name of the tunnel.",
	Fix: "End the list with `- service: http_status:404`, and give every other rule a `hostname`.",
	Verify: []string{
		"cloudflared tunnel --config FILE ingress validate",
		"journalctl -u cloudflared --since -10min",
		`curl -sS -o /dev/null -w '%{http_code}\n' https://HOST/`,
	},
	Sources: []string{tunnelFile},
	Bad: `
tunnel GET blog.example/ -> 530
-- etc/cloudflared/config.yml --
tunnel: 6ff42ae2-765d-4adf-8112-31c55c1551ef
credentials-file: /etc/cloudflared/6ff42ae2-765d-4adf-8112-31c55c1551ef.json
ingress:
  - hostname: blog.example
#   ^^^^^^^^ WP509 cloudflared does not start: the last ingress rule does not match every request
    service: http://localhost:80
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
		}
	},
}
