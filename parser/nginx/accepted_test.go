package nginx

import "testing"

// accepted are texts whose syntax nginx accepts, but which other parsers misread or refuse.
var accepted = []struct{ name, frame, text, tree string }{
	{"escaped backslash before the closing quote", "http", `add_header A "x\\"; auth_basic off; add_header B "z";`,
		`add_header A "x\\"; auth_basic off; add_header B z;`},
	{"NUL in a comment", "main", "events{}\n# a\x00b\nhttp { server { autoindex on; } }",
		`events { } http { server { autoindex on; } }`},
	{"NUL between directives", "main", "\x00 events {}",
		`"\x00" events { }`},
	{"NUL in a word and in quotes", "http", "add_header A\x00 \"b\x00c\";",
		`add_header "A\x00" "b\x00c";`},
	{"escaped semicolon", "server", `return 200 a\;b;`,
		`return 200 "a\\;b";`},
	{"escaped blank and hash", "http", `log_format x \#arg\ 1 'z';`,
		`log_format x "\\#arg\\ 1" z;`},
	{"quoted include", "types", `include "mime.conf"; include '*.inc';`,
		`include mime.conf; include *.inc;`},
	{"same parameter twice", "http", `upstream u { server a:1 weight=1 weight=2; }`,
		`upstream u { server a:1 weight=1 weight=2; }`},
	{"order of parameters", "http", `upstream u { server a:1 max_fails=3 fail_timeout=30s; }`,
		`upstream u { server a:1 max_fails=3 fail_timeout=30s; }`},
	{"order of directives", "http", `upstream u { server a:1; keepalive 2; } server { } include x*;`,
		`upstream u { server a:1; keepalive 2; } server { } include x*;`},
	{"arguments of argumentless blocks", "main", `http foo { } server foo { }`,
		`http foo { } server foo { }`},
	{"two arguments of upstream", "http", `upstream a b { }`,
		`upstream a b { }`},
	{"server inside upstream", "http", `upstream u { server a:1; server b:2; }`,
		`upstream u { server a:1; server b:2; }`},
	{"backtick is no quote", "http", "add_header A `a b`;",
		"add_header A \"`a\" \"b`\";"},
	{"invalid UTF-8", "http", "add_header X \"M\xf6lln\" \xff;",
		`add_header X "M\xf6lln" "\xff";`},
	{"CR ends no comment", "server", "# c\r return 200;",
		``},
	{"comment at the end of a block and of the file", "server", "location / { # a\n#b\n} # c",
		`location / { }`},
	{"escaped backslashes in both quotes", "server", `return 200 "a\\"; return 201 'a\\';`,
		`return 200 "a\\"; return 201 "a\\";`},
	{"escaped braces in a regular expression", "server", `location ~ ^/a\{2\}$ { }`,
		`location ~ "^/a\\{2\\}$" { }`},
	{"closing brace inside a word", "server", `return 200 a}b;`,
		`return 200 "a}b";`},
	{"closing brace at the end of a word", "server", `return 200 a};`,
		`return 200 "a}";`},
	{"backtick alone", "server", "return 200 `a;",
		"return 200 \"`a\";"},
	{"Lua length operator", "lua", `content_by_lua_block { local t = #x }`,
		`content_by_lua_block { lua " local t = #x " }`},
	{"Lua brace in double quotes", "lua", `content_by_lua_block { ngx.say("}") } listen 80;`,
		`content_by_lua_block { lua " ngx.say(\"}\") " } listen 80;`},
	{"Lua brace in single quotes", "lua", `content_by_lua_block { ngx.say('{\'') } listen 80;`,
		`content_by_lua_block { lua " ngx.say('{\\'') " } listen 80;`},
	{"Lua long bracket", "lua", `content_by_lua_block { x = [[ } ]] y = [==[ ]] } ]==] } listen 80;`,
		`content_by_lua_block { lua " x = [[ } ]] y = [==[ ]] } ]==] " } listen 80;`},
	{"Lua comments", "lua", "content_by_lua_block { -- }\n--[[ { ]] --[=[ }\n ]=] a[b[1]] = {} } listen 80;",
		`content_by_lua_block { lua " -- }\n--[[ { ]] --[=[ }\n ]=] a[b[1]] = {} " } listen 80;`},
	{"Lua behind an argument", "lua", "set_by_lua_block $r { return #t }\nlisten 80;\nserver { listen 81; }",
		`set_by_lua_block $r { lua " return #t " } listen 80; server { listen 81; }`},
	{"Lua string over lines", "lua", "content_by_lua_block { x = \"a\\\n}\" y = 'b\\z\n }' } listen 80;",
		`content_by_lua_block { lua " x = \"a\\\n}\" y = 'b\\z\n }' " } listen 80;`},
	{"Lua string that its line ends", "lua", "content_by_lua_block { x = \"a\n } listen 80;",
		`content_by_lua_block { lua " x = \"a\n " } listen 80;`},
	{"quoted name", "server", `"return" 200;`,
		`return 200;`},
	{"variable in braces everywhere", "server", `set ${a} x${host}y; location ~ ^/${b}c { return 200 "${d}"; }`,
		`set "${a}" "x${host}y"; location ~ "^/${b}c" { return 200 "${d}"; }`},
	{"several braces behind a dollar", "types", `t ${{{a;`,
		`t "${{{a";`},
	{"braces in a quoted regular expression", "server", `location ~ "^/a{2}$" { return 200 "x"; }`,
		`location ~ "^/a{2}$" { return 200 x; }`},
	{"quote before the parenthesis of an if", "server", `if ($a = "b"){ return 200; }`,
		`if ($a = b ) { return 200; }`},
	{"hash inside a word", "server", `return 200 a#b;`,
		`return 200 "a#b";`},
	{"CRLF", "server", "return\t200\r\n\"a\r\nb\" ;\r\n# c\r\n",
		`return 200 "a\r\nb";`},
	{"quote inside a word", "server", `return 200 a"b;`,
		`return 200 "a\"b";`},
	{"signs in quotes", "server", `return 200 "{;}#" '}';`,
		`return 200 "{;}#" "}";`},
	{"empty quotes", "server", `return 200 "" '';`,
		`return 200 "" "";`},
	{"string over several lines", "server", "return 200 'a\n  b\n';",
		`return 200 "a\n  b\n";`},
	{"no line feed at the end", "server", `return 200 a;# c`,
		`return 200 a;`},
	{"escapes in quotes and outside", "server", `return 200 "\t\r\n\"\'\q" \t\r\n\"\'\q;`,
		`return 200 "\t\r\n\"'\\q" "\t\r\n\"'\\q";`},
	{"backslash before a line feed", "server", "return 200 a\\\nb;",
		`return 200 "a\\\nb";`},
	{"vertical tab and form feed are no blanks", "types", "t\va b\fc;",
		`"t\va" "b\fc";`},
	{"body of a map", "http", `map $uri $x { hostnames; default "a b"; ~^/x 1; include m*; }`,
		`map $uri $x { %hostnames; %default "a b"; %~^/x 1; include m*; }`},
	{"body of geo", "http", `geo $x { 127.0.0.1 1; include g*; }`,
		`geo $x { %127.0.0.1 1; include g*; }`},
	{"body of split_clients", "http", `split_clients a $x { 0.5% .a; include .b; * .c; }`,
		`split_clients a $x { %"0.5%" .a; %include .b; %* .c; }`},
	{"byte order mark later", "open", "events {}\n\ufeffuser x;",
		`events { } "\ufeffuser" x;`},
	{"empty", "open", ``,
		``},
	{"only blanks and comments", "open", " \n# x",
		``},
}

func TestAccepted(t *testing.T) {
	for _, row := range accepted {
		t.Run(row.name, func(t *testing.T) { check(t, row.text, row.tree, "") })
	}
}

func TestAcceptedByNginx(t *testing.T) {
	s := realServer(t)
	for _, row := range accepted {
		frame, ok := frames[row.frame]
		if !ok {
			continue // nginx has no Lua without its module
		}
		t.Run(row.name, func(t *testing.T) {
			if got, _ := s.syntax(t, frame[0]+row.text+frame[1]); got != "" {
				t.Errorf("nginx refuses %q: %s", row.text, got)
			}
		})
	}
}
