package httpd

import (
	"path"
	"testing"
)

func TestLayouts(t *testing.T) {
	names := map[string]bool{}
	mains := map[string]int{}
	for i := range Layouts {
		l := &Layouts[i]
		if names[l.Name] {
			t.Errorf("%s is there twice", l.Name)
		}
		names[l.Name] = true
		if mains[l.Main]++; (mains[l.Main] > 1) != (l.IDs != nil) {
			t.Errorf("%s: IDs %q, although it is number %d with %s", l.Name, l.IDs, mains[l.Main], l.Main)
		}
		for _, p := range append([]string{l.Main, l.Root, l.Modules, l.RuntimeDir, l.Socket}, l.Env...) {
			if p != "" && (!path.IsAbs(p) || path.Clean(p) != p) {
				t.Errorf("%s: the path %q", l.Name, p)
			}
		}
		if (l.User == "") != (l.Group == "") || l.Root == "" || l.Modules == "" {
			t.Errorf("%s: User %q, Group %q, root %q, modules %q", l.Name, l.User, l.Group, l.Root, l.Modules)
		}
		for _, module := range append(l.Static, l.MPM) {
			if module != "" && ModuleNamed(module) == nil {
				t.Errorf("%s: there is no module %s", l.Name, module)
			}
		}
		if m := ModuleNamed(l.MPM); m != nil && !m.MPM {
			t.Errorf("%s: %s is not an MPM", l.Name, l.MPM)
		}
	}
}

func TestLayoutOf(t *testing.T) {
	for _, test := range []struct{ name, id, want, root string }{
		{"/etc/apache2/apache2.conf", "", "Debian, Ubuntu", ""},
		{"/docker/rootfs/etc/apache2/apache2.conf", "", "Debian, Ubuntu", "/docker/rootfs"},
		{"/etc/httpd/conf/httpd.conf", "rocky", "RHEL, Rocky, Fedora", ""},
		{"/etc/httpd/conf/httpd.conf", "arch", "Arch", ""},
		{"/etc/apache2/httpd.conf", "", "Alpine", ""},
		{"/etc/apache2/httpd.conf", "opensuse-leap", "SUSE", ""},
		{"/opt/rh/httpd24/root/etc/httpd/conf/httpd.conf", "", "software collections of RHEL", ""},
		{"/docker/httpd.conf", "", "", ""},
		{"/etc/apache2/sites-enabled/a.conf", "", "", ""},
	} {
		l, root := LayoutOf(test.name, test.id)
		name := ""
		if l != nil {
			name = l.Name
		}
		if name != test.want || root != test.root {
			t.Errorf("%s on %q: %q at %q, want %q at %q", test.name, test.id, name, root, test.want, test.root)
		}
	}
}

func TestLayoutBuiltin(t *testing.T) {
	layout := func(name, id string) *Layout {
		l, _ := LayoutOf(name, id)
		return l
	}
	debian, rhel, suse := layout("/etc/apache2/apache2.conf", ""), layout("/etc/httpd/conf/httpd.conf", ""), layout("/etc/apache2/httpd.conf", "sles")
	for _, test := range []struct {
		l      *Layout
		module string
		want   bool
	}{
		{nil, "core.c", true}, {rhel, "so_module", true}, {rhel, "unixd_module", false}, {debian, "unixd_module", true}, {debian, "mod_version.c", true},
		{suse, "prefork.c", true}, {suse, "mpm_prefork_module", true}, {nil, "unixd_module", true}, {nil, "proxy_module", false}, {nil, "none", false},
	} {
		if got := test.l.Builtin(test.module); got != test.want {
			t.Errorf("%v: %s: %t, want %t", test.l, test.module, got, test.want)
		}
	}
}

// What only Apache has is in the table of its directives, and what another program has is not.
func TestOnly(t *testing.T) {
	for _, word := range []string{
		"<FilesMatch", "DocumentRoot", "sethandler", "RewriteCond", "IncludeOptional", "ServerRoot", "<RequireAll>", "ProxyPass",
	} {
		if !Only(word) || Other(word) {
			t.Errorf("%s: only Apache %t, another %t", word, Only(word), Other(word))
		}
	}
	for _, word := range []string{"<Global>", "ServerType", "LoadPlugin", "<Plugin", "DefaultRoot"} {
		if Only(word) || !Other(word) || Directives(word) != nil {
			t.Errorf("%s: only Apache %t, another %t, a directive of Apache %t", word, Only(word), Other(word), Directives(word) != nil)
		}
	}
	for _, word := range []string{"ServerName", "User", "<VirtualHost", "<Directory", "Include", "LoadModule", "http_port"} {
		if Only(word) || Other(word) {
			t.Errorf("%s: only Apache %t, another %t", word, Only(word), Other(word))
		}
	}
}

// The environment files of a system that is not known tell it.
func TestTold(t *testing.T) {
	for file, want := range map[string]string{"/etc/sysconfig/apache2": "SUSE", "/etc/conf.d/apache2": "Alpine", "/etc/sysconfig/httpd": "Alpine", "": "Alpine"} {
		l, _ := LayoutOf("/etc/apache2/httpd.conf", "")
		if got := l.Told(func(name string) bool { return name == file }).Name; got != want {
			t.Errorf("with %q: got %s, want %s", file, got, want)
		}
	}
}
