package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// HeaderBufferWrongKnob reports raised buffers that do not hold headers.
var HeaderBufferWrongKnob = &lint.Rule{
	ID:       "WP112",
	Name:     "header-buffer-wrong-knob",
	Cause:    lint.Died,
	Outcomes: lint.Outcomes{lint.Sometimes: lint.Always},
	Summary:  "Other buffers were raised, but not the one that headers must fit into.",
	Why:      "The headers of an answer from PHP-FPM must fit into `fastcgi_buffer_size`. `fastcgi_buffers` hold the body, `proxy_buffer_size` is for `proxy_pass`, and `fastcgi_buffering off` does not help either. With all of them an answer with 5 kB of headers is still a 502, \"upstream sent too big header\".",
	Fix:      "Set `fastcgi_buffer_size 16k;` together with `fastcgi_buffers 16 16k;`.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -nE '(fastcgi|proxy)_buffer(s|_size|ing) '",
		"grep 'too big header' /var/log/nginx/error.log | tail -3",
		"curl -sS -D - -o /dev/null --resolve HOST:443:127.0.0.1 https://HOST/PATH | wc -c",
	},
	Sources: []string{
		nginxFastCGI + "#fastcgi_buffer_size",
		nginxFastCGI + "#fastcgi_buffers",
	},
	Bad: `
-- etc/nginx/nginx.conf --
user www-data;
events {}
http {
    fastcgi_buffers 16 16k;
#   ^^^^^^^^^^^^^^^^^^^^^^ WP112 fastcgi_buffers does not make room for headers: fastcgi_buffer_size is not set, and its default is 4k
# -etc/nginx/sites-enabled/blog.conf WP112 the headers of PHP arrive here
    include /etc/nginx/sites-enabled/*;
}
`,
	Good: `
-- etc/nginx/nginx.conf --
user www-data;
events {}
http {
    fastcgi_buffer_size 16k;
    fastcgi_buffers 16 16k;
    include /etc/nginx/sites-enabled/*;
}
`,
	Logs:     []*servers.Signature{servers.NginxHeaderTooBig},
	Unproven: "how large the headers are depends on the application; that only fastcgi_buffer_size helps was measured on nginx 1.22",
	Check: func(p *lint.Pass) {
		for _, t := range tightBuffers(p, wrongKnob) {
			p.Report(lint.Finding{
				At:      t.knob,
				Message: fmt.Sprintf("%s does not make room for headers: %s", word(t.knob), t.what()),
				Notes:   []lint.Note{{At: t.gateway.At, Message: "the headers of PHP arrive here"}},
				Log:     []string{tooBig},
			})
		}
	},
}
