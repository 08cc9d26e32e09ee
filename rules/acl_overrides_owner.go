package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
)

// ACLOverridesOwner reports owners of sockets that PHP-FPM ignores.
var ACLOverridesOwner = &lint.Rule{
	ID:       "WP211",
	Name:     "acl-overrides-owner",
	Cause:    lint.Address,
	Outcomes: lint.Outcomes{lint.None: lint.Always},
	Summary:  "listen.owner and listen.group are ignored when listen.acl_users or listen.acl_groups is set.",
	Why:      "With an access control list PHP-FPM leaves the socket to root and gives access only to the accounts of the list. At startup it logs `ACL set, listen.owner = 'www-data' is ignored`. Changing the owner to let the web server connect has no effect.",
	Fix:      "Keep one of the two: name the account of the web server in `listen.acl_users`, or remove the list.",
	Verify: []string{
		"getfacl SOCKET",
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|listen\.(acl|owner|group)'`,
		"grep 'ACL set' /var/log/php8.3-fpm.log | tail -3",
		"sudo -u www-data test -w SOCKET && echo may connect",
	},
	Sources: []string{
		fpmManual + "#listen-acl-users",
		fpmManual + "#listen-acl-groups",
	},
	Bad: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
;              ^^^^^^^^ WP211 listen.owner is ignored: pool www has an access control list
listen.acl_users = www-data
;                  -------- WP211 these accounts may connect
listen.mode = 0660
pm = ondemand
pm.max_children = 5
`,
	Good: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.acl_users = www-data
listen.mode = 0660
pm = ondemand
pm.max_children = 5
`,
	Logs: []*servers.Signature{servers.FPMOwnerIgnored},
	Check: func(p *lint.Pass) {
		for _, pool := range p.Stack.Pools {
			if pool.Listen.Endpoint.Network != netaddr.Unix {
				continue
			}
			for _, acl := range []servers.FPMKey{servers.KeyListenACLUsers, servers.KeyListenACLGroups} {
				list := pool.Text(acl)
				if text, _ := list.Known(); text == "" {
					continue
				}
				for _, key := range []servers.FPMKey{servers.KeyListenOwner, servers.KeyListenGroup} {
					if text, _ := pool.Text(key).Known(); text != "" {
						p.Report(lint.Finding{
							At:      pool.Text(key).At(),
							Message: fmt.Sprintf("%s is ignored: pool %s has an access control list", key, pool.Name),
							Notes:   []lint.Note{{At: list.At(), Message: "these accounts may connect"}},
						})
					}
				}
				break
			}
		}
	},
}
