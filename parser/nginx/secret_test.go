package nginx

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// shown is a text as a report shows it.
func shown(text string) string {
	f := &source.File{Name: "/a", Text: text}
	Parse(f)
	return f.Span(0, len(text)).Masked()
}

func TestSecrets(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`fastcgi_param DB_PASSWORD hunter2;`, `fastcgi_param DB_PASSWORD …;`},
		{`fastcgi_param "API_TOKEN" "a;b" if_not_empty; listen 80;`, `fastcgi_param "API_TOKEN" … if_not_empty; listen 80;`},
		{"uwsgi_param A_KEY # why\n  # how\n  'a\n  b' c;", "uwsgi_param A_KEY # why\n  # how\n  … …;"},
		{"scgi_param A_KEY a\nlisten 80;", "scgi_param A_KEY …\nlisten 80;"},
		{"grpc_set_header X-Auth a; # old b\nlisten 80;", "grpc_set_header X-Auth …; # …\nlisten 80;"},
		{`proxy_set_header Authorization "Basic $http_x";`, `proxy_set_header Authorization …;`},
		{`fastcgi_param HTTP_COOKIE $http_cookie; fastcgi_param REQUEST_URI "$request_uri";`, `fastcgi_param HTTP_COOKIE $http_cookie; fastcgi_param REQUEST_URI "$request_uri";`},
		{`fastcgi_param A_KEY $a; set $b c; grpc_set_header X-Auth $B;`, `fastcgi_param A_KEY …; set $b …; grpc_set_header X-Auth $B;`},
		{`fastcgi_param A_KEY a;b;listen 80;`, `fastcgi_param A_KEY …;…;listen 80;`},
		{`fastcgi_param A_KEY {a{b}; listen 80;`, `fastcgi_param A_KEY …; listen 80;`},
		{"# fastcgi_param A_KEY\n#   a\nlisten 80;", "# fastcgi_param A_KEY\n#   …\nlisten 80;"},
		{"#secure_link_secret a b\nlisten 80;", "#secure_link_secret … …\nlisten 80;"},
		{`set $db_pwd a; set $dir a;`, `set $db_pwd …; set $dir a;`},
		{`set $memcached_key a$uri;`, `set $memcached_key a$uri;`},
		{"map $uri $a_key { default a; ~x \"b c\"; }\nlisten 80;", "map $uri $a_key { default …; ~x …; }\nlisten 80;"},
		{`map $http_x_token $user{default "";"a" b;}`, `map $http_x_token $user{default "";… b;}`},
		{"# map $uri $a_key {\n#  x a;\n# }\n# y b;\n", "# map $uri $a_key {\n#  x …;\n# }\n# y b;\n"},
		{`geo $a_key { default a; 10.0.0.0/8 b; }`, `geo $a_key { default …; 10.0.0.0/8 …; }`},
		{`if ($arg_key = a) { return 403; }`, `if ($arg_key = …) { return 403; }`},
		{`if ($http_cookie ~* "wordpress_logged_in") { set $skip 1; }`, `if ($http_cookie ~* "wordpress_logged_in") { set $skip 1; }`},
		{`proxy_pass http://me:a%40b@h:80/x;`, `proxy_pass http://…@h:80/x;`},
		{`proxy_pass http://me:a/b@h/x;`, `proxy_pass http://…@h/x;`},
		{`fastcgi_pass me:a@h:9000; proxy_pass http:\/\/me:a@h/;`, `fastcgi_pass …@h:9000; proxy_pass http:\/\/…@h/;`},
		{`rewrite ^/a:b/@c /d; return 301 mailto:a@h;`, `rewrite ^/a:b/@c /d; return 301 …@h;`},
		{`if ($http_x_key ~* "^(a|b)$") { set $c d; }`, `if ($http_x_key ~* …) { set $c d; }`},
		{`if ($http_authorization !~ a) { set $c d; }`, `if ($http_authorization !~ …) { set $c d; }`},
		{`set $q a; map $host $p { default b; } proxy_set_header X-Auth $q; grpc_set_header X-Key "x $P"; fastcgi_param REQUEST_URI $r; set $r c;`,
			`set $q …; map $host $p { default …; } proxy_set_header X-Auth $q; grpc_set_header X-Key …; fastcgi_param REQUEST_URI $r; set $r c;`},
		{`proxy_set_header X eyJhbGciOiJIUzI1NiJ9.e30.c; add_header Y "Bearer a"; set $eyJ a;`, `proxy_set_header X …; add_header Y "Bearer …"; set $eyJ a;`},
		{"map $http_x_token $user { a b\n c d; }", "map $http_x_token $user { … b\n … …; }"},
		{`proxy_pass http://h/x@y;`, `proxy_pass http://h/x@y;`},
		{`set $u a; set $p b; proxy_pass http://$u:$p@h:$port/x@y;`, `set $u a; set $p b; proxy_pass http://$u:$p@h:$port/x@y;`},
		{`return 301 https://h/?a=1&token=b&c=2;`, `return 301 https://h/?a=1&token=…&c=2;`},
		{`fastcgi_param PHP_VALUE "a=b auth.pw=\"c d\"";`, `fastcgi_param PHP_VALUE "a=b auth.pw=…";`},
		{`env API_KEY=a; env TZ=b;`, `env API_KEY=…; env TZ=b;`},
		{`fastcgi_cache_path /c keys_zone=a:1m;`, `fastcgi_cache_path /c keys_zone=a:1m;`},
		{`ssl_certificate_key /a.key; ssl_certificate_key data:a; ssl_certificate_key "engine:a:b";`, `ssl_certificate_key /a.key; ssl_certificate_key …; ssl_certificate_key …;`},
		{`auth_basic Staff; auth_basic_user_file /a; auth_jwt x token=a;`, `auth_basic Staff; auth_basic_user_file /a; auth_jwt … …;`},
		{`more_set_input_headers "X-Key: a b" 'X-B: c'; listen 80;`, `more_set_input_headers "X-Key: …" 'X-B: c'; listen 80;`},
		{`jwt_secret a "b"; listen 80; fastcgi_parm A_KEY c;`, `jwt_secret … …; listen 80; fastcgi_parm A_KEY …;`},
		{`access_by_lua_block { local key = "a" }`, `access_by_lua_block { local key = … }`},
		{"listen 80;\n{{ x }} set $a_key b;", "listen 80;\n{{ x }} set $a_key …;"},
	} {
		if got := shown(c.text); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.text, got, c.want)
		}
	}
}

// FuzzSecrets checks that the value of a parameter is masked after any text that does not
// open a string.
func FuzzSecrets(f *testing.F) {
	f.Add("server { ", " } ")
	f.Add("# ", "\n")
	f.Add("map $a_key $b {", "}")
	f.Add("{{ x }};", "a{")
	f.Fuzz(func(t *testing.T, before, after string) {
		if len(before)+len(after) > maxInput {
			return
		}
		text := "listen 80;\n" + before + "\n" + "fastcgi_param A_KEY hunter2;" + after
		f := &source.File{Name: "/a", Text: text}
		Parse(f)
		last := int32(0)
		for _, s := range f.Secrets() {
			if s.Start < last || s.Start >= s.End || int(s.End) > len(text) {
				t.Fatalf("%q: %d to %d after %d", text, s.Start, s.End, last)
			}
			last = s.End
		}
		if strings.Contains(f.Span(0, len(text)-len(after)).Masked()+";", "hunter2;") && !strings.Contains(before, "hunter2;") {
			t.Errorf("%q shows the secret", text)
		}
	})
}
