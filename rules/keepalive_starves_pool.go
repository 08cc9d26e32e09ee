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
	Summary:  "The web server may keep as many connections as the pool has workers, so new requests find no free worker.",
	Why: "A PHP-FPM worker serves a single connection until it is closed. Each worker of nginx keeps up to `keepalive` idle connections, so `worker_processes` times that many workers of PHP-FPM may wait for a request of the one nginx worker that holds their connection. " +
		"When all of them wait, the requests of the other nginx workers find none and are a 504 after `fastcgi_read_timeout`. " +
		"With `enablereuse=on`, each process of Apache keeps up to `max=` connections, or else one for each of its threads (`ThreadsPerChild`), with the same effect.",
	Fix: "Remove `keepalive` from the upstream of nginx, or `enablereuse=on` from the worker of Apache, or set `pm.max_children` above the connections that may be kept: `worker_processes` times `keepalive` in nginx, processes times `max=` in Apache.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -nE 'keepalive |fastcgi_keep_conn|worker_processes'",
		"grep -rnE 'enablereuse|ThreadsPerChild|ServerLimit' /etc/apache2",
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|pm\.max_children'`,
		"ss -x state established | grep -c SOCKET",
		"grep 'upstream timed out' /var/log/nginx/error.log | tail -3",
	},
	Sources: []string{
		nginxUpstream + "#keepalive",
		nginxFastCGI + "#fastcgi_keep_conn",
		apacheFCGI + "#examples",
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
	Logs: []*servers.Signature{servers.NginxAnswerTimedOut, servers.ApacheAnswerTimedOut},
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
	processes, why := int64(1), "no main file of "+web(k.gateway)+" given"
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
			p.NotChecked(k.at, "whether the connections that are kept occupy pool "+k.pool.Name+": "+why)
		}
		return
	}
	if ofApache(k.gateway) {
		p.Report(lint.Finding{
			Outcome: lint.Other,
			At:      k.at,
			Message: fmt.Sprintf("Apache keeps up to %d connections in each of its %d processes, and pool %s has %d workers: further requests wait until Apache gives up (504)", k.idle, processes, k.pool.Name, children),
			Notes:   []lint.Note{{At: k.pool.MaxChildren().At(), Message: fmt.Sprintf("pool %s has %d workers", k.pool.Name, children)}},
			Log:     []string{"(70007)The timeout specified has expired: AH01075: Error dispatching request to :8080: (polling)"},
		})
		return
	}
	f := lint.Finding{
		At:      k.at,
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
