package rules

import (
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// Syntax reports text that a server refuses to read.
var Syntax = &lint.Rule{
	ID:      "WP001",
	Name:    "syntax",
	Cause:   lint.Input,
	Outcome: lint.NginxRefuses,
	Summary: "A server cannot read its configuration and refuses to start.",
	Why: "nginx and PHP-FPM read all of their configuration or none of it: one missing semicolon in one site keeps every site down after the next start. " +
		"A running nginx survives a broken reload with its old configuration; PHP-FPM does not, a reload with a broken pool file ends it. " +
		"PHP-FPM reads its files line by line and names neither the file nor the real line in a syntax error. " +
		"php.ini is different: PHP drops what stands behind the error and starts all the same.",
	Fix: "Correct the text at the place that the message points to. In a PHP-FPM file, put a value with `| & ^ ~ ! ( ) =` in double quotes.",
	Bad: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example
    root /var/www/blog
}
# ^5:1-2 WP001 unexpected "}"
`,
	Good: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
}
`,
	Logs: []lint.Log{
		{By: lint.Nginx, Pattern: `\[emerg\] .*(unexpected|is not terminated by|too long parameter|invalid number of arguments|has no opening)`},
		{By: lint.FPM, Pattern: `PHP: +syntax error, unexpected`},
	},
	Check: func(p *lint.Pass) {
		for _, problem := range p.Stack.Problems {
			if problem.Kind != source.Syntax {
				continue
			}
			outcome := lint.NginxRefuses
			switch problem.By {
			case stack.FPM:
				outcome = lint.FPMRefuses
			case stack.PHP:
				outcome = lint.None
			}
			p.Report(lint.Finding{Outcome: outcome, At: problem.At, Message: problem.Message})
		}
	},
}

// IncludeMissing reports includes that a server cannot follow.
var IncludeMissing = &lint.Rule{
	ID:      "WP002",
	Name:    "include-missing",
	Cause:   lint.Input,
	Outcome: lint.NginxRefuses,
	Summary: "A server cannot follow an include and refuses to start.",
	Why: "A plain path that nginx cannot open is fatal, as is a directory or a dangling link that an include pattern matches. A pattern that matches nothing is not. " +
		"PHP-FPM refuses to start when the directory of an include is not there, when a match is a dangling link, and when files include each other more than five deep; it passes over directories. " +
		"A relative include means the directory of `nginx.conf` to nginx, and the directory that PHP was built for, such as `/usr`, to PHP-FPM.",
	Fix: "Create the file, correct the path, or take the include out. Write absolute paths in PHP-FPM files.",
	Bad: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    include /etc/nginx/snippets/headers.conf;
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP002 nginx cannot open /etc/nginx/snippets/headers.conf: no such file or directory
}
`,
	Good: `
-- etc/nginx/snippets/headers.conf --
add_header X-Content-Type-Options nosniff;
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    include /etc/nginx/snippets/headers.conf;
}
`,
	Logs: []lint.Log{
		{By: lint.Nginx, Pattern: `\[(emerg|crit)\] .*(open|read|pread)\(\) "(?P<path>[^"]+)" failed`},
		{By: lint.FPM, Pattern: `ERROR: (Unable to globalize|failed to open configuration file|failed to include more than)`},
	},
	Check: func(p *lint.Pass) {
		for _, problem := range p.Stack.Problems {
			if problem.Kind != source.Include {
				continue
			}
			outcome := lint.NginxRefuses
			if problem.By == stack.FPM {
				outcome = lint.FPMRefuses
			}
			p.Report(lint.Finding{Outcome: outcome, At: problem.At, Message: problem.Message})
		}
	},
}

// ByteOrderMark reports the invisible mark that some editors put in front of a
// file.
var ByteOrderMark = &lint.Rule{
	ID:      "WP005",
	Name:    "byte-order-mark",
	Cause:   lint.Input,
	Outcome: lint.NginxRefuses,
	Summary: "An nginx file starts with a byte order mark, which nginx takes for a part of the first directive.",
	Why: "Some editors save UTF-8 with three invisible bytes in front. nginx reads them as the beginning of the first word, knows no directive of that name and refuses to start. " +
		"PHP-FPM and PHP skip the mark.",
	Fix: "Save the file as UTF-8 without a byte order mark.",
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
	Logs: []lint.Log{{By: lint.Nginx, Pattern: "\\[emerg\\] .*unknown directive \"\ufeff"}},
	Check: func(p *lint.Pass) {
		for _, problem := range p.Stack.Problems {
			if problem.Kind != source.BOM {
				continue
			}
			p.Report(lint.Finding{
				At:      problem.At,
				Message: problem.Message,
				Fixes:   []lint.Fix{{Title: "take the byte order mark out", Safe: true, Edits: []source.Edit{{At: problem.At}}}},
			})
		}
	},
}
