package servers

// NginxAccounts are the accounts that an nginx runs its workers as when its
// configuration has no user line: nobody by default (nginx auto/options), nginx
// in the packages of nginx.org, Alpine, RHEL and SUSE, http on Arch, www on
// FreeBSD and OpenBSD (the packages' build options). Debian builds with nobody
// (measured on nginx 1.22).
var NginxAccounts = []string{"nobody", "nginx", "http", "www"}

// BootDirs are directories for sockets that a package creates at every boot:
// /run/php of Debian and Ubuntu (tmpfiles.d of php8.x-fpm), /run/php-fpm of RHEL
// and Fedora (RuntimeDirectory of php-fpm.service) and Arch (tmpfiles.d), and
// /run itself.
var BootDirs = []string{"/run", "/run/php", "/run/php-fpm"}
