package engine_test

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/tree"
)

// installed returns the files of an image with packages, and a site that PHP-FPM serves if
// where is a file name.
func installed(t *testing.T, ref, where, text string, packages ...string) *tree.Tree {
	t.Helper()
	// What Dockerfiles with the PHP-FPM of a distribution have to make.
	dockerfile := "FROM " + ref + "\nRUN mkdir -p /run/php /run/php-fpm\n"
	if len(packages) > 0 {
		install := map[string]string{"alpine": "apk add", "rockylinux": "dnf install -y"}[strings.Split(ref, ":")[0]]
		dockerfile += "RUN " + cmp.Or(install, "apt-get install -y") + " " + strings.Join(packages, " ") + "\n"
	}
	if where != "" {
		dockerfile += "COPY site.conf " + where + "\n"
	}
	machines := deploy.Find(tree.Memory(map[string]string{"/Dockerfile": dockerfile, "/site.conf": text})).Machines()
	if len(machines) != 1 {
		t.Fatalf("%s: %d machines", ref, len(machines))
	}
	return copied(machines[0].Tree)
}

// copied returns the files of a container as those of a host, on which findings are not kept back
// as they are in what an image brings.
func copied(from *tree.Tree) *tree.Tree {
	texts, links, infos := map[string]string{}, map[string]string{}, map[string]tree.Info{}
	var walk func(dir string)
	walk = func(dir string) {
		list, _ := from.List(dir)
		for _, e := range list {
			name := path.Join(dir, e.Name)
			if e.Type == tree.Link {
				links[name] = from.Leads(name)
				continue
			}
			infos[name], _ = from.Stat(name)
			if e.Type == tree.Dir {
				walk(name)
			} else if text, err := from.Open(name); err == nil {
				texts[name] = text.Content
			}
		}
	}
	walk("/")
	root := tree.Memory(texts)
	for name, info := range infos {
		root.Set(name, info)
	}
	for name, target := range links {
		root.Link(name, target)
	}
	return root
}

// What images and packages bring is as quiet as the stock files of a host.
func TestStockImagesAreQuiet(t *testing.T) {
	const php = "server { listen 80; server_name shop.example; root /var/www/html; location ~ \\.php$ { include fastcgi_params; fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name; fastcgi_pass "
	tests := map[string]*tree.Tree{
		"nginx":              installed(t, "nginx:1.27", "", ""),
		"nginx alpine":       installed(t, "nginx:alpine", "", ""),
		"nginx unprivileged": installed(t, "nginxinc/nginx-unprivileged", "", ""),
		"openresty":          installed(t, "openresty/openresty:1.27.1.2-0-alpine", "", ""),
		"old php":            installed(t, "php:7.4-fpm", "", ""),
		"php 5.6":            installed(t, "php:5.6-fpm", "", ""),
		"php 7.1":            installed(t, "php:7.1-fpm-alpine", "", ""),
		"new php":            installed(t, "php:8.3-fpm", "", ""),
		"php 8.6":            installed(t, "php:8.6-rc-fpm-alpine", "", ""),
		"debian":             installed(t, "debian:12", "/etc/nginx/conf.d/site.conf", php+"unix:/run/php/php8.2-fpm.sock; } }", "nginx", "php-fpm"),
		"ubuntu":             installed(t, "ubuntu:22.04", "/etc/nginx/conf.d/site.conf", php+"unix:/run/php/php8.1-fpm.sock; } }", "nginx", "php-fpm"),
		"alpine":             installed(t, "alpine:3.20", "/etc/nginx/http.d/site.conf", php+"127.0.0.1:9000; } }", "nginx", "php83-fpm"),
		"rhel":               installed(t, "rockylinux:9", "", "", "nginx", "php-fpm"),
		"old alpine":         installed(t, "alpine:3.12", "/etc/nginx/conf.d/site.conf", php+"127.0.0.1:9000; } }", "nginx", "php7-fpm"),
	}
	// trafex/php-nginx has a pool without a user, and starts PHP-FPM as nobody.
	for _, ref := range []string{
		"adminer:fastcgi", "wordpress:fpm", "drupal:11-fpm-alpine", "nextcloud:fpm", "matomo:fpm", "phpmyadmin:fpm", "joomla:fpm", "monica:fpm",
		"serversideup/php:8.4-fpm", "serversideup/php:8.4-fpm-nginx", "webdevops/php:8.3", "webdevops/php:7.2", "webdevops/php-nginx:8.3", "webdevops/php-apache:7.4", "bitnami/nginx", "bitnami/php-fpm:8.2", "adhocore/phpfpm:8.3a",
		"mautic/mautic:6-fpm", "laradock/php-fpm:latest-8.3", "devilbox/php-fpm:8.2-work", "devilbox/php-fpm:5.6-work", "wodby/php:8.3", "wodby/nginx",
	} {
		tests[ref] = installed(t, ref, "", "")
	}
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		r := open(t, engine.Options{Tree: tests[name]}).Lint(nil)
		if len(r.Files) == 0 {
			t.Errorf("%s: nothing is read", name)
		}
		notes := 0
		for _, f := range r.Findings {
			if f.Severity() == lint.Info {
				notes++
			}
		}
		if notes > 3 || notes != len(r.Findings) {
			t.Errorf("%s: %q", name, said(r))
		}
	}
}
