// Package servers holds the tables of what nginx and PHP-FPM accept, refuse,
// default to and log, with version and source.
package servers

import "strings"

// Layout is where one distribution or panel keeps the files. {V} in a path is a
// PHP version such as 8.3, {VV} the same without the dot.
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
}

// Layouts are the layouts that a directory is searched for, in this order.
// Sources: the packages' own file lists (Debian, docker-library/php, Hestia,
// Trellis), the documentation of cPanel, Plesk and RunCloud, and for the others
// the packagers' build options.
var Layouts = []Layout{
	{Name: "Debian, Ubuntu", NginxConf: "/etc/nginx/nginx.conf", FPMConf: "/etc/php/{V}/fpm/php-fpm.conf", Pools: "/etc/php/{V}/fpm/pool.d/*.conf",
		PHPIni: "/etc/php/{V}/fpm/php.ini", ConfD: "/etc/php/{V}/fpm/conf.d", Prefix: "/usr", State: "/var"},
	{Name: "RHEL, Rocky, Fedora", FPMConf: "/etc/php-fpm.conf", Pools: "/etc/php-fpm.d/*.conf", PHPIni: "/etc/php.ini", ConfD: "/etc/php.d", Prefix: "/usr", State: "/var"},
	{Name: "Remi collections", FPMConf: "/etc/opt/remi/php{VV}/php-fpm.conf", Pools: "/etc/opt/remi/php{VV}/php-fpm.d/*.conf",
		PHPIni: "/etc/opt/remi/php{VV}/php.ini", ConfD: "/etc/opt/remi/php{VV}/php.d", Prefix: "/opt/remi/php{VV}/root/usr", State: "/var/opt/remi/php{VV}"},
	{Name: "Alpine", FPMConf: "/etc/php{VV}/php-fpm.conf", Pools: "/etc/php{VV}/php-fpm.d/*.conf", PHPIni: "/etc/php{VV}/php.ini", ConfD: "/etc/php{VV}/conf.d", Prefix: "/usr", State: "/var"},
	{Name: "official PHP images", FPMConf: "/usr/local/etc/php-fpm.conf", Pools: "/usr/local/etc/php-fpm.d/*.conf",
		PHPIni: "/usr/local/etc/php/php.ini", ConfD: "/usr/local/etc/php/conf.d", Prefix: "/usr/local", State: "/usr/local/var"},
	{Name: "Arch", FPMConf: "/etc/php/php-fpm.conf", Pools: "/etc/php/php-fpm.d/*.conf", PHPIni: "/etc/php/php.ini", ConfD: "/etc/php/conf.d", Prefix: "/usr", State: "/var"},
	{Name: "SUSE", FPMConf: "/etc/php8/fpm/php-fpm.conf", Pools: "/etc/php8/fpm/php-fpm.d/*.conf", PHPIni: "/etc/php8/fpm/php.ini", ConfD: "/etc/php8/conf.d", Prefix: "/usr", State: "/var"},
	{Name: "FreeBSD", NginxConf: "/usr/local/etc/nginx/nginx.conf"},
	{Name: "Homebrew", NginxConf: "/opt/homebrew/etc/nginx/nginx.conf", FPMConf: "/opt/homebrew/etc/php/{V}/php-fpm.conf", Pools: "/opt/homebrew/etc/php/{V}/php-fpm.d/*.conf",
		PHPIni: "/opt/homebrew/etc/php/{V}/php.ini", ConfD: "/opt/homebrew/etc/php/{V}/conf.d", Prefix: "/opt/homebrew", State: "/opt/homebrew/var"},
	{Name: "cPanel", FPMConf: "/opt/cpanel/ea-php{VV}/root/etc/php-fpm.conf", Pools: "/opt/cpanel/ea-php{VV}/root/etc/php-fpm.d/*.conf",
		PHPIni: "/opt/cpanel/ea-php{VV}/root/etc/php.ini", ConfD: "/opt/cpanel/ea-php{VV}/root/etc/php.d", Prefix: "/opt/cpanel/ea-php{VV}/root/usr"},
	{Name: "Plesk", FPMConf: "/opt/plesk/php/{V}/etc/php-fpm.conf", Pools: "/opt/plesk/php/{V}/etc/php-fpm.d/*.conf",
		PHPIni: "/opt/plesk/php/{V}/etc/php.ini", ConfD: "/opt/plesk/php/{V}/etc/php.d", Prefix: "/opt/plesk/php/{V}"},
	{Name: "RunCloud", NginxConf: "/etc/nginx-rc/nginx.conf", FPMConf: "/etc/php{VV}rc/php-fpm.conf", Pools: "/etc/php{VV}rc/fpm.d/*.conf",
		PHPIni: "/etc/php{VV}rc/php.ini", ConfD: "/etc/php{VV}rc/conf.d"},
	{Name: "aaPanel", NginxConf: "/www/server/nginx/conf/nginx.conf", FPMConf: "/www/server/php/{VV}/etc/php-fpm.conf",
		PHPIni: "/www/server/php/{VV}/etc/php.ini", Prefix: "/www/server/php/{VV}"},
	{Name: "Bitnami", NginxConf: "/opt/bitnami/nginx/conf/nginx.conf", FPMConf: "/opt/bitnami/php/etc/php-fpm.conf", Pools: "/opt/bitnami/php/etc/php-fpm.d/*.conf",
		PHPIni: "/opt/bitnami/php/etc/php.ini", Prefix: "/opt/bitnami/php"},
	{Name: "nginx from source", NginxConf: "/usr/local/nginx/conf/nginx.conf"},
	{Name: "OpenResty", NginxConf: "/usr/local/openresty/nginx/conf/nginx.conf"},
}

// Glob returns a path of a layout as a glob pattern over all PHP versions.
func Glob(path string) string {
	return inPlace(path, "[0-9].[0-9]", "[0-9][0-9]")
}

// At returns path of a layout for one PHP version such as 8.3.
func At(path, version string) string {
	return inPlace(path, version, strings.ReplaceAll(version, ".", ""))
}

// inPlace fills the two forms of a version into a path of a layout.
func inPlace(path, dotted, digits string) string {
	return strings.ReplaceAll(strings.ReplaceAll(path, "{V}", dotted), "{VV}", digits)
}

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
