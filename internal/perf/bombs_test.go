package perf

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/tree"
)

// bomb is a host whose files a stranger wrote to keep a linter busy, of a size that grows
// with n. With 100,000, a file has at most the size that is read.
type bomb struct {
	name string
	tree func(n int) *tree.Tree
}

// bombs are all of them.
func bombs() []bomb {
	all := treeBombs
	all = append(all, nginxBombs...)
	return append(all, poolBombs...)
}

// around returns the files of a host with text in http {} and in the file of a pool.
func around(http, pools string) map[string]string {
	return map[string]string{
		"/etc/passwd":                      "root:x:0:0::/:/bin/sh\nwww-data:x:33:33::/:/bin/sh\n",
		"/etc/group":                       "root:x:0:\nwww-data:x:33:\n",
		"/etc/nginx/nginx.conf":            "user www-data;\nevents {}\nhttp {\n    include sites/*;\n}\n",
		"/etc/nginx/sites/site":            http,
		"/etc/php/8.3/fpm/php-fpm.conf":    "[global]\ninclude = /etc/php/8.3/fpm/pool.d/*.conf\n",
		"/etc/php/8.3/fpm/pool.d/www.conf": "[www]\nuser = www-data\nlisten = /run/php/www.sock\nlisten.owner = www-data\npm = static\npm.max_children = 5\n" + pools,
	}
}

func inSite(text string) *tree.Tree  { return tree.Memory(around(text, "")) }
func inPools(text string) *tree.Tree { return tree.Memory(around("", text)) }

// fill returns text as often as it fits into 160 bytes for each of n.
func fill(n int, text string) string { return strings.Repeat(text, 160*n/len(text)) }

// numbered returns text n times, with its number for each "#".
func numbered(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "#", fmt.Sprint(i)))
	}
	return b.String()
}

// files returns a host with n files, whose names and texts have their number for each "#".
func files(n int, http, name, text string) *tree.Tree {
	all := around(http, "")
	add(all, n, name, text)
	return tree.Memory(all)
}

// hosts is files without a host around them.
func hosts(n int, name, text string) *tree.Tree {
	all := map[string]string{}
	add(all, n, name, text)
	return tree.Memory(all)
}

func add(all map[string]string, n int, name, text string) {
	for i := range n {
		number := strings.NewReplacer("#", fmt.Sprint(i))
		all[number.Replace(name)] = number.Replace(text)
	}
}

// doubles returns a host with 40 files that each include the next one twice, in the places
// of two %s.
func doubles(http, text, last string) *tree.Tree {
	const depth = 40
	all := around(strings.ReplaceAll(http, "%s", "include d/0;"), "")
	for i := range depth {
		next := fmt.Sprintf("include d/%d;", i+1)
		all[fmt.Sprintf("/etc/nginx/d/%d", i)] = fmt.Sprintf(text, next, next)
	}
	all[fmt.Sprintf("/etc/nginx/d/%d", depth)] = last
	return tree.Memory(all)
}

// links returns a host with a chain of n links to nothing.
func links(n int) *tree.Tree {
	t := inSite("")
	for i := range n {
		t.Link(fmt.Sprintf("/etc/nginx/sites/l%d", i), fmt.Sprintf("l%d", i+1))
	}
	return t
}

// dead returns a host with n files that each have an address that nothing listens on.
func dead(n int) *tree.Tree {
	return files(n, "server { include sites/a/b/c/d/e/f/g/h/*/*.conf; }", "/etc/nginx/sites/a/b/c/d/e/f/g/h/aaaaaaaaaaaaa/#.conf", "location ~ \\.php$ { fastcgi_pass unix:/run/php/#.sock; }")
}

const (
	php     = "location ~ \\.php$ { fastcgi_pass unix:/run/php/www.sock; }"
	server  = "server { listen 80; " + php + " }"
	serverD = "server { listen 80; %s }" // with an include
)

// treeBombs are in the number of files, and how they lead to each other.
var treeBombs = []bomb{
	{"own folder", func(n int) *tree.Tree {
		return files(n/5, "", "/etc/nginx/sites/#", "include sites/*;\nserver { listen 80; server_name s#; location ~ \\.php$ { fastcgi_pass unix:/run/php/b#.sock; } }\n")
	}},
	{"own folder of 8", func(int) *tree.Tree { return files(8, "", "/etc/nginx/sites/#", "include sites/*;\n"+server) }},
	{"double includes", func(int) *tree.Tree { return doubles("%s", "%s %s", server) }},
	{"double includes of a directive", func(int) *tree.Tree { return doubles("%s", "%s %s", "fastcgi_intercept_errors on;") }},
	{"double includes between servers", func(int) *tree.Tree { return doubles("%s", "%s "+server+" %s", server) }},
	{"double includes in a server", func(int) *tree.Tree { return doubles(serverD, "%s %s", php) }},
	{"double includes in blocks", func(int) *tree.Tree { return doubles(serverD, "location /a { %s } location /b { %s }", php) }},
	{"includes of FPM", func(n int) *tree.Tree {
		return files(5, "", "/etc/php/8.3/fpm/pool.d/#.conf", strings.Repeat("include = /etc/php/8.3/fpm/pool.d/*.conf\n", n/100))
	}},
	{"files of php.ini", func(n int) *tree.Tree { return files(n, "", "/etc/php/8.3/fpm/conf.d/#.ini", "memory_limit = 1G\n") }},
	{"crowded folder", func(n int) *tree.Tree { return files(2*n, "", "/etc/nginx/sites/#", "") }},
	{"long names", func(n int) *tree.Tree {
		return files(n/5, "", "/etc/nginx/sites/"+strings.Repeat("\xff", 250)+"#", "server { listen 80; fastcgi_pass unix:/x; }")
	}},
	{"main files", func(n int) *tree.Tree { return hosts(n/50, "/srv/#/nginx.conf", "events {} http { "+server+" }") }},
	{"masters", func(n int) *tree.Tree {
		return hosts(n/50, "/srv/#/php-fpm.conf", "[global]\n[p#]\nuser = www-data\nlisten = /run/#.sock\npm = static\npm.max_children = 5\n")
	}},
	{"deep folders", func(int) *tree.Tree {
		return files(1, "", "/etc/nginx/sites"+strings.Repeat("/d", 1900)+"/#.conf", server)
	}},
	{"links", links},
}
