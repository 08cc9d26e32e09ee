package perf

import (
	"fmt"
	"strings"
)

// modules are the modules of Apache that the trees load, beside that of its processes.
const modules = "alias authz_core authz_host autoindex deflate dir env expires filter headers mime negotiation proxy proxy_fcgi ratelimit reqtimeout rewrite setenvif status"

// apacheShared returns the files of Apache that do not depend on the sites, as Debian has them.
func apacheShared() map[string]string {
	files := map[string]string{
		"/etc/apache2/apache2.conf":                              apacheConf,
		"/etc/apache2/envvars":                                   "export APACHE_RUN_USER=www-data\nexport APACHE_RUN_GROUP=www-data\nexport APACHE_RUN_DIR=@/run/apache2\nexport APACHE_PID_FILE=@/run/apache2/apache2.pid\nexport APACHE_LOG_DIR=@/var/log/apache2\n",
		"/etc/apache2/ports.conf":                                "Listen 80\n",
		"/etc/apache2/mods-enabled/dir.conf":                     "<IfModule mod_dir.c>\n    DirectoryIndex index.html index.php\n</IfModule>\n",
		"/etc/apache2/mods-enabled/mime.conf":                    types("<IfModule mod_mime.c>\n    TypesConfig /dev/null\n    AddType text/html .html .htm\n    AddType application/javascript .js .mjs\n", "    AddType application/x-kind-%[1]d .k%[1]d .kind%[1]d\n", "</IfModule>\n"),
		"/etc/apache2/mods-enabled/mpm_event.conf":               "<IfModule mpm_event_module>\n    StartServers 2\n    ThreadsPerChild 25\n    MaxRequestWorkers 400\n</IfModule>\n",
		"/etc/apache2/mods-enabled/mpm_event.load":               "LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\n",
		"/usr/lib/apache2/modules/mod_mpm_event.so":              "",
		"/etc/apache2/conf-enabled/other-vhosts-access-log.conf": "LogFormat \"%v:%p %h %t \\\"%r\\\" %>s %b\" sites\nCustomLog ${APACHE_LOG_DIR}/other.log sites\n",
		"/etc/apache2/snippets/headers.conf":                     apacheHeaders,
		"/etc/apache2/conf-enabled/deny.conf":                    apacheDeny,
		"/etc/apache2/conf-enabled/assets.conf":                  apacheAssets,
		"/etc/apache2/snippets/page-cache.conf":                  apachePageCache,
	}
	for name := range strings.FieldsSeq(modules) {
		object := "/usr/lib/apache2/modules/mod_" + name + ".so"
		files["/etc/apache2/mods-enabled/"+name+".load"] = fmt.Sprintf("LoadModule %s_module %s\n", name, object)
		files[object] = ""
	}
	return files
}

func (s *site) apacheFile() string { return "/etc/apache2/sites-enabled/" + s.name + ".conf" }

// apache returns the site's virtual host, with the same shapes as its nginx file.
func (s *site) apache() string {
	again := newSite(s.number)
	random, shape := again.random, s.number%5
	handler := "fcgi://" + s.target
	if strings.HasPrefix(s.target, "unix:") {
		handler = s.target + "|fcgi://" + s.name
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s, written by the panel: changes are lost\n", s.host)
	if shape == 2 {
		fmt.Fprintf(&b, "<VirtualHost *:80>\n    ServerName old.%[1]s\n    Redirect permanent / http://%[1]s/\n</VirtualHost>\n\n", s.host)
	}
	fmt.Fprintf(&b, apacheHead, s.host, s.name, 16<<random.IntN(4))
	if shape == 1 {
		fmt.Fprintf(&b, "\n    <Proxy \"%s\">\n        ProxySet timeout=120\n    </Proxy>\n", handler)
	}
	if shape == 3 {
		b.WriteString("    Include @/etc/apache2/snippets/page-cache.conf\n")
	}
	if random.IntN(10) < 6 {
		fmt.Fprintf(&b, apacheLogin, 64*(3+random.IntN(8)), handler)
	}
	if random.IntN(10) < 3 {
		b.WriteString(apacheSitemap)
	}
	fmt.Fprintf(&b, apachePHP, handler)
	if random.IntN(2) == 0 {
		b.WriteString("    ProxyIOBufferSize 32768\n")
	}
	fmt.Fprintf(&b, apacheTail, s.name)
	return b.String()
}

const apacheConf = `DefaultRuntimeDir ${APACHE_RUN_DIR}
PidFile ${APACHE_PID_FILE}
Timeout 300
KeepAlive On
KeepAliveTimeout 5
User ${APACHE_RUN_USER}
Group ${APACHE_RUN_GROUP}
ServerName localhost
ErrorLog ${APACHE_LOG_DIR}/error.log
LogLevel warn

IncludeOptional @/etc/apache2/mods-enabled/*.load
IncludeOptional @/etc/apache2/mods-enabled/*.conf
Include @/etc/apache2/ports.conf

<Directory />
    Options FollowSymLinks
    AllowOverride None
    Require all denied
</Directory>
<Directory @/var/www/>
    Options FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
<FilesMatch "^\.ht">
    Require all denied
</FilesMatch>

IncludeOptional @/etc/apache2/conf-enabled/*.conf
IncludeOptional @/etc/apache2/sites-enabled/*.conf
`

const apacheHeaders = `Header always set X-Frame-Options "SAMEORIGIN"
Header always set X-Content-Type-Options "nosniff"
Header always set Referrer-Policy "strict-origin-when-cross-origin"
`

const apacheDeny = `# what visitors may not see
<LocationMatch "/\.(?!well-known)">
    Require all denied
</LocationMatch>
<FilesMatch "\.(?:bak|inc|ini|log|orig|sh|sql|swp|twig)$">
    Require all denied
</FilesMatch>
<LocationMatch "/(?:uploads|files)/.*\.php$">
    Require all denied
</LocationMatch>
<Files xmlrpc.php>
    Require all denied
</Files>
<Files wp-config.php>
    Require all denied
</Files>
`

const apacheAssets = `<FilesMatch "\.(?:css|js|mjs|map)$">
    ExpiresActive On
    ExpiresDefault "access plus 30 days"
    Header set Cache-Control "public, immutable"
</FilesMatch>
<FilesMatch "\.(?:jpe?g|gif|png|webp|avif|svgz?|woff2?|mp[34])$">
    ExpiresActive On
    ExpiresDefault "access plus 1 year"
</FilesMatch>
`

const apachePageCache = `# whom the page cache does not serve
SetEnvIf Request_Method "^POST$" fresh
SetEnvIf Request_URI "/wp-admin/|/cart/|/feed/" fresh
SetEnvIf Cookie "comment_author|wordpress_[a-f0-9]+|logged_in" fresh
`

const apacheHead = `<VirtualHost *:80>
    ServerName %[1]s
    ServerAlias www.%[1]s
    # SSLEngine On
    # SSLCertificateFile /etc/letsencrypt/live/%[1]s/fullchain.pem
    # SSLCertificateKeyFile /etc/letsencrypt/live/%[1]s/privkey.pem
    DocumentRoot @/var/www/%[2]s/htdocs
    DirectoryIndex index.php index.html

    LimitRequestBody %[3]d000000
    Include @/etc/apache2/snippets/headers.conf

    <Directory @/var/www/%[2]s/htdocs>
        FallbackResource /index.php
    </Directory>
`

const apacheLogin = `
    # Nobody needs a fast page to log in.
    <Files wp-login.php>
        SetEnv rate-limit %d
        SetHandler "proxy:%s"
    </Files>
`

const apacheSitemap = `
    RewriteEngine On
    RewriteRule ^/sitemap_index\.xml$ /index.php?sitemap=1 [PT,L]
    RewriteRule ^/([a-z_]+)-sitemap([0-9]{0,3})\.xml$ /index.php?sitemap=$1&page=$2 [PT,L]
`

const apachePHP = `
    <FilesMatch "\.php$">
        SetHandler "proxy:%s"
    </FilesMatch>
    ProxyTimeout 120
`

const apacheTail = `
    ErrorDocument 404 /index.php
    ErrorDocument 503 /50x.html
    ErrorLog @/var/log/apache2/%[1]s.log
</VirtualHost>
`
