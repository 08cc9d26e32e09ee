package servers

import "strings"

// ApacheMains are the main files of Apache, of which a machine has one or none: Debian;
// RHEL; Alpine, Arch and macOS; the official image; cPanel; FreeBSD; Homebrew (file lists
// of the packages).
var ApacheMains = []string{
	"/etc/apache2/apache2.conf", "/etc/httpd/conf/httpd.conf", "/etc/apache2/httpd.conf", "/usr/local/apache2/conf/httpd.conf",
	"/etc/apache2/conf/httpd.conf", "/usr/local/etc/apache24/httpd.conf", "/opt/homebrew/etc/httpd/httpd.conf",
}

// ApacheOnly reports whether a word is a directive or the start of a section that only
// Apache has: not ProFTPD, collectd or lighttpd, whose files have the same form, and not
// nginx (Apache 2.4, list of directives). Case does not matter.
func ApacheOnly(word string) bool {
	switch strings.ToLower(strings.TrimSuffix(word, ">")) {
	case "<filesmatch", "<locationmatch", "<directorymatch", "<proxy", "<proxymatch", "<requireall", "<requireany", "<ifversion",
		"documentroot", "customlog", "directoryindex", "addhandler", "sethandler", "addtype", "allowoverride", "accessfilename",
		"rewriteengine", "rewriterule", "rewritecond", "proxypass", "proxypassmatch", "proxypassreverse", "scriptalias", "sslengine",
		"fastcgiexternalserver", "fcgidwrapper", "includeoptional", "errordocument", "keepalivetimeout", "serversignature":
		return true
	}
	return false
}
