package handler

import (
	"testing"
	"time"
)

func proxy(name, params string) string {
	return "<Proxy \"" + name + "\">\n" + params + "\n</Proxy>\n"
}

func TestWorkers(t *testing.T) {
	const set = "ProxySet timeout=5"
	own := "main /x.php SetHandler fcgi /run/a.sock"
	vhost := func(text string) string { return "<VirtualHost *:80>\nServerName a\n" + text + "</VirtualHost>\n" }
	main := func(name, text, want string) setup {
		return setup{name: name, text: text, want: []string{"main /x.php SetHandler fcgi " + want}}
	}
	run(t, []setup{
		main("its socket wins", proxy("unix:/run/b.sock|fcgi://localhost/", set)+handled("a"), "/run/b.sock worker fcgi://localhost/ takes"),
		main("parameters in the header", "<Proxy \"unix:/run/b.sock|fcgi://localhost\" timeout=5>\n</Proxy>\n"+handled("a"), "/run/b.sock worker fcgi://localhost takes"),
		main("a section without parameters defines none", proxy("unix:/run/b.sock|fcgi://localhost/", "Require all granted")+handled("a"), "/run/a.sock"),
		main("no socket of its own", proxy("fcgi://localhost/", set)+handled("a"), "/run/a.sock worker fcgi://localhost/"),
		main("the port of the scheme", proxy("unix:/run/b.sock|fcgi://LocalHost:8000/", set)+handled("a"), "/run/b.sock worker fcgi://localhost/ takes"),
		main("another port", proxy("unix:/run/b.sock|fcgi://localhost:9000/", set)+handled("a"), "/run/a.sock"),
		main("a part of the name", proxy("unix:/run/b.sock|fcgi://local/", set)+handled("a"), "/run/a.sock"),
		main("the first of two", proxy("unix:/run/b.sock|fcgi://localhost/", set)+proxy("unix:/run/c.sock|fcgi://localhost/", set)+handled("a"), "/run/b.sock worker fcgi://localhost/ takes"),
		{name: "that of a ProxyPass", text: "ProxyPass /old unix:/run/b.sock|fcgi://localhost/\n" + handled("a"),
			want: []string{"main /x.php SetHandler fcgi /run/b.sock worker fcgi://localhost/ takes", "main /old/x.php ProxyPass fcgi /run/b.sock worker fcgi://localhost/"}},
		main("$1 is any text", "ProxyPassMatch \"^/zz/y.txt()$\" \"unix:/run/b.sock|fcgi://localhost/$1\"\nProxyPass /zz !\n"+handled("a"), "/run/b.sock worker fcgi://localhost/$1 takes"),
		main("by name alone", proxy("unix:/run/b.sock|fcgi://php", set)+"SetHandler proxy:fcgi://php/\n", "/run/b.sock worker fcgi://php"),
		main("no such name", proxy("unix:/run/b.sock|fcgi://php", set)+"SetHandler proxy:fcgi://phpx\n", "phpx:8000"),
		{name: "main server before virtual host", text: proxy("unix:/run/b.sock|fcgi://localhost/", set) + vhost(proxy("unix:/run/c.sock|fcgi://localhost/", set)+handled("a")),
			want: []string{"a /x.php SetHandler fcgi /run/b.sock worker fcgi://localhost/ takes"}},
		{name: "the longer name of the virtual host", text: proxy("unix:/run/b.sock|fcgi://localhost", set) + vhost(proxy("unix:/run/c.sock|fcgi://localhost/", set)+handled("a")),
			want: []string{"a /x.php SetHandler fcgi /run/c.sock worker fcgi://localhost/ takes"}},
		{name: "not of another virtual host", text: "<VirtualHost *:80>\nServerName b\n" + proxy("unix:/run/b.sock|fcgi://localhost/", set) + handled("b") + "</VirtualHost>\n" + vhost(handled("a")),
			want: []string{"b /x.php SetHandler fcgi /run/b.sock worker fcgi://localhost/", "a /x.php SetHandler fcgi /run/a.sock"}},
		{name: "not inherited", text: proxy("unix:/run/b.sock|fcgi://localhost/", set) + vhost("ProxyPassInherit Off\nBalancerInherit Off\n"+handled("a")), want: []string{"a /x.php SetHandler fcgi /run/a.sock"}},
		{name: "a ProxyPass shares the worker of its name, with or without a socket", text: proxy("fcgi://localhost/", set) + "ProxyPass / unix:/run/a.sock|fcgi://localhost/www/\n",
			want: []string{"main /x.php ProxyPass fcgi localhost:8000 worker fcgi://localhost/ takes"}},
		{name: "a ProxyPassMatch shares only workers of expressions", text: proxy("fcgi://localhost/", set) + "ProxyPassMatch \"^/(.*)$\" \"unix:/run/a.sock|fcgi://localhost/www/$1\"\n",
			want: []string{"main /x.php ProxyPassMatch fcgi /run/a.sock worker fcgi://localhost/www/$1"}},
		{name: "of one form", files: bothFiles, text: "ProxyPassMatch \"^/(app/.*\\.php)$\" \"unix:/run/a.sock|fcgi://localhost/www/$1\"\nProxyPassMatch \"^/(.*\\.php)$\" \"unix:/run/b.sock|fcgi://localhost/www/$1\"\n",
			want: []string{"main /x.php ProxyPassMatch fcgi /run/a.sock worker fcgi://localhost/www/$1 takes", "main /app/x.php ProxyPassMatch fcgi /run/a.sock worker fcgi://localhost/www/$1"}},
		{name: "the socket is the same", text: proxy("unix:/run/a.sock|fcgi://localhost/", set) + handled("a"), want: []string{own + " worker fcgi://localhost/"}},
	})
}

func TestBalancers(t *testing.T) {
	handler := "<FilesMatch \"\\.php$\">\nSetHandler proxy:balancer://php/\n</FilesMatch>\n"
	run(t, []setup{
		{name: "members", text: proxy("balancer://PHP", "BalancerMember fcgi://127.0.0.1:9000\nBalancerMember unix:/run/a.sock|fcgi://b status=+H\n") + handler,
			want: []string{"main /x.php SetHandler balancer php member fcgi 127.0.0.1:9000 member fcgi /run/a.sock backup"}},
		{name: "outside of a section", text: "BalancerMember balancer://php fcgi://127.0.0.1:9000\n" + handler, want: []string{"main /x.php SetHandler balancer php member fcgi 127.0.0.1:9000"}},
		{name: "of one name", text: proxy("balancer://php", "BalancerMember unix:/run/a.sock|fcgi://localhost\nBalancerMember unix:/run/b.sock|fcgi://localhost\n") + handler,
			want: []string{"main /x.php SetHandler balancer php member fcgi /run/a.sock"}},
		{name: "disabled", text: proxy("balancer://php", "BalancerMember fcgi://127.0.0.1:9000 status=D\n") + handler, want: []string{"main /x.php SetHandler 503: no member"}},
		{name: "empty", text: proxy("balancer://php", "ProxySet lbmethod=byrequests") + handler, want: []string{"main /x.php SetHandler 503: no member"}},
		{name: "main server before virtual host", text: proxy("balancer://php", "BalancerMember fcgi://127.0.0.1:9000\n") + "<VirtualHost *:80>\nServerName a\n" +
			proxy("balancer://php", "BalancerMember fcgi://127.0.0.1:9001\n") + handler + "</VirtualHost>\n", want: []string{"a /x.php SetHandler balancer php member fcgi 127.0.0.1:9000"}},
		{name: "module missing", modules: load("mpm_event", "authz_core", "proxy", "proxy_fcgi"), text: proxy("balancer://php", "BalancerMember fcgi://127.0.0.1:9000\n") + handler,
			want: []string{"main /x.php SetHandler sent: module missing"}},
	})
}

func TestParameters(t *testing.T) {
	type parameters struct {
		timeout, acquire time.Duration
		reuse            bool
		max              int64
	}
	for name, test := range map[string]struct {
		text string
		want parameters
	}{
		"defaults":                 {handled("a"), parameters{timeout: time.Minute, max: 25}},
		"Timeout":                  {"Timeout 300\n" + handled("a"), parameters{timeout: 300 * time.Second, max: 25}},
		"ProxyTimeout":             {"ProxyTimeout 2\nTimeout 300\n" + handled("a"), parameters{timeout: 2 * time.Second, max: 25}},
		"a unit is ignored":        {"ProxyTimeout 2min\n" + handled("a"), parameters{timeout: 2 * time.Second, max: 25}},
		"of the worker":            {"ProxyTimeout 2\n" + proxy("fcgi://localhost/", "ProxySet timeout=8 enablereuse=on max=4 acquire=500") + handled("a"), parameters{8 * time.Second, 500 * time.Millisecond, true, 4}},
		"of a ProxyPassMatch":      {"ProxyPassMatch \"^/(.*)$\" \"fcgi://127.0.0.1:9000/www/$1\" enablereuse=on timeout=3\n", parameters{timeout: 3 * time.Second, reuse: true, max: 25}},
		"a host of $1 is not kept": {"ProxyPassMatch \"^/(x)(.*)$\" \"fcgi://127.0.0.1:9000$1\" enablereuse=on\n", parameters{timeout: time.Minute, max: 25}},
		"disablereuse=off":         {proxy("fcgi://localhost/", "ProxySet disablereuse=off") + handled("a"), parameters{timeout: time.Minute, reuse: true, max: 25}},
		"a shared worker ignores those of its second line": {"ProxyPass /y unix:/run/a.sock|fcgi://localhost/ timeout=5\nProxyPass / unix:/run/a.sock|fcgi://localhost/www/ timeout=6\n", parameters{timeout: 5 * time.Second, max: 25}},
		"ThreadsPerChild": {"ThreadsPerChild 10\n" + handled("a"), parameters{timeout: time.Minute, max: 10}},
	} {
		s := setup{text: test.text}
		p := s.config().Servers[0].Passes[0]
		var got parameters
		got.timeout, _ = p.Timeout.Known()
		got.acquire, _ = p.Acquire.Known()
		got.reuse, _ = p.Reuse.Known()
		got.max, _ = p.Max.Known()
		if got != test.want {
			t.Errorf("%s: got %+v, want %+v for %s", name, got, test.want, showPass(p))
		}
	}
}

func TestProcesses(t *testing.T) {
	for _, test := range []struct {
		modules, text      string
		processes, threads int64
	}{
		{load("mpm_event"), "", 16, 25},
		{load("mpm_event"), "MaxRequestWorkers 150\n", 6, 25},
		{load("mpm_event"), "ThreadsPerChild 50\n", 8, 50},
		{load("mpm_event"), "ThreadsPerChild 100\nThreadLimit 40\nServerLimit 4\n", 4, 40},
		{load("mpm_event"), "ThreadsPerChild 100\n", 6, 64},
		{load("mpm_worker"), "ServerLimit 2\nThreadsPerChild 5\nMaxRequestWorkers 100\n", 2, 5},
		{load("mpm_prefork"), "", 256, 1},
		{load("mpm_prefork"), "ServerLimit 1000\n", 256, 1},
		{load("mpm_prefork"), "MaxClients 40\n", 40, 1},
		{load("mime"), "", 0, 0},
	} {
		s := setup{modules: test.modules, text: test.text}
		c := s.config()
		processes, _ := c.Processes.Known()
		threads, _ := c.Threads.Known()
		if processes != test.processes || threads != test.threads {
			t.Errorf("%s%s: %s: got %d processes of %d threads, want %d of %d", test.modules, test.text, c.MPM, processes, threads, test.processes, test.threads)
		}
	}
}
