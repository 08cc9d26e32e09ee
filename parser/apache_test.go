package parser

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

const (
	apacheText = "ServerRoot /srv/httpd\nListen 80\nUser www\nLoadModule mpm_event_module modules/mod_mpm_event.so\n"
	vhostText  = "<VirtualHost *:80>\n  DocumentRoot /srv/www\n</VirtualHost>\n"
)

// Every layout of Apache is found from the root, from the directory of its main file, and
// below a directory that holds a root file system, and so is what it includes.
func TestApacheLayouts(t *testing.T) {
	for _, main := range httpd.Mains() {
		files := func(root string) map[string]string {
			dir := root + path.Dir(main)
			return map[string]string{root + main: "Listen 80\nUser www\nPidFile a.pid\nInclude " + dir + "/more/*.conf\n", dir + "/more/a.conf": vhostText}
		}
		l, _ := httpd.LayoutOf(main, "")
		want := func(root string) string {
			return "apache " + root + main + " (" + l.Name + ")\n  " + root + path.Dir(main) + "/more/a.conf\n"
		}
		whole := files("")
		whole["/etc/passwd"] = "root:x:0:0::/:/bin/sh\n"
		testReadings(t, []reading{
			{main + " from the root", whole, []string{"/"}, want("")},
			{main + " from its directory", whole, []string{path.Dir(main)}, want("")},
			{main + " by its name", whole, []string{main}, want("")},
			{main + " in rootfs/", files("/docker/rootfs"), []string{"/docker/rootfs"}, want("/docker/rootfs")},
		})
	}
}

// Systems that share the path of the main file have layouts of their own.
func TestApacheLayoutOfSystem(t *testing.T) {
	for id, want := range map[string]string{"alpine": "Alpine", "opensuse-leap": "SUSE", "\"sles\"": "SUSE", "gentoo": "Gentoo", "": "Alpine"} {
		c := Read(plant(map[string]string{"/etc/apache2/httpd.conf": apacheText, "/etc/os-release": "NAME=x\nID=" + id + "\n"}), []string{"/"})
		if len(c.Apaches) != 1 || c.Apaches[0].Layout == nil || c.Apaches[0].Layout.Name != want {
			t.Errorf("ID=%s: got %s, want %s", id, describe(c), want)
		}
	}
}

// debianApache is a Debian host with Apache.
func debianApache() map[string]string {
	return map[string]string{
		"/etc/passwd": "",
		"/etc/apache2/apache2.conf": "DefaultRuntimeDir ${APACHE_RUN_DIR}\nPidFile ${APACHE_PID_FILE}\nUser ${APACHE_RUN_USER}\n" +
			"IncludeOptional mods-enabled/*.load\nInclude ports.conf\nIncludeOptional sites-enabled/*.conf\n",
		"/etc/apache2/ports.conf":                 "Listen 80\n<IfModule ssl_module>\n\tListen 443\n</IfModule>\n",
		"/etc/apache2/envvars":                    debianEnvvars,
		"/etc/apache2/mods-enabled/mpm.load":      "-> ../mods-available/mpm.load",
		"/etc/apache2/mods-available/mpm.load":    "LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\n",
		"/etc/apache2/mods-available/status.load": "LoadModule status_module /usr/lib/apache2/modules/mod_status.so\n",
		"/etc/apache2/sites-available/a.conf":     vhostText, "/etc/apache2/sites-available/b.conf": vhostText,
		"/etc/apache2/sites-enabled/a.conf": "-> ../sites-available/a.conf",
	}
}

const debianWant = `apache /etc/apache2/apache2.conf (Debian, Ubuntu)
  /etc/apache2/mods-enabled/mpm.load
  /etc/apache2/ports.conf
  /etc/apache2/sites-enabled/a.conf
  environment /etc/apache2/envvars
`

func TestApacheOfDebian(t *testing.T) {
	const idle = "not loaded /etc/apache2/sites-available/b.conf\n"
	withNginx := debianApache()
	withNginx["/etc/nginx/nginx.conf"] = mainText
	masked := debianApache()
	masked["/etc/apache2/mods-enabled/mpm.load"] = "../mods-available/mpm.load"
	masked["/etc/apache2/sites-enabled/a.conf"] = "../sites-available/a.conf"
	testReadings(t, []reading{
		{"alone", debianApache(), nil, debianWant + idle},
		{"beside nginx", withNginx, nil, "nginx /etc/nginx/nginx.conf\n" + debianWant + idle},
		{"with links that were checked out as files", masked, nil,
			strings.NewReplacer("mods-enabled", "mods-available", "sites-enabled", "sites-available").Replace(debianWant) + idle},
	})
	a := Read(plant(debianApache()), []string{"/"}).Apaches[0]
	for _, d := range a.Directives {
		if d.Name == "user" && (d.Arg(0) != "www-data" || d.Args[0].Unset() != "") {
			t.Errorf("User is %+v", d.Args)
		}
	}
	if !a.Started || len(a.Problems) > 0 {
		t.Errorf("started %t, problems %v", a.Started, a.Problems)
	}
}

// Who starts Apache tells its main file, its names and its variables.
func TestApacheUnits(t *testing.T) {
	rhel := func(unit string, more ...string) map[string]string {
		files := map[string]string{
			"/etc/passwd": "", "/etc/httpd/conf/httpd.conf": "Listen 80\nUser ${WWW}\nPidFile a\n<IfDefine SITES>\nInclude sites/*.conf\n</IfDefine>\n",
			"/etc/httpd/sites/a.conf": vhostText, "/usr/lib/systemd/system/httpd.service": unit,
		}
		for i := 0; i < len(more); i += 2 {
			files[more[i]] = more[i+1]
		}
		return files
	}
	const start, site = "[Service]\nExecStart=/usr/sbin/httpd $OPTIONS -DFOREGROUND\n", "  /etc/httpd/sites/a.conf\n"
	const head = "apache /etc/httpd/conf/httpd.conf (RHEL, Rocky, Fedora)"
	testReadings(t, []reading{
		{"without a name", rhel(start), nil, head + " -D FOREGROUND\n"},
		{"with a name", rhel("[Service]\nExecStart=/usr/sbin/httpd -D SITES\n"), nil, head + " -D SITES\n" + site},
		{"in the file of the options", rhel(start, "/etc/sysconfig/httpd", "OPTIONS=\"-D SITES -DX\"\n"), nil,
			head + " -D FOREGROUND -D SITES -D X\n" + site + "  environment /etc/sysconfig/httpd\n" +
				"unread at /etc/httpd/conf/httpd.conf:2 no file sets ${WWW}, and only the environment of Apache may\n"},
		{"in a file that the unit names", rhel("[Service]\nEnvironmentFile=-/etc/own\nEnvironment=\"WWW=web www\" A=%n\nExecStart=/usr/sbin/httpd $OPTIONS\n", "/etc/own", "OPTIONS=-DSITES\n"), nil,
			head + " -D SITES\n" + site + "  environment /etc/own\n"},
		{"only another main file", map[string]string{
			"/etc/passwd": "", "/srv/web.conf": "Listen 80\nUser a\nInclude sites/a.conf\n", "/srv/sites/a.conf": vhostText,
			"/etc/systemd/system/httpd.service": "[Service]\nExecStart=/nix/store/x/bin/httpd -d /srv -f web.conf -DX\n",
		}, nil, "apache /srv/web.conf -D X\n  /srv/sites/a.conf\n"},
	})
	c := Read(plant(rhel("[Service]\nEnvironment=WWW=web\nExecStart=/usr/sbin/httpd\n", "/lib/systemd/system/lighttpd.service", start)), []string{"/"})
	if a := c.Apaches[0]; len(c.Units) != 1 || !slices.Equal(a.Units, c.Units) || a.Directives[1].Arg(0) != "web" {
		t.Errorf("units %v of %v, User %q", a.Units, c.Units, a.Directives[1].Arg(0))
	}
}

// A variable that no file sets is said once, and not where what needs it is said to be unknown.
func TestApacheUnsetVariables(t *testing.T) {
	const head = "apache /etc/apache2/apache2.conf (Debian, Ubuntu)\n  environment /etc/apache2/envvars\n"
	files := func(env, text string) map[string]string {
		return map[string]string{"/etc/passwd": "", "/etc/apache2/envvars": env, "/etc/apache2/apache2.conf": "Listen 80\n" + text}
	}
	const unread = "unread at /etc/apache2/apache2.conf:"
	testReadings(t, []reading{
		{"none", files("export A=/x\n", "ErrorLog ${A}/a\n"), nil, head},
		{"twice", files("export A=/x\n", "ErrorLog ${B}/a\nPidFile ${B}/b${C}\n"), nil,
			head + unread + "2 no file sets ${B}, and only the environment of Apache may\n"},
		{"set under a condition", files("if test -e /x; then\n export B=/x\nfi\n", "ErrorLog ${B}/a\n"), nil, head},
		{"of Define", files("export A=/x\n", "Define B /x\nErrorLog ${B}/a\n"), nil, head},
		{"of a handler and a condition", files("export A=/x\n", "SetHandler ${B}\n<IfDefine ${C}>\nErrorLog ${D}/a\n</IfDefine>\n"), nil, head},
		{"an environment that is not known", map[string]string{"/etc/passwd": "", "/etc/apache2/apache2.conf": "Listen 80\nErrorLog ${B}/a\n"}, nil,
			"apache /etc/apache2/apache2.conf (Debian, Ubuntu)\n"},
	})
}

// Every distribution has a file of its own with the options of Apache. A name that none of the
// files that were read could give is not known to be missing.
func TestApacheOptionVariables(t *testing.T) {
	for _, test := range []struct {
		what, main, file, text string
		defined                string
		started                bool
		layout                 string
	}{
		{"Debian", "/etc/apache2/apache2.conf", "/etc/apache2/envvars", "export APACHE_ARGUMENTS='-D A -DB'\n", "A B", true, "Debian, Ubuntu"},
		{"RHEL", "/etc/httpd/conf/httpd.conf", "/etc/sysconfig/httpd", "OPTIONS=\"-D A -DB\"\n", "A B", true, "RHEL, Rocky, Fedora"},
		{"Gentoo", "/etc/apache2/httpd.conf", "/etc/conf.d/apache2", "# APACHE2_OPTS=\"-D X\"\nAPACHE2_OPTS=\"-D A -D B\"\n", "A B", true, "Alpine"},
		{"Gentoo, in two steps", "/etc/apache2/httpd.conf", "/etc/conf.d/apache2", "APACHE2_OPTS=\"-D A\"\nAPACHE2_OPTS=\"${APACHE2_OPTS} -D B\"\n", "A B", true, "Alpine"},
		{"SUSE", "/etc/apache2/httpd.conf", "/etc/sysconfig/apache2", "APACHE_MPM=\"event\"\nAPACHE_SERVER_FLAGS=\"A -D B\"\n", "A B", true, "SUSE"},
		{"FreeBSD", "/usr/local/etc/apache24/httpd.conf", "/etc/rc.conf", "hostname=\"web\"\napache24_enable=\"YES\"\napache24_flags=\"-D A -D B\"\n", "A B", true, "FreeBSD"},
		{"a file without them", "/etc/apache2/httpd.conf", "/etc/conf.d/apache2", "#\n", "", true, "Alpine"},
		{"under a condition", "/etc/apache2/httpd.conf", "/etc/conf.d/apache2", "if test -e /x; then\n APACHE2_OPTS=\"-D A\"\nfi\n", "", false, "Alpine"},
		{"of a command", "/etc/apache2/httpd.conf", "/etc/conf.d/apache2", "APACHE2_OPTS=\"-D A $(cat /x)\"\n", "", false, "Alpine"},
		{"in another file", "/etc/apache2/httpd.conf", "/etc/default/apache2", "APACHE2_OPTS=\"-D A\"\n", "", false, "Alpine"},
		{"in a file of a unit that is not here", "/etc/httpd/conf/httpd.conf", "/lib/systemd/system/httpd.service",
			"[Service]\nEnvironmentFile=/srv/own\nExecStart=/usr/sbin/httpd $OPTIONS\n", "", false, "RHEL, Rocky, Fedora"},
		{"a unit that takes nothing of such a file", "/etc/httpd/conf/httpd.conf", "/lib/systemd/system/httpd.service",
			"[Service]\nEnvironmentFile=/srv/own\nExecStart=/usr/sbin/httpd -D A\n", "A", true, "RHEL, Rocky, Fedora"},
	} {
		c := Read(plant(map[string]string{test.main: apacheText, test.file: test.text}), []string{"/"})
		a := c.Apaches[0]
		if got := strings.Join(a.Environment.Defined, " "); got != test.defined || a.Started != test.started || a.Layout.Name != test.layout {
			t.Errorf("%s: -D %s, started %t, layout %s; want %s, %t, %s", test.what, got, a.Started, a.Layout.Name, test.defined, test.started, test.layout)
		}
	}
}

// The files of an Apache on Windows are all read, though what it does is not followed: none of them
// is said to lack a main file, or to be read in part.
func TestApacheOnWindows(t *testing.T) {
	files := map[string]string{
		"/conf/httpd.conf":       "Define SRVROOT \"c:/Apache24\"\nServerRoot \"${SRVROOT}\"\nListen 80\nInclude conf/extra/v.conf\nInclude D:/x.conf\n",
		"/conf/extra/v.conf":     vhostText,
		"/conf/extra/other.conf": "#\n",
	}
	testReadings(t, []reading{{"a tree", files, nil, "apache /conf/httpd.conf open\n  /conf/extra/v.conf\n" +
		"unread at /conf/httpd.conf:2 " + apache.OnWindows + "\nunread at /conf/httpd.conf:5 the path D:/x.conf is one on Windows\n"}})
	c := Read(plant(files), []string{"/"})
	if len(c.Unread) != 2 || c.Unread[0].Why != apache.OnWindows || c.ApacheUnread != 1 {
		t.Errorf("unread %v, %d of Apache", c.Unread, c.ApacheUnread)
	}
}

// What no file says about the start of Apache is unknown.
func TestApacheWorld(t *testing.T) {
	r := newReader(plant(map[string]string{"/x/httpd.conf": apacheText, "/x/a.conf": "#\n", "/x/dir/b": "", "/x/envvars": "export A=b\n"}))
	f, _ := r.open("/x/httpd.conf")
	a := r.newApache(f)
	w := r.worldOf(a, f)
	if value, set, known := w.Environment("A"); value != "b" || !set || !known {
		t.Errorf("A: %q, %t, %t", value, set, known)
	}
	if _, set, known := w.Environment("B"); set || known {
		t.Errorf("B: %t, %t", set, known)
	}
	if yes, known := w.Defined("X"); yes || !known { // the file of the variables would give it
		t.Errorf("X: %t, %t", yes, known)
	}
	a.Started = false
	if yes, known := w.Defined("X"); yes || known {
		t.Errorf("X without a start: %t, %t", yes, known)
	}
	for module, want := range map[string]bool{"core.c": true, "unixd_module": true, "mod_version.c": true, "proxy_module": false, "mod_proxy.c": false} {
		if got := w.Builtin(module); got != want {
			t.Errorf("%s: %t, want %t", module, got, want)
		}
	}
	if w.ServerRoot() != "/x" || w.Version() != "" {
		t.Errorf("ServerRoot %q, version %q", w.ServerRoot(), w.Version())
	}
	list, err := w.List("/x")
	if err != nil || len(list) != 4 {
		t.Errorf("%v, %v", list, err)
	}
}

// A file elsewhere that has the name of the main file is not that file.
func TestApacheOwnName(t *testing.T) {
	c := Read(plant(map[string]string{
		"/x/conf/httpd.conf": apacheText + "Include conf/extra/vhosts.conf\nInclude /x/conf/httpd.conf.local\n", "/x/conf/extra/vhosts.conf": "Include /usr/local/panel/data/users/admin/httpd.conf\n",
	}), []string{"/x"})
	if a := c.Apaches[0]; len(a.Problems) > 0 || len(a.Unread) == 0 || !strings.Contains(a.Unread[0].Why, "users/admin/httpd.conf") {
		t.Errorf("problems %v, unread %v", a.Problems, a.Unread)
	}
}

// The files of a repository have the roles that they have on the machine.
func TestApacheOfRepository(t *testing.T) {
	testReadings(t, []reading{
		{"an image's main file", map[string]string{
			"/docker/httpd/httpd.conf":           "ServerRoot /usr/local/apache2\nListen 80\nInclude conf/extra/php.conf\nInclude /usr/local/apache2/conf/sites/*.conf\n",
			"/docker/httpd/extra/php.conf":       "<FilesMatch \\.php$>\nSetHandler proxy:fcgi://php:9000\n</FilesMatch>\n",
			"/docker/httpd/sites/a.conf":         vhostText,
			"/docker/httpd/extra/autoindex.conf": "AddType image/x a\n",
			"/wordpress/.htaccess":               "RewriteEngine on\n",
		}, nil, "apache /docker/httpd/httpd.conf\n  /docker/httpd/extra/php.conf\n  /docker/httpd/sites/a.conf\nnot loaded /docker/httpd/extra/autoindex.conf\n"},
		{"two main files", map[string]string{"/a/httpd.conf": apacheText, "/b/apache.conf": apacheText, "/c/site.conf": vhostText}, nil,
			"apache /a/httpd.conf\napache /b/apache.conf\napache\n  /c/site.conf\n"},
		{"one that another includes", map[string]string{"/a/httpd.conf": "Include /a/web/httpd.conf\n" + apacheText, "/a/web/httpd.conf": apacheText}, nil,
			"apache /a/httpd.conf\n  /a/web/httpd.conf\n"},
		{"sites without a main file", map[string]string{"/deploy/b.conf": vhostText, "/deploy/a.vhost": vhostText, "/deploy/sites-enabled/x": vhostText, "/deploy/a.conf.bak": vhostText}, nil,
			"apache\n  /deploy/a.vhost\n  /deploy/b.conf\n  /deploy/sites-enabled/x\nnot loaded /deploy/a.conf.bak\n"},
		{"only a .htaccess", map[string]string{"/.htaccess": "RewriteEngine on\n", "/wp-content/.htaccess": "Deny from all\n"}, nil,
			"not loaded /.htaccess\nnot loaded /wp-content/.htaccess\n"},
		{"other programs", map[string]string{
			"/proftpd.conf":  "ServerName a\nServerType standalone\nUser a\n<VirtualHost *:21>\n</VirtualHost>\n<IfModule mod_tls.c>\n</IfModule>\n",
			"/collectd.conf": "LoadPlugin cpu\nInclude \"/etc/collectd.d\"\n<Plugin df>\n</Plugin>\n", "/squid.conf": "http_port 3128\nacl a src all\n",
			"/lighttpd.conf": "server.document-root = \"/srv\"\n$HTTP[\"host\"] == \"a\" {\n}\n", "/fonts.conf": "<?xml version=\"1.0\"?>\n<fontconfig>\n</fontconfig>\n",
		}, nil, ""},
	})
}

// A folder of a repository may get files on the machine that it does not have yet.
func TestApacheFolderToBeFilled(t *testing.T) {
	const main, sites = "/web/etc/apache2/httpd.conf", "/web/etc/apache2/sites-enabled/a.skel"
	text := "ServerRoot /usr/local/apache2\nListen 80\nInclude /usr/local/apache2/conf/sites-enabled/*.conf\n"
	c := Read(plant(map[string]string{main: text, sites: ""}), []string{"/"})
	a := c.Apaches[0]
	if len(a.Problems) != 0 || len(a.Unread) != 1 || a.Unread[0].Why != "no file here matches /usr/local/apache2/conf/sites-enabled/*.conf" {
		t.Errorf("problems %v, unread %v", a.Problems, a.Unread)
	}
	main2 := strings.TrimPrefix(main, "/web")
	c = Read(plant(map[string]string{main2: strings.ReplaceAll(text, "/usr/local/apache2/conf", "/etc/apache2"), "/etc/passwd": "", "/usr/bin/id": "", "/etc/apache2/sites-enabled/a.skel": ""}), []string{main2})
	if a := c.Apaches[0]; len(a.Problems) == 0 {
		t.Errorf("on a machine: no problem, unread %v", a.Unread)
	}
}

func TestApacheNamed(t *testing.T) {
	files := debianApache()
	files["/etc/httpd.conf"] = ""
	files["/x/redirects.conf"] = "Redirect /a /b\nOptions None\n"
	files["/x/httpd.conf"] = "# nothing\n"
	files["/x/apache/empty.conf"] = "# nothing\n"
	files["/x/mixed.conf"] = "Redirect /a /b\nRedirekt /a /b\n"
	testReadings(t, []reading{
		{"the main file", files, []string{"/etc/apache2/apache2.conf"}, debianWant},
		{"a site", files, []string{"/etc/apache2/sites-enabled/a.conf"}, "apache\n  /etc/apache2/sites-enabled/a.conf\n  environment /etc/apache2/envvars\n"},
		{"a site and the main file", files, []string{"/etc/apache2/sites-enabled/a.conf", "/etc/apache2/apache2.conf"}, debianWant},
		{"a site that is not enabled and the main file", files, []string{"/etc/apache2/sites-available/b.conf", "/etc/apache2/apache2.conf"},
			debianWant + "apache\n  /etc/apache2/sites-available/b.conf\n  environment /etc/apache2/envvars\n"},
		{"directives that others have, too", files, []string{"/x/redirects.conf"}, "apache\n  /x/redirects.conf\n"},
		{"nothing in a main file", files, []string{"/x/httpd.conf"}, "apache /x/httpd.conf\n"},
		{"nothing in a file of Apache", files, []string{"/x/apache/empty.conf"}, "apache\n  /x/apache/empty.conf\n"},
		{"a word that is not of Apache", files, []string{"/x/mixed.conf"}, "failed /x/mixed.conf: not a configuration of nginx, Apache or PHP-FPM\n"},
	})
}

// A file that an include of Apache leads to shows that it is a configuration, or is withheld.
func TestApacheWithheld(t *testing.T) {
	for text, want := range map[string]bool{
		"root:x:0:0::/:/bin/sh\n": true, "hunter2\n": true, "PASSWORD=hunter2\n": true, "Options None\nRedirekt /a /b\n": false, "": false, "# x\n": false,
	} {
		c := Read(plant(map[string]string{"/x/httpd.conf": apacheText + "Include /x/a.conf\n", "/x/a.conf": text}), []string{"/"})
		got := withheld(c)
		if slices.Contains(got, "/x/a.conf") != want || len(got) > 1 {
			t.Errorf("%q: withheld %q, want %t", text, got, want)
		}
		for _, f := range c.Files {
			if f.Path == "/x/a.conf" && want && f.By.Text() != "/x/a.conf" {
				t.Errorf("%q: included by %q", text, f.By.Text())
			}
		}
	}
}

func TestApacheRoles(t *testing.T) {
	files := debianApache()
	files["/srv/www/.htaccess"] = "RewriteEngine on\n"
	want := map[string]source.Role{
		"/etc/apache2/apache2.conf": source.RoleApache, "/etc/apache2/sites-enabled/a.conf": source.RoleApache, "/etc/apache2/envvars": source.RoleEnvironment,
		"/etc/apache2/sites-available/b.conf": source.RoleNotLoaded, "/srv/www/.htaccess": source.RoleHtaccess,
		"/etc/apache2/ports.conf": source.RoleApache, "/etc/apache2/mods-enabled/mpm.load": source.RoleApache,
	}
	got := map[string]source.Role{}
	for _, f := range Read(plant(files), []string{"/"}).Files {
		got[f.Path] = f.Role
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	loose := Read(plant(map[string]string{"/a.conf": vhostText}), []string{"/"}).Files
	if len(loose) != 1 || loose[0].Role != source.RoleApacheFragment {
		t.Errorf("loose files: %v", loose)
	}
}

// A container runs the Apache whose main file it is given.
func TestApacheOfContainer(t *testing.T) {
	files := map[string]string{
		"/usr/local/apache2/conf/httpd.conf": "Listen 80\nInclude conf/extra/a.conf\n", "/usr/local/apache2/conf/extra/a.conf": vhostText, "/etc/nginx/nginx.conf": mainText,
	}
	main := "/usr/local/apache2/conf/httpd.conf"
	want := "apache " + main + " (official image)\n  /usr/local/apache2/conf/extra/a.conf\n"
	if got := describe(ReadContainer(plant(files), Running{Apache: []ApacheStart{{Main: main, Env: map[string]string{"APACHE_RUN_DIR": "/run/apache2"}}}, Literal: true})); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := describe(ReadContainer(plant(files), Running{All: true, Literal: true})); got != "nginx /etc/nginx/nginx.conf\n"+want {
		t.Errorf("with all: got\n%s", got)
	}
}

// Links to the directory that they are in give it very many names, each of which Apache would read.
func TestApacheLinksToItself(t *testing.T) {
	files := map[string]string{"/x/httpd.conf": apacheText + "Include /x/d\n", "/x/d/l1": "-> .", "/x/d/l2": "-> ../d", "/x/d/l3": "-> l1", "/x/d/a.conf": vhostText}
	c := Read(plant(files), []string{"/x/httpd.conf"})
	if n := len(c.Unread); n == 0 || n > 10_000 || !c.Apaches[0].Open {
		t.Errorf("%d were not read, open %t", n, c.Apaches[0].Open)
	}
}

// FIFOs, files that are too large and links that leave the root are not read.
func TestApacheHostile(t *testing.T) {
	machine := plant(map[string]string{
		"/x/httpd.conf": apacheText + "Include /x/a/*.conf\n", "/x/a/good.conf": vhostText, "/x/a/big.conf": strings.Repeat("# comment\n", 1_700_000),
		"/x/a/out.conf": "-> ../../../etc/x.conf", "/x/a/self.conf": "Include /x/a/self.conf\n",
	})
	machine.Set("/x/a/fifo.conf", tree.Info{Type: tree.FIFO})
	c := Read(machine, []string{"/x/httpd.conf"})
	got := describe(c)
	for _, want := range []string{"  /x/a/good.conf\n", "/x/a/big.conf", "/x/a/out.conf", "/x/a/fifo.conf", "Exceeded maximum include depth"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if c.ApacheUnread == 0 || c.NginxUnread != 0 || c.FPMUnread != 0 || !c.Apaches[0].Open {
		t.Errorf("unread: %d of Apache, %d of nginx, %d of PHP-FPM", c.ApacheUnread, c.NginxUnread, c.FPMUnread)
	}
}
