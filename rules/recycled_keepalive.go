package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// RecycledKeepalive reports keepalive connections to workers that end.
var RecycledKeepalive = &lint.Rule{
	ID:       "WP110",
	Name:     "recycled-keepalive",
	Apache:   true,
	Cause:    lint.Died,
	Outcomes: lint.Outcomes{lint.Sometimes: lint.Always},
	Summary:  "The web server keeps connections to PHP-FPM workers that end after a number of requests.",
	Why: "With `keepalive` in the upstream and `fastcgi_keep_conn on`, nginx sends the next request over a connection that it kept. When its worker has just reached `pm.max_requests`, the worker closes the connection, and the request is lost: " +
		"nginx sends a GET again, and answers a POST with 502. " +
		"Apache keeps connections with `enablereuse=on` alone. It sends nothing again, and answers a GET too with 503. Without kept connections no request is lost in this way.",
	Fix: "Remove `keepalive` from the upstream of nginx, or `enablereuse=on` from the worker of Apache, or set `pm.max_requests = 0`. A local socket gains almost nothing from kept connections.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -nE 'keepalive |fastcgi_keep_conn'",
		"grep -rn enablereuse /etc/apache2",
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|pm\.max_requests'`,
		"grep 'upstream prematurely closed' /var/log/nginx/error.log | tail -3",
		"grep -c 'exited with code 0' /var/log/php8.3-fpm.log",
	},
	Sources: []string{
		nginxUpstream + "#keepalive",
		nginxFastCGI + "#fastcgi_keep_conn",
		apacheFCGI + "#examples",
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
	Logs: []*servers.Signature{servers.NginxClosed, servers.ApacheReset, servers.ApacheDispatchFailed},
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
	at      source.Span // the line that keeps them
	idle    int64       // how many connections each process of the web server keeps
}

// keptConnections returns every pair of an upstream and a pool whose connections
// nginx keeps: keepalive does nothing without fastcgi_keep_conn, and the other
// way round (measured on nginx 1.22).
func keptConnections(s *stack.Stack) (list []kept) {
	done := map[*stack.Upstream]bool{}
	reused := once[keptBy]{}
	for _, g := range s.Gateways {
		if g.Pass != nil {
			list = append(list, reusedBy(g, reused)...)
			continue
		}
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
				list = append(list, kept{g, peer.Pool, g.Upstream.Keepalive.At(), idle})
			}
		}
	}
	return list
}

// keptBy identifies the connections that a line of Apache keeps to a pool.
type keptBy struct {
	at   source.Span
	pool *stack.Pool
}

// reusedBy returns the pools to which Apache keeps connections for a gateway (enablereuse=on).
func reusedBy(g *stack.Gateway, done once[keptBy]) (list []kept) {
	on, _ := g.KeepConn().Known()
	if !on || g.Protocol != stack.FastCGI {
		return nil
	}
	for _, peer := range g.Peers {
		if at := g.KeepConn().At(); peer.Pool != nil && peer.Fault == stack.Answers && done.first(keptBy{at, peer.Pool}) {
			most, known := g.Front.Threads.Known()
			if set, written := g.Pass.Max.Known(); written {
				most, known = set, true
			}
			if known {
				list = append(list, kept{g, peer.Pool, at, most})
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
	if ofApache(k.gateway) {
		p.Report(lint.Finding{
			Outcome: sometimes(k.gateway),
			At:      k.at,
			Message: fmt.Sprintf("Apache keeps connections to pool %s, whose workers end after %d requests: a request that meets the end is a 503", k.pool.Name, requests),
			Notes:   []lint.Note{{At: limit.At(), Message: fmt.Sprintf("a worker ends after %d requests", requests)}},
			Log:     []string{reset(k.gateway)},
		})
		return
	}
	p.Report(lint.Finding{
		At:      k.at,
		Message: fmt.Sprintf("nginx keeps connections to pool %s, whose workers end after %d requests: a POST that meets the end is a 502", k.pool.Name, requests),
		Notes: []lint.Note{
			{At: k.gateway.KeepConn().At(), Message: "the connection is kept here"},
			{At: limit.At(), Message: fmt.Sprintf("a worker ends after %d requests", requests)},
		},
		Log: []string{"upstream prematurely closed connection while reading response header from upstream"},
	})
}
