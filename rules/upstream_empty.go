package rules

import (
	"fmt"
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// UpstreamEmpty reports upstream blocks that nginx refuses.
var UpstreamEmpty = &lint.Rule{
	ID:       "WP403",
	Name:     "upstream-empty",
	Cause:    lint.Proxy,
	Outcomes: lint.Outcomes{lint.NginxRefuses: lint.Always},
	Summary:  "An upstream has no server that nginx can use, or its name is taken.",
	Why: "nginx refuses an upstream without a `server`, one with `backup` servers only, and a second one of the same name in upper or lower case. It does so even when nothing uses the upstream. " +
		"A second one usually comes from a backup file that an `include` with a `*` matches.",
	Fix: "Give the upstream a server that is not a backup, and each upstream its own name.",
	Verify: []string{
		"nginx -t",
		"grep -rnE -A4 '^ *upstream ' /etc/nginx",
	},
	Sources: []string{
		nginxUpstream + "#upstream",
		nginxUpstream + "#backup",
	},
	Bad: `
nginx refuses
-- etc/nginx/conf.d/php.conf --
upstream php {
#        ^^^ WP403 every server of upstream php is a backup: nginx wants one that is not
    server unix:/run/php/php8.3-fpm.sock backup;
}
`,
	Good: `
-- etc/nginx/conf.d/php.conf --
upstream php {
    server unix:/run/php/php8.3-fpm.sock;
}
`,
	Logs: []*servers.Signature{
		servers.NginxUpstreamEmpty, servers.NginxUpstreamOnlyBackups, servers.NginxUpstreamTwice,
	},
	Check: func(p *lint.Pass) {
		for _, u := range p.Stack.Upstreams {
			f := lint.Finding{At: u.At}
			switch {
			case u.Twin != nil:
				f.Message = fmt.Sprintf("an upstream %s already exists", u.Name)
				f.Notes = []lint.Note{{At: u.Twin.At, Message: "the first one"}}
				f.Log = []string{fmt.Sprintf("[emerg] duplicate upstream \"%s\"", u.Name)}
			case len(u.Servers) == 0:
				f.Message = fmt.Sprintf("upstream %s has no server", u.Name)
				f.Log = []string{"[emerg] no servers are inside upstream"}
			case !slices.ContainsFunc(u.Servers, func(server stack.UpstreamServer) bool { return !server.Backup }):
				f.Message = fmt.Sprintf("every server of upstream %s is a backup: nginx wants one that is not", u.Name)
				f.Log = []string{fmt.Sprintf("[emerg] no servers in upstream \"%s\"", u.Name)}
			default:
				continue
			}
			p.Report(f)
		}
	},
}
