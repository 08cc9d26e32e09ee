package rules

import (
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// ByteOrderMark reports the invisible mark that some editors put at the start
// of a file.
var ByteOrderMark = &lint.Rule{
	ID:       "WP005",
	Name:     "byte-order-mark",
	Cause:    lint.Input,
	Outcomes: lint.Outcomes{lint.NginxRefuses: lint.Always},
	Summary:  "An nginx file starts with a byte order mark, which nginx reads as part of the first directive.",
	Why: "Some editors save UTF-8 with three invisible bytes at the start. nginx reads them as part of the first word, has no directive of that name and refuses to start. " +
		"PHP-FPM and PHP skip the mark.",
	Fixable: true,
	Fix:     "Save the file as UTF-8 without a byte order mark.",
	Verify: []string{
		`LC_ALL=C grep -rlP '^\xEF\xBB\xBF' /etc/nginx`,
		"head -c 3 FILE | od -An -tx1",
		"nginx -t",
	},
	Bad: `
bytes etc/nginx/sites-enabled/blog.conf bom
-- etc/nginx/sites-enabled/blog.conf --
server {
# ^1:1-2 WP005 the file starts with a byte order mark, which nginx takes for a part of the first word
    listen 80;
    server_name blog.example;
    root /var/www/blog;
}
`,
	Good: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
}
`,
	Logs: []*servers.Signature{servers.NginxByteOrderMark},
	Check: func(p *lint.Pass) {
		for _, problem := range p.Stack.Problems {
			if problem.Kind != source.BOM {
				continue
			}
			p.Report(lint.Finding{
				At:      problem.At,
				Message: problem.Message,
				Fixes:   replace(problem.At, "", "take the byte order mark out"),
			})
		}
	},
}
