package servers

// BootDirs are directories for sockets that a package creates at every boot:
// /run/php of Debian and Ubuntu (tmpfiles.d of php8.x-fpm), /run/php-fpm of RHEL
// and Fedora (RuntimeDirectory of php-fpm.service) and Arch (tmpfiles.d), and
// /run itself.
var BootDirs = []string{"/run", "/run/php", "/run/php-fpm"}
