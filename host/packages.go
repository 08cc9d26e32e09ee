package host

import (
	"iter"
	"strings"

	"github.com/wp502lint/wp502lint/tree"
)

// Where dpkg and apk keep what is installed (dpkg(1), apk(5)).
const (
	dpkgStatus = "/var/lib/dpkg/status"
	apkDB      = "/lib/apk/db/installed"
	apkDBNew   = "/usr/lib/apk/db/installed" // since Alpine 3.22
)

// packagedNginx returns the version of nginx that the package database of a machine
// names, such as 1.22.1; "" if it has none or several, or another program that reads the
// same configuration. nginx of a distribution has the directives of the version it is
// named after: patches mend and add none.
func packagedNginx(t *tree.Tree) string {
	for _, name := range []string{"/usr/local/sbin/nginx", "/usr/local/nginx", "/usr/local/openresty", "/opt/nginx"} {
		if _, err := t.Stat(name); err == nil {
			return "" // built here, or of a vendor
		}
	}
	found := map[string]bool{}
	add := func(name, version string) {
		switch name {
		case "nginx", "nginx-core", "nginx-light", "nginx-full", "nginx-extras":
			found[upstreamVersion(version)] = true
		case "openresty", "angie", "freenginx", "nginx-plus", "tengine":
			found[""] = true
		}
	}
	for stanza := range stanzas(t, dpkgStatus) {
		if field(stanza, "Status: ") == "install ok installed" {
			add(field(stanza, "Package: "), field(stanza, "Version: "))
		}
	}
	for _, db := range []string{apkDB, apkDBNew} {
		for stanza := range stanzas(t, db) {
			add(field(stanza, "P:"), field(stanza, "V:"))
		}
	}
	if len(found) != 1 {
		return ""
	}
	for version := range found {
		return version
	}
	return ""
}

// LeftBehind reports whether dpkg has removed a package and left its configuration: its state
// is config-files (dpkg(1), "Package states").
func (f *Facts) LeftBehind(name string) bool {
	if f == nil || f.Files == nil || f.Files.tree == nil {
		return false
	}
	left := false
	for stanza := range stanzas(f.Files.tree, dpkgStatus) {
		state := field(stanza, "Status: ")
		if field(stanza, "Package: ") != name || state == "" {
			continue
		}
		if !strings.HasSuffix(state, " config-files") {
			return false // of another architecture
		}
		left = true
	}
	return left
}

// stanzas returns what a database of packages says of each of them.
func stanzas(t *tree.Tree, name string) iter.Seq[string] {
	return strings.SplitSeq(contentOf(t, name), "\n\n")
}

// field returns what follows a prefix in one of the lines of a stanza.
func field(stanza, prefix string) string {
	for stanza != "" {
		var line string
		line, stanza, _ = strings.Cut(stanza, "\n")
		if value, ok := strings.CutPrefix(line, prefix); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// upstreamVersion cuts the epoch and the revision from the version of a package.
func upstreamVersion(version string) string {
	if _, rest, ok := strings.Cut(version, ":"); ok {
		version = rest
	}
	end := 0
	for end < len(version) && (version[end] == '.' || '0' <= version[end] && version[end] <= '9') {
		end++
	}
	if strings.HasPrefix(version[end:], "~") { // before that version
		return ""
	}
	version = strings.Trim(version[:end], ".")
	if strings.Count(version, ".") != 2 {
		return "" // nginx has three parts
	}
	return version
}

// PackagedNginx returns the version of the nginx that a package of the distribution
// brought, such as 1.22.1; "" if unknown. It runs the configuration in /etc/nginx.
func (f *Facts) PackagedNginx() string {
	if f == nil || f.Files == nil || f.Files.tree == nil {
		return ""
	}
	return packagedNginx(f.Files.tree)
}
