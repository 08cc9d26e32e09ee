package nginx

import (
	"strings"
	"testing"
)

// refused are texts with mistakes, with the tree, the problems, and nginx's error
// for the text in its frame, with the line.
var refused = []struct{ name, frame, text, tree, problems, nginx string }{
	{"extra closing brace", "http", "server { listen 80; } }\nserver { listen 81; autoindex on; }",
		`server { listen 80; } server { listen 81; autoindex on; }`,
		`1:23 unexpected "}"`, ``},
	{"double semicolon", "server", `return 200;;`,
		`return 200;`,
		`1:12 unexpected ";"`, `1 unexpected ";"`},
	{"brace without a name", "main", `events{} http { { server { } } }`,
		`events { } http { server { } }`,
		`1:17 unexpected "{"`, `1 unexpected "{"`},
	{"brace without a name at the start", "main", `events{} { user x; }`,
		`events { } user x;`,
		`1:10 unexpected "{"`, `1 unexpected "{"`},
	{"text behind a closing quote", "server", `autoindex on; return 200 "a"b;`,
		`autoindex on; return 200 a;`,
		`1:29 unexpected "b"`, `1 unexpected "b"`},
	{"string behind a closing quote", "server", `autoindex on; return 200 "a""b";`,
		`autoindex on; return 200 a;`,
		`1:29 unexpected """`, `1 unexpected """`},
	{"comment behind a closing quote", "server", `autoindex on; return 200 "a"#c;`,
		`autoindex on; return 200 a;`,
		`1:29 unexpected "#"`, `1 unexpected "#"`},
	{"comment behind a closing quote, semicolon on the next line", "server", "autoindex on; return 200 \"a\"# c ;\n;",
		`autoindex on; return 200 a;`,
		`1:29 unexpected "#"`, `1 unexpected "#"`},
	{"closing brace behind a closing quote", "server", `location /a { return 200 "a"}`,
		`location /a { return 200 a!; }`,
		`1:29 unexpected "}"`, `1 unexpected "}"`},
	{"dollar before the brace", "server", `location ~ \.php${ return 200; }`,
		`location ~ "\\.php$" { return 200; }`,
		`1:30 directive "location" has no opening "{"`, `1 directive "location" has no opening "{"`},
	{"escaped dollar", "http", `types { t \${a}; }`,
		`types { %t "\\${a}"; }`,
		`1:13 unexpected "{" in a word without quotes`, `1 unexpected "{"`},
	{"braces of a regular expression without quotes", "server", `location ~ ^/a{2}$ { return 200; } autoindex on;`,
		`location ~ "^/a{2}$" { return 200; } autoindex on;`,
		`1:15 unexpected "{" in a regular expression without quotes`, ``},
	{"the same in a table", "http", `map $uri $x { ~^/a{2,3}b$ 1; default 0; }`,
		`map $uri $x { %"~^/a{2,3}b$" 1; %default 0; }`,
		`1:19 unexpected "{" in a word without quotes`, `1 unexpected "{"`},
	{"block in a table", "http", `map $uri $x { default 0; a { b 1; } c 1; } server { }`,
		`map $uri $x { %default 0; %a!; %b 1; %c 1; } server { }`,
		`1:28 unexpected "{"`, `1 unexpected "{"`},
	{"semicolon missing before a brace", "server", "location /a { listen 80\n}",
		`location /a { listen 80!; }`,
		`2:1 unexpected "}"`, `2 unexpected "}"`},
	{"semicolon missing before a block", "http", "server {\n listen 80\n location / { return 200; }\n autoindex on; }",
		`server { listen 80!; location / { return 200; } autoindex on; }`,
		`2:2 directive "listen" is not terminated by ";"`, `3 directive "listen" is not terminated by ";"`},
	{"opening brace missing", "http", "server {\n location /\n  root /x;\n }\n listen 80; }",
		`server { location / !{ root /x; } listen 80; }`,
		`3:10 directive "location" has no opening "{"`, `3 directive "location" has no opening "{"`},
	{"opening brace missing on one line", "server", `if ($a) return 403; autoindex on;`,
		`if ($a) return 403; autoindex on;`,
		`1:19 directive "if" has no opening "{"`, `1 directive "if" has no opening "{"`},
	{"quote missing, closed by the next line's", "server", "autoindex on; add_header A \"x;\nadd_header B \"y\";\nautoindex on;",
		`autoindex on; add_header A x; add_header B y; autoindex on;`,
		`2:15 unexpected "y" after the string that starts on line 1`, `2 unexpected "y"`},
	{"quote missing to the end", "server", "autoindex on; add_header A \"x y; # z\nautoindex on;\n",
		`autoindex on; add_header A "x y"; autoindex on;`,
		`3:1 unexpected end of file, expecting ";" or "}": the " of line 1 is not closed`, `4 unexpected end of file, expecting ";" or "}"`},
	{"end of file inside a directive", "open", "events {}\nuser www",
		`events { } user www!;`,
		`2:9 unexpected end of file, expecting ";" or "}" after the directive "user" of line 2`, `2 unexpected end of file, expecting ";" or "}"`},
	{"end of file inside a block", "open", "events {}\nhttp {\n server {\n  listen 80;\n }\n",
		`events { } http {! server { listen 80; } }`,
		`6:1 unexpected end of file, expecting "}" for the block "http" of line 2`, `6 unexpected end of file, expecting "}"`},
	{"end of file inside Lua", "lua", "server {\n  content_by_lua_block {\n   x = [[ {\n  }\n  listen 80;\n }",
		`server { content_by_lua_block { lua "\n   x = [[ {\n  " } listen 80; }`,
		`6:3 unexpected end of file, expecting "}" for the block "content_by_lua_block" of line 2`, ``},
	{"byte order mark", "open", "\ufeffevents {}",
		`events { }`,
		`1:1 bom the file starts with a byte order mark, which nginx takes for a part of the first word`, ``},
	{"backslash at the end", "open", `events {} user a\`,
		`events { } user "a\\"!;`,
		`1:18 unexpected end of file, expecting ";" or "}" after the directive "user" of line 1`, `1 unexpected end of file, expecting ";" or "}"`},
	{"JSON", "open", `{ "password": "x" }`,
		``,
		`1:1 not an nginx configuration`, `1 unexpected "{"`},
	{"a key file", "open", "-----BEGIN KEY-----\nMIIE",
		``,
		`1:1 not an nginx configuration`, `2 unexpected end of file, expecting ";" or "}"`},
	{"a script", "open", `<?php define('A', 'b'); }`,
		``,
		`1:1 not an nginx configuration`, ``},
	{"end of a file with settings", "open", "a; DB_PASS=x y",
		"a; DB_PASS=x y!;",
		`1:15 unexpected end of file, expecting ";" or "}" after the directive "..." of line 1`, ``},
	{"first directive broken", "open", `user "a"b;`,
		``,
		`1:1 not an nginx configuration`, `1 unexpected "b"`},
	{"block name first", "open", `location ~ ^/a{2}$ { return 200; }`,
		`location ~ "^/a{2}$" { return 200; }`,
		`1:15 unexpected "{" in a regular expression without quotes`, ``},
	{"two mistakes", "server", `autoindex on; return 200 "a"b; return 201 'c'd;`,
		`autoindex on; return 200 a; return 201 c;`,
		"1:29 unexpected \"b\"\n1:46 unexpected \"d\"", `1 unexpected "b"`},
	{"closing brace alone", "open", `}`,
		``,
		`1:1 not an nginx configuration`, `1 unexpected "}"`},
	{"semicolon alone", "open", `events {} ; user www;`,
		`events { } user www;`,
		`1:11 unexpected ";"`, `1 unexpected ";"`},
	{"missing semicolon at the end of a block in a block", "http", `server { location / { root /x } listen 80; }`,
		`server { location / { root /x!; } listen 80; }`,
		`1:31 unexpected "}"`, `1 unexpected "}"`},
	{"semicolon missing before a block, file starts", "http", "server_tokens off\n server { listen 80; }",
		`server_tokens off!; server { listen 80; }`,
		`1:1 directive "server_tokens" is not terminated by ";"`, `2 directive "server_tokens" is not terminated by ";"`},
	{"opening brace missing, semicolon in its place", "http", `server { location /x ; listen 80; }`,
		`server { location /x; listen 80; }`,
		`1:22 directive "location" has no opening "{"`, `1 directive "location" has no opening "{"`},
	{"brace around a word in a table", "http", `types { t a{1}c; u d; }`,
		`types { %t "a{1}c"; %u d; }`,
		`1:12 unexpected "{" in a word without quotes`, `1 unexpected "{"`},
}

func TestRefused(t *testing.T) {
	for _, row := range refused {
		t.Run(row.name, func(t *testing.T) { check(t, row.text, row.tree, row.problems) })
	}
}

// elsewhere are the texts for which nginx reports another error or another line, on purpose.
var elsewhere = map[string]string{
	"semicolon missing before a block":              "we point at the line to mend, nginx at the brace where it notices",
	"semicolon missing before a block, file starts": "the same",
	"braces of a regular expression without quotes": "nginx takes what is behind the brace for a directive and calls that unknown",
	"extra closing brace":                           "nginx stops before the brace that is left over, at a server outside http",
	"block name first":                              "the same",
	"byte order mark":                               "nginx calls the directive with the mark unknown",
	"end of a file with settings":                   "nginx calls the first directive unknown",
	"a key file":                                    "nothing of such a file is shown, not even a line",
	"a script":                                      "the same",
}

func TestRefusedByNginx(t *testing.T) {
	s := realServer(t)
	for _, row := range refused {
		frame, ok := frames[row.frame]
		if !ok {
			continue // nginx has no Lua without its module
		}
		t.Run(row.name, func(t *testing.T) {
			text := frame[0] + row.text + frame[1]
			got, _ := s.syntax(t, text)
			if got != row.nginx {
				t.Errorf("nginx says of %q\n got %s\nwant %s", text, got, row.nginx)
			}
			if elsewhere[row.name] != "" {
				return
			}
			ours, _, _ := strings.Cut(dumpProblems(parse(text)), ":")
			if line, _, _ := strings.Cut(got, " "); ours != line {
				t.Errorf("%q: our first problem is on line %s, nginx's on line %s", text, ours, line)
			}
		})
	}
}
