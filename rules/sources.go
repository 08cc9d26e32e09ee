package rules

// The pages of the servers' manuals that rules name. An anchor is added in place:
// fpmManual + "#listen". Where the manual is silent, the source of the server is named.
const (
	fpmManual     = "https://www.php.net/manual/en/install.fpm.configuration.php"
	fpmStatus     = "https://www.php.net/manual/en/fpm.status.php"
	phpCore       = "https://www.php.net/manual/en/ini.core.php"
	phpErrors     = "https://www.php.net/manual/en/errorfunc.configuration.php"
	phpOpcache    = "https://www.php.net/manual/en/opcache.configuration.php"
	phpFiles      = "https://www.php.net/manual/en/configuration.file.php"
	fpmSourceConf = "https://github.com/php/php-src/blob/PHP-8.4/sapi/fpm/fpm/fpm_conf.c"
	fpmSourceSock = "https://github.com/php/php-src/blob/PHP-8.4/sapi/fpm/fpm/fpm_sockets.c"
	xdebugManual  = "https://xdebug.org/docs/all_settings"

	nginxCore     = "https://nginx.org/en/docs/ngx_core_module.html"
	nginxHTTP     = "https://nginx.org/en/docs/http/ngx_http_core_module.html"
	nginxFastCGI  = "https://nginx.org/en/docs/http/ngx_http_fastcgi_module.html"
	nginxProxy    = "https://nginx.org/en/docs/http/ngx_http_proxy_module.html"
	nginxUpstream = "https://nginx.org/en/docs/http/ngx_http_upstream_module.html"
	nginxSSL      = "https://nginx.org/en/docs/http/ngx_http_ssl_module.html"
	nginxControl  = "https://nginx.org/en/docs/control.html"
	nginxGuide    = "https://nginx.org/en/docs/beginners_guide.html"

	tunnelFile     = "https://developers.cloudflare.com/tunnel/advanced/local-management/configuration-file/"
	tunnelOrigins  = "https://developers.cloudflare.com/tunnel/reference/origin-parameters/"
	cloudflareDocs = "https://developers.cloudflare.com/"

	apacheCore     = "https://httpd.apache.org/docs/2.4/mod/core.html"
	apacheCommon   = "https://httpd.apache.org/docs/2.4/mod/mpm_common.html"
	apacheModules  = "https://httpd.apache.org/docs/2.4/mod/mod_so.html"
	apacheMIME     = "https://httpd.apache.org/docs/2.4/mod/mod_mime.html"
	apacheProxy    = "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html"
	apacheFCGI     = "https://httpd.apache.org/docs/2.4/mod/mod_proxy_fcgi.html"
	apacheUnixd    = "https://httpd.apache.org/docs/2.4/mod/mod_unixd.html"
	apacheHandler  = "https://httpd.apache.org/docs/2.4/handler.html"
	apacheSections = "https://httpd.apache.org/docs/2.4/sections.html"
	apacheConfig   = "https://httpd.apache.org/docs/2.4/configuring.html"

	systemdExec    = "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html"
	systemdService = "https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html"

	manUnix    = "https://man7.org/linux/man-pages/man7/unix.7.html"
	manConnect = "https://man7.org/linux/man-pages/man2/connect.2.html"
	manListen  = "https://man7.org/linux/man-pages/man2/listen.2.html"

	composeNetworking = "https://docs.docker.com/compose/how-tos/networking/"
	composeServices   = "https://docs.docker.com/reference/compose-file/services/"
	kubernetesDNS     = "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"
)
