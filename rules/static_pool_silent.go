package rules

import (
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// StaticPoolSilent reports static pools that do not log that they are full.
var StaticPoolSilent = &lint.Rule{
	ID:         "WP604",
	Name:       "static-pool-silent",
	Production: true,
	Cause:      lint.Evidence,
	Outcomes:   lint.Outcomes{lint.None: lint.Always},
	Summary:    "A static pool without pm.status_path never reports that all its workers are busy.",
	Why:        "Dynamic and ondemand pools log `server reached pm.max_children setting` when they run out of workers. A static pool starts all of them at once and never logs this: requests wait in the queue of the socket, and nginx answers 504, or 502 when the queue is full. The status page shows the length of the queue and the number of idle workers.",
	Fix:        "Set `pm.status_path = /status` and pass that path from an nginx location that only you can reach.",
	Verify: []string{
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|pm =|pm\.(status_path|max_children)'`,
		"ss -xl | grep SOCKET",
		"SCRIPT_NAME=/status SCRIPT_FILENAME=/status REQUEST_METHOD=GET cgi-fcgi -bind -connect SOCKET",
	},
	Sources: []string{
		fpmManual + "#pm.status-path",
		fpmStatus,
	},
	Bad: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = static
;    ^^^^^^ WP604 pool www is static and has no pm.status_path: nothing shows when its workers are all busy
pm.max_children = 5
`,
	Good: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = static
pm.max_children = 5
pm.status_path = /status
`,
	Check: func(p *lint.Pass) {
		for _, pool := range p.Stack.Pools {
			if !pool.Static() {
				continue
			}
			manager := pool.Text(servers.KeyPM)
			status := pool.Text(servers.KeyPMStatusPath)
			path, _ := value(p, status)
			switch {
			case path != "" || status.Why() != "":
			case pool.Master.Loose && !status.Written():
				p.NotChecked(manager.At(), "pm.status_path of pool "+pool.Name+" may be set in a file that is not here")
			default:
				p.Report(lint.Finding{At: manager.At(), Message: "pool " + pool.Name + " is static and has no pm.status_path: nothing shows when its workers are all busy"})
			}
		}
	},
}
