package servers

import "strings"

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
