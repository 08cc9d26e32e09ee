//go:build linux

package lab

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/servers"
)

// fewestProjects is how many projects have to be tried, so that none is lost unnoticed.
const fewestProjects = 120

// projects returns the cases and the examples of rules that describe containers.
func projects(t *testing.T) map[string]*cases.Case {
	t.Helper()
	found := map[string]*cases.Case{}
	add := func(name string, c *cases.Case) {
		if Claims(c) && projectOf(c) != nil {
			found[name] = c
		}
	}
	for _, list := range forms(t) {
		for _, form := range list {
			add(form.Name, parseCase(t, form.Archive))
		}
	}
	for _, r := range rules.All {
		bad, good, err := cases.Examples(r)
		if err != nil {
			t.Fatalf("%s: %v", r.ID, err)
		}
		add(r.ID+"/Bad", bad)
		add(r.ID+"/Good", good)
	}
	return found
}

// Containers behave as the headers of the projects say.
func TestContainers(t *testing.T) {
	programs := needServers(t)
	var mu sync.Mutex
	var seen Cases
	t.Run("try", func(t *testing.T) {
		for name, c := range projects(t) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				requests, why := tryCase(t, c, programs)
				mu.Lock()
				defer mu.Unlock()
				seen.add(name, requests, why)
			})
		}
	})
	seen.sort()
	t.Logf("%d projects with %d requests, not staged: %+v", seen.Confirmed, seen.Requests, seen.NotStaged)
	if seen.Confirmed < fewestProjects {
		t.Errorf("%d projects were tried, want at least %d", seen.Confirmed, fewestProjects)
	}
	update(t, func(f *Figures) { f.Projects = seen })
}

// add counts a case.
func (c *Cases) add(name string, requests int, why string) {
	if why != "" {
		c.NotStaged = append(c.NotStaged, Skipped{name, why})
	} else if requests >= 0 {
		c.Confirmed++
		c.Requests += requests
	}
}

func (c *Cases) sort() {
	slices.SortFunc(c.NotStaged, func(a, b Skipped) int { return strings.Compare(a.Case, b.Case) })
}

// notStaged returns why a case cannot be shown; "" for another error.
func notStaged(err error) string {
	var why NotStaged
	if errors.As(err, &why) {
		return string(why)
	}
	return ""
}

// webAndPHP is a project in which WEB, PHP, PASS and POOL are to be replaced.
const webAndPHP = `-- compose.yaml --
services:
  web:
    image: nginx:1.27
    volumes:
      - ./site.conf:/etc/nginx/conf.d/default.conf
      - run:/run/shared
    WEB
  php:
    image: php:8.3-fpm
    volumes:
      - ./pool.conf:/usr/local/etc/php-fpm.d/zzz.conf
      - run:/run/php
    PHP
volumes:
  run:
-- site.conf --
server {
    listen 80;
    root /var/www/html;
    location ~ \.php$ {
        include fastcgi_params;
        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
        PASS
    }
}
-- pool.conf --
[www]
POOL
`

// Each container has its own files and network, and what the project shares between them.
func TestContainersAreApart(t *testing.T) {
	p := needServers(t)[0]
	const after, passPHP = "depends_on: [php]", "fastcgi_pass php:9000;"
	for _, test := range []struct{ name, web, php, pass, pool, want string }{
		{"name of a service", after, "", passPHP, "", "GET /index.php -> 200"},
		{"name of the wrong service", after, "", "fastcgi_pass fpm:9000;", "", "nginx refused: exit status 1"},
		{"a name lives as long as its container", after, "", passPHP, "pm = never", "nginx refused: exit status 1, php-fpm refused: exit status 78"},
		{"loopback", after, "", "fastcgi_pass 127.0.0.1:9000;", "", "GET /index.php -> 502"},
		{"shared loopback", `network_mode: "service:php"`, "", "fastcgi_pass 127.0.0.1:9000;", "listen = 127.0.0.1:9000", "GET /index.php -> 200"},
		{"loopback of PHP", after, "", passPHP, "listen = 127.0.0.1:9000", "GET /index.php -> 502"},
		{"socket in a volume", after, "", "fastcgi_pass unix:/run/shared/fpm.sock;", "listen = /run/php/fpm.sock\nlisten.mode = 0666", "GET /index.php -> 200"},
		{"socket outside", after, "", "fastcgi_pass unix:/run/php/fpm.sock;", "listen = /run/php/fpm.sock\nlisten.mode = 0666", "GET /index.php -> 502"},
		{"published port", `network_mode: host`, `ports: ["9001:9000"]`, "fastcgi_pass 127.0.0.1:9001;", "", "GET /index.php -> 200"},
		{"resolver", "", "", "resolver 127.0.0.11; set $to php; fastcgi_pass $to:9000;", "", "GET /index.php -> 200"},
		{"resolver of another name", "", "", "resolver 127.0.0.11; set $to fpm; fastcgi_pass $to:9000;", "", "GET /index.php -> 502"},
		{"outside", after, "", "fastcgi_pass 192.0.2.1:9000;", "", "GET /index.php -> 502"}, // TEST-NET-1, RFC 5737
		{"account", after, `user: "1234"`, passPHP, "user = nobody", "GET /index.php -> 200"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			archive := strings.NewReplacer("WEB", test.web, "PHP", test.php, "PASS", test.pass, "POOL", test.pool).Replace(webAndPHP)
			r := tried(t, "frame: none\n"+archive, p)
			if r.String() != test.want {
				t.Errorf("got %s, want %s%s%s", r, test.want, r.last(servers.Nginx), r.last(servers.FPM))
			}
			if log := servers.NginxConnectUnreachable; test.name == "outside" {
				if _, ok := r.Match(log); !ok {
					t.Errorf("a packet may leave the sandbox: %s", strings.Join(r.Lines[servers.Nginx], "\n"))
				}
			}
		})
	}
}

// The header of a project is compared with what happens.
func TestContainersContradictHeaders(t *testing.T) {
	p := needServers(t)[0]
	healthy := strings.NewReplacer("WEB", "depends_on: [php]", "PHP", "", "PASS", "fastcgi_pass php:9000;", "POOL", "").Replace(webAndPHP)
	for _, header := range []string{"nginx refuses\n", "fpm refuses\n", "GET /index.php -> 502\n"} {
		c := parseCase(t, header+"frame: none\n"+healthy)
		r, err := TryCase(c, p, "")
		if err != nil {
			t.Fatal(err)
		}
		if r.Holds(c) == nil {
			t.Errorf("%q holds for a healthy project: %s", header, r)
		}
	}
}

// Without depends_on, nginx may start before a name exists.
func TestContainersStartInAnyOrder(t *testing.T) {
	p := needServers(t)[0]
	for _, test := range []struct{ web, want string }{
		{"depends_on: [php]", "GET /index.php -> 200"},
		{"", "GET /index.php -> 200 at rest; fails under the tested condition (the container of nginx starts first)"},
	} {
		archive := strings.NewReplacer("WEB", test.web, "PHP", "", "PASS", "fastcgi_pass php:9000;", "POOL", "").Replace(webAndPHP)
		r, err := TryCase(parseCase(t, "frame: none\n"+archive), p, unordered)
		if err != nil {
			t.Fatal(err)
		}
		if r.String() != test.want {
			t.Errorf("%q: got %s, want %s", test.web, r, test.want)
		}
	}
}
