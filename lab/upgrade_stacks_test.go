//go:build linux

package lab

import (
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/cases"
)

// upgradeStack is a host with PHP 8.2, over the packages of 8.2 and 8.4.
type upgradeStack struct {
	files  map[string]string
	links  []cases.Link
	sites  []string // that are requested
	in     []string // the files whose sites move; nil: all
	keep   bool     // the old PHP-FPM goes on
	apache bool     // in place of nginx
	// stay are sites that stay with 8.2, and already those that have 8.4 from the start.
	stay, already []string
}

const (
	sitesEnabled = "/etc/nginx/sites-enabled/"
	pools82      = "/etc/php/8.2/fpm/pool.d/"
	apacheSites  = "/etc/apache2/sites-enabled/"
)

// block is a site that passes PHP to an address, with lines before its location.
func block(name, address string, lines ...string) string {
	return "server {\n    listen 80;\n    server_name " + name + ";\n    root /var/www/php;\n" + strings.Join(lines, "\n") +
		"\n    location ~ \\.php$ {\n        include snippets/fastcgi-php.conf;\n        fastcgi_pass " + address + ";\n    }\n}\n"
}

// ownPool is a pool that takes the requests of all clients at once.
func ownPool(name, listen string, lines ...string) string {
	return "; " + name + ", on PHP 8.2 since 2023\n[" + name + "]\nuser = www-data\ngroup = www-data\nlisten = " + listen +
		"\nlisten.owner = www-data\nlisten.group = www-data\npm = static\npm.max_children = 6\n" + strings.Join(lines, "\n") + "\n"
}

func virtualHosted(name, handler string) string {
	return "<VirtualHost *:80>\n    ServerName " + name + "\n    DocumentRoot /var/www/php\n" + handler + "</VirtualHost>\n"
}

func handler(address string) string {
	return "    <FilesMatch \"\\.php$\">\n        SetHandler \"proxy:" + address + "\"\n    </FilesMatch>\n"
}

// tested is what the sites run: it says which php.ini it got, and takes as long as it is told.
const tested = "<?php if (isset($_GET['ms'])) usleep($_GET['ms'] * 1000); echo php_ini_loaded_file(), \"\\n\";\n"

const stock82 = "unix:/run/php/php8.2-fpm.sock"

// upgradeStacks are hosts by what is particular to them.
var upgradeStacks = map[string]upgradeStack{
	"the stock pool": {sites: []string{"a.example"}, files: map[string]string{sitesEnabled + "a": block("a.example", stock82)}},
	"own pools": {sites: []string{"a.example", "b.example"}, files: map[string]string{
		sitesEnabled + "a": block("a.example", "unix:/run/php/a.sock"), pools82 + "a.conf": ownPool("a", "/run/php/$pool.sock"),
		sitesEnabled + "b": block("b.example", "unix:/run/php/php8.2-fpm-b.sock"), pools82 + "b.conf": ownPool("b", "/run/php/php8.2-fpm-b.sock", "php_admin_value[memory_limit] = 64M"),
	}},
	"one port": {sites: []string{"a.example"}, files: map[string]string{
		sitesEnabled + "a": block("a.example", "127.0.0.1:9000"), pools82 + "www.conf": ownPool("www", "127.0.0.1:9000", "listen.allowed_clients = 127.0.0.1"),
	}},
	"an upstream": {sites: []string{"a.example", "b.example"}, files: map[string]string{
		"/etc/nginx/conf.d/php.conf": "upstream php82 {\n    server " + stock82 + " max_fails=0;\n    keepalive 2;\n}\n",
		sitesEnabled + "a":           block("a.example", "php82", "    fastcgi_keep_conn on;"), sitesEnabled + "b": block("b.example", "php82"),
		pools82 + "www.conf": ownPool("www", "/run/php/php8.2-fpm.sock", "pm.max_children = 10"),
	}},
	"a map": {sites: []string{"a.example", "b.example"}, files: map[string]string{
		"/etc/nginx/conf.d/php.conf": "map $host $php {\n    default " + stock82 + ";\n    b.example unix:/run/php/b.sock;\n}\n",
		sitesEnabled + "a":           block("a.example b.example", "$php"), pools82 + "b.conf": ownPool("b", "/run/php/b.sock"),
	}},
	"a variable": {sites: []string{"a.example"}, files: map[string]string{sitesEnabled + "a": block("a.example", "$php", "    set $php "+stock82+";")}},
	"a snippet": {sites: []string{"a.example", "b.example", "c.example"}, files: map[string]string{
		"/etc/nginx/snippets/wordpress.conf": "location ~ \\.php$ {\n    include snippets/fastcgi-php.conf;\n    fastcgi_pass " + stock82 + ";\n}\n",
		sitesEnabled + "a":                   including("a.example"), sitesEnabled + "b": including("b.example"), sitesEnabled + "c": including("c.example"),
	}},
	"users": {sites: []string{"anna.example", "bert.example"}, files: map[string]string{
		sitesEnabled + "anna": block("anna.example", "unix:/run/php/anna.sock"), pools82 + "anna.conf": userPool("anna"),
		sitesEnabled + "bert": block("bert.example", "unix:/var/run/php/bert.sock"), pools82 + "bert.conf": userPool("bert"),
	}},
	"two versions side by side": {sites: []string{"a.example", "new.example"}, already: []string{"new.example"}, files: map[string]string{
		sitesEnabled + "a": block("a.example", "unix:/run/php/a.sock"), pools82 + "a.conf": ownPool("a", "/run/php/a.sock"),
		sitesEnabled + "new":            block("new.example", "unix:/run/php/php8.4-fpm.sock"),
		"/etc/php/8.4/fpm/php-fpm.conf": patient("8.4"), "/etc/php/8.2/fpm/php-fpm.conf": patient("8.2"),
	}},
	"one site of two": {sites: []string{"a.example", "old.example"}, stay: []string{"old.example"}, in: []string{sitesEnabled + "a"}, files: map[string]string{
		sitesEnabled + "a": block("a.example", stock82), sitesEnabled + "old": block("old.example", stock82), "/etc/php/8.2/fpm/php-fpm.conf": patient("8.2"),
	}},
	"on demand": {sites: []string{"a.example"}, keep: true, files: map[string]string{
		sitesEnabled + "a": block("a.example", "unix:/run/php/php8.2-a.sock"),
		pools82 + "a.conf": strings.Replace(ownPool("a", "/run/php/php8.2-a.sock", "listen.backlog = 511"), "static", "ondemand", 1),
	}},
	"thirty sites": thirty(),
	"Apache": {apache: true, sites: []string{"a.example", "b.example"}, files: map[string]string{
		apacheSites + "a.conf": virtualHosted("a.example", handler("unix:/run/php/a.sock|fcgi://localhost")), pools82 + "a.conf": ownPool("a", "/run/php/a.sock"),
		apacheSites + "b.conf": virtualHosted("b.example", handler("fcgi://127.0.0.1:9001")), pools82 + "b.conf": ownPool("b", "127.0.0.1:9001"),
	}},
	"Apache with the snippet of the package": {apache: true, sites: []string{"a.example"}, files: map[string]string{
		"/etc/apache2/conf-available/php8.2-fpm.conf": handler("unix:/run/php/php8.2-fpm.sock|fcgi://localhost"),
		"/etc/apache2/conf-available/php8.4-fpm.conf": handler("unix:/run/php/php8.4-fpm.sock|fcgi://localhost"),
		apacheSites + "a.conf":                        virtualHosted("a.example", ""),
	}, links: []cases.Link{{Name: "/etc/apache2/conf-enabled/php8.2-fpm.conf", Target: "../conf-available/php8.2-fpm.conf"}}},
}

func including(name string) string {
	return "server {\n    listen 80;\n    server_name " + name + ";\n    root /var/www/php;\n    include snippets/wordpress.conf;\n}\n"
}

func userPool(name string) string {
	return strings.Replace(ownPool(name, "/run/php/$pool.sock"), "user = www-data\ngroup = www-data", "user = $pool\ngroup = "+name, 1)
}

// patient is the main file of a PHP-FPM that waits for requests under way when it is reloaded.
func patient(version string) string {
	return "[global]\npid = /run/php/php" + version + "-fpm.pid\nerror_log = /var/log/php" + version + "-fpm.log\nprocess_control_timeout = 10s\ninclude = /etc/php/" + version + "/fpm/pool.d/*.conf\n"
}

func thirty() upgradeStack {
	s := upgradeStack{files: map[string]string{}}
	for i := range 30 {
		name := fmt.Sprintf("site%02d", i)
		s.sites = append(s.sites, name+".example")
		s.files[sitesEnabled+name] = block(name+".example", "unix:/run/php/php8.2-fpm-"+name+".sock")
		s.files[pools82+name+".conf"] = strings.Replace(ownPool(name, "/run/php/php8.2-fpm-$pool.sock"), "static", "ondemand", 1)
	}
	return s
}

// host returns the host of a stack: the packages of two versions of PHP-FPM, as this machine has
// them for one, and the files of the stack.
func (s upgradeStack) host(p Programs) (*cases.Case, error) {
	c := &cases.Case{}
	c.NoFrame = true
	if err := under(c); err != nil {
		return nil, err
	}
	if err := withNext(c, p); err != nil {
		return nil, err
	}
	if s.apache {
		if err := withApache(c); err != nil {
			return nil, err
		}
	}
	files := maps.Clone(s.files)
	files["/etc/passwd"] = "root:x:0:0::/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1001:1001::/home/anna:/bin/bash\nbert:x:1002:1002::/home/bert:/bin/bash\n"
	files["/etc/group"] = "root:x:0:\nwww-data:x:33:\nanna:x:1001:\nbert:x:1002:\n"
	files["/var/www/php/index.php"] = tested
	files["/var/log/nginx/.keep"] = ""
	for name, text := range files {
		c.Files = slices.DeleteFunc(c.Files, func(f cases.File) bool { return f.Name == name })
		c.Files = append(c.Files, cases.File{Name: name, Text: text})
	}
	c.Links = append(c.Links, s.links...)
	return c, nil
}

// withNext adds the unit of PHP 8.2 to a case, and PHP 8.4 as its packages would bring it.
func withNext(c *cases.Case, p Programs) error {
	for _, name := range []string{"/lib/systemd/system/php8.2-fpm.service", "/usr/lib/php/8.2/php.ini-production"} {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		c.Files = append(c.Files, cases.File{Name: name, Text: string(text)})
	}
	next := strings.NewReplacer("8.2", "8.4", "82", "84")
	for _, f := range c.Files {
		if strings.Contains(f.Name, "8.2") {
			c.Files = append(c.Files, cases.File{Name: next.Replace(f.Name), Text: next.Replace(f.Text)})
		}
	}
	for _, l := range c.Links {
		if strings.Contains(l.Name, "8.2") {
			c.Links = append(c.Links, cases.Link{Name: next.Replace(l.Name), Target: next.Replace(l.Target)})
		}
	}
	c.Links = append(c.Links, cases.Link{Name: "/usr/sbin/php-fpm8.4", Target: path.Base(p.For("8.2").Path)})
	return nil
}

// withApache replaces the nginx of a case by the Apache of the frame, without its PHP.
func withApache(c *cases.Case) error {
	c.Files = slices.DeleteFunc(c.Files, func(f cases.File) bool { return strings.HasPrefix(f.Name, "/etc/nginx/") })
	frame, err := cases.Parse([]byte("frame: apache\n"))
	if err != nil {
		return err
	}
	for name, text := range frame.Texts() {
		if (strings.HasPrefix(name, "/etc/apache2/") || name == "/etc/mime.types") && !strings.Contains(name, "php") {
			c.Files = append(c.Files, cases.File{Name: name, Text: text})
		}
	}
	return nil
}
