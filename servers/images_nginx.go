package servers

import (
	"slices"
	"strings"
)

// nginxFamilies are the images with an nginx of nginx.org.
var nginxFamilies = []family{
	{names: []string{"nginx", "nginx/nginx"}, image: nginxImage, open: true},
	{names: []string{"nginxinc/nginx-unprivileged", "nginx/nginx-unprivileged"}, image: unprivilegedImage, open: true},
}

// nginxImage is the official image (nginxinc/docker-nginx at b430bec, and its history).
func nginxImage(t imageTag) Image {
	m := base(t.distribution(nginxDebian(t)))
	pack := NginxOrgPackage(t.version)
	if t.open() {
		pack.Complete = slices.DeleteFunc(pack.Complete, func(dir string) bool { return dir == "/etc/nginx" })
	}
	if m.Distribution == "" {
		pack.Accounts, pack.Groups = nil, nil
	} else {
		nginxAccount(&m, t.version)
	}
	m.install(pack)
	m.knowLogs()
	m.Links = append(m.Links, ImageLink{"/var/log/nginx/access.log", "/dev/stdout"}, ImageLink{"/var/log/nginx/error.log", "/dev/stderr"})
	m.Command, m.NginxConf, m.Exposed = []string{"nginx", "-g", "daemon off;"}, "/etc/nginx/nginx.conf", []int{80}
	// The entrypoint came with 1.19.0 (e36b4f5), the signal with 1.19.5 (3fb70dd).
	if !Older(m.Nginx, "1.19.0") {
		m.Entrypoint, m.Entry = []string{"/docker-entrypoint.sh"}, EntryNginx
		m.add(dirs("/docker-entrypoint.d")...)
	}
	if !Older(m.Nginx, "1.19.5") {
		m.StopSignal = "SIGQUIT"
	}
	return m
}

// unprivilegedImage is the same as user 101 on port 8080 with its files in /tmp
// (nginxinc/docker-nginx-unprivileged, and its pull request 303).
func unprivilegedImage(t imageTag) Image {
	m := nginxImage(t)
	m.replace("/etc/nginx/nginx.conf", stock("nginx-unprivileged.conf"))
	m.replace("/etc/nginx/conf.d/default.conf", stock("nginx-default.conf", "{port}", "8080"))
	m.Exposed, m.User = []int{8080}, "101"
	m.own(101, 0, "/etc/nginx", "/var/cache/nginx")
	return m
}

// nginxAccount adds the account of the packages. The image sets its numbers since 1.17.1
// (b749353); before, they were the first free ones.
func nginxAccount(m *Image, version string) {
	switch {
	case !Older(version, "1.17.1") || m.Distribution == "debian" && m.Release != "jessie":
		m.addAccount("nginx", 101, 101)
	case m.Distribution == "alpine":
		m.addAccount("nginx", 100, 101)
	default:
		m.addAccount("nginx", 104, 107)
	}
}

// nginxDebian returns the release of Debian below a version of nginx.
func nginxDebian(t imageTag) string {
	releases := []struct{ from, name string }{
		{"1.29.1", "trixie"}, {"1.25.1", "bookworm"}, {"1.21.2", "bullseye"}, {"1.17.1", "buster"}, {"1.11.11", "stretch"}, {"1.7", "jessie"},
	}
	if t.version == "" {
		return releases[0].name
	}
	i := slices.IndexFunc(releases, func(r struct{ from, name string }) bool { return !Older(t.version, r.from) })
	if i < 0 {
		return ""
	}
	return releases[i].name
}

// openrestyFamilies are the images of OpenResty, an nginx with Lua that is built from its
// own sources.
var openrestyFamilies = []family{
	{names: []string{"openresty/openresty", "neomantra/openresty"}, image: openrestyImage, open: true},
}

// openrestyImage is OpenResty with the folder of sites of nginx's image
// (openresty/docker-openresty at db09395, June 2026, and its history).
func openrestyImage(t imageTag) Image {
	m := openrestyBase(t)
	if Older(t.version, "1.13.6.2") {
		m.Entry, m.Absent = EntryUnknown, nil // the main file had the site in it
		return m
	}
	built := Sources{Dir: "openresty"}.nginx(openrestyNginx(t.version))
	conf, html, logs := built.Programs[0].Conf, built.Prefix+"/html", built.Prefix+"/logs"
	built.Files = append(built.Files, dirs("/etc/nginx", "/etc/nginx/conf.d", "/run/openresty")...)
	built.Files = append(built.Files, file("/etc/nginx/conf.d/default.conf", stock("nginx-default.conf", "{port}", "80", "/usr/share/nginx/html", html)))
	// The command has the first name if a package brought it, else the second.
	for _, link := range []string{"/usr/bin/openresty", "/usr/local/openresty/bin/openresty"} {
		built.Programs = append(built.Programs, Program{Nginx, link, conf})
	}
	m.install(built.PackageFiles)
	m.replace(conf, stock("openresty-nginx.conf"))
	m.Links = append(m.Links, ImageLink{logs + "/access.log", "/dev/stdout"}, ImageLink{logs + "/error.log", "/dev/stderr"})
	m.NginxPrefix, m.NginxUser = built.Prefix, built.Account
	m.Command, m.NginxConf, m.Exposed, m.StopSignal = []string{"openresty", "-g", "daemon off;"}, conf, []int{80}, "SIGQUIT"
	return m
}

// openrestyBase is the distribution that a tag such as 1.27.1.2-0-alpine-fat ends in; without
// a tag it is Debian 12. Of other distributions than these the accounts are left out.
func openrestyBase(t imageTag) Image {
	distribution, release := t.distribution("")
	t.version = ""
	switch ubuntu := ubuntuRelease(t); {
	case t.latest && !t.digest:
		return base("debian", "bookworm")
	case distribution == "alpine" || release != "":
		return base(distribution, release)
	case ubuntu != "" && !t.latest:
		return base("ubuntu", ubuntu)
	}
	return base("", "")
}

// openrestyNginx returns the version of nginx in a version of OpenResty: its first three
// numbers.
func openrestyNginx(version string) string {
	numbers := strings.Split(version, ".")
	return strings.Join(numbers[:min(3, len(numbers))], ".")
}
