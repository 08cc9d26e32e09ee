package stack

import (
	"strings"
	"testing"
)

const sock = "unix:/run/a.sock"

// deep sets $v1 to $v2, which is $v3, and so on until the socket.
const deep = "set $v1 $v2;\nset $v2 $v3;\nset $v3 $v4;\nset $v4 $v5;\nset $v5 $v6;\nset $v6 $v7;\nset $v7 " + sock + ";\n"

var variableTests = []struct{ name, http, server, pass, want string }{
	{"set", "", "set $s " + sock + ";", "$s", sock},
	{"set, in braces", "", "set $s a;", "unix:/run/${s}.sock", sock},
	{"set in the location", "", "", "$t", sock},
	{"set twice to one value", "", "set $s " + sock + "; set $s " + sock + ";", "$s", sock},
	{"set to two values", "", "set $s x; set $s " + sock + ";", "$s", "$s has several possible values"},
	{"set in an if as well", "", "set $s x; if ($a) { set $s " + sock + "; }", "$s", "$s has several possible values"},
	{"set in another server", "server { server_name other; set $s x; }", "set $s " + sock + ";", "$s", sock},
	{"map with one value", "map $host $s { default " + sock + "; x " + sock + "; }", "", "$s", sock},
	{"map with nothing but a default", "map $host $s { default " + sock + "; }", "", "$s", sock},
	{"map without a default", "map $host $s { x " + sock + "; }", "", "$s", sock},
	{"map with two values", "map $host $s { default x; a " + sock + "; }", "", "$s", "x no upstream"},
	{"map with a value that is a part of the request", "map $host $s { default $1; a " + sock + "; }", "", "$s", " untold"},
	{"map with parameters", "map $host $s { volatile; hostnames; default " + sock + "; }", "", "$s", sock},
	{"map with an include", "map $host $s { default " + sock + "; include x; }", "", "$s", "$s has several possible values"},
	{"map and set", "map $host $s { default " + sock + "; }", "set $s " + sock + ";", "$s", "$s has several possible values"},
	{"two maps", "map $host $s { default " + sock + "; } map $host $s { default x; }", "", "$s", "$s has several possible values"},
	{"geo", "geo $s { default " + sock + "; }", "", "$s", sock},
	{"geo of an address", "geo $a $s { default " + sock + "; }", "", "$s", sock},
	{"split_clients", "split_clients $a $s { * " + sock + "; }", "", "$s", sock},
	{"nested", "map $host $v { default 8.3; }", "set $s /run/a; set $t2 $s.sock;", "unix:$t2", sock},
	{"nested deep", "", deep, "$v1", sock},
	{"nested too deep", "", deep + "set $w3 $w4; set $w4 $v1; set $w2 $w3; set $w1 $w2;", "$w1", "refer to each other"},
	{"itself", "", "set $s $s;", "$s", "refer to each other"},
	{"each other", "", "set $s $r; set $r $s;", "$s", "refer to each other"},
	{"growing", "", "set $s " + strings.Repeat("$s", 1000) + ";", "$s", "longer than 4096 bytes"},
	{"capture", "", "", "unix:/run/$1.sock", "$1 is a part of the request"},
	{"of nginx", "", "", "unix:/run/$host.sock", "the value of $host is not in the files"},
	{"of nobody", "", "", "$nobody", "the value of $nobody is not in the files"},
	{"no name", "", "", "unix:/run/a$.sock", "unix:/run/a$.sock malformed"},
	{"an upstream", "upstream u { server " + sock + "; }", "set $s U;", "$s", sock},
	{"a name", "", "set $s php:9000;", "$s", "no resolver"},
}

func TestVariables(t *testing.T) {
	for _, test := range variableTests {
		files := debianHost(test.server+"\nlocation ~ ^/(.*)\\.php$ { set $t "+sock+"; fastcgi_pass "+test.pass+"; }", "listen = /run/a.sock")
		files["/etc/nginx/conf.d/x.conf"] = test.http
		g := linked(files).Gateways[0]
		got := g.Why
		if got == "" {
			got = g.Peers[0].Text + " " + faultNames[g.Peers[0].Fault]
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestLooksLikePHP(t *testing.T) {
	const tcp = "fastcgi_pass 127.0.0.1:9009;"
	tests := []struct {
		name, http, server string
		want               bool
	}{
		{"a location of one name", "", "location = /x.php { " + tcp + " }", true},
		{"a location of a prefix", "", "location /x.php { " + tcp + " }", true},
		{"another prefix", "", "location /cgi { " + tcp + " }", false},
		{"an expression", "", `location ~ \.php$ { ` + tcp + " }", true},
		{"an expression with a path", "", `location ~* "\.php(/|$)" { ` + tcp + " }", true},
		{"an expression that Go does not know", "", `location ~ "(?!x)\.php" { ` + tcp + " }", true},
		{"an expression without the name", "", `location ~ "\.p(hp|l)$" { ` + tcp + " }", true},
		{"an expression of everything", "", `location ~ "^/.*" { ` + tcp + " }", false},
		{"an expression of Perl", "", `location ~ \.pl$ { ` + tcp + " }", false},
		{"the outer location", "", `location ~ \.php$ { if ($a) { ` + tcp + " } }", true},
		{"only the innermost location", "", `location ~ \.php$ { location /x { ` + tcp + " } }", false},
		{"the index", "", "location / { fastcgi_index index.php; " + tcp + " }", true},
		{"the index of the server", "", "fastcgi_index index.php; location / { " + tcp + " }", true},
		{"the index of http", "fastcgi_index index.php;", "location / { " + tcp + " }", true},
		{"another index", "fastcgi_index index.php;", "location / { fastcgi_index index.pl; " + tcp + " }", false},
		{"the script", "", "location / { fastcgi_param SCRIPT_FILENAME /srv/x.php; " + tcp + " }", true},
		{"the name of the script", "", "location / { fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name; " + tcp + " }", true},
		{"another script", "", "location / { fastcgi_param SCRIPT_FILENAME /srv/x.cgi; " + tcp + " }", false},
		{"the script of the server", "fastcgi_param SCRIPT_FILENAME /x.php;", "location / { " + tcp + " }", true},
		{"the script that another parameter hides", "fastcgi_param SCRIPT_FILENAME /x.php;", "location / { fastcgi_param A b; " + tcp + " }", false},
		{"the later of two scripts", "", "location / { fastcgi_param SCRIPT_FILENAME /x.php; fastcgi_param SCRIPT_FILENAME /x.cgi; " + tcp + " }", false},
		{"the address", "", "location / { fastcgi_pass unix:/run/php8.1-fpm.sock; }", true},
		{"the name of the upstream", "upstream php { server 127.0.0.1:9009; }", "location / { fastcgi_pass php; }", true},
		{"the servers of the upstream", "upstream u { server unix:/run/php.sock; }", "location / { fastcgi_pass u; }", true},
		{"an address of another program", "", `location ~ \.php$ { fastcgi_pass unix:/run/fcgiwrap.socket; }`, false},
		{"a server of another program", "upstream php { server unix:/run/munin.sock; }", "location / { fastcgi_pass php; }", false},
		{"a pool that answers", "", "location / { fastcgi_pass 127.0.0.1:9000; }", true},
		{"another protocol", "", `location ~ \.php$ { proxy_pass http://127.0.0.1:9000; }`, false},
	}
	for _, test := range tests {
		files := debianHost(test.server, "listen = 9000")
		files["/etc/nginx/conf.d/x.conf"] = test.http
		if g := linked(files).Gateways[0]; g.PHP != test.want {
			t.Errorf("%s: got %v, want %v", test.name, g.PHP, test.want)
		}
	}
}

// Includes that form a cycle through blocks, and those that double at every step.
func TestIncludesThatNeverEnd(t *testing.T) {
	pass := "fastcgi_pass unix:/run/a.sock;"
	inServer := func(include string) map[string]string {
		return debianHost("location / { include "+include+"; }", "listen = /run/a.sock")
	}
	self := inServer("self")
	self["/etc/nginx/self"] = "location /a { " + pass + " include self; }"
	two := inServer("a")
	two["/etc/nginx/a"], two["/etc/nginx/b"] = "location /a { "+pass+" include b; }", "location /b { "+pass+" include a; }"
	double, blocks := inServer("0"), inServer("0")
	chain := inServer("0")
	for i := range 300 {
		next := strings.NewReplacer("I", string(rune('0'+i/100))+string(rune('0'+i/10%10))+string(rune('0'+i%10)))
		name, after := next.Replace("/etc/nginx/I"), string(rune('0'+(i+1)/100))+string(rune('0'+(i+1)/10%10))+string(rune('0'+(i+1)%10))
		if i < 30 {
			double[name] = "include " + after + "; include " + after + ";"
			blocks[name] = "location /a { include " + after + "; } location /b { include " + after + "; }"
		}
		chain[name] = "location /a { " + pass + " include " + after + "; }"
	}
	double["/etc/nginx/0"], blocks["/etc/nginx/0"], chain["/etc/nginx/0"] = "include 000;", "include 000;", "include 000;"
	double["/etc/nginx/030"], blocks["/etc/nginx/030"], chain["/etc/nginx/300"] = "location /a { "+pass+" }", pass, ""
	tests := []struct {
		name  string
		files map[string]string
		most  int // gateways
		why   string
	}{
		{"itself", self, 1, ""},
		{"each other", two, 2, ""},
		{"twice as many at every step", double, 1000, "more than 1,000 times"},
		{"twice as many blocks at every step", blocks, looksFromStart / blockLooks, "too many directives"},
		{"too deep", chain, 200, "more than 200 deep"},
	}
	for _, test := range tests {
		s := linked(test.files)
		if len(s.Gateways) > test.most {
			t.Errorf("%s: %d gateways, want at most %d", test.name, len(s.Gateways), test.most)
		}
		said := ""
		for _, u := range s.Unknown {
			said += u.Why + "\n"
		}
		if !strings.Contains(said, test.why) || test.why == "" && said != "" {
			t.Errorf("%s: not checked: %q, want %q", test.name, said, test.why)
		}
	}
}
