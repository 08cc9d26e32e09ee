package servers

// NginxAccounts are the accounts that an nginx runs its workers as when its
// configuration has no user line: nobody by default (nginx auto/options), nginx
// in the packages of nginx.org, Alpine, RHEL and SUSE, http on Arch, www on
// FreeBSD and OpenBSD (the packages' build options). Debian builds with nobody
// (measured on nginx 1.22).
var NginxAccounts = []string{"nobody", "nginx", "http", "www"}

// NginxOrgAccount is the account of the packages and images of nginx.org (pkg-oss,
// configure arguments).
const NginxOrgAccount = "nginx"

// NginxAccount returns which of NginxAccounts the package of a distribution is built with; ""
// if that is not known. Sources: nginx -V of Debian 12 (no --user, and its workers run as
// nobody), aports main/nginx (APKBUILD), Fedora and EPEL (nginx.spec).
func NginxAccount(distribution string) string {
	switch distribution {
	case "debian", "ubuntu":
		return "nobody"
	case "alpine", "rhel", "rocky", "almalinux", "centos", "ol", "fedora", "amzn":
		return "nginx"
	}
	return ""
}

// BootDirs are directories for sockets that a package creates at every boot:
// /run/php of Debian and Ubuntu (tmpfiles.d of php8.x-fpm), /run/php-fpm of RHEL
// and Fedora (RuntimeDirectory of php-fpm.service) and Arch (tmpfiles.d), and
// /run itself.
var BootDirs = []string{"/run", "/run/php", "/run/php-fpm"}
