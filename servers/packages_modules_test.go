package servers

import (
	"slices"
	"strings"
	"testing"
)

// What the packages of modules of Debian link into mods-enabled, measured on Debian 12.
func TestDebianModulePackages(t *testing.T) {
	for name, want := range map[string]string{
		"libapache2-mod-security2":  "unique_id.load security2.load security2.conf",
		"libapache2-mod-evasive":    "evasive.load evasive.conf",
		"libapache2-mod-xsendfile":  "xsendfile.load",
		"libapache2-mod-wsgi-py3":   "wsgi.load wsgi.conf",
		"libapache2-mod-authn-sasl": "",
		"libapache2-mod-fastcgi":    "fastcgi.load fastcgi.conf",
		"libapache2-mod-fcgid":      "fcgid.load fcgid.conf",
	} {
		p, ok := Package("debian", "bookworm", name)
		if !ok || p.Needs != "apache2" {
			t.Errorf("%s: known %v, needs %q", name, ok, p.Needs)
			continue
		}
		var links []string
		for _, l := range p.Links {
			links = append(links, strings.TrimPrefix(l.Name, "/etc/apache2/mods-enabled/"))
		}
		if got := strings.Join(links, " "); got != want {
			t.Errorf("%s enables %q, want %q", name, got, want)
		}
		checkPackage(t, "debian", p)
	}
	for _, name := range []string{"libapache2-mod-passenger", "libapache2-mod-php8.2", "mod-security2", "security2"} {
		if _, ok := Package("debian", "bookworm", name); ok {
			t.Errorf("%s is known", name)
		}
	}
}

// httpd opens an object with all of its symbols, so each module comes after those that it uses;
// the files of conf.d are read in the order of their names.
func TestAlpineModuleOrder(t *testing.T) {
	var loaded []string
	for _, name := range []string{"apache2-http2", "apache2-proxy"} {
		p, _ := Package("alpine", "3.20", name)
		for line := range strings.Lines(p.Files[0].Text) {
			loaded = append(loaded, strings.TrimSuffix(strings.Fields(line)[1], "_module"))
		}
	}
	proxy, http2 := slices.Index(loaded, "proxy"), slices.Index(loaded, "proxy_http2")
	if proxy < 0 || http2 < proxy {
		t.Errorf("proxy_http2 is loaded before proxy: %v", loaded)
	}
}
