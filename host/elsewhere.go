package host

import (
	"iter"
	"runtime"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/tree"
)

// accountsElsewhere reports whether the accounts of a database of nsswitch.conf, passwd
// or group, may have other sources than the files. A source is unused only
// where it is known that what it reads is missing.
func accountsElsewhere(t *tree.Tree, database string) bool {
	if openDirectory(t) {
		return true
	}
	for source := range sources(t, database) {
		switch source {
		case "files", "compat", "altfiles", "db": // none that a server's configuration could name
		case "systemd":
			// Besides the accounts of DynamicUser=, which the units tell.
			if slices.ContainsFunc(userRecords, func(dir string) bool { return !t.Missing(dir) }) {
				return true
			}
		case extra:
			if _, err := t.Open(extraDir + database); err != nil && !t.Missing(extraDir+database) {
				return true
			}
		case "sss":
			// RHEL lists sss on every machine; without a domain sssd has only the
			// local accounts.
			if !t.Missing("/etc/sssd/sssd.conf") {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// extra is the source whose accounts are in extraDir, in files of the form of etc/passwd and
// etc/group: Froxlor has the customers there (libnss-extrausers, README).
const (
	extra    = "extrausers"
	extraDir = "/var/lib/extrausers/"
)

// extraUsers returns the lines of the accounts in extraDir, if nsswitch.conf names them. Numbers
// below 500 are ignored there (libnss-extrausers, README).
func extraUsers(t *tree.Tree, database string) string {
	if !slices.Contains(slices.Collect(sources(t, database)), extra) {
		return ""
	}
	var kept strings.Builder
	for line := range strings.Lines(contentOf(t, extraDir+database)) {
		if id, ok := Number(fields(line, maxGroupLine)[2]); ok && id >= 500 {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// userRecords are the directories of accounts for systemd-userdbd and
// systemd-homed (nss-systemd(8), systemd-homed.service(8)).
var userRecords = []string{"/etc/userdb", "/usr/lib/userdb", "/usr/local/lib/userdb", "/var/lib/systemd/home"}

// openDirectory reports whether the files are those of macOS, whose accounts are in Open
// Directory: etc/passwd is used only in single-user mode (macOS, passwd(5)).
func openDirectory(t *tree.Tree) bool {
	if t.Live() {
		return runtime.GOOS == "darwin"
	}
	for _, sign := range []string{"/System/Library", "/opt/homebrew", "/Users", "/private/etc"} {
		if exists, _ := t.Exists(sign); exists {
			return true
		}
	}
	return strings.Contains(contentOf(t, "/etc/passwd"), "\n_www:")
}

// namesElsewhere reports whether host names may have other sources than etc/hosts and
// DNS.
func namesElsewhere(t *tree.Tree) bool {
	for source := range sources(t, "hosts") {
		switch {
		case source == "files", source == "dns", source == "myhostname", source == "resolve":
		case strings.HasPrefix(source, "mdns"): // .local
		default:
			return true
		}
	}
	return false
}

// sources yields the sources of a database in etc/nsswitch.conf, without the actions
// in brackets (nsswitch.conf(5)).
func sources(t *tree.Tree, database string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(contentOf(t, "/etc/nsswitch.conf")) {
			line, _, _ = strings.Cut(line, "#")
			name, list, ok := strings.Cut(line, ":")
			if !ok || strings.TrimSpace(name) != database {
				continue
			}
			for _, source := range strings.Fields(list) {
				if !strings.ContainsAny(source, "[]=") && !yield(source) {
					return
				}
			}
		}
	}
}
