package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

// A file that a container includes from a mount of the whole project is not one without a
// container as well; one that no container reads is.
func TestReadByContainer(t *testing.T) {
	r := open(t, engine.Options{Tree: tree.Memory(map[string]string{
		"/compose.yaml":   "services:\n  web:\n    build: web\n    volumes: [.:/srv]\n  php:\n    image: php:8.3-fpm\n",
		"/web/Dockerfile": "FROM httpd:2.4\nRUN echo 'Include /srv/web/site.conf' >> /usr/local/apache2/conf/httpd.conf\n",
		"/web/site.conf":  "LoadModule proxy_module modules/mod_proxy.so\nLoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so\n<VirtualHost *:80>\n    DocumentRoot /srv/public\n    ProxyPassMatch ^/(.*\\.php)$ fcgi://php:9000/srv/public/$1\n</VirtualHost>\n",
		"/old/site.conf":  "<VirtualHost *:80>\n    DocumentRoot /srv/public\n    ProxyPassMatch ^/(.*\\.php)$ fcgi://old:9000/srv/public/$1\n</VirtualHost>\n",
	})}).Lint(nil)
	roles := map[string]source.Role{}
	for _, f := range r.Files {
		if _, twice := roles[f.Path]; twice {
			t.Errorf("%s is read twice", f.Path)
		}
		roles[f.Path] = f.Role
	}
	if roles["/web/site.conf"] != source.RoleApache || roles["/old/site.conf"] != source.RoleApacheFragment {
		t.Errorf("got the roles %v", roles)
	}
}

// Where a command may change the pool, what is not checked names it.
func TestDoubtIsNamed(t *testing.T) {
	r := open(t, engine.Options{Tree: tree.Memory(map[string]string{
		"/compose.yaml":   "services:\n  web:\n    image: nginx\n    volumes: [./site.conf:/etc/nginx/conf.d/default.conf]\n    depends_on: [php]\n  php:\n    build: php\n",
		"/php/Dockerfile": "FROM php:8.3-fpm\nRUN curl -sL https://example.com/tools.tgz | tar -C /usr/local -xzf -\n",
		"/site.conf":      "server {\n    listen 80;\n    location ~ \\.php$ {\n        fastcgi_pass php:9000;\n    }\n}\n",
	})}).Lint(nil)
	named := slices.ContainsFunc(r.NotChecked, func(n lint.NotChecked) bool {
		return n.At.File != nil && n.At.File.Name == "/site.conf" && strings.HasPrefix(n.Why, "php/Dockerfile:2 may change /usr/local/etc/php-fpm.d/")
	})
	if !named {
		t.Errorf("not checked: %+v", r.NotChecked)
	}
}

// What may change a file is named in words, also where nothing names it.
func TestDoubtInWords(t *testing.T) {
	r := open(t, engine.Options{Tree: tree.Memory(map[string]string{
		"/Dockerfile": "FROM php:8.3-fpm\nCOPY start.sh /start.sh\nCMD [\"/start.sh\"]\n",
		"/start.sh": "#!/bin/sh\nn=$(( $(nproc) * 2 ))\n[ \"$n\" -lt 9 ] && n=9\n{\n    echo '[www]'\n    echo \"pm.max_children = $n\"\n} > /usr/local/etc/php-fpm.d/zz-run.conf\n" +
			"sed -n \"s/a/b/p\" /proc/x > /usr/local/etc/php-fpm.d/zz-more.conf\nexec php-fpm\n",
	})}).Lint(nil)
	for _, n := range r.NotChecked {
		if strings.Contains(n.Why, "()") || strings.Contains(n.Why, "what >") || strings.Contains(n.Why, "what  ") {
			t.Errorf("not checked: %s", n.Why)
		}
	}
}

// A certificate that the build makes exists, though what is in it is not known.
func TestMadeCertificate(t *testing.T) {
	vhost := "<IfFile /certs/site.pem>\n<VirtualHost *:443>\n    SSLEngine on\n    SSLCertificateFile /certs/site.pem\n    SSLCertificateKeyFile /certs/site.key\n" +
		"    <FilesMatch \\.php$>\n        SetHandler \"proxy:fcgi://127.0.0.1:9001\"\n    </FilesMatch>\n</VirtualHost>\n</IfFile>\n"
	r := open(t, engine.Options{Tree: tree.Memory(map[string]string{
		"/Dockerfile": "FROM php:8.3-fpm\nRUN apt-get update && apt-get install -y apache2 && a2enmod proxy_fcgi ssl\nRUN mkdir /certs && openssl req -x509 -nodes -newkey rsa:2048 -subj /CN=x -keyout /certs/site.key -out /certs/site.pem\n" +
			"COPY site.conf /etc/apache2/sites-enabled/000-default.conf\nCMD php-fpm -D && apachectl -D FOREGROUND\n",
		"/site.conf": vhost,
	})}).Lint(nil)
	if got := ids(r); !slices.Contains(got, "WP201") || slices.Contains(got, "WP422") {
		t.Errorf("got %v, not checked: %+v", got, r.NotChecked)
	}
}

// What an image leads to by a variable is known only where something runs it, or where its own
// PHP-FPM is meant.
func TestVariableOfImage(t *testing.T) {
	const apache = "FROM %s\n%sENV FPM_HOST=127.0.0.1:9001\nRUN echo 'LoadModule proxy_module modules/mod_proxy.so\\nLoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so' >> /usr/local/apache2/conf/httpd.conf" +
		" && echo 'ProxyPassMatch ^/(.*\\.php)$ fcgi://${FPM_HOST}/srv/$1' >> /usr/local/apache2/conf/httpd.conf\n"
	alone := fmt.Sprintf(apache, "httpd:2.4", "")
	for name, tt := range map[string]struct {
		files map[string]string
		want  bool
	}{
		"nothing runs it": {map[string]string{"/Dockerfile": alone}, false},
		"compose runs it": {map[string]string{"/Dockerfile": alone, "/compose.yaml": "services:\n  web:\n    build: .\n  php:\n    image: php:8.3-fpm\n"}, true},
		"its own PHP-FPM": {map[string]string{"/Dockerfile": "FROM php:8.3-fpm\nRUN apt-get update && apt-get install -y apache2 && a2enmod proxy_fcgi\nENV FPM_HOST=127.0.0.1:9001\n" +
			"RUN echo '<FilesMatch \\.php$>\\nSetHandler proxy:fcgi://${FPM_HOST}\\n</FilesMatch>' > /etc/apache2/conf-enabled/php.conf\nCMD php-fpm -D && apachectl -D FOREGROUND\n"}, true},
	} {
		r := open(t, engine.Options{Tree: tree.Memory(tt.files)}).Lint(nil)
		if got := slices.Contains(ids(r), "WP201"); got != tt.want {
			t.Errorf("%s: got %v, not checked: %+v", name, ids(r), r.NotChecked)
		}
		said := slices.ContainsFunc(r.NotChecked, func(n lint.NotChecked) bool { return n.Why == "what runs the image may set FPM_HOST" })
		if said == tt.want {
			t.Errorf("%s: not checked: %+v", name, r.NotChecked)
		}
		open := 0
		for _, s := range r.Stacks {
			for _, g := range s.Gateways {
				if o, _ := g.Judged(); o == stack.UnknownVariable {
					open++
				}
			}
		}
		if (open > 0) == tt.want {
			t.Errorf("%s: %d gateways are left open", name, open)
		}
	}
}

// What runs an image sets the variables that its scripts write without a value, such as the port
// that a platform chooses. A condition takes them for unset, and a service of the project has those
// that its file gives.
func TestVariableThatIsSetLater(t *testing.T) {
	const site = "server {\n    listen PORT;\n    root /srv;\n}\n"
	image := func(script string) map[string]string {
		return map[string]string{"/Dockerfile": "FROM nginx:1.27\nCOPY site /etc/nginx/site\nCMD " + script + " && nginx -g 'daemon off;'\n", "/site": site}
	}
	run := func(files map[string]string) map[string]string {
		files["/compose.yaml"] = "services:\n  web:\n    build: .\n"
		return files
	}
	const sed = "sed \"s/PORT/$PORT/\" /etc/nginx/site > /etc/nginx/conf.d/default.conf"
	for name, tt := range map[string]struct {
		files map[string]string
		want  bool
	}{
		"sed":                {image(sed), false},
		"a service":          {run(image(sed)), true},
		"a here-document":    {image("cat > /etc/nginx/conf.d/default.conf <<EOF\nserver { listen $PORT; }\nEOF\ntrue"), false},
		"envsubst":           {image("sed 's/PORT/${PORT}/' /etc/nginx/site | envsubst > /etc/nginx/conf.d/default.conf"), false},
		"with a default":     {image("sed \"s/PORT/${PORT:-x:y}/\" /etc/nginx/site > /etc/nginx/conf.d/default.conf"), true},
		"under a condition":  {image("if [ -n \"$PORT\" ]; then " + sed + "; fi; true"), false},
		"without a variable": {image("sed s/PORT/none:x/ /etc/nginx/site > /etc/nginx/conf.d/default.conf"), true},
	} {
		r := open(t, engine.Options{Tree: tree.Memory(tt.files)}).Lint(nil)
		if got := slices.Contains(ids(r), "WP421"); got != tt.want {
			t.Errorf("%s: got %v, not checked: %+v", name, ids(r), r.NotChecked)
		}
	}
}
