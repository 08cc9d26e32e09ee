package upgrade_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/tree"
	"github.com/wp502lint/wp502lint/upgrade"
)

// debian is a host with two versions of PHP-FPM as Debian's packages have them.
func debian() map[string]string {
	files := map[string]string{
		"/etc/passwd":                         "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n",
		"/etc/group":                          "www-data:x:33:\n",
		"/etc/nginx/fastcgi_params":           "fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;\n",
		"/etc/nginx/nginx.conf":               "user www-data;\nevents {}\nhttp {\n    include conf.d/*.conf;\n    include sites-enabled/*;\n}\n",
		"/etc/nginx/sites-enabled/a.example":  site("a.example", "unix:/run/php/php8.2-fpm.sock"),
		"/usr/lib/php/8.2/php.ini-production": "memory_limit = 128M\ntrack_errors = 1\n",
	}
	for _, v := range []string{"8.2", "8.4"} {
		dir := "/etc/php/" + v + "/fpm/"
		files[dir+"php-fpm.conf"] = "[global]\npid = /run/php/php" + v + "-fpm.pid\nerror_log = /var/log/php" + v + "-fpm.log\ninclude = " + dir + "pool.d/*.conf\n"
		files[dir+"pool.d/www.conf"] = pool("www", "/run/php/php"+v+"-fpm.sock")
		files[dir+"php.ini"] = "memory_limit = 128M\n"
		files[dir+"conf.d/10-opcache.ini"] = "zend_extension = opcache.so\n"
		files["/usr/sbin/php-fpm"+v] = ""
		files["/lib/systemd/system/php"+v+"-fpm.service"] = "[Service]\nExecStart=/usr/sbin/php-fpm" + v + " --nodaemonize --fpm-config " + dir + "php-fpm.conf\nExecReload=/bin/kill -USR2 $MAINPID\n"
	}
	return files
}

func site(name, address string) string {
	return "server {\n    listen 80;\n    server_name " + name + ";\n    root /srv/" + name + ";\n    location ~ \\.php$ {\n        include fastcgi_params;\n        fastcgi_pass " + address + ";\n    }\n}\n"
}

func pool(name, listen string) string {
	return "[" + name + "]\nuser = www-data\ngroup = www-data\nlisten = " + listen + "\nlisten.owner = www-data\nlisten.group = www-data\npm = static\npm.max_children = 5\n"
}

// with returns the host with some files replaced, added or, for "", taken away.
func with(changes map[string]string) map[string]string {
	files := debian()
	maps.Copy(files, changes)
	maps.DeleteFunc(files, func(_, text string) bool { return text == "-" })
	return files
}

func plan(t *testing.T, on *tree.Tree, o upgrade.Options) *upgrade.Plan {
	t.Helper()
	if o.Engine.Tree = on; o.From == "" {
		o.From, o.To = "8.2", "8.4"
	}
	p, err := upgrade.Make(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// changed returns the new texts of a plan by name, and the names of links that go as "-".
func changed(p *upgrade.Plan) map[string]string {
	texts := map[string]string{}
	for _, a := range p.Files {
		texts[a.Name] = a.New
		if a.Kind == tree.RemoveLink {
			texts[a.Name] = "-"
		}
	}
	return texts
}

// said returns the texts of all steps.
func said(p *upgrade.Plan) string {
	var b strings.Builder
	for _, s := range p.Steps {
		b.WriteString(s.Text + "\n" + s.Path + "\n")
	}
	return b.String()
}

const (
	on82, on84 = "/run/php/php8.2-fpm.sock", "/run/php/php8.4-fpm.sock"
	site82     = "/etc/nginx/sites-enabled/a.example"
	pools84    = "/etc/php/8.4/fpm/pool.d/"
)

// moves are hosts and what a plan changes on each.
var moves = map[string]struct {
	host map[string]string
	o    upgrade.Options
	want map[string]string // the files that change, and a part of their new text
	not  map[string]string // parts that they do not have
}{
	"the stock pools": {want: map[string]string{site82: "unix:" + on84 + ";"}},
	"a pool without a version": {
		host: map[string]string{site82: site("a.example", "unix:/run/php/a.sock"), "/etc/php/8.2/fpm/pool.d/a.conf": pool("a", "/run/php/$pool.sock")},
		want: map[string]string{site82: "unix:/run/php/a-php8.4.sock;", pools84 + "a.conf": "listen = /run/php/$pool-php8.4.sock\n"},
	},
	"names that only look like the version": {
		host: map[string]string{site82: "# php8.2-fpm until 2027\n" + strings.Replace(site("a.example", "unix:"+on82), "/srv/a.example", "/srv/php8.2-fpm", 1),
			"/etc/php/8.2/fpm/pool.d/a.conf": "; was on php8.2-fpm\n" + pool("a", "/run/php/php8.2-fpm-a.sock") + "chdir = /srv/php8.2-fpm\nenv[V] = \"8.2\"\nslowlog = /var/log/php8.2-fpm-a.log\n"},
		want: map[string]string{site82: "# php8.2-fpm until 2027\n", pools84 + "a.conf": "; was on php8.2-fpm\n"},
		not:  map[string]string{site82: "/srv/php8.4-fpm", pools84 + "a.conf": "V] = \"8.4\""},
	},
	"one port for both": {
		host: map[string]string{site82: site("a.example", "127.0.0.1:9000"), "/etc/php/8.2/fpm/pool.d/www.conf": pool("www", "127.0.0.1:9000"), pools84 + "www.conf": pool("www", "127.0.0.1:9000")},
		want: map[string]string{site82: "127.0.0.1:9084;", pools84 + "www.conf": "listen = 127.0.0.1:9084\n"},
	},
	"a port that is taken": {
		host: map[string]string{site82: site("a.example", "localhost:9082"), "/etc/php/8.2/fpm/pool.d/www.conf": pool("www", "127.0.0.1:9082"), pools84 + "www.conf": "-", pools84 + "b.conf": pool("b", "127.0.0.1:9084")},
		want: map[string]string{site82: "localhost:9085;", pools84 + "www.conf": "listen = 127.0.0.1:9085\n"},
	},
	"a variable": {
		host: map[string]string{site82: strings.Replace(site("a.example", "$php"), "    location", "    set $php unix:"+on82+";\n    location", 1)},
		want: map[string]string{site82: "set $php unix:" + on84 + ";"},
	},
	"an address that is put together": {
		host: map[string]string{site82: strings.Replace(site("a.example", "unix:/run/php/php$v-fpm.sock"), "    location", "    set $v 8.2;\n    location", 1)},
		want: map[string]string{site82: "fastcgi_pass unix:" + on84 + ";"},
	},
	"values of a map": {
		host: map[string]string{site82: site("a.example", "$php"), "/etc/nginx/conf.d/map.conf": "map $host $php {\n    default unix:" + on82 + ";\n    8.2.example \"unix:" + on82 + "\";\n}\n"},
		want: map[string]string{"/etc/nginx/conf.d/map.conf": "default unix:" + on84 + ";\n    8.2.example \"unix:" + on84 + "\";"},
	},
	"an upstream, whose name stays": {
		host: map[string]string{site82: site("a.example", "php82"), "/etc/nginx/conf.d/up.conf": "upstream php82 { server unix:" + on82 + " weight=2; }\n"},
		want: map[string]string{"/etc/nginx/conf.d/up.conf": "upstream php82 { server unix:" + on84 + " weight=2; }\n"},
	},
	"settings of a stock pool": {
		host: map[string]string{"/etc/php/8.2/fpm/pool.d/www.conf": pool("www", on82) + "pm.max_requests = 500\nphp_admin_value[memory_limit] = 256M\n"},
		want: map[string]string{site82: on84, pools84 + "www.conf": "pm.max_children = 5\npm.max_requests = 500\nphp_admin_value[memory_limit] = 256M\n"},
	},
	"settings before the include": {
		host: map[string]string{"/etc/php/8.2/fpm/php-fpm.conf": "[global]\nprocess_control_timeout = 10s\npid = /run/php/php8.2-fpm.pid\ninclude = /etc/php/8.2/fpm/pool.d/*.conf\n"},
		want: map[string]string{site82: on84, "/etc/php/8.4/fpm/php-fpm.conf": "process_control_timeout = 10s\ninclude"},
	},
	"php.ini": {
		host: map[string]string{"/etc/php/8.2/fpm/php.ini": "memory_limit = 512M\nmysqli.reconnect = 0\n"},
		want: map[string]string{site82: on84, "/etc/php/8.4/fpm/conf.d/99-local.ini": "memory_limit = 512M\n"},
	},
	"a file of conf.d and a setting that is gone": {
		host: map[string]string{"/etc/php/8.2/fpm/conf.d/50-own.ini": "; ours\nmax_input_vars = 5000\nopcache.consistency_checks = 0\n"},
		want: map[string]string{site82: on84, "/etc/php/8.4/fpm/conf.d/50-own.ini": "; ours\nmax_input_vars = 5000\n"},
		not:  map[string]string{"/etc/php/8.4/fpm/conf.d/50-own.ini": "consistency"},
	},
	"a drop-in of the unit": {
		host: map[string]string{"/etc/systemd/system/php8.2-fpm.service.d/limits.conf": "[Service]\nLimitNOFILE=65536\nReadWritePaths=/etc/php/8.2/x\n"},
		want: map[string]string{site82: on84, "/etc/systemd/system/php8.4-fpm.service.d/limits.conf": "LimitNOFILE=65536\nReadWritePaths=/etc/php/8.4/x\n"},
	},
	"a drop-in that also starts another program": {
		host: map[string]string{"/etc/systemd/system/php8.2-fpm.service.d/own.conf": "[Service]\n# php8.2 needs it\nExecStartPre=/bin/sh -c \\\n  'mkdir -p \\\n  /run/x'\nLimitNOFILE=65536\n"},
		want: map[string]string{site82: on84, "/etc/systemd/system/php8.4-fpm.service.d/own.conf": "[Service]\n# php8.2 needs it\nLimitNOFILE=65536\n"},
	},
	"a socket that the new unit hides": {
		host: map[string]string{site82: site("a.example", "unix:/tmp/php8.2-a.sock"), "/etc/php/8.2/fpm/pool.d/a.conf": pool("a", "/tmp/php8.2-a.sock"),
			"/lib/systemd/system/php8.4-fpm.service": "[Service]\nExecStart=/usr/sbin/php-fpm8.4 --nodaemonize --fpm-config /etc/php/8.4/fpm/php-fpm.conf\nPrivateTmp=true\n"},
		want: map[string]string{site82: "unix:/run/php/php8.4-a.sock;", pools84 + "a.conf": "listen = /run/php/php8.4-a.sock\n"},
	},
	"one site of two": {
		host: map[string]string{"/etc/nginx/sites-enabled/b.example": site("b.example", "unix:"+on82)},
		o:    upgrade.Options{In: []string{site82}},
		want: map[string]string{site82: on84},
	},
	"a downgrade": {
		host: map[string]string{site82: site("a.example", "unix:"+on84)},
		o:    upgrade.Options{From: "8.4", To: "8.2"},
		want: map[string]string{site82: on82},
	},
}

// TestMoves compares what a plan changes, and plans again on the host as it is then: nothing is
// left to do.
func TestMoves(t *testing.T) {
	for name, tt := range moves {
		t.Run(name, func(t *testing.T) {
			host := tree.Memory(with(tt.host))
			p := plan(t, host, tt.o)
			if p.Refused != "" {
				t.Fatal(p.Refused)
			}
			got := changed(p)
			if want := slices.Sorted(maps.Keys(tt.want)); !slices.Equal(slices.Sorted(maps.Keys(got)), want) {
				t.Errorf("changes %q, want %q", slices.Sorted(maps.Keys(got)), want)
			}
			for name, part := range tt.want {
				if !strings.Contains(got[name], part) {
					t.Errorf("%s lacks %q:\n%s", name, part, got[name])
				}
			}
			for name, part := range tt.not {
				if strings.Contains(got[name], part) {
					t.Errorf("%s has %q:\n%s", name, part, got[name])
				}
			}
			if len(p.Brought) > 0 {
				for _, f := range p.Brought {
					if f.Severity() == 1 {
						t.Errorf("brings %s", f.Message)
					}
				}
			}
			if again := plan(t, tree.Amended(host, p.Files), tt.o); !again.Empty() || again.Refused != "" {
				t.Errorf("a second plan changes %q %s", slices.Sorted(maps.Keys(changed(again))), again.Refused)
			}
		})
	}
}

// TestRefused is about plans that would do harm, or that nothing can be done for.
func TestRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		host     map[string]string
		from, to string
		want     string
	}{
		"one version twice": {from: "8.2", to: "8.2", want: "both 8.2"},
		"no version":        {from: "8.2", to: "eight", want: `"eight" is not a PHP version`},
		"an unknown one":    {from: "7.4", to: "8.4", want: "no PHP-FPM 7.4 was found here; there is 8.2, 8.4"},
		"only its pools":    {host: map[string]string{"/etc/php/8.2/fpm/php-fpm.conf": "-"}, from: "8.2", to: "8.4", want: "but not its php-fpm.conf"},
		"not installed":     {from: "8.2", to: "8.5", want: "apt-get install php8.5-fpm"},
		"removed": {host: map[string]string{"/usr/sbin/php-fpm8.4": "-", "/lib/systemd/system/php8.4-fpm.service": "-", "/usr/bin/true": "",
			"/var/lib/dpkg/status": "Package: php8.4-fpm\nStatus: deinstall ok config-files\n\n"}, from: "8.2", to: "8.4", want: "apt-get install php8.4-fpm"},
		"cPanel": {host: map[string]string{"/usr/local/cpanel/version": "11"}, from: "8.2", to: "8.4", want: "version=ea-php84 "},
		"a layout of cPanel": {host: map[string]string{
			"/etc/nginx/sites-enabled/a.example": site("a.example", "unix:/run/cp.sock"), "/opt/cpanel/ea-php81/root/etc/php-fpm.d/a.conf": pool("a", "/run/cp.sock"),
			"/opt/cpanel/ea-php81/root/etc/php-fpm.conf": "[global]\ninclude = /opt/cpanel/ea-php81/root/etc/php-fpm.d/*.conf\n",
		}, from: "8.1", to: "8.4", want: "version=ea-php84 "},
		"a panel":     {host: map[string]string{"/usr/local/hestia/bin/v-list-users": ""}, from: "8.2", to: "8.4", want: "v-change-web-domain-backend-tpl"},
		"bad nginx":   {host: map[string]string{"/etc/nginx/conf.d/bad.conf": "gzip maybe;\n"}, from: "8.2", to: "8.4", want: "/etc/nginx/conf.d/bad.conf"},
		"bad new FPM": {host: map[string]string{"/etc/php/8.4/fpm/pool.d/bad.conf": "[bad]\nuser = www-data\n"}, from: "8.2", to: "8.4", want: "/etc/php/8.4/fpm/pool.d/bad.conf"},
	} {
		t.Run(name, func(t *testing.T) {
			p := plan(t, tree.Memory(with(tt.host)), upgrade.Options{From: tt.from, To: tt.to})
			if !strings.Contains(p.Refused, tt.want) || !p.Failed() || p.Holds() || len(p.Files)+len(p.Commands) > 0 {
				t.Errorf("refused %q, want %q; %d files", p.Refused, tt.want, len(p.Files))
			}
		})
	}
}

// A file that cannot be read stops the plan.
func TestUnread(t *testing.T) {
	for _, name := range []string{"/etc/php/8.2/fpm/pool.d/www.conf", "/etc/php/8.4/fpm/php.ini"} {
		host := tree.Memory(debian())
		host.Set(name, tree.Info{Type: tree.FIFO})
		p := plan(t, host, upgrade.Options{})
		if !p.Unread || !strings.Contains(p.Refused, name) || !p.Empty() {
			t.Errorf("%s: refused %q", name, p.Refused)
		}
	}
}

// TestTold is about what a plan leaves to people.
func TestTold(t *testing.T) {
	for name, tt := range map[string]struct {
		host map[string]string
		o    upgrade.Options
		want string
	}{
		"sudoers":              {host: map[string]string{"/etc/sudoers.d/deploy": "# php8.2\ndeploy ALL = NOPASSWD: /bin/systemctl reload php8.2-fpm\n"}, want: "/etc/sudoers.d/deploy names PHP 8.2 in line 2"},
		"needrestart":          {host: map[string]string{"/etc/needrestart/conf.d/x.conf": `$x{qr(^php8\.2-fpm)} = 0;`}, want: "/etc/needrestart/conf.d/x.conf"},
		"a setting that goes":  {host: map[string]string{"/etc/php/8.2/fpm/php.ini": "opcache.consistency_checks = 1\n"}, want: "opcache.consistency_checks is not carried: PHP 8.3 removed it"},
		"an extension by path": {host: map[string]string{"/etc/php/8.2/fpm/conf.d/30-x.ini": "zend_extension = /usr/lib/php/20220829/ioncube.so\n"}, want: "does not load the extension ioncube"},
		"Xdebug":               {host: map[string]string{"/etc/php/8.2/fpm/conf.d/20-xdebug.ini": "zend_extension = xdebug.so\n"}, want: "Xdebug is not enabled"},
		"the JIT":              {host: map[string]string{"/etc/php/8.2/fpm/php.ini": "opcache.jit_buffer_size = 64M\n"}, want: "opcache.jit = tracing"},
		"a shared snippet": {
			host: map[string]string{
				"/etc/nginx/snippets/php.conf":       "location ~ \\.php$ { include fastcgi_params; fastcgi_pass unix:/run/php/php8.2-fpm.sock; }\n",
				"/etc/nginx/sites-enabled/a.example": "server { server_name a.example; root /srv/a; include snippets/php.conf; }\n",
				"/etc/nginx/sites-enabled/b.example": "server { server_name b.example; root /srv/b; include snippets/php.conf; }\n",
			}, o: upgrade.Options{In: []string{"/etc/nginx/sites-enabled/a.example"}}, want: "give them a line of their own",
		},
	} {
		if got := said(plan(t, tree.Memory(with(tt.host)), tt.o)); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q is not said:\n%s", name, tt.want, got)
		}
	}
}

// A line whose address is written in another way stays: the old service is not stopped, and the
// plan fails.
func TestLeft(t *testing.T) {
	p := plan(t, tree.Memory(with(map[string]string{
		"/etc/php/8.2/fpm/pool.d/b.conf":     pool("b", `/run/php/b\b.sock`),
		"/etc/nginx/sites-enabled/b.example": site("b.example", `unix:/run/php/b\\b.sock`),
	})), upgrade.Options{DropOld: true})
	if p.Refused != "" || len(p.Left) != 1 || !p.Failed() || slices.Contains(does(p), "stop php8.2-fpm") || len(changed(p)) != 2 {
		t.Errorf("refused %q, left %v, commands %q, changes %q", p.Refused, p.Left, does(p), changed(p))
	}
}

// TestInPlace plans for a PHP-FPM whose paths have no version.
func TestInPlace(t *testing.T) {
	p := plan(t, tree.Memory(map[string]string{
		"/etc/passwd":                             "apache:x:48:48::/:/sbin/nologin\n",
		"/etc/group":                              "apache:x:48:\n",
		"/etc/nginx/nginx.conf":                   "user apache;\nevents {}\nhttp { server { location ~ \\.php$ { fastcgi_pass unix:/run/php-fpm/www.sock; } } }\n",
		"/etc/php-fpm.conf":                       "include = /etc/php-fpm.d/*.conf\n[global]\n",
		"/etc/php-fpm.d/www.conf":                 "[www]\nuser = apache\nlisten = /run/php-fpm/www.sock\nlisten.owner = apache\npm = static\npm.max_children = 5\n",
		"/etc/php.ini":                            "mysqli.reconnect = 1\n",
		"/usr/lib/systemd/system/php-fpm.service": "[Service]\nExecStart=/usr/sbin/php-fpm --nodaemonize\nRuntimeDirectory=php-fpm\n",
	}), upgrade.Options{From: "8.1", To: "8.4"})
	if got, want := does(p), []string{"install", "test php-fpm", "restart php-fpm", "check"}; !slices.Equal(got, want) || !p.Empty() || p.Failed() {
		t.Errorf("commands %q, refused %q, %d files", got, p.Refused, len(p.Files))
	}
	if got := said(p); !strings.Contains(got, "mysqli.reconnect has no effect any more: PHP 8.2 removed it") || p.Commands[0].Line != "dnf module switch-to php:8.4" {
		t.Errorf("said %s and %q", got, p.Commands[0].Line)
	}
}

// BenchmarkMake plans for a host with many sites.
func BenchmarkMake(b *testing.B) {
	files := debian()
	for i := range 200 {
		name := "s" + string(rune('a'+i%26)) + strings.Repeat("x", i/26)
		files["/etc/nginx/sites-enabled/"+name] = site(name+".example", "unix:/run/php/php8.2-"+name+".sock")
		files["/etc/php/8.2/fpm/pool.d/"+name+".conf"] = pool(name, "/run/php/php8.2-"+name+".sock")
	}
	host := tree.Memory(files)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := upgrade.Make(upgrade.Options{Engine: engine.Options{Tree: host.Fresh()}, From: "8.2", To: "8.4"}); err != nil {
			b.Fatal(err)
		}
	}
}

// What only looks like the old version stays, byte for byte: other versions, other sites, files that
// nothing includes, logs, backups, other hosts.
func TestUntouched(t *testing.T) {
	text := strings.Replace(site("a.example", "unix:"+on82), "    root", "    # unix:"+on82+" since php8.2-fpm\n    access_log /var/log/nginx/php8.2-fpm.log;\n    root", 1)
	host := with(map[string]string{
		site82:                                            text,
		"/etc/nginx/sites-enabled/old.example":            site("old.example", "unix:/run/php/php8.1-fpm.sock"),
		"/etc/nginx/sites-enabled/new.example":            site("new.example", "unix:"+on84),
		"/etc/nginx/sites-enabled/port.example":           site("port.example", "127.0.0.1:8200"),
		"/etc/nginx/sites-available/off.example":          site("off.example", "unix:"+on82),
		"/etc/nginx/sites-enabled/.a.example.swp":         text,
		"/etc/php/8.1/fpm/php-fpm.conf":                   "[global]\ninclude = /etc/php/8.1/fpm/pool.d/*.conf\n",
		"/etc/php/8.1/fpm/pool.d/www.conf":                pool("www", "/run/php/php8.1-fpm.sock"),
		"/etc/php/8.1/fpm/pool.d/x.conf":                  pool("x", "127.0.0.1:8200"),
		"/etc/php/8.2/cli/php.ini":                        "memory_limit = -1\n",
		"/var/log/php8.2-fpm.log":                         "unix:" + on82 + "\n",
		"/var/log/nginx/error.log":                        "connect() to unix:" + on82 + " failed\n",
		"/var/backups/etc/nginx/sites-enabled/a.example":  text,
		"/srv/container/etc/nginx/sites-enabled/a.conf":   text,
		"/srv/container/etc/php/8.2/fpm/pool.d/www.conf":  pool("www", on82),
		"/etc/cron.d/php":                                 "* * * * * root php8.2 /srv/cron.php\n",
		"/etc/sudoers.d/deploy":                           "deploy ALL=NOPASSWD: /bin/systemctl reload php8.2-fpm\n",
		"/lib/systemd/system/php8.1-fpm.service":          "[Service]\nExecStart=/usr/sbin/php-fpm8.1 --nodaemonize --fpm-config /etc/php/8.1/fpm/php-fpm.conf\n",
		"/etc/systemd/system/php8.1-fpm.service.d/a.conf": "[Service]\nLimitNOFILE=8200\n",
	})
	p := plan(t, tree.Memory(host), upgrade.Options{DropOld: true})
	want := map[string]string{site82: strings.Replace(text, "fastcgi_pass unix:"+on82, "fastcgi_pass unix:"+on84, 1)}
	if got := changed(p); p.Refused != "" || !maps.Equal(got, want) {
		t.Errorf("refused %q, changes %q", p.Refused, got)
	}
	for _, name := range []string{"/etc/cron.d/php", "/etc/sudoers.d/deploy"} {
		if !strings.Contains(said(p), name) {
			t.Errorf("%s is not told", name)
		}
	}
}
