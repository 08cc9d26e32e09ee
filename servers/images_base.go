package servers

import (
	"io/fs"
	"slices"
	"strings"
)

// baseFamilies are the distributions: a shell, accounts, no server.
var baseFamilies = []family{
	{names: []string{"debian"}, image: func(t imageTag) Image {
		return bare("debian", debianRelease(t))
	}},
	{names: []string{"ubuntu"}, image: func(t imageTag) Image { return bare("ubuntu", ubuntuRelease(t)) }},
	{names: []string{"alpine"}, image: func(t imageTag) Image { return bare("alpine", alpineRelease(t)) }},
	{names: []string{"bitnami/minideb"}, image: func(t imageTag) Image { return base("debian", debianRelease(t)) }},
	{names: []string{"rockylinux", "rockylinux/rockylinux"}, image: func(t imageTag) Image { return base("rocky", major(t.version)) }},
	{names: []string{"almalinux"}, image: func(t imageTag) Image { return base("almalinux", major(t.version)) }},
	{names: []string{"centos", "centos/centos"}, image: func(t imageTag) Image { return base("centos", centosRelease(t)) }},
	{names: []string{"oraclelinux"}, image: func(t imageTag) Image { return base("ol", major(t.version)) }},
	{names: []string{"fedora"}, image: func(t imageTag) Image { return base("fedora", major(t.version)) }},
	{names: []string{"amazonlinux"}, image: func(t imageTag) Image { return base("amzn", major(t.version)) }},
	{names: []string{"redhat/ubi8", "ubi8/ubi", "ubi8", "redhat/ubi8-minimal", "ubi8/ubi-minimal"}, image: func(imageTag) Image { return base("rhel", "8") }},
	{names: []string{"redhat/ubi9", "ubi9/ubi", "ubi9", "redhat/ubi9-minimal", "ubi9/ubi-minimal"}, image: func(imageTag) Image { return base("rhel", "9") }},
	{names: []string{"scratch"}, image: func(imageTag) Image { return Image{Entry: EntryNone, Complete: []string{"/"}} }},
}

// bare is the image of a distribution itself.
func bare(distribution, release string) Image {
	m := base(distribution, release)
	m.knowLogs()
	return m
}

// knowLogs says that m has no folders for logs but those of the packages of its distribution and
// of its Files: of Debian's packages that every image has, apt alone brings one, and of Alpine's
// none does (Debian 12, dpkg -S /var/log/*; alpine-baselayout).
func (m *Image) knowLogs() {
	switch m.Distribution {
	case "debian", "ubuntu":
		m.add(dirs("/var/log/apt")...)
		for _, name := range []string{"alternatives.log", "bootstrap.log", "btmp", "dpkg.log", "faillog", "lastlog", "wtmp"} {
			m.add(file("/var/log/"+name, ""))
		}
	case "alpine":
	default:
		return
	}
	m.Complete = append(m.Complete, "/var/log")
}

// alpineRelease returns the version that a tag of alpine names; "" for latest and edge.
func alpineRelease(t imageTag) string {
	if !strings.Contains(t.version, ".") {
		return "" // 3, and the dates of edge
	}
	return minor(t.version)
}

// centosRelease returns the version that a tag of centos names: 7 for centos7, 9 for
// stream9.
func centosRelease(t imageTag) string {
	for _, prefix := range []string{"centos", "stream"} {
		if release := t.after(prefix); release != "" {
			return major(release)
		}
	}
	if t.latest {
		return "8"
	}
	return major(t.version)
}

// debianRelease returns the release that a tag of debian names: bookworm for bookworm-slim,
// bookworm-20240101, 12 and 12.5. Floating tags are those of November 2026.
func debianRelease(t imageTag) string {
	numbers := map[string]string{"8": "jessie", "9": "stretch", "10": "buster", "11": "bullseye", "12": "bookworm", "13": "trixie", "14": "forky"}
	names := map[string]string{"stable": "trixie", "oldstable": "bookworm", "oldoldstable": "bullseye", "testing": "forky"}
	if t.latest {
		return names["stable"]
	}
	if name := numbers[major(t.version)]; name != "" {
		return name
	}
	for _, word := range t.words {
		if slices.Contains(debianReleases, word) {
			return word
		}
		if names[word] != "" {
			return names[word]
		}
	}
	return ""
}

// ubuntuRelease returns the version that a tag of ubuntu names. Floating tags are those of
// November 2026.
func ubuntuRelease(t imageTag) string {
	names := map[string]string{
		"trusty": "14.04", "xenial": "16.04", "bionic": "18.04", "focal": "20.04", "jammy": "22.04", "noble": "24.04",
		"questing": "25.10", "resolute": "26.04",
	}
	if t.version != "" {
		return minor(t.version)
	}
	if t.latest {
		return "26.04"
	}
	for _, word := range t.words {
		if names[word] != "" {
			return names[word]
		}
	}
	return ""
}

// base returns what an image of a distribution contains and all that are built on it.
func base(distribution, release string) Image {
	m := Image{Distribution: distribution, Release: release, Entry: EntryNone, Command: []string{"/bin/sh"}}
	m.add(dirs("/etc", "/root", "/run", "/run/lock", "/srv", "/usr", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/var", "/var/lib", "/var/log")...)
	m.add(ImageFile{Name: "/tmp", Mode: fs.ModeSticky | 0o777, Dir: true}, ImageFile{Name: "/var/tmp", Mode: fs.ModeSticky | 0o777, Dir: true})
	m.Links = []ImageLink{{"/var/run", "/run"}, {"/var/lock", "/run/lock"}}
	// A package makes its folders below /run when the system boots, and containers do not
	// boot: a Debian PHP-FPM finds no /run/php.
	m.Absent = []string{"/etc/nginx", "/etc/php", "/usr/sbin/nginx", "/run/php", "/run/php-fpm"}
	switch distribution {
	case "":
		m.Command = nil
		return m // its accounts are not known
	case "debian", "ubuntu":
		m.Accounts, m.Groups = slices.Clone(debianAccounts), slices.Clone(debianGroups)
		m.Command = []string{"bash"}
		if distribution == "ubuntu" && release != "" && !Older(release, "23.04") {
			m.addAccount("ubuntu", 1000, 1000)
		}
	case "alpine":
		m.Accounts, m.Groups = slices.Clone(alpineAccounts), slices.Clone(alpineGroups)
	default:
		m.Accounts, m.Groups = slices.Clone(rhelAccounts), slices.Clone(rhelGroups)
		m.Command = []string{"/bin/bash"}
		return m
	}
	m.Complete = []string{"/run", "/run/lock"}
	return m
}
