// Package servers holds the tables of what nginx, Apache and PHP-FPM accept,
// refuse, default to and log, with version and source.
package servers

import "strings"

// Layout is where one distribution or panel keeps the files. {V} in a path is a
// PHP version such as 8.3, {VV} the same without the dot, and {N} either, as the
// path has it; an older system has only the 7 of PHP 7.
type Layout struct {
	Name      string
	NginxConf string // the main file of nginx; "" when the layout has only PHP
	FPMConf   string // the main file of PHP-FPM; "" when it has only nginx
	Pools     string // the pool files that FPMConf includes
	PHPIni    string
	ConfD     string // the folder of further ini files; "" for none
	// Prefix is what PHP-FPM prepends to a relative path.
	Prefix string
	// State is what it prepends to a relative error_log and pid of [global]
	// (PHP's localstatedir); "" if unknown.
	State string
	// Program is PHP-FPM itself; "" if its place is not known.
	Program string
	// Package is the package of dpkg that brings FPMConf, which stays when the package
	// is removed and not purged; "" where dpkg does not install it.
	Package string
	// Service is the name of the service that the packages start PHP-FPM with; "" if not
	// known.
	Service string
	// Install is the command that installs PHP-FPM, and Module the package of an extension,
	// whose name is {M}; "" if not known.
	Install, Module string
	// Panel is the name of the panel that writes the files; "" for files that people write.
	Panel string
}

// Layouts are the layouts that a directory is searched for, in this order.
// Sources: the packages' own file lists (Debian, docker-library/php, Hestia,
// Trellis), the documentation of cPanel, Plesk, RunCloud, CloudLinux, CWP and
// ISPmanager, the scripts of LNMP and OneinStack, and for the others the packagers'
// build options.
var Layouts = []Layout{
	{Name: "Debian, Ubuntu", NginxConf: "/etc/nginx/nginx.conf", FPMConf: "/etc/php/{V}/fpm/php-fpm.conf", Pools: "/etc/php/{V}/fpm/pool.d/*.conf",
		PHPIni: "/etc/php/{V}/fpm/php.ini", ConfD: "/etc/php/{V}/fpm/conf.d", Prefix: "/usr", State: "/var", Program: "/usr/sbin/php-fpm{V}", Package: "php{V}-fpm", Service: "php{V}-fpm",
		Install: "apt-get install php{V}-fpm", Module: "php{V}-{M}"},
	{Name: "RHEL, Rocky, Fedora", FPMConf: "/etc/php-fpm.conf", Pools: "/etc/php-fpm.d/*.conf", PHPIni: "/etc/php.ini", ConfD: "/etc/php.d", Prefix: "/usr", State: "/var",
		Program: "/usr/sbin/php-fpm", Service: "php-fpm", Install: "dnf module switch-to php:{V}"},
	{Name: "Remi collections", FPMConf: "/etc/opt/remi/php{VV}/php-fpm.conf", Pools: "/etc/opt/remi/php{VV}/php-fpm.d/*.conf",
		PHPIni: "/etc/opt/remi/php{VV}/php.ini", ConfD: "/etc/opt/remi/php{VV}/php.d", Prefix: "/opt/remi/php{VV}/root/usr", State: "/var/opt/remi/php{VV}",
		Program: "/opt/remi/php{VV}/root/usr/sbin/php-fpm", Service: "php{VV}-php-fpm", Install: "dnf install php{VV}-php-fpm", Module: "php{VV}-php-{M}"},
	{Name: "Alpine", FPMConf: "/etc/php{VV}/php-fpm.conf", Pools: "/etc/php{VV}/php-fpm.d/*.conf", PHPIni: "/etc/php{VV}/php.ini", ConfD: "/etc/php{VV}/conf.d", Prefix: "/usr", State: "/var",
		Program: "/usr/sbin/php-fpm{VV}", Service: "php-fpm{VV}", Install: "apk add php{VV}-fpm", Module: "php{VV}-{M}"},
	{Name: "official PHP images", FPMConf: "/usr/local/etc/php-fpm.conf", Pools: "/usr/local/etc/php-fpm.d/*.conf",
		PHPIni: "/usr/local/etc/php/php.ini", ConfD: "/usr/local/etc/php/conf.d", Prefix: "/usr/local", State: "/usr/local/var", Program: "/usr/local/sbin/php-fpm"},
	{Name: "Arch", FPMConf: "/etc/php/php-fpm.conf", Pools: "/etc/php/php-fpm.d/*.conf", PHPIni: "/etc/php/php.ini", ConfD: "/etc/php/conf.d", Prefix: "/usr", State: "/var",
		Program: "/usr/bin/php-fpm"},
	{Name: "Debian with PHP 5", FPMConf: "/etc/php5/fpm/php-fpm.conf", Pools: "/etc/php5/fpm/pool.d/*.conf", PHPIni: "/etc/php5/fpm/php.ini", ConfD: "/etc/php5/fpm/conf.d",
		Prefix: "/usr", State: "/var", Program: "/usr/sbin/php5-fpm", Package: "php5-fpm"},
	{Name: "SUSE", FPMConf: "/etc/php{VV}/fpm/php-fpm.conf", Pools: "/etc/php{VV}/fpm/php-fpm.d/*.conf", PHPIni: "/etc/php{VV}/fpm/php.ini", ConfD: "/etc/php{VV}/conf.d", Prefix: "/usr", State: "/var", Service: "php-fpm"},
	{Name: "Gentoo", FPMConf: "/etc/php/fpm-php{V}/php-fpm.conf", Pools: "/etc/php/fpm-php{V}/fpm.d/*.conf", PHPIni: "/etc/php/fpm-php{V}/php.ini", ConfD: "/etc/php/fpm-php{V}/ext-active",
		Prefix: "/usr/lib64/php{V}", State: "/var", Program: "/usr/lib64/php{V}/bin/php-fpm", Service: "php-fpm-php{V}"},
	{Name: "FreeBSD", NginxConf: "/usr/local/etc/nginx/nginx.conf"},
	{Name: "Homebrew", NginxConf: "/opt/homebrew/etc/nginx/nginx.conf", FPMConf: "/opt/homebrew/etc/php/{V}/php-fpm.conf", Pools: "/opt/homebrew/etc/php/{V}/php-fpm.d/*.conf",
		PHPIni: "/opt/homebrew/etc/php/{V}/php.ini", ConfD: "/opt/homebrew/etc/php/{V}/conf.d", Prefix: "/opt/homebrew", State: "/opt/homebrew/var"},
	{Name: "Homebrew on Intel", FPMConf: "/usr/local/etc/php/{V}/php-fpm.conf", Pools: "/usr/local/etc/php/{V}/php-fpm.d/*.conf",
		PHPIni: "/usr/local/etc/php/{V}/php.ini", ConfD: "/usr/local/etc/php/{V}/conf.d", Prefix: "/usr/local", State: "/usr/local/var"},
	{Name: "cPanel", FPMConf: "/opt/cpanel/ea-php{VV}/root/etc/php-fpm.conf", Pools: "/opt/cpanel/ea-php{VV}/root/etc/php-fpm.d/*.conf",
		PHPIni: "/opt/cpanel/ea-php{VV}/root/etc/php.ini", ConfD: "/opt/cpanel/ea-php{VV}/root/etc/php.d", Prefix: "/opt/cpanel/ea-php{VV}/root/usr", Service: "ea-php{VV}-php-fpm",
		Panel: "cPanel"},
	{Name: "Plesk", FPMConf: "/opt/plesk/php/{V}/etc/php-fpm.conf", Pools: "/opt/plesk/php/{V}/etc/php-fpm.d/*.conf",
		PHPIni: "/opt/plesk/php/{V}/etc/php.ini", ConfD: "/opt/plesk/php/{V}/etc/php.d", Prefix: "/opt/plesk/php/{V}", Program: "/opt/plesk/php/{V}/sbin/php-fpm", Service: "plesk-php{VV}-fpm",
		Panel: "Plesk"},
	{Name: "RunCloud", NginxConf: "/etc/nginx-rc/nginx.conf", FPMConf: "/etc/php{VV}rc/php-fpm.conf", Pools: "/etc/php{VV}rc/fpm.d/*.conf",
		PHPIni: "/etc/php{VV}rc/php.ini", ConfD: "/etc/php{VV}rc/conf.d", Service: "php{VV}rc-fpm",
		Panel: "RunCloud"},
	{Name: "aaPanel", NginxConf: "/www/server/nginx/conf/nginx.conf", FPMConf: "/www/server/php/{VV}/etc/php-fpm.conf",
		PHPIni: "/www/server/php/{VV}/etc/php.ini", Prefix: "/www/server/php/{VV}", Program: "/www/server/php/{VV}/sbin/php-fpm", Service: "php-fpm-{VV}",
		Panel: "aaPanel"},
	{Name: "Bitnami", NginxConf: "/opt/bitnami/nginx/conf/nginx.conf", FPMConf: "/opt/bitnami/php/etc/php-fpm.conf", Pools: "/opt/bitnami/php/etc/php-fpm.d/*.conf",
		PHPIni: "/opt/bitnami/php/etc/php.ini", Prefix: "/opt/bitnami/php"},
	{Name: "PHP from source, LNMP, OneinStack", FPMConf: "/usr/local/php/etc/php-fpm.conf", Pools: "/usr/local/php/etc/php-fpm.d/*.conf",
		PHPIni: "/usr/local/php/etc/php.ini", ConfD: "/usr/local/php/etc/php.d", Prefix: "/usr/local/php", State: "/usr/local/php/var", Program: "/usr/local/php/sbin/php-fpm"},
	{Name: "DirectAdmin, several PHPs from source", FPMConf: "/usr/local/php{N}/etc/php-fpm.conf", Pools: "/usr/local/php{N}/etc/php-fpm.d/*.conf",
		PHPIni: "/usr/local/php{N}/etc/php.ini", ConfD: "/usr/local/php{N}/etc/php.d", Prefix: "/usr/local/php{N}", State: "/usr/local/php{N}/var", Program: "/usr/local/php{N}/sbin/php-fpm"},
	{Name: "software collections of RHEL", FPMConf: "/etc/opt/rh/rh-php{VV}/php-fpm.conf", Pools: "/etc/opt/rh/rh-php{VV}/php-fpm.d/*.conf",
		PHPIni: "/etc/opt/rh/rh-php{VV}/php.ini", ConfD: "/etc/opt/rh/rh-php{VV}/php.d", Prefix: "/opt/rh/rh-php{VV}/root/usr", State: "/var/opt/rh/rh-php{VV}",
		Program: "/opt/rh/rh-php{VV}/root/usr/sbin/php-fpm", Service: "rh-php{VV}-php-fpm", Install: "yum install rh-php{VV}-php-fpm", Module: "rh-php{VV}-php-{M}"},
	{Name: "first software collections", FPMConf: "/opt/rh/php{VV}/root/etc/php-fpm.conf", Pools: "/opt/rh/php{VV}/root/etc/php-fpm.d/*.conf",
		PHPIni: "/opt/rh/php{VV}/root/etc/php.ini", ConfD: "/opt/rh/php{VV}/root/etc/php.d", Prefix: "/opt/rh/php{VV}/root/usr", Program: "/opt/rh/php{VV}/root/usr/sbin/php-fpm"},
	{Name: "CWP", FPMConf: "/opt/alt/php-fpm{VV}/usr/etc/php-fpm.conf", Pools: "/opt/alt/php-fpm{VV}/usr/etc/php-fpm.d/users/*.conf",
		PHPIni: "/opt/alt/php-fpm{VV}/usr/php/php.ini", ConfD: "/opt/alt/php-fpm{VV}/usr/php/php.d", Prefix: "/opt/alt/php-fpm{VV}/usr", State: "/opt/alt/php-fpm{VV}/usr/var",
		Program: "/opt/alt/php-fpm{VV}/usr/sbin/php-fpm", Panel: "CWP"},
	{Name: "CloudLinux", FPMConf: "/opt/alt/php{VV}/etc/php-fpm.conf", Pools: "/opt/alt/php{VV}/etc/php-fpm.d/*.conf",
		PHPIni: "/opt/alt/php{VV}/etc/php.ini", ConfD: "/opt/alt/php{VV}/etc/php.d", Prefix: "/opt/alt/php{VV}/usr", Program: "/opt/alt/php{VV}/usr/sbin/php-fpm", Panel: "CloudLinux"},
	{Name: "ISPmanager", FPMConf: "/opt/php{VV}/etc/php-fpm.conf", Pools: "/opt/php{VV}/etc/php-fpm.d/*.conf",
		PHPIni: "/opt/php{VV}/etc/php.ini", ConfD: "/opt/php{VV}/etc/php.d", Prefix: "/opt/php{VV}", Program: "/opt/php{VV}/sbin/php-fpm", Service: "php-fpm{VV}",
		Panel: "ISPmanager"},
	{Name: "Synology", FPMConf: "/usr/local/etc/php{VV}/php-fpm.conf", Pools: "/usr/local/etc/php{VV}/fpm.d/*.conf",
		PHPIni: "/usr/local/etc/php{VV}/php.ini", ConfD: "/usr/local/etc/php{VV}/conf.d", Prefix: "/usr/local"},
	{Name: "nginx from source", NginxConf: "/usr/local/nginx/conf/nginx.conf"},
	{Name: "OpenResty", NginxConf: "/usr/local/openresty/nginx/conf/nginx.conf"},
}

// Panel is a program that writes the configuration of sites: what is edited in its files is lost
// when it writes them again.
type Panel struct {
	Name string
	// Sign is what a host with the panel has; "" where only the layout of PHP tells.
	Sign string
	// Way is how the panel gives a site another PHP, in words of a person or as a command, with
	// the version as in a Layout.
	Way string
}

// Panels are the panels that are known by a sign or by a layout (their documentation).
var Panels = []Panel{
	{"Hestia", "/usr/local/hestia/bin", "v-change-web-domain-backend-tpl USER DOMAIN PHP-{V}, after v-add-web-php {V}"},
	{"VestaCP", "/usr/local/vesta/bin", "v-change-web-domain-backend-tpl USER DOMAIN PHP-{V}"},
	{"ISPConfig", "/usr/local/ispconfig/server", "choose the PHP version {V} in the settings of the web site"},
	{"Plesk", "/usr/local/psa/version", "plesk bin domain -u DOMAIN -php_handler_id plesk-php{VV}-fpm"},
	{"cPanel", "/usr/local/cpanel/version", "whmapi1 php_set_vhost_versions version=ea-php{VV} vhost=DOMAIN"},
	{"DirectAdmin", "/usr/local/directadmin/directadmin", `set php1_release to {V} with "da build set", then "da build php"`},
	{"CloudPanel", "/home/clp/services/nginx", "clpctl, or the PHP settings of the site: version {V}"},
	{"CyberPanel", "/usr/local/CyberCP", "cyberpanel changePHP --domainName DOMAIN --php 'PHP {V}'"},
	{"RunCloud", "/etc/nginx-rc", "change the PHP version of the web application to {V} in its dashboard"},
	{"aaPanel", "/www/server/panel", "choose PHP {V} under Website, PHP version"},
	{"Froxlor", "/var/www/froxlor/lib", "choose the configuration of PHP {V} for the domain"},
	{"CWP", "", "choose PHP-FPM {V} under PHP Settings, and rebuild the virtual hosts"},
	{"CloudLinux", "", "selectorctl --user=USER --set-user-current={V}"},
	{"ISPmanager", "", "choose PHP {V} in the settings of the site"},
}

// Glob returns a path of a layout as a glob pattern over all PHP versions. It also
// matches folders that are not of a version, for which Number is not ok.
func Glob(path string) string {
	return inPlace(path, "[0-9]*", "[0-9]*", "[0-9]*")
}

// At returns path of a layout for one PHP version such as 8.3, or for the number that
// another path of the layout has in its place, such as 83.
func At(path, number string) string {
	dotted := Dotted(number)
	return inPlace(path, dotted, strings.ReplaceAll(dotted, ".", ""), number)
}

// Dotted returns the version of a number in a path, such as 8.3 for 83, and the
// number itself for 8.3 and for 7.
func Dotted(number string) string {
	if len(number) < 2 || strings.Contains(number, ".") {
		return number
	}
	return number[:1] + "." + number[1:]
}

// Number returns the number in name at the place of the version in pattern, a path of a
// layout. ok is false if that place has a text other than a number; number is "" if the
// pattern has no version.
func Number(pattern, name string) (number string, ok bool) {
	before, after, has := strings.Cut(pattern, "{")
	if !has {
		return "", true
	}
	_, after, _ = strings.Cut(after, "}")
	if len(name) < len(before) {
		return "", false
	}
	number, _, _ = strings.Cut(name[len(before):], "/")
	next, _, _ := strings.Cut(after, "/")
	number = strings.TrimSuffix(number, next)
	whole := strings.Trim(number, "0123456789") == "" || strings.Contains(number, ".") && strings.Trim(number, "0123456789.") == ""
	return number, number != "" && whole
}

// NumberIn is Number for a pattern with a version and a name that it is the whole of: ok is false
// for any other name, and for a pattern without a version.
func NumberIn(pattern, name string) (number string, ok bool) {
	number, ok = Number(pattern, name)
	return number, ok && number != "" && At(pattern, number) == name
}

// inPlace fills the forms of a version into a path of a layout.
func inPlace(path, dotted, digits, number string) string {
	path = strings.ReplaceAll(strings.ReplaceAll(path, "{V}", dotted), "{VV}", digits)
	return strings.ReplaceAll(path, "{N}", number)
}

// Scripted reports whether a script in /etc/init.d starts the server with a main file, as those of
// aaPanel are: for such a script systemd makes a unit without any restriction
// (systemd-sysv-generator(8); the scripts of aaPanel, /etc/init.d/httpd, nginx and php-fpm-NN).
func Scripted(main string) bool { return strings.HasPrefix(main, "/www/server/") }

// Stock reports whether name is a file that every package of nginx installs
// with nginx.conf, so that a repository may include it without containing it
// (file lists of the packages of Debian, nginx.org and Alpine).
func Stock(name string) bool {
	switch name {
	case "mime.types", "fastcgi_params", "fastcgi.conf", "fastcgi-php.conf", "uwsgi_params", "scgi_params",
		"proxy_params", "koi-utf", "koi-win", "win-utf", "snakeoil.conf":
		return true
	}
	return false
}
