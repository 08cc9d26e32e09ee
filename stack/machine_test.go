package stack

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/tree"
)

// In a repository a second nginx.conf is another machine, and so is a second
// php-fpm.conf that is not on one root file system with the first.
func TestMachines(t *testing.T) {
	nginx, fpm := "events {}\nhttp { server { listen 80; } }", "[global]\n[www]\nlisten = 9000"
	tests := []struct {
		name  string
		files map[string]string
		want  string // the main files of each machine, in order
	}{
		{"one of each", map[string]string{"/a/nginx.conf": nginx, "/b/php-fpm.conf": fpm}, "/a/nginx.conf + /b/php-fpm.conf"},
		{"two of nginx", map[string]string{"/a/nginx.conf": nginx, "/b/nginx.conf": nginx}, "; /a/nginx.conf; /b/nginx.conf"},
		{"a root file system", map[string]string{"/etc/passwd": "", "/a/nginx.conf": nginx, "/b/nginx.conf": nginx, "/a/php-fpm.conf": fpm, "/b/php-fpm.conf": fpm},
			"/a/nginx.conf + /b/nginx.conf + /a/php-fpm.conf + /b/php-fpm.conf"},
		{"the nearest folder", map[string]string{"/a/nginx.conf": nginx, "/b/nginx.conf": nginx, "/a/x/php-fpm.conf": fpm}, "; /a/nginx.conf + /a/x/php-fpm.conf; /b/nginx.conf"},
		{"two as near", map[string]string{"/a/nginx.conf": nginx, "/b/nginx.conf": nginx, "/c/php-fpm.conf": fpm}, "; /a/nginx.conf; /b/nginx.conf; /c/php-fpm.conf"},
		{"each its own", map[string]string{"/a/nginx.conf": nginx, "/b/nginx.conf": nginx, "/a/php-fpm.conf": fpm, "/b/php-fpm.conf": fpm},
			"; /a/nginx.conf + /a/php-fpm.conf; /b/nginx.conf + /b/php-fpm.conf"},
		{"two of PHP-FPM, one nearer", map[string]string{"/a/nginx.conf": nginx, "/a/php-fpm.conf": fpm, "/b/php-fpm.conf": fpm}, "; /a/nginx.conf + /a/php-fpm.conf; /b/php-fpm.conf"},
		{"two of PHP-FPM, none nearer", map[string]string{"/n/nginx.conf": nginx, "/a/php-fpm.conf": fpm, "/b/php-fpm.conf": fpm}, "; /n/nginx.conf; /a/php-fpm.conf; /b/php-fpm.conf"},
		{"two versions of one root", map[string]string{"/x/etc/nginx/nginx.conf": nginx, "/x/etc/php/8.1/fpm/php-fpm.conf": fpm, "/x/etc/php/8.3/fpm/php-fpm.conf": fpm},
			"/x/etc/nginx/nginx.conf + /x/etc/php/8.1/fpm/php-fpm.conf + /x/etc/php/8.3/fpm/php-fpm.conf"},
		{"two versions of two roots", map[string]string{"/x/etc/php/8.1/fpm/php-fpm.conf": fpm, "/y/etc/php/8.3/fpm/php-fpm.conf": fpm},
			"; /x/etc/php/8.1/fpm/php-fpm.conf; /y/etc/php/8.3/fpm/php-fpm.conf"},
		{"pool files", map[string]string{"/a/www.conf": "[a]\nlisten = 9000", "/b/www.conf": "[b]\nlisten = 9000"}, "/a/www.conf; /b/www.conf"},
	}
	for _, test := range tests {
		var machines []string
		for _, m := range linked(test.files).Machines {
			var files []string
			for _, site := range m.Sites {
				files = append(files, site.At.File.Name)
			}
			for _, master := range m.Masters {
				files = append(files, master.At.File.Name)
			}
			machines = append(machines, strings.Join(files, " + "))
		}
		if got := strings.Join(machines, "; "); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

// What another machine serves is unknown, and what belongs to no certain machine
// answers on all.
func TestReach(t *testing.T) {
	edge := "events {}\nhttp { server { listen 80; location ~ \\.php$ { fastcgi_pass 127.0.0.1:9000; } } }"
	app := "events {}\nhttp { server { listen 9000; } }"
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"one machine", map[string]string{"/etc/passwd": ""}, "wrong protocol"},
		{"another nginx", nil, "elsewhere (what listens on 127.0.0.1:9000 is on another machine (/app/nginx.conf))"},
		{"its own pool before that of another machine", map[string]string{"/edge/php-fpm.conf": "[www]\nlisten = 9000"}, "answers"},
		{"no pool of its own", map[string]string{"/app/nginx.conf": "", "/x/nginx.conf": "events {}", "/y/php-fpm.conf": "[global]\n[www]\nlisten = 9001"},
			"untold (no php-fpm.conf of the machine of /edge/nginx.conf found)"},
		{"a pool file of any machine", map[string]string{"/y/www.conf": "[www]\nlisten = 9000"}, "answers"},
	}
	for _, test := range tests {
		files := map[string]string{"/edge/nginx.conf": edge, "/app/nginx.conf": app}
		for name, text := range test.files {
			files[name] = text
		}
		s := linked(files)
		i := slices.IndexFunc(s.Gateways, func(g *Gateway) bool { return g.At.File.Name == "/edge/nginx.conf" })
		if got := fmt.Sprint(outcomeOf(s.Gateways[i])); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// Machines cost memory in proportion to their number, not to its square.
func TestManyMachines(t *testing.T) {
	nginx := "events {}\nhttp { server { location ~ \\.php$ { fastcgi_pass 127.0.0.1:%d; } } }"
	tests := map[string]func(files map[string]string, i int){
		"pool files": func(files map[string]string, i int) {
			files[fmt.Sprintf("/%d/www.conf", i)] = fmt.Sprintf("[www]\nlisten = %d", 9000+i)
			files[fmt.Sprintf("/%d/site.conf", i)] = fmt.Sprintf("location / { fastcgi_pass 127.0.0.1:%d; }", 9001+i)
		},
		"containers": func(files map[string]string, i int) {
			files[fmt.Sprintf("/%d/nginx.conf", i)] = fmt.Sprintf(nginx, 9001+i)
			files[fmt.Sprintf("/%d/php-fpm.conf", i)] = fmt.Sprintf("[global]\n[www]\nlisten = %d", 9000+i)
		},
	}
	for name, add := range tests {
		cost := func(n int) uint64 {
			files := map[string]string{}
			for i := range n {
				add(files, i)
			}
			configs := parser.Read(tree.Memory(files), []string{"/"})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			s := Link(configs, nil)
			runtime.ReadMemStats(&after)
			if len(s.Machines) < n || len(s.Gateways) != n {
				t.Fatalf("%s: %d machines and %d gateways for %d", name, len(s.Machines), len(s.Gateways), n)
			}
			return after.TotalAlloc - before.TotalAlloc
		}
		if few, many := cost(500), cost(2000); many > 5*few {
			t.Errorf("%s: 500 take %d bytes, and 2000 take %d", name, few, many)
		}
	}
}
