package rules

import (
	"fmt"
	"slices"
	"sync"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers/cloudflare"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// EdgeBodyLimit reports sites that take larger uploads than Cloudflare passes on.
var EdgeBodyLimit = &lint.Rule{
	ID:       "WP510",
	Name:     "edge-body-limit",
	Cause:    lint.Edge,
	Outcomes: lint.Outcomes{lint.None: lint.Always},
	Summary:  "A site that uses Cloudflare takes larger uploads than Cloudflare passes on.",
	Why: "Cloudflare answers 413 to a request whose body is larger than the plan allows, also through a tunnel: 100 MB on Free and Pro, 200 MB on Business; Enterprise plans set their own. The request never reaches nginx, whatever `client_max_body_size`, `post_max_size` and `upload_max_filesize` say. " +
		"An upload of a backup or a video then fails although the site shows a larger limit.",
	Fix: "Upload in chunks, or to a host name without the proxy of Cloudflare, and set the limits of nginx and PHP to what the plan allows, so that the site shows the right one.",
	Verify: []string{
		"head -c 101M /dev/zero > upload.bin",
		`curl -sS -o /dev/null -w '%{http_code}\n' -F file=@upload.bin https://HOST/`,
		`curl -sS -o /dev/null -w '%{http_code}\n' -F file=@upload.bin --resolve HOST:443:127.0.0.1 https://HOST/`,
	},
	Sources: []string{cloudflare.BodyLimits.Page, nginxHTTP + "#client_max_body_size"},
	Bad: `
GET / -> 200
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    set_real_ip_from 173.245.48.0/20;
#   -------------------------------- WP510 the addresses of visitors come from Cloudflare here
    real_ip_header CF-Connecting-IP;
    client_max_body_size 512m;
#   ^^^^^^^^^^^^^^^^^^^^^^^^^ WP510 Cloudflare answers 413 to bodies over 100 MB, or 200 MB on the plan Business, before nginx sees them
    return 200 blog;
}
`,
	Good: `
GET / -> 200
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    set_real_ip_from 173.245.48.0/20;
    real_ip_header CF-Connecting-IP;
    client_max_body_size 100m;
    return 200 blog;
}
`,
	Check: func(p *lint.Pass) {
		seen := once[source.Span]{}
		pools := sync.OnceValue(func() map[*stack.Site][]*stack.Pool { return poolsOf(p.Stack) })
		for site := range nginxSites(p.Stack) {
			limit := site.BodyLimit()
			bytes, known := limit.Known()
			if !known || bytes != 0 && bytes <= cloudflare.BodyLimits.Value[0] {
				continue
			}
			if edge, ok := throughEdge(site); ok && seen.first(limit.At()) {
				p.Report(lint.Finding{
					At: limit.At(),
					Message: fmt.Sprintf("Cloudflare answers 413 to bodies over %d MB, or %d MB on the plan Business, before nginx sees them",
						cloudflare.BodyLimits.Value[0]>>20, cloudflare.BodyLimits.Value[1]>>20),
					Notes: append(edgeNote(edge), largePosts(pools()[site])...),
				})
			}
		}
	},
}

// poolsOf returns the pools that answer the sites.
func poolsOf(s *stack.Stack) map[*stack.Site][]*stack.Pool {
	pools := map[*stack.Site][]*stack.Pool{}
	for g, peer := range used(s) {
		if peer.Pool != nil && !slices.Contains(pools[g.Site], peer.Pool) {
			pools[g.Site] = append(pools[g.Site], peer.Pool)
		}
	}
	return pools
}

// largePosts are notes about pools that take larger requests than Cloudflare passes on.
func largePosts(pools []*stack.Pool) (notes []lint.Note) {
	for _, pool := range pools {
		limit := pool.PostLimit()
		if bytes, _ := limit.Known(); limit.Written() && (bytes <= 0 || bytes > cloudflare.BodyLimits.Value[0]) {
			notes = append(notes, lint.Note{At: limit.At(), Message: "post_max_size of pool " + pool.Name + " is larger, too"})
		}
	}
	return notes
}
