package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// NameUnknown reports host names that no container answers to.
var NameUnknown = &lint.Rule{
	ID:    "WP419",
	Name:  "name-unknown",
	Cause: lint.Proxy,
	Outcomes: lint.Outcomes{
		lint.NginxRefuses: "the name is resolved when nginx starts",
		lint.BadGateway:   "a variable makes nginx resolve the name for each request",
		lint.Other:        "Apache resolves the name for each request (500)",
	},
	Faults:  []lint.Fault{stack.NameUnknown},
	Summary: "The web server passes requests to a host name that no container has.",
	Why: "In a container, other containers are known by the name of their service, by `container_name`, and by the aliases of a network that both are on. `hostname`, the name of an image and the name of a folder are not such names. " +
		"A service that a profile keeps from starting, or whose container ends at once, has none either. nginx resolves the name in a `*_pass` or in the `server` of an upstream once, when it starts, and refuses to start without an address: the container exits, or restarts without end. Apache starts, resolves the name for each request, and answers 500.",
	Fixable: true,
	Fix:     "Use the name of the service, or give the other container the name that the web server uses, as a network alias.",
	Verify: []string{
		"docker compose run --rm --no-deps --entrypoint getent WEB hosts NAME",
		"docker compose ps -a",
		"docker inspect -f '{{json .NetworkSettings.Networks}}' CONTAINER",
		"kubectl get services --all-namespaces",
	},
	Sources: []string{
		composeNetworking,
		kubernetesDNS,
	},
	Bad: `
nginx refuses
frame: none
-- compose.yaml --
services:
  web:
    image: nginx:1.27
    volumes: ["./nginx/site.conf:/etc/nginx/conf.d/default.conf"]
    depends_on: [app]
  app:
# --- WP419 nginx can reach this container as app
    image: php:8.3-fpm
-- nginx/site.conf --
server {
    listen 80;
    root /var/www/html;
    location ~ \.php$ {
        include fastcgi_params;
        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
        fastcgi_pass php:9000;
#                    ^^^^^^^^ WP419 nginx in container web cannot resolve php: no container on its networks has this name
    }
}
`,
	Good: `
GET /index.php -> 200
-- nginx/site.conf --
server {
    listen 80;
    root /var/www/html;
    location ~ \.php$ {
        include fastcgi_params;
        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
        fastcgi_pass app:9000;
    }
}
`,
	Logs: []*servers.Signature{servers.NginxHostNotFound, servers.NginxNameNotResolved, servers.ApacheNameNotResolved},
	Check: func(p *lint.Pass) {
		for _, g := range addressed(p.Stack) {
			if g.Upstream == nil {
				unknownNames(p, g, g.Peers)
			}
		}
		for _, u := range p.Stack.Upstreams {
			unknownNames(p, nil, u.Peers)
		}
	},
}

// unknownNames reports those of peers that have no address. g is nil for an upstream.
func unknownNames(p *lint.Pass, g *stack.Gateway, peers []*stack.Peer) {
	for _, peer := range peers {
		if peer.Fault != stack.NameUnknown {
			continue
		}
		f := lint.Finding{
			At:      peer.At,
			Message: fmt.Sprintf("%s in container %s cannot resolve %s: no container on its networks has this name", webOr(g), p.Stack.Container.Name, peer.Name),
			Log:     []string{fmt.Sprintf("[emerg] host not found in upstream \"%s\"", peer.Name)},
		}
		if p.Stack.Container.Cluster {
			f.Message = fmt.Sprintf("%s in container %s cannot resolve %s: no Service has this name", webOr(g), p.Stack.Container.Name, peer.Name)
		}
		if g != nil && ofApache(g) {
			f.Outcome, f.Log = lint.Other, []string{"AH00898: DNS lookup failure for: " + peer.Name + " returned by /index.php"}
		}
		if g != nil && g.Variable {
			f.Outcome, f.Log = lint.BadGateway, []string{peer.Name + " could not be resolved (3: Host not found)"}
		}
		if other, _ := p.Stack.Container.NameOf(peer.Name); other != nil && other.Gone() {
			ended(&f, g, p.Stack.Container.Name, peer.Name, other)
			p.Report(f)
			continue
		}
		f.Notes = namesakes(p.Stack, g, peer)
		if pool := onlyPHP(p.Stack); pool != nil && (g == nil || !g.Variable) {
			f.Fixes = pointTo(peer, p.Stack, pool)
		}
		p.Report(f)
	}
}

// webOr is web, and nginx for an upstream.
func webOr(g *stack.Gateway) string {
	if g == nil {
		return "nginx"
	}
	return web(g)
}

// ended says why a container has ended, and its name with it.
func ended(f *lint.Finding, g *stack.Gateway, in, name string, other *deploy.Machine) {
	f.Notes = []lint.Note{{At: f.At, Message: webOr(g) + " uses the name here"}}
	f.Message = fmt.Sprintf("%s in container %s cannot resolve %s: container %s ends at once, and its name with it", webOr(g), in, name, other.Name)
	if f.At = other.EndsAt; !f.At.IsZero() {
		f.Notes = append(f.Notes, lint.Note{Message: "this entrypoint starts nothing: one that the project sets replaces the command of the image too"})
		return
	}
	if f.At = other.ImageAt; f.At.IsZero() {
		f.At = other.At
	}
	f.Notes = append(f.Notes, lint.Note{Message: "its program reads commands, and ends without tty or stdin_open: let the container run the server that " + webOr(g) + " connects to"})
}

// namesakes says which containers may have been meant.
func namesakes(s *stack.Stack, g *stack.Gateway, peer *stack.Peer) []lint.Note {
	other, inactive := s.Container.NameOf(peer.Name)
	switch {
	case other == s.Container:
		return []lint.Note{{At: other.At, Message: "this is the container of " + webOr(g) + " itself"}}
	case other != nil:
		return []lint.Note{{At: other.At, Message: "the container of that name shares no network with " + s.Container.Name}}
	case !inactive.IsZero():
		return []lint.Note{{At: inactive, Message: "the service of that name does not start: its profile is not active"}}
	}
	var names []string
	at := map[string]source.Span{}
	for _, known := range s.Container.Known() {
		names = append(names, known.Name)
		at[known.Name] = known.Machine.At
	}
	if near := typo.Nearest(peer.Name, names); near != "" {
		return []lint.Note{{At: at[near], Message: "did you mean " + near + "?"}}
	}
	if len(names) > maxNear {
		return nil
	}
	var notes []lint.Note
	for _, name := range names {
		notes = append(notes, lint.Note{At: at[name], Message: webOr(g) + " can reach this container as " + name})
	}
	return notes
}
