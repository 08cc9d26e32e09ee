package rules

import (
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// LengthByHand reports a Content-Length that nginx adds to responses.
var LengthByHand = &lint.Rule{
	ID:    "WP505",
	Name:  "length-by-hand",
	Cause: lint.Edge,
	Outcomes: lint.Outcomes{
		lint.Sometimes: "a tunnel or Cloudflare passes the response on",
		lint.None:      "neither is known to",
	},
	Summary: "add_header sets Content-Length, and a strict client refuses the response.",
	Why: "nginx keeps the length that a response has and adds the line of `add_header` as a second one. With another value, cloudflared refuses the response (`message cannot contain multiple Content-Length headers`) and answers 502, browsers refuse it, and an nginx as a proxy cuts it or answers 502. " +
		"A response that nginx compresses is sent in chunks, and a `Content-Length` beside them is wrong as well: clients may refuse both together, and with HTTP/2 the length does not fit the data. A length that a PHP script sets is different: nginx takes it out when it compresses. " +
		"Measured on nginx 1.22 with the client of cloudflared.",
	Fix:     "Remove the line: nginx sets the length itself.",
	Fixable: true,
	Verify: []string{
		"curl -sSI --compressed --resolve HOST:443:127.0.0.1 https://HOST/FILE | grep -iE '^(content-length|transfer-encoding|content-encoding)'",
		`curl -sS -o /dev/null -w '%{http_code}\n' https://HOST/FILE`,
		"journalctl -u cloudflared --since -10min | grep 'multiple Content-Length'",
	},
	Sources: []string{
		"https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header",
		cloudflareDocs + "support/troubleshooting/http-status-codes/cloudflare-5xx-errors/error-502/",
	},
	Bad: `
tunnel GET blog.example/index.php -> 200
-- etc/cloudflared/config.yml --
ingress:
  - service: http://localhost:80
#            ------------------- WP505 the tunnel passes requests on here
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location / {
        add_header Content-Length 10;
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP505 nginx adds this Content-Length to that of the response
        try_files $uri =404;
    }
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
-- var/www/blog/style.css --
body { margin: 0; }
`,
	Good: `
tunnel GET blog.example/index.php -> 200
tunnel GET blog.example/style.css -> 200
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location / {
        try_files $uri =404;
    }
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Logs: []*servers.Signature{servers.CloudflaredLengths},
	Check: func(p *lint.Pass) {
		seen := once[source.Span]{}
		for site := range nginxSites(p.Stack) {
			for _, at := range site.Lengths {
				if !seen.first(at) {
					continue
				}
				f := lint.Finding{Outcome: lint.None, At: at, Message: "nginx adds this Content-Length to that of the response", Fixes: replace(wholeLine(at), "", "remove the line")}
				if edge, ok := throughEdge(site); ok {
					f.Outcome, f.Notes = lint.Sometimes, edgeNote(edge)
				}
				p.Report(f)
			}
		}
	},
}
