package servers

import "slices"

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
