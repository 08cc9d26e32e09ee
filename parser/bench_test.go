package parser

import (
	"fmt"
	"testing"

	"github.com/wp502lint/wp502lint/tree"
)

// hosting is a Debian host with n sites, each with its own pool.
func hosting(n int) map[string]string {
	files := map[string]string{
		"/etc/passwd":                       "root:x:0:0::/:/bin/sh\n",
		"/etc/nginx/nginx.conf":             "events {}\nhttp {\n    include /etc/nginx/sites-enabled/*;\n}\n",
		"/etc/nginx/snippets/php.conf":      "fastcgi_index index.php;\nfastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;\nfastcgi_param QUERY_STRING $query_string;\n",
		"/etc/php/8.3/fpm/php-fpm.conf":     "[global]\npid = /run/php.pid\ninclude = /etc/php/8.3/fpm/pool.d/*.conf\n",
		"/etc/php/8.3/fpm/php.ini":          "memory_limit = 128M\n",
		"/etc/php/8.3/fpm/conf.d/10-op.ini": "zend_extension = opcache\n",
	}
	for i := range n {
		files[fmt.Sprintf("/etc/nginx/sites-available/s%d.conf", i)] = fmt.Sprintf(`server {
    listen 80;
    server_name s%[1]d.example www.s%[1]d.example;
    root /srv/s%[1]d;
    location / { try_files $uri $uri/ /index.php?$args; }
    location ~ \.php$ {
        include snippets/php.conf;
        fastcgi_pass unix:/run/php/s%[1]d.sock;
    }
}
`, i)
		files[fmt.Sprintf("/etc/php/8.3/fpm/pool.d/s%d.conf", i)] = fmt.Sprintf("[s%[1]d]\nuser = s%[1]d\nlisten = /run/php/s%[1]d.sock\nlisten.owner = www-data\npm = ondemand\npm.max_children = 5\n", i)
	}
	return files
}

func hostingTree(n int) *tree.Tree {
	t := tree.Memory(hosting(n))
	for i := range n {
		t.Link(fmt.Sprintf("/etc/nginx/sites-enabled/s%d.conf", i), fmt.Sprintf("../sites-available/s%d.conf", i))
	}
	return t
}

func BenchmarkRead(b *testing.B) {
	t := hostingTree(1000)
	b.ReportAllocs()
	for b.Loop() {
		if c := Read(t, []string{"/"}); len(c.Nginx[0].Files) != 1002 || len(c.Masters[0].Pools) != 1000 {
			b.Fatal(describe(c))
		}
	}
}

// Apache is read one file after the other, as its variables and conditions act at once.
func BenchmarkReadApache(b *testing.B) {
	files := debianApache()
	for i := range 1000 {
		files[fmt.Sprintf("/etc/apache2/sites-available/s%d.conf", i)] = fmt.Sprintf(`<VirtualHost *:80>
    ServerName s%[1]d.example
    ServerAlias www.s%[1]d.example
    DocumentRoot /srv/s%[1]d
    <Directory /srv/s%[1]d>
        AllowOverride All
        Require all granted
    </Directory>
    <FilesMatch "\.php$">
        SetHandler "proxy:unix:/run/php/s%[1]d.sock|fcgi://localhost/"
    </FilesMatch>
    ErrorLog ${APACHE_LOG_DIR}/s%[1]d.log
</VirtualHost>
`, i)
		files[fmt.Sprintf("/etc/apache2/sites-enabled/s%d.conf", i)] = fmt.Sprintf("-> ../sites-available/s%d.conf", i)
		files[fmt.Sprintf("/srv/s%d/wp-content/plugins/a/x.php", i)] = ""
		files[fmt.Sprintf("/srv/s%d/.htaccess", i)] = "RewriteEngine on\n"
	}
	t := plant(files)
	b.ReportAllocs()
	for b.Loop() {
		if c := Read(t, []string{"/"}); len(c.Apaches[0].Files) != 1004 || len(c.Apaches[0].Access) != 1000 {
			b.Fatal(len(c.Apaches[0].Files), len(c.Apaches[0].Access))
		}
	}
}

func BenchmarkWalk(b *testing.B) {
	files := map[string]string{}
	for i := range 1000 {
		files[fmt.Sprintf("/a/%d/site.conf", i)] = "server { listen 80; }\n"
		files[fmt.Sprintf("/a/%d/readme.md", i)] = "text\n"
	}
	t := tree.Memory(files)
	b.ReportAllocs()
	for b.Loop() {
		if c := Read(t, []string{"/a"}); len(c.Nginx[0].Fragments) != 1000 {
			b.Fatal(len(c.Nginx[0].Fragments))
		}
	}
}
