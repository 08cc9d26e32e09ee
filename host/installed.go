package host

import (
	"time"

	"github.com/wp502lint/wp502lint/tree"
)

// Package is one installed package of a distribution.
type Package struct {
	Name, Version string
	// Installed is when the version came; zero if that is not known.
	Installed time.Time
}

// Packages returns the packages that dpkg or apk installed in t and whose names pick chooses, in
// the order of the database. dpkg writes the list of the files of a package anew with each of its
// versions (dpkg(1), /var/lib/dpkg/info).
func Packages(t *tree.Tree, pick func(name string) bool) (all []Package) {
	for stanza := range stanzas(t, dpkgStatus) {
		name := field(stanza, "Package: ")
		if name == "" || !pick(name) || field(stanza, "Status: ") != "install ok installed" {
			continue
		}
		p := Package{Name: name, Version: field(stanza, "Version: ")}
		for _, list := range []string{name, name + ":" + field(stanza, "Architecture: ")} {
			if p.Installed.IsZero() {
				p.Installed = t.Modified("/var/lib/dpkg/info/" + list + ".list")
			}
		}
		all = append(all, p)
	}
	for _, db := range []string{apkDB, apkDBNew} {
		for stanza := range stanzas(t, db) {
			if name := field(stanza, "P:"); name != "" && pick(name) {
				all = append(all, Package{Name: name, Version: field(stanza, "V:")})
			}
		}
	}
	return all
}
