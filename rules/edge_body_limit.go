package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers/cloudflare"
	"github.com/wp502lint/wp502lint/source"
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
					Notes: edgeNote(edge),
				})
			}
		}
	},
}
