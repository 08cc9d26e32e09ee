package engine_test

import (
	"testing"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/source"
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
