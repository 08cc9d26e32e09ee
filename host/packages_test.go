package host

import (
	"testing"

	"github.com/wp502lint/wp502lint/tree"
)

func TestPackagedNginx(t *testing.T) {
	dpkg := func(name, status, version string) string {
		return "Package: " + name + "\nStatus: " + status + "\nVersion: " + version + "\n\n"
	}
	installed := "install ok installed"
	for _, c := range []struct {
		name, db, text, also, want string
	}{
		{name: "none", db: dpkgStatus, text: dpkg("apt", installed, "2.6.1")},
		{name: "Debian", db: dpkgStatus, text: dpkg("nginx", installed, "1.22.1-9+deb12u3") + dpkg("nginx-common", installed, "1.22.1-9+deb12u3"), want: "1.22.1"},
		{name: "packages of one version", db: dpkgStatus, text: dpkg("nginx", installed, "1.18.0-6.1") + dpkg("nginx-core", installed, "1.18.0-6.1"), want: "1.18.0"},
		{name: "nginx.org", db: dpkgStatus, text: dpkg("nginx", installed, "1.26.2-1~bookworm"), want: "1.26.2"},
		{name: "an epoch", db: dpkgStatus, text: dpkg("nginx", installed, "1:1.26.2-1"), want: "1.26.2"},
		{name: "before a version", db: dpkgStatus, text: dpkg("nginx", installed, "1.29.0~rc1-1")},
		{name: "removed", db: dpkgStatus, text: dpkg("nginx", "deinstall ok config-files", "1.22.1-9")},
		{name: "two versions", db: dpkgStatus, text: dpkg("nginx", installed, "1.22.1-9") + dpkg("nginx-full", installed, "1.26.0-1")},
		{name: "a vendor besides", db: dpkgStatus, text: dpkg("nginx", installed, "1.22.1-9") + dpkg("angie", installed, "1.8.0-1")},
		{name: "built here", db: dpkgStatus, text: dpkg("nginx", installed, "1.22.1-9"), also: "/usr/local/sbin/nginx"},
		{name: "Alpine", db: apkDB, text: "P:musl\nV:1.2.5-r0\n\nC:Q1\nP:nginx\nV:1.26.3-r0\nA:x86_64\n\n", want: "1.26.3"},
		{name: "Alpine's openresty", db: apkDBNew, text: "P:openresty\nV:1.27.1.2-r0\n\n"},
	} {
		files := map[string]string{c.db: c.text}
		if c.also != "" {
			files[c.also] = ""
		}
		if got := packagedNginx(tree.Memory(files)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
