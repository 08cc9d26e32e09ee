package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// WrongProtocol reports gateways that use another protocol than their listener.
var WrongProtocol = &lint.Rule{
	ID:       "WP205",
	Name:     "wrong-protocol",
	Apache:   true,
	Cause:    lint.Address,
	Outcomes: lint.Outcomes{lint.BadGateway: onlyServer, lint.Sometimes: otherServer, lint.Other: "Apache uses HTTPS, uwsgi or SCGI (500)"},
	Faults:   []lint.Fault{stack.WrongProtocol},
	Summary:  "The web server uses another protocol than the listener that it connects to.",
	Why: "PHP-FPM understands only FastCGI. It closes the connection when `proxy_pass` of nginx or an `http://` of Apache sends an HTTP request; an HTTP answer to a `fastcgi_pass` or an `fcgi://` is not a FastCGI record. " +
		"`grpc_pass` uses HTTP/2 alone, and a listener without it answers with HTTP/1.1. " +
		"The connection itself succeeds, so the log reports a reset or a wrong version, not a wrong address. Apache answers 502 for `http://` to PHP-FPM, 503 for `fcgi://` to an HTTP server, and 500 for `https://`, `scgi://` and `uwsgi://` to PHP-FPM.",
	Fix: "Use `fastcgi_pass` (with `fastcgi_param SCRIPT_FILENAME`), or `fcgi://` in Apache, for a PHP-FPM pool, and `proxy_pass` or `http://` for an HTTP server.",
	Verify: []string{
		"ss -tlnp | grep PORT",
		`curl -sS -o /dev/null -w '%{http_code}\n' http://ADDRESS/`,
		"REQUEST_METHOD=GET SCRIPT_FILENAME=/var/www/HOST/index.php cgi-fcgi -bind -connect ADDRESS",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		nginxFastCGI + "#fastcgi_pass",
		nginxProxy + "#proxy_pass",
		apacheFCGI,
	},
	Bad: `
GET /index.php -> 502
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        proxy_pass http://unix:/run/php/php8.3-fpm.sock;
#                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP205 proxy_pass uses HTTP, and pool www listens there for FastCGI
    }
}
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
;        ------------------------ WP205 pool www listens here
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
`,
	Good: `
GET /index.php -> 200
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Logs: []*servers.Signature{
		servers.NginxReset, servers.NginxNotFastcgi, servers.ApacheOriginClosed, servers.ApacheNotFastcgi,
	},
	Check: func(p *lint.Pass) {
		for g, peer := range used(p.Stack) {
			if peer.Fault == stack.WrongProtocol {
				p.Report(wrongProtocol(g, peer))
			}
		}
		for _, g := range p.Stack.GRPC {
			notHTTP2(p, g)
		}
	},
}

// notHTTP2 reports a grpc_pass to a pool, or to a listener of nginx without HTTP/2.
func notHTTP2(p *lint.Pass, g *stack.GRPC) {
	var found []lint.Finding
	for _, peer := range g.Peers {
		f := lint.Finding{At: g.At}
		switch l := g.HTTP1(peer); {
		case peer.Down:
			continue
		case peer.Fault == stack.WrongProtocol && peer.Pool != nil:
			f.Message = fmt.Sprintf("grpc_pass uses HTTP/2, and pool %s listens there for FastCGI", peer.Pool.Name)
			f.Notes = []lint.Note{{At: peer.Pool.Listen.At, Message: "pool " + peer.Pool.Name + " listens here"}}
			f.Log = []string{"recv() failed (104: Connection reset by peer) while reading response header from upstream"}
		case l != nil:
			f.Message = fmt.Sprintf("grpc_pass uses HTTP/2, and %s listens on %s without it", itself(peer.Site), plain(peer.Endpoint))
			f.Notes = []lint.Note{{At: listenFor(peer.Site, l.Endpoint).At, Message: peer.Site.Front.Name() + " listens here"}}
		default:
			continue
		}
		found = append(found, f)
	}
	for _, f := range found {
		if f.Outcome = lint.BadGateway; len(found) < len(g.Peers) {
			f.Outcome = lint.Sometimes
		}
		p.Report(f)
	}
}

var protocolNames = map[stack.Protocol]string{stack.FastCGI: "FastCGI", stack.HTTP: "HTTP", stack.HTTPS: "HTTPS", stack.UWSGI: "uwsgi", stack.SCGI: "SCGI"}

func wrongProtocol(g *stack.Gateway, peer *stack.Peer) lint.Finding {
	f := lint.Finding{At: g.At, Outcome: failing(g)}
	if g.Pass != nil {
		wrongScheme(&f, g, peer)
	} else if peer.Pool != nil {
		f.Message = fmt.Sprintf("%s uses %s, and pool %s listens there for FastCGI", g.Protocol.Pass(), protocolNames[g.Protocol], peer.Pool.Name)
		f.Notes = []lint.Note{{At: peer.Pool.Listen.At, Message: "pool " + peer.Pool.Name + " listens here"}}
		f.Log = []string{"recv() failed (104: Connection reset by peer) while reading response header from upstream"}
	} else {
		f.Message = fmt.Sprintf("fastcgi_pass uses FastCGI, and %s listens on %s for HTTP", itself(peer.Site), plain(peer.Endpoint))
		at := listenFor(peer.Site, peer.Endpoint).At
		if peer.Target.Machine != nil {
			f.Message = fmt.Sprintf("fastcgi_pass uses FastCGI, and %s listens on %s for HTTP", peer.Site.Front.Name(), inContainer(peer.Target))
			at = listenFor(peer.Site, netaddr.Endpoint{Network: netaddr.TCP, Port: peer.Target.Port}).At
		}
		f.Notes = []lint.Note{{At: at, Message: peer.Site.Front.Name() + " listens here"}}
		f.Log = []string{"upstream sent unsupported FastCGI protocol version: 72 while reading response header from upstream"}
	}
	if !encloses(g.At, peer.At) {
		f.Notes = append(f.Notes, lint.Note{At: peer.At, Message: "the server is named here"})
	}
	return f
}

// itself is the web server that listens where nginx connects.
func itself(site *stack.Site) string {
	if site.Front.Server == servers.Nginx {
		return "nginx itself"
	}
	return site.Front.Name()
}

// wrongScheme says what Apache does with a worker of another protocol than its listener (measured
// on Apache 2.4): 502 for HTTP to PHP-FPM, 503 for FastCGI to Apache itself, 500 for the others.
func wrongScheme(f *lint.Finding, g *stack.Gateway, peer *stack.Peer) {
	if peer.Pool == nil {
		f.Message = fmt.Sprintf("%s uses FastCGI, and %s listens on %s for HTTP", passing(g), peer.Site.Front.Name(), plain(peer.Endpoint))
		f.Notes = []lint.Note{{At: listenFor(peer.Site, peer.Endpoint).At, Message: peer.Site.Front.Name() + " listens here"}}
		f.Log = []string{"AH01068: Got bogus version 72"}
		return
	}
	f.Message = fmt.Sprintf("%s uses %s, and pool %s listens there for FastCGI", passing(g), protocolNames[g.Protocol], peer.Pool.Name)
	f.Notes = []lint.Note{{At: peer.Pool.Listen.At, Message: "pool " + peer.Pool.Name + " listens here"}}
	switch g.Protocol {
	case stack.HTTP:
		f.Outcome = lint.BadGateway
		f.Log = []string{"(104)Connection reset by peer: AH01102: error reading status line from remote server " + backendName(peer.Endpoint, 80)}
	default:
		f.Outcome = lint.Other
	}
}
