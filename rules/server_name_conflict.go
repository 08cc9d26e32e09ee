package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// ServerNameConflict reports servers that nginx never selects by one of their
// names.
var ServerNameConflict = &lint.Rule{
	ID:       "WP414",
	Name:     "server-name-conflict",
	Cause:    lint.Proxy,
	Outcomes: lint.Outcomes{lint.Other: lint.Always},
	Summary:  "Two servers have the same name on one address, so the second never gets its requests.",
	Why: "nginx uses the first server of a name, in the order in which it reads the files, and only warns about the second. Apache uses the first one too. A backup copy that an `include` with a `*` matches, or a default site that was left in place, answers instead of the intended one. " +
		"Servers of nginx without a `server_name` have the empty name in common.",
	Fix: "Remove the server that is not meant, or give it another name.",
	Verify: []string{
		"nginx -t 2>&1 | grep 'conflicting server name'",
		"nginx -T 2>/dev/null | grep -nE '^# configuration file|^ *(listen|server_name) '",
		"apachectl -S",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		nginxHTTP + "#server_name",
		"https://nginx.org/en/docs/http/request_processing.html",
		"https://httpd.apache.org/docs/2.4/vhosts/name-based.html#alg",
	},
	Bad: `
GET /index.php -> 404
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
#               ^^^^^^^^^^^^ WP414 another server answers for blog.example on the same address: nginx takes the first one
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
-- etc/nginx/sites-enabled/a-blog.conf --
server {
# -1:1-7 WP414 the first one
    listen 80;
    server_name blog.example;
    return 404;
}
`,
	Good: `
-- etc/nginx/sites-enabled/a-blog.conf --
# The server that was not meant is removed.
`,
	Logs: []*servers.Signature{servers.NginxServerNameConflict},
	Check: func(p *lint.Pass) {
		var before []*stack.Site // most sites listen for IPv4 and IPv6 alike
		for _, listener := range p.Stack.Listeners {
			if len(listener.Sites) > 1 && listener.Defaults < 2 && !slices.Equal(listener.Sites, before) {
				conflicts(p, listener)
				before = listener.Sites
			}
		}
	},
}

// conflicts reports the sites of a listener that have the name of one before them.
func conflicts(p *lint.Pass, listener *stack.Listener) {
	first := make(map[string]*stack.Site, 2*len(listener.Sites))
	for _, site := range listener.Sites {
		if site.Front.Loose {
			continue
		}
		names := site.Names
		apache := site.Front.Server == servers.Apache
		if len(names) == 0 && !apache {
			names = []string{""}
		}
		for i, name := range names {
			name = strings.ToLower(name)
			other := first[name]
			switch {
			case other == nil:
				first[name] = site
			case other != site:
				at := site.At
				if i < len(site.NamesAt) {
					at = site.NamesAt[i]
				}
				message := fmt.Sprintf("another server answers for %s on the same address: %s takes the first one", name, site.Front.Name())
				if name == "" {
					message = "another server without a server_name is on the same address: nginx takes the first one"
				}
				f := lint.Finding{At: at, Message: message, Notes: []lint.Note{{At: other.At, Message: "the first one"}}}
				if !apache {
					f.Log = []string{fmt.Sprintf("[warn] conflicting server name \"%s\"", name)}
				}
				p.Report(f)
			}
		}
	}
}
