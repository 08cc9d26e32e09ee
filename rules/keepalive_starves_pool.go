package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// KeepaliveStarvesPool reports kept connections that occupy all workers.
var KeepaliveStarvesPool = &lint.Rule{
	ID:       "WP415",
	Name:     "keepalive-starves-pool",
	Cause:    lint.Proxy,
	Outcomes: lint.Outcomes{lint.Other: lint.Always},
	Summary:  "nginx may keep as many connections as the pool has workers, so new requests find no free worker.",
	Why: "A PHP-FPM worker serves a single connection until it is closed. Each worker of nginx keeps up to `keepalive` idle connections, so `worker_processes` times that many workers of PHP-FPM may wait for a request of the one nginx worker that holds their connection. " +
		"When all of them wait, the requests of the other nginx workers find none and are a 504 after `fastcgi_read_timeout`.",
	Fix: "Remove `keepalive` from the upstream, or set `pm.max_children` above `worker_processes` times `keepalive`.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -nE 'keepalive |fastcgi_keep_conn|worker_processes'",
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|pm\.max_children'`,
		"ss -x state established | grep -c SOCKET",
		"grep 'upstream timed out' /var/log/nginx/error.log | tail -3",
	},
	Sources: []string{
		nginxUpstream + "#keepalive",
		nginxFastCGI + "#fastcgi_keep_conn",
		fpmManual + "#pm.max-children",
	},
	Bad: `
-- etc/nginx/conf.d/upstream.conf --
upstream php {
    server unix:/run/php/php8.3-fpm.sock;
    keepalive 8;
#   ^^^^^^^^^^^ WP415 nginx keeps up to 8 idle connections in each of its workers, and pool www has 5 workers: new requests find none
}
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_keep_conn on;
#       -------------------- WP415 the connection is kept here
        fastcgi_pass php;
    }
}
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
pm = ondemand
pm.max_children = 5
;                 - WP415 pool www has 5 workers
`,
	Good: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass php;
    }
}
`,
	Logs: []*servers.Signature{servers.NginxAnswerTimedOut},
	Check: func(p *lint.Pass) {
		for _, k := range keptConnections(p.Stack) {
			checkStarved(p, k)
		}
	},
}

func checkStarved(p *lint.Pass, k kept) {
	children, known := value(p, k.pool.MaxChildren())
	if !known {
		return
	}
	processes, why := int64(1), "no nginx.conf given"
	if !k.gateway.Front.Loose {
		n, known := k.gateway.Front.WorkerProcesses.Known()
		why = k.gateway.Front.WorkerProcesses.Why()
		if known {
			processes = n
		} else if f := k.gateway.Machine.Facts; f != nil && f.Processors > 0 {
			processes, why = int64(f.Processors), "" // auto
		}
	}
	// No machine has as many connections as would overflow this product.
	if min(k.idle, 1<<20)*min(processes, 1<<20) < children {
		if why != "" {
			p.NotChecked(k.gateway.Upstream.Keepalive.At(), "whether the connections that are kept occupy pool "+k.pool.Name+": "+why)
		}
		return
	}
	f := lint.Finding{
		At:      k.gateway.Upstream.Keepalive.At(),
		Message: fmt.Sprintf("nginx keeps up to %d idle connections in each of its workers, and pool %s has %d workers: new requests find none", k.idle, k.pool.Name, children),
		Notes: []lint.Note{
			{At: k.gateway.KeepConn().At(), Message: "the connection is kept here"},
			{At: k.pool.MaxChildren().At(), Message: fmt.Sprintf("pool %s has %d workers", k.pool.Name, children)},
		},
		Log: []string{"upstream timed out (110: Connection timed out) while reading response header from upstream"},
	}
	if processes > 1 {
		f.Notes = append(f.Notes, lint.Note{At: k.gateway.Front.WorkerProcesses.At(), Message: fmt.Sprintf("nginx has %d workers", processes)})
	}
	p.Report(f)
}
