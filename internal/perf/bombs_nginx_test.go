package perf

import (
	"strings"

	"github.com/wp502lint/wp502lint/tree"
)

// nginxBombs are in the text of a site.
var nginxBombs = []bomb{
	{"equal servers", func(n int) *tree.Tree {
		return inSite(strings.Repeat("server { listen 80; server_name a.example; "+php+" }\n", n))
	}},
	{"equal names", func(n int) *tree.Tree {
		return inSite("server { listen 80; server_name " + strings.Repeat("a.example ", n) + "; " + php + " }")
	}},
	{"names of a server", func(n int) *tree.Tree {
		return inSite("server { listen 80; server_name " + numbered(n, "a#.example ") + "; " + php + " }")
	}},
	{"names of two servers", func(n int) *tree.Tree {
		return inSite(strings.Repeat("server { listen 80; server_name "+numbered(n, "a#.example ")+"; "+php+" }\n", 2))
	}},
	{"findings in a server of n names", func(n int) *tree.Tree {
		return inSite("server { listen 80; server_name " + numbered(n, "a#.example ") + "; " + numbered(n, "location /# { fastcgi_pass unix:/run/php/no.sock; }\n") + " }")
	}},
	{"words", func(n int) *tree.Tree {
		return inSite("server { listen 80; index " + strings.Repeat("a ", 10*n) + "; " + php + " }")
	}},
	{"equal directives", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + strings.Repeat("gzip on;\n", n) + php + " }")
	}},
	{"equal passes", func(n int) *tree.Tree {
		return inSite("server { listen 80; location ~ \\.php$ { " + strings.Repeat("fastcgi_pass unix:/run/php/no.sock;\n", n) + "} }")
	}},
	{"equal long passes", func(n int) *tree.Tree {
		return inSite("server { listen 80; location ~ \\.php$ { " + strings.Repeat("fastcgi_pass unix:/run/php/no.sock"+strings.Repeat(" x", 100)+";\n", n/5) + "} }")
	}},
	{"listens", func(n int) *tree.Tree {
		return inSite("server { " + numbered(n/2, "listen 127.0.0.1:#;\n") + php + " }")
	}},
	{"listens of servers", func(n int) *tree.Tree { return inSite(numbered(n/2, "server { listen 127.0.0.1:#; "+php+" }\n")) }},
	{"locations", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + numbered(n, "location /# { fastcgi_pass unix:/run/php/www.sock; }\n") + " }")
	}},
	{"dead locations", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + numbered(n, "location /# { fastcgi_pass unix:/run/php/no#.sock; }\n") + " }")
	}},
	{"findings in a line", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + numbered(n, "location /# { fastcgi_pass unix:/run/php/no.sock; } ") + " }")
	}},
	{"ignores of findings in a line", func(n int) *tree.Tree {
		return inSite(strings.Repeat("# wp502lint:ignore WP201 -- x\n", n) + "server { listen 80; " + numbered(n, "location /# { fastcgi_pass unix:/run/php/no.sock; } ") + " }")
	}},
	{"equal locations", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + strings.Repeat("location / { fastcgi_pass unix:/run/php/no.sock; }\n", n) + " }")
	}},
	{"proxy locations", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + numbered(n, "location /# { proxy_pass http://127.0.0.1:80/#/; }\n") + " }")
	}},
	{"proxy loop", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + numbered(n, "location /# { proxy_pass http://127.0.0.1:80; }\n") + " }")
	}},
	{"tls names", func(n int) *tree.Tree {
		return inSite(numbered(n/5, "server { listen 443 ssl; server_name a#.example; location / { proxy_pass https://127.0.0.1:443; } }\n"))
	}},
	{"regexes to dead peers", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + numbered(n, "location ~ ^/#/.*\\.php$ { fastcgi_pass unix:/run/php/no.sock; }\n") + " }")
	}},
	{"sites with dead peers", func(n int) *tree.Tree {
		return inSite(numbered(n, "server { listen 80; server_name a#.example; location ~ \\.php$ { fastcgi_pass unix:/run/php/no#.sock; } }\n"))
	}},
	{"dead peers of the second server", func(n int) *tree.Tree {
		names := "server { listen 80; server_name " + numbered(n, "a#.example ") + "; "
		return inSite(names + "}\n" + names + numbered(n, "location /# { fastcgi_pass unix:/run/php/no.sock; }\n") + " }")
	}},
	{"upstreams of unknown hosts", func(n int) *tree.Tree {
		return inSite(numbered(n, "upstream a..#:9000 { server 127.0.0.1:9000; }\nserver { listen 80; server_name a#.example; location / { proxy_pass http://a..#:9000; } }\n"))
	}},
	{"regexes", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + numbered(n, "location ~ ^/#/(.*)\\.php$ { fastcgi_pass unix:/run/php/$1.sock; }\n") + " }")
	}},
	{"nested blocks", func(n int) *tree.Tree { return inSite(strings.Repeat("location / {", n) + strings.Repeat("}", n)) }},
	{"open blocks", func(n int) *tree.Tree { return inSite(fill(n, "a{")) }},
	{"braces", func(n int) *tree.Tree { return inSite(fill(n, "{")) }},
	{"closing braces", func(n int) *tree.Tree { return inSite(fill(n, "}")) }},
	{"quotes", func(n int) *tree.Tree { return inSite(fill(n, "\"")) }},
	{"quoted words", func(n int) *tree.Tree { return inSite(fill(n, "\"a\" ")) }},
	{"semicolons", func(n int) *tree.Tree { return inSite(fill(n, ";")) }},
	{"directives", func(n int) *tree.Tree { return inSite(fill(n, "a;")) }},
	{"words of another file", func(n int) *tree.Tree { return inSite(numbered(6*n, "word# value#;\n")) }},
	{"unknown directives", func(n int) *tree.Tree { return inSite("server { " + numbered(n, "a# on;\n") + " }") }},
	{"one line", func(n int) *tree.Tree {
		return inSite("server { listen 80; root " + strings.Repeat("a", 160*n) + "; " + php + " }")
	}},
	{"one comment", func(n int) *tree.Tree { return inSite("#" + strings.Repeat("a", 160*n)) }},
	{"comments", func(n int) *tree.Tree { return inSite(fill(n, "#\n")) }},
	{"ignores", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + strings.Repeat("location / { fastcgi_pass unix:/run/php/no.sock; } # wp502lint:ignore WP201 -- x\n", n) + " }")
	}},
	{"ignores of nothing", func(n int) *tree.Tree { return inSite(strings.Repeat("# wp502lint:ignore WP201 -- x\n", n)) }},
	{"ignores of files", func(n int) *tree.Tree { return inSite(strings.Repeat("# wp502lint:ignore-file WP201 -- x\n", n)) }},
	{"ignores of unknown rules", func(n int) *tree.Tree { return inSite(strings.Repeat("# wp502lint:ignore WP2O1 -- x\n", n)) }},
	{"ignore of n", func(n int) *tree.Tree {
		return inSite("# wp502lint:ignore " + strings.Repeat("WP999,", n) + "\nserver{}")
	}},
	{"blanks before ignores", func(n int) *tree.Tree {
		return inSite(numbered(n, "                    # wp502lint:ignore WP201 -- x\n;"))
	}},
	{"variables", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + numbered(n, "set $a# $a#$a#;\n") + "location ~ \\.php$ { fastcgi_pass unix:$a9; } }")
	}},
	{"nested variables", func(n int) *tree.Tree {
		return inSite("server { listen 80; set $a1 " + strings.Repeat("$a0", n) + "; set $a0 " + strings.Repeat("x", 4000) + "; location ~ \\.php$ { fastcgi_pass unix:$a1; } }")
	}},
	{"maps", func(n int) *tree.Tree {
		return inSite("map $host $p { " + numbered(n, "a# unix:/run/php/p#.sock;\n") + " } server { listen 80; " + numbered(n/100, "location ~ /#.*\\.php$ { fastcgi_pass $p; }\n") + " }")
	}},
	{"upstreams", func(n int) *tree.Tree {
		return inSite(numbered(n/100, "upstream u# { "+strings.Repeat("server 127.0.0.1;", 900)+" }\n") + "server { listen 80; " + numbered(n/100, "location ~ /#.*\\.php$ { fastcgi_pass u#; }\n") + " }")
	}},
	{"one upstream of n", func(n int) *tree.Tree {
		return inSite("upstream u { " + numbered(n, "server unix:/run/php/#.sock;") + " }\n" + "server { listen 80; " + numbered(n/10, "location ~ /#.*\\.php$ { fastcgi_pass u; }\n") + " }")
	}},
	{"equal upstreams", func(n int) *tree.Tree { return inSite(strings.Repeat("upstream u { server 127.0.0.1:9000; }\n", n)) }},
	{"equal upstreams in a line", func(n int) *tree.Tree {
		return inSite(strings.Repeat("upstream u { server 127.0.0.1:9000; } ", n))
	}},
	{"undefined upstreams", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + numbered(n, "location ~ /#.*\\.php$ { fastcgi_pass u#; }\n") + " }")
	}},
	{"ifs", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + numbered(n, "if ($a = #) { return 403; }\n") + php + " }")
	}},
	{"buffers", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + numbered(n, "location ~ /#.*\\.php$ { fastcgi_buffer_size 1k; fastcgi_buffers 2 1k; fastcgi_pass unix:/run/php/www.sock; }\n") + " }")
	}},
	{"numbers", func(n int) *tree.Tree {
		return inSite("server { listen 80; fastcgi_buffers 999999999999999999999999 9999999999999g; fastcgi_buffer_size 9223372036854775807k; fastcgi_read_timeout 99999999999999999999d; " + php + " } ")
	}},
	{"long numbers", func(n int) *tree.Tree {
		return inSite("server { listen 80; location ~ \\.php$ { fastcgi_buffers 8 " + strings.Repeat("9", 10*n) + "k; fastcgi_read_timeout " + strings.Repeat("9", 10*n) + "; fastcgi_pass unix:/run/php/www.sock; } } ")
	}},
	{"params", func(n int) *tree.Tree {
		return inSite("server { listen 80; location ~ \\.php$ { " + numbered(n, "fastcgi_param P# x;\n") + "fastcgi_pass unix:/run/php/www.sock; } }")
	}},
}
