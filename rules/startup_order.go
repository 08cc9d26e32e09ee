package rules

import (
	"fmt"
	"net/netip"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// StartupOrder reports containers that nginx needs when it starts and that may start after it.
var StartupOrder = &lint.Rule{
	ID:    "WP423",
	Name:  "startup-order",
	Cause: lint.Proxy,
	Outcomes: lint.Outcomes{
		lint.NginxRefuses: "the other container starts after nginx",
		lint.Sometimes:    "nothing orders them",
	},
	Summary: "nginx may start before the container whose name it needs.",
	Why: "Docker gives a container a name in the network only while it runs. nginx resolves the names in `*_pass` and in upstreams when it starts, and refuses to start without an address. " +
		"Nothing here makes nginx start after that container, so the order is a matter of luck. With `restart:` it starts at a later attempt; the site is down until then.",
	Fixable: true,
	Fix:     "Add `depends_on` with that service to the service of nginx.",
	Verify: []string{
		"docker compose logs --no-log-prefix WEB | grep 'host not found'",
		"docker compose ps -aq | xargs docker inspect -f '{{.Name}} started {{.State.StartedAt}}, {{.RestartCount}} restarts'",
		"docker compose config | grep -A4 depends_on",
	},
	Sources: []string{
		"https://docs.docker.com/compose/how-tos/startup-order/",
		composeServices,
	},
	Bad: `
nginx refuses
frame: none
-- compose.yaml --
services:
  web:
    image: nginx:1.27
    volumes: ["./nginx/site.conf:/etc/nginx/conf.d/default.conf"]
  php:
    image: php:8.3-fpm
    depends_on: [web]
#                ^^^ WP423 container php starts after nginx in container web, which resolves its name at startup
-- nginx/site.conf --
server {
    listen 80;
    root /var/www/html;
    location ~ \.php$ {
        include fastcgi_params;
        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
        fastcgi_pass php:9000;
#                    -------- WP423 nginx uses the name here
    }
}
`,
	Good: `
GET /index.php -> 200
-- compose.yaml --
services:
  web:
    image: nginx:1.27
    volumes: ["./nginx/site.conf:/etc/nginx/conf.d/default.conf"]
    depends_on: [php]
  php:
    image: php:8.3-fpm
`,
	Logs: []*servers.Signature{servers.NginxHostNotFound},
	Check: func(p *lint.Pass) {
		if p.Stack.Container == nil || p.Stack.Container.Cluster {
			return
		}
		seen := once[string]{}
		check := func(peer *stack.Peer) {
			to := peer.Target.Machine
			if to == nil || to == p.Stack.Container || isAddress(peer.Host) || p.Stack.Container.NamesHost(peer.Host) || !seen.first(to.Name) {
				return
			}
			if _, ordered := p.Stack.Container.StartsAfter(to); ordered {
				return
			}
			p.Report(unordered(p.Stack.Container, to, peer))
		}
		for _, g := range addressed(p.Stack) {
			for _, peer := range g.Peers {
				if g.Upstream == nil && !g.Variable && g.Pass == nil {
					check(peer)
				}
			}
		}
		for _, u := range p.Stack.Upstreams {
			for _, peer := range u.Peers {
				check(peer)
			}
		}
	},
}

// unordered is what the rule says about a container that does not start after to, whose name
// it needs.
func unordered(m, to *deploy.Machine, peer *stack.Peer) lint.Finding {
	f := lint.Finding{
		At: peer.At, Outcome: lint.Sometimes,
		Message: fmt.Sprintf("nginx in container %s may start before container %s, whose name it resolves at startup", m.Name, to.Name),
		Log:     []string{fmt.Sprintf("[emerg] host not found in upstream \"%s\"", peer.Host)},
		Notes:   []lint.Note{{At: m.At, Message: "nothing makes this service start after " + to.Name + ": depends_on is missing"}},
	}
	if at, reverse := to.StartsAfter(m); reverse {
		f.Message = fmt.Sprintf("container %s starts after nginx in container %s, which resolves its name at startup", to.Name, m.Name)
		f.At, f.Notes = at, []lint.Note{{At: peer.At, Message: "nginx uses the name here"}}
		if f.Outcome = lint.NginxRefuses; m.Restarts() {
			f.Outcome = lint.Sometimes
		}
		return f
	}
	if edit, ok := m.StartAfter(to); ok {
		f.Fixes = replace(edit.At, edit.New, fmt.Sprintf("start %s after %s with depends_on", m.Name, to.Name))
	}
	return f
}

// isAddress reports whether host is an IP address, which needs no name.
func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}
