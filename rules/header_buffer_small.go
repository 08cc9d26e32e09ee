package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// HeaderBufferSmall reports header buffers that WordPress outgrows.
var HeaderBufferSmall = &lint.Rule{
	ID:    "WP111",
	Name:  "header-buffer-small",
	Cause: lint.Died,
	Outcomes: lint.Outcomes{
		lint.BadGateway: "no headers fit, or those of a WordPress login do not",
		lint.Sometimes:  "the size that is set is small for WordPress, or for a few cookies",
		lint.None:       "the size is not set",
	},
	Summary: "The header buffer of nginx is smaller than the headers of a WordPress login.",
	Why: "All headers of an answer must fit into `fastcgi_buffer_size`, 4k by default, or the answer is a 502 with \"upstream sent too big header\". A single header of 4037 bytes fits into a buffer of 4k, and one of 4038 does not. A login of WordPress sets several cookies, and plugins for security, caching and languages add more. " +
		"Visitors who are not logged in are not affected. A proxy before it has the same limit, `proxy_buffer_size`. A size without a unit, such as 16, is too small for any answer. " +
		"A PHP page without cookies has a header of 75 bytes and one with a session 239, so 1k is full after a few cookies, in any application.",
	Fixable: true,
	Fix:     "Set `fastcgi_buffer_size 16k;` together with `fastcgi_buffers 16 16k;`: with the default buffers nginx refuses more than 14k. On a proxy, set `proxy_buffer_size 16k;` and `proxy_buffers 8 16k;`.",
	Verify: []string{
		"curl -sS -D - -o /dev/null --resolve HOST:443:127.0.0.1 https://HOST/PATH | wc -c",
		`SCRIPT_FILENAME=/var/www/HOST/index.php REQUEST_METHOD=GET cgi-fcgi -bind -connect SOCKET | sed '/^\r*$/q' | wc -c`,
		"nginx -T 2>/dev/null | grep -nE 'buffer_size|_buffers'",
	},
	Sources: []string{
		nginxFastCGI + "#fastcgi_buffer_size",
		nginxProxy + "#proxy_buffer_size",
	},
	Bad: `
GET /index.php -> 502
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location = /wp-login.php {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_buffer_size 4k;
#       ^^^^^^^^^^^^^^^^^^^^^^ WP111 the headers of WordPress may not fit: fastcgi_buffer_size is 4k
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_buffer_size 16;
#       ^^^^^^^^^^^^^^^^^^^^^^ WP111 the headers of no answer fit: fastcgi_buffer_size is 16 bytes, without a unit
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Good: `
GET /index.php -> 200
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location = /wp-login.php {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_buffer_size 16k;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_buffer_size 16k;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Logs: []*servers.Signature{servers.NginxHeaderTooBig},
	Check: func(p *lint.Pass) {
		for _, t := range tightBuffers(p, smallBuffer) {
			f := lint.Finding{At: t.size.At(), Outcome: lint.Sometimes, Message: fmt.Sprintf("the headers of WordPress may not fit: %s", t.what()), Log: []string{tooBig}, Fixes: t.bigger()}
			switch {
			case t.wordPress && t.size.Written() && t.bytes <= hopelessLogin:
				f.Outcome, f.Message = lint.BadGateway, fmt.Sprintf("the headers of a WordPress login do not fit: %s bytes", strings.TrimSuffix(t.what(), " bytes"))
			case !t.wordPress && !t.hopeless():
				f.Message = fmt.Sprintf("the headers of an application with a few cookies may not fit: %s", t.what())
			case t.hopeless():
				f.Outcome, f.Message = lint.BadGateway, fmt.Sprintf("the headers of no answer fit: %s bytes, without a unit", t.what())
			case !t.size.Written():
				f.Outcome, f.Log = lint.None, nil
			}
			p.Report(f)
		}
	},
}
