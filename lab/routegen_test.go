//go:build linux

package lab

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// routeCase is a random configuration: servers at two ports.
type routeCase struct {
	text  string
	ports [2]int
}

// routeWriter writes random servers. Every block has a mark of its own, which its
// answers carry.
type routeWriter struct {
	r     *rand.Rand
	out   strings.Builder
	marks int
	root  string
	ports [2]int
	prev  [2]int   // of the case before, for a next hop
	named []string // of the current server
}

func (g *routeWriter) pick(list ...string) string { return list[g.r.IntN(len(list))] }
func (g *routeWriter) once(n int) bool            { return g.r.IntN(n) == 0 }
func (g *routeWriter) line(format string, args ...any) {
	fmt.Fprintf(&g.out, format+"\n", args...)
}

func (g *routeWriter) mark() {
	g.marks++
	g.line(`add_header X-Mark "m%d" always; add_header X-Uri "$uri$is_args$args" always;`, g.marks)
}

var routeHosts = []string{"a.test", "www.a.test", "A.test.", "b.a.test", "x.y.b.test", "b.test", "b.org", "b.co.uk", "c7.test", "c.test", "other", "a.test:8080", "[::1]:80", "127.0.0.1", "", "bad..host"}

var routePaths = []string{
	"/", "/a", "/a/", "/a/b", "/a/b/", "/a/b.txt", "/a/b/c.php", "/index.php", "/index.html", "/img/x.png", "/img/none.png", "/d", "/d/", "/d/e/",
	"/A", "/A/B.PHP", "//a", "/a//b", "/a/../b", "/a/./b", "/a/b/..", "/%61", "/a%2fb", "/a%20b", "/a+b", "/x.php", "/x.php/info", "/a.php", "/none", "/none/", "/b", "/b/a", "/b/x.php", "/c/d/e.png", "/c", "/d/index.php", "/a/%2e%2e/d/", "/%zz", "/..", "/a%3fb", "/a/b.txt/", "/index.php/a",
}

var routeQueries = []string{"", "", "", "?a=1", "?a=0", "?a=1&b=x", "?b=/a/b", "?"}

var routeNames = []string{"a.test", "www.a.test", "*.a.test", ".a.test", "b.*", "*.b.test", ".b.test", "b.test", `~^c(\d)\.test$`, `~^(?<who>[a-z]+)\.org$`, `""`, "_", "other", "*.test", "x.y.*", `~C\.TEST`}

// routeWrite writes a case.
func routeWrite(r *rand.Rand, marks int, ports, prev [2]int, root string) (routeCase, int) {
	g := &routeWriter{r: r, marks: marks, root: root, ports: ports, prev: prev}
	for range 1 + r.IntN(6) {
		g.server()
	}
	return routeCase{g.out.String(), ports}, g.marks
}

func (g *routeWriter) server() {
	g.line("server {")
	first := fmt.Sprintf("listen %s%d;", g.pick("", "", "*:", "127.0.0.1:"), g.ports[0])
	g.line("%s", first)
	if g.once(2) {
		g.line("listen %d;", g.ports[1])
	}
	if !g.once(5) {
		names := map[string]bool{}
		for range 1 + g.r.IntN(3) {
			names[g.pick(routeNames...)] = true
		}
		g.line("server_name")
		for _, name := range routeNames {
			if names[name] {
				g.line("  %s", name)
			}
		}
		g.line(";")
	}
	g.line("root %s;", g.root)
	g.mark()
	g.named = nil
	for i := range g.r.IntN(4) {
		g.named = append(g.named, fmt.Sprintf("@n%d", i))
	}
	if g.once(8) {
		g.line("merge_slashes off;")
	}
	if g.once(8) {
		g.rewrites(2, false)
	}
	g.settings()
	if g.once(12) {
		g.tryFiles()
	}
	g.locations("", 1+g.r.IntN(25>>g.r.IntN(4)))
	for _, name := range g.named {
		g.line("location %s {", name)
		g.mark()
		g.body("@", name)
		g.line("}")
	}
	g.line("}")
}

var routePrefixes = []string{"/", "/a", "/a/", "/a/b", "/a/b/", "/b", "/b/", "/c/", "/d", "/d/", "/img/", "/index.php", "/A", "/none", "/x", "/d/e/", "/a b"}

var routeExpressions = []string{`\.php$`, `\.png$`, `^/a`, `^/(a|b)/`, `^/(.*)/x\.php$`, `/b`, `^/A`, `\.(txt|png)$`, `^/([^/]+)/([^/]+)$`, `^/d/(?<tail>.*)$`, `php`, `^/$`, `\.php(/|$)`, `^/(?!a)`}

// locations writes n locations inside one with the prefix around.
func (g *routeWriter) locations(around string, n int) {
	used := map[string]bool{}
	for range n {
		modifier := g.pick("", "", "", "^~ ", "= ", "~ ", "~ ", "~* ")
		name := ""
		if strings.HasPrefix(modifier, "~") {
			n := len(routeExpressions)
			if !g.once(60) {
				n--
			}
			name = g.pick(routeExpressions[:n]...)
		} else {
			name = g.pick(routePrefixes...)
			if around != "" {
				name = around + g.pick("", "b", "b/", "/b", "index.php", "b.txt")
			}
			key := strings.TrimPrefix(modifier, "^~ ") + name
			if used[key] {
				continue
			}
			used[key] = true
		}
		g.line("location %s\"%s\" {", modifier, name)
		g.mark()
		g.body(strings.TrimSpace(modifier), name)
		if inner := modifier == "" || modifier == "^~ "; inner && g.once(4) && len(around) < 6 {
			g.locations(name, 1+g.r.IntN(4))
		} else if strings.HasPrefix(modifier, "~") && g.once(12) {
			g.line("location ~ \"%s\" {", g.pick(routeExpressions[:len(routeExpressions)-1]...))
			g.mark()
			g.body("~", "")
			g.line("}")
		}
		g.line("}")
	}
}

// settings writes directives that change how a block answers.
func (g *routeWriter) settings() {
	if g.once(6) {
		g.line("error_page %s %s%s;", g.pick("404", "403 404", "500 404", "405", "301", "401 403"), g.pick("", "", "=200 ", "= ", "=404 "), g.target())
	}
	if g.once(12) {
		g.line("recursive_error_pages on;")
	}
	if g.once(8) {
		g.line("index %s;", g.pick("index.php", "index.html index.php", "none.html /index.php", "$arg_b index.php", "b.txt"))
	}
	if g.once(14) {
		g.line("%s", g.pick("deny all;", "allow 127.0.0.1; deny all;", "allow 10.0.0.0/8; deny all;", "deny 127.0.0.0/8; allow all;"))
	}
	if g.once(20) {
		g.line("satisfy any;")
	}
	if g.once(20) {
		g.line("auth_basic %s; auth_basic_user_file /dev/null;", g.pick("closed", "off"))
	}
	if g.once(25) {
		g.line("autoindex on;")
	}
}

func (g *routeWriter) target() string {
	if len(g.named) > 0 && g.once(3) {
		return g.pick(g.named...)
	}
	return g.pick("/index.php", "/none", "/a/b", "/d/", "/x.php?q=$uri", "/index.php?$args", "/b/a", "/a", "/img/x.png", "/index.html")
}

func (g *routeWriter) tryFiles() {
	g.line("try_files %s %s;", g.pick("$uri", "$uri $uri/", "$uri $uri/index.php", "/none", "$uri.txt $uri", "/a$uri"), g.pick("=404", "=403", g.target(), g.target(), g.target()))
}

// body writes what a location does.
func (g *routeWriter) body(modifier, name string) {
	g.settings()
	plain := modifier == "" || modifier == "^~" || modifier == "="
	if g.once(4) {
		g.rewrites(1+g.r.IntN(3), true)
	}
	if g.once(5) {
		g.tryFiles()
	}
	if modifier != "@" && g.once(15) {
		g.line("internal;")
	}
	switch {
	case g.once(20):
		g.line("root %s/a;", g.root)
	case plain && g.once(14):
		g.line("alias %s/d/;", g.root)
	}
	if g.once(20) {
		g.line("limit_except %s { %s }", g.pick("GET", "POST", "GET POST"), g.pick("deny all;", "allow 127.0.0.1; deny all;", "proxy_pass http://127.0.0.1:9000;"))
	}
	g.handler(plain)
	if plain && g.once(40) {
		g.line("return 200 %q;", name)
	}
}

func (g *routeWriter) handler(plain bool) {
	switch g.r.IntN(6) {
	case 0:
		uri := ""
		if plain {
			uri = g.pick("", "/", "/up/", "/q?x=1")
		}
		g.line("proxy_pass http://127.0.0.1:9000%s;", uri)
		if g.once(2) {
			g.line("proxy_set_header Host %s;", g.pick("$host", "$http_host", "z.test", "$proxy_host"))
		}
	case 1:
		g.line("fastcgi_pass 127.0.0.1:9001;")
	case 2:
		g.line("empty_gif;")
	case 3:
		if g.prev[0] != 0 && g.once(2) {
			g.line("proxy_pass http://127.0.0.1:%d; proxy_set_header Host %s;", g.prev[g.r.IntN(2)], g.pick(routeHosts[:6]...))
		}
	}
}

// rewrites writes n directives of the rewrite module.
func (g *routeWriter) rewrites(n int, location bool) {
	for range n {
		g.rewrite(8, location)
	}
}

// rewrite writes one of the first kinds of directives; the last two are an if.
func (g *routeWriter) rewrite(kinds int, location bool) {
	switch g.r.IntN(kinds) {
	case 0:
		g.line("set $%s %s;", g.pick("v", "w"), g.pick("1", "0", `""`, "$uri", "$args", "$arg_a", "x$1", "$host"))
	case 1, 2, 3:
		g.line("rewrite %q %s %s;", g.pick("^/a/(.*)$", "^/a$", "b", "^/(.*)\\\\.php$", "^(.*)$", "^/d/", "^/none/?(.*)$", "^/img/(.*)\\\\.png$"),
			g.pick("/b/$1", "/index.php?q=$1", "/d/", "/$1", "/a$uri", "/x.php?", "/$v", "/none"), g.pick("", "last", "last", "break", "break", "redirect", "permanent"))
	case 4:
		if g.once(3) {
			g.line("return %s;", g.pick("404", "403", "200 text", "204", "301 /a", "410 gone", "444", "500", "http://x/"))
		}
	case 5:
		if g.once(3) {
			g.line("break;")
		}
	default:
		g.condition(location)
	}
}

func (g *routeWriter) condition(location bool) {
	g.line("if (%s) {", g.pick("$arg_a", "$request_method = POST", "$uri ~ ^/a", "$uri ~* \"\\\\.PHP$\"", "$host = a.test", "$host != a.test", "-f $request_filename", "!-e $request_filename", "-d $request_filename",
		"$v", "$v = 1", "$uri !~ \"^/(.*)\\\\.php$\"", "$args", "$arg_a = 1", "$http_x", "$scheme = http", "$is_args", "$request_uri ~ \"^/([a-z]+)\""))
	if location {
		g.mark()
	}
	if g.once(2) {
		g.rewrite(6, location)
	}
	if location && g.once(4) {
		g.line("%s", g.pick("proxy_pass http://127.0.0.1:9000;", "fastcgi_pass 127.0.0.1:9001;", "error_page 404 /index.php;"))
	}
	g.line("}")
}
