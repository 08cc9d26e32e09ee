package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// RecycledKeepalive reports keepalive connections to workers that end.
var RecycledKeepalive = &lint.Rule{
	ID:       "WP110",
	Name:     "recycled-keepalive",
	Cause:    lint.Died,
	Outcomes: lint.Outcomes{lint.Sometimes: lint.Always},
	Summary:  "nginx keeps connections to PHP-FPM workers that end after a number of requests.",
	Why: "With `keepalive` in the upstream and `fastcgi_keep_conn on`, nginx sends the next request over a connection that it kept. When its worker has just reached `pm.max_requests`, the worker closes the connection, and the request is lost: " +
		"nginx sends a GET again, and answers a POST with 502. Without keepalive no request is lost in this way.",
	Fix: "Remove `keepalive` from the upstream, or set `pm.max_requests = 0`. A local socket gains almost nothing from kept connections.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -nE 'keepalive |fastcgi_keep_conn'",
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|pm\.max_requests'`,
		"grep 'upstream prematurely closed' /var/log/nginx/error.log | tail -3",
		"grep -c 'exited with code 0' /var/log/php8.3-fpm.log",
	},
	Sources: []string{
		nginxUpstream + "#keepalive",
		nginxFastCGI + "#fastcgi_keep_conn",
		fpmManual + "#pm.max-requests",
	},
	Bad: `
-- etc/nginx/conf.d/upstream.conf --
upstream php {
    server unix:/run/php/php8.3-fpm.sock;
    keepalive 2;
#   ^^^^^^^^^^^ WP110 nginx keeps connections to pool www, whose workers end after 500 requests: a POST that meets the end is a 502
}
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_keep_conn on;
#       -------------------- WP110 the connection is kept here
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
pm.max_children = 50
pm.max_requests = 500
;                 --- WP110 a worker ends after 500 requests
`,
	Good: `
-- etc/nginx/conf.d/upstream.conf --
upstream php {
    server unix:/run/php/php8.3-fpm.sock;
}
`,
	Logs: []*servers.Signature{servers.NginxClosed},
	Check: func(p *lint.Pass) {
		for _, k := range keptConnections(p.Stack) {
			checkRecycled(p, k)
		}
	},
}

// kept is an upstream whose connections to a pool are kept.
type kept struct {
	gateway *stack.Gateway // the first that keeps them
	pool    *stack.Pool
	idle    int64 // how many connections each worker of nginx keeps
}

// keptConnections returns every pair of an upstream and a pool whose connections
// nginx keeps: keepalive does nothing without fastcgi_keep_conn, and the other
// way round (measured on nginx 1.22).
func keptConnections(s *stack.Stack) (list []kept) {
	done := map[*stack.Upstream]bool{}
	for _, g := range s.Gateways {
		if g.Upstream == nil || g.Protocol != stack.FastCGI || done[g.Upstream] {
			continue
		}
		idle, known := g.Upstream.Keepalive.Known()
		if keeps, _ := g.KeepConn().Known(); !keeps || !known || idle <= 0 {
			continue
		}
		done[g.Upstream] = true
		pools := once[*stack.Pool]{}
		for _, peer := range g.Peers {
			if peer.Pool != nil && peer.Fault == stack.Answers && !peer.Down && pools.first(peer.Pool) {
				list = append(list, kept{g, peer.Pool, idle})
			}
		}
	}
	return list
}

func checkRecycled(p *lint.Pass, k kept) {
	limit := k.pool.MaxRequests()
	requests, known := value(p, limit)
	if !known || requests <= 0 {
		return
	}
	p.Report(lint.Finding{
		At:      k.gateway.Upstream.Keepalive.At(),
		Message: fmt.Sprintf("nginx keeps connections to pool %s, whose workers end after %d requests: a POST that meets the end is a 502", k.pool.Name, requests),
		Notes: []lint.Note{
			{At: k.gateway.KeepConn().At(), Message: "the connection is kept here"},
			{At: limit.At(), Message: fmt.Sprintf("a worker ends after %d requests", requests)},
		},
		Log: []string{"upstream prematurely closed connection while reading response header from upstream"},
	})
}
