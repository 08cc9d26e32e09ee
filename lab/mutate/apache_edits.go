package mutate

// apacheEdits are what people change in a host with Apache.
var apacheEdits = []edit{
	// PHP moves, and one side is forgotten.
	{8, anyFile, match(`php8\.3`), []string{"php8.2", "php8.1", "php7.4", "php"}},
	{4, anyFile, match(`ea-php83`), []string{"ea-php82", "ea-php84"}},
	{5, anyFile, match(`\b(900[01]|8001)\b`), []string{"9002", "9000", "9001", "80", "900"}},
	{6, anyFile, match(`(/[\w./-]+)/([\w$.-]+)\.sock\b`), []string{"$1/fpm2.sock", "/tmp/$2.sock", "/var$1/$2.sock", "/run/$2.sock", "$1/sub/$2.sock", "$1//$2.sock", "/run/php-fpm/$2.sock", "$1/$2.socket", "$1/${2}x.sock"}},
	// Handlers.
	{10, apacheFile, match(`^( *)SetHandler (.*)$`), []string{
		"${1}AddHandler $2 .php", "${1}AddType $2 .php", "${1}SetHandler None", "${1}SetHandler application/x-httpd-php", "${1}SetHandler fcgid-script", "${1}SetHandler \"$2\"", "${1}SetHandler '$2'",
		"${1}sethandler $2", "${1}SetHandler $2\n${1}SetHandler None", "${1}SetHandler None\n${1}SetHandler $2", "${1}ForceType $2", "${1}SetHandler $2 .php", "${1}Action $2 /x", "",
	}},
	{5, apacheFile, match(`"(proxy:[^"\n]*)"`), []string{"$1", "'$1'", "\"$1", "$1\"", "\u201c$1\u201d", "\"${1} \"", "\" $1\"", "\"$1\"\"", "\\\"$1\\\""}},
	{5, apacheFile, match(`\|fcgi://[^"\s]*`), []string{"", "|fcgi://localhost:9000", "|fcgi://", " |fcgi://localhost", "| fcgi://localhost", "|fcgi:/localhost", "|fcgi://shop-pool/", "|fcgi://127.0.0.1:9000", "|fcgi://localhost/x", "|http://localhost"}},
	{5, apacheFile, match(`<Files(?:Match)? ([^>\n]*)>(\n(?:.*\n)*?)( *)</Files(?:Match)?>`), []string{
		"<Files *.php>$2$3</Files>", "<FilesMatch \"\\.php5$$\">$2$3</FilesMatch>", "<LocationMatch \"\\.php$$\">$2$3</LocationMatch>", "<Location />$2$3</Location>", "<Directory /var/www/blog>$2$3</Directory>", "<FilesMatch $1>$2",
		"$2", "<IfModule mod_php.c>\n<FilesMatch $1>$2$3</FilesMatch>\n</IfModule>", "<If \"-f %{REQUEST_FILENAME}\">$2$3</If>", "<FilesMatch $1>$2$3</Files>", "<Directory /srv>\n<FilesMatch $1>$2$3</FilesMatch>\n</Directory>",
	}},
	// Workers, balancers and ProxyPass.
	{4, apacheFile, match(`^( *)<Proxy ([^>]*)>`), []string{
		"${1}<Proxy \"fcgi://localhost/\">", "${1}<Proxy \"unix:/run/php/gone.sock|fcgi://localhost\">", "${1}<Proxy \"unix:/run/php/gone.sock|fcgi://blog-pool/\">", "${1}<Proxy \"balancer://other\">", "${1}<Proxy *>", "${1}<Proxy>", "${1}<Proxy $2",
	}},
	{5, apacheFile, match(`^( *)(ProxySet|BalancerMember|ProxyPassMatch|ProxyPass) (.*)$`), []string{
		"${1}$2 $3 enablereuse=on", "${1}$2 $3 timeout=1", "${1}$2 $3 nosuch=1", "${1}$2 $3 retry=0 max=2", "", "${1}#$2 $3", "${1}$2 $3\n${1}$2 $3", "${1}ProxyPass /x http://127.0.0.1:8080/", "${1}ProxyPassMatch ^/x$$ !\n${1}$2 $3", "${1}$2",
		"${1}ProxyPass / http://127.0.0.1:9000/\n${1}$2 $3", "${1}ProxyPassMatch \\.php$$ !\n${1}$2 $3",
	}},
	{4, apacheFile, match(`/\$1\b`), []string{"", "/$$2", "/", "$$1", "/var/www/blog/$$1"}},
	{3, apacheFile, match(`fcgi://(127\.0\.0\.1|localhost):`), []string{"http://$1:", "https://$1:", "scgi://$1:", "fcgi://127.0.0.2:", "fcgi://[::1]:", "fcgi:$1:", "fcgi://nosuch:", "fcgi://$1"}},
	// Modules.
	{8, apacheFile, match(`^( *)LoadModule (\S+) (\S+)$`), []string{"", "${1}#LoadModule $2 $3", "${1}LoadModule $2 $3\n${1}LoadModule $2 $3", "${1}LoadModule $2 $3.bak", "${1}LoadModule $2", "${1}LoadModule x$2 $3", "${1}<IfModule !$2>\n${1}LoadModule $2 $3\n${1}</IfModule>"}},
	{6, apacheFile, match(`^( *)<IfModule (\S+)>$`), []string{
		"${1}<IfModule mod_php.c>", "${1}<IfModule !$2>", "${1}<IfModule mod_proxy_fcgi.c>", "${1}<IfModule proxy_fcgi>", "${1}<IfModule mod_proxy_fcgi>", "${1}<IfModule Mod_Proxy_FCGI.c>", "${1}<IfDefine $2>", "${1}<IfModule>", "${1}<IfModule mod_nosuch.c>",
	}},
	{4, apacheFile, match(`\z`), []string{
		"LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so\n", "LoadModule php_module /usr/lib/apache2/modules/libphp8.3.so\n", "LoadModule fcgid_module /usr/lib/apache2/modules/mod_fcgid.so\n",
		"LoadModule rewrite_module /usr/lib/apache2/modules/mod_rewrite.so\n", "LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so\n",
	}},
	// Addresses and names.
	{5, apacheFile, match(`^( *)Listen (\S+)$`), []string{
		"${1}Listen 8080", "${1}Listen $2\n${1}Listen $2", "${1}Listen $2\n${1}Listen 127.0.0.1:$2", "${1}Listen 127.0.0.1:80", "${1}Listen 0.0.0.0:80\n${1}Listen [::]:80", "${1}Listen 192.0.2.9:80", "${1}Listen $2 https", "${1}Listen $2\n${1}Listen 9000", "", "${1}Listen",
	}},
	{4, apacheFile, match(`^( *)<VirtualHost ([^>]*)>$`), []string{"${1}<VirtualHost *:8080>", "${1}<VirtualHost *>", "${1}<VirtualHost 127.0.0.1:80>", "${1}<VirtualHost nosuch.example:80>", "${1}<VirtualHost>", "${1}<VirtualHost $2", "${1}<VirtualHost *:443>"}},
	{3, apacheFile, match(`^( *)(ServerName|DocumentRoot|User|Group|DefaultRuntimeDir|PidFile|ErrorLog|AllowOverride|Require) (.*)$`), []string{"", "${1}#$2 $3", "${1}$2", "${1}$2 $3\n${1}$2 /srv", "${1}$2 \"$3", "${1}$2 ${3}x"}},
	{3, apacheFile, match(`^( *)(User|Group) .*$`), []string{"", "${1}$2 nobody", "${1}$2 root", "${1}$2 #33", "${1}$2 nosuch", "${1}$2 www-data", "${1}$2 nogroup", "${1}$2 #1001"}},
	// Files.
	{4, apacheFile, match(`^( *)Include(Optional)? (.*)$`), []string{"", "${1}Include $3", "${1}IncludeOptional $3", "${1}Include missing.conf", "${1}IncludeOptional missing.conf", "${1}Include missing/*.conf", "${1}Include $3.d", "${1}#Include $3", "${1}Include $3\n${1}Include $3"}},
	{3, apacheFile, match(`\$\{(\w+)\}`), []string{"${}", "$${NOSUCH}", "$$$1", "$${$1", "$${${1}x}", "%{$1}e"}},
	{2, apacheFile, match(`^( *)Define (\w+) (.*)$`), []string{"", "${1}Define $2", "${1}Define ${2}x $3", "${1}UnDefine $2", "${1}Define $2 $3\n${1}UnDefine $2"}},
	// Pools.
	{6, poolFile, match(`^listen = .*$`), []string{
		"listen = 127.0.0.1:9000", "listen = 9001", "listen = /run/php/php8.2-fpm.sock", "listen = /run/php/php8.3-fpm.sock", "listen = /tmp/fpm.sock", "listen = /run/php/$$pool.sock", "listen = [::1]:9000", "listen = 127.0.0.1:80", ";$0", "",
	}},
	{6, poolFile, match(`^(listen\.(?:owner|group|mode|acl_users)) = .*$`), []string{"", "$1 = root", "$1 = 0600", "$1 = 0666", "$1 = nobody", "$1 = www-data", "$1 = 0640", "$1 = nosuch", ";$0"}},
	{4, poolFile, match(`^\[(\w+)\] *$`), []string{"$0\nlisten.allowed_clients = 10.0.0.1", "$0\nlisten.mode = 0600", "$0\nlisten.owner = root\nlisten.group = root", "$0\nlisten.acl_users = nobody", "$0\nchroot = /var/www", "$0\nsecurity.limit_extensions = .html"}},
}

// apacheStrangers are directives that are inserted where they may not belong.
var apacheStrangers = []string{
	"SetHandler \"proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost\"", "SetHandler None", "SetHandler application/x-httpd-php", "AddHandler application/x-httpd-php .php", "AddType application/x-httpd-php .php", "RemoveHandler .php",
	"AddHandler fcgid-script .php", "ProxyPassMatch ^/(.*\\.php)$ fcgi://127.0.0.1:9000/var/www/blog/$1", "ProxyPass / http://127.0.0.1:8080/", "ProxyPass /index.php !", "RewriteEngine On", "RewriteRule ^/(.*\\.php)$ fcgi://127.0.0.1:9002/$1 [P]",
	"<Proxy \"unix:/run/php/gone.sock|fcgi://localhost/\">\n</Proxy>", "<Proxy \"fcgi://localhost/\">\nProxySet timeout=1\n</Proxy>", "<Proxy \"fcgi://localhost/\" enablereuse=on max=1>\n</Proxy>", "ProxyTimeout 0", "ProxyTimeout 1", "Timeout 30s", "Timeout 0",
	"php_value memory_limit 1M", "php_admin_flag log_errors on", "<IfModule mod_php.c>\nphp_value memory_limit 1M\n</IfModule>", "FastCgiExternalServer /usr/lib/php -socket /run/php/x.sock", "FcgidWrapper /usr/bin/php-cgi .php", "User nobody", "User root", "Group nogroup",
	"Listen 80", "Listen 8080", "Listen 127.0.0.1:80", "ServerRoot /etc/nosuch", "DocumentRoot /var/www/none", "DocumentRoot /etc/passwd", "DirectoryIndex index.html", "AllowOverride None", "AllowOverride All", "Require all denied", "Options -FollowSymLinks",
	"ErrorDocument 503 /index.php", "ProxyErrorOverride On", "ErrorLog /var/log/nosuch/error.log", "ErrorLog \"|/usr/bin/nosuch\"", "CustomLog /var/log/apache2/x.log", "PidFile /run/nosuch/apache2.pid", "DefaultRuntimeDir /run/nosuch", "Mutex file:/run/nosuch",
	"Include missing.conf", "IncludeOptional missing.conf", "Include /etc/nosuch/*.conf", "Define fpm_dir /run/none", "UnDefine fpm_dir", "Define APACHE_RUN_USER nobody", "Foo bar", "<Foo>", "</IfModule>", "</VirtualHost>", "<If \"true\">\nSetHandler None\n</If>",
	"<If \"(\">\n</If>", "<FilesMatch \"(\">\n</FilesMatch>", "<FilesMatch \"\\.php$\">\nSetHandler None\n</FilesMatch>", "<Location />\nSetHandler None\n</Location>", "<Directory /var/www/blog>\nRequire all denied\n</Directory>", "NameVirtualHost *:80", "Order allow,deny",
	"SSLEngine on", "Header set X y", "MaxRequestWorkers 0", "ThreadsPerChild 0", "LoadModule nosuch_module /usr/lib/apache2/modules/mod_nosuch.so", "SetEnv X y", "ProxyFCGIBackendType FPM", "ProxyFCGIBackendType nosuch", "Use PHPSite x /y", "Use PHPSite x",
	"<Macro PHPSite $a>\n</Macro>", "AcceptFilter http none", "LimitRequestLine 10", "ScriptAlias /cgi-bin/ /usr/lib/cgi-bin/", "Alias /index.php /var/www/blog/none.php", "<Limit GET>\nRequire all denied\n</Limit>", "Protocols h2 http/1.1", "# just a note \\",
}
