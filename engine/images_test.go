package engine_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/tree"
)

// installed returns the files of an image with packages, and a site that PHP-FPM serves if
// where is a file name.
func installed(t *testing.T, ref, site, text string, packages ...string) *tree.Tree {
	t.Helper()
	m, ok := servers.ImageOf(ref)
	if !ok {
		t.Fatalf("%s is unknown", ref)
	}
	files, links := m.Files, m.Links
	for _, name := range packages {
		p, ok := servers.Package(m.Distribution, m.Release, name)
		if !ok {
			t.Fatalf("%s has no package %s", ref, name)
		}
		files, links = slices.Concat(files, p.Files), slices.Concat(links, p.Links)
		passwd, group := textOf(files, "/etc/passwd"), textOf(files, "/etc/group")
		*passwd, *group = p.AddTo(*passwd, *group)
	}
	texts := map[string]string{}
	for _, f := range files {
		switch {
		case slices.Contains(m.Filled, f.Name):
			texts[f.Name] = filled(f.Text, m.Env)
		case !f.Dir:
			texts[f.Name] = f.Text
		}
	}
	if site != "" {
		texts[site] = text
	}
	root := tree.Memory(texts)
	for _, f := range files {
		info := tree.Info{Mode: 0o644, UID: f.UID, GID: f.GID}
		if f.Dir {
			info.Type, info.Mode = tree.Dir, 0o755
		}
		if f.Mode != 0 {
			info.Mode = f.Mode
		}
		root.Set(f.Name, info)
	}
	// What Dockerfiles with the PHP-FPM of a distribution have to make.
	for _, dir := range []string{"/run/php", "/run/php-fpm"} {
		root.Set(dir, tree.Info{Type: tree.Dir, Mode: 0o755})
	}
	for _, l := range links {
		root.Link(l.Name, l.Target)
	}
	return root
}

func textOf(files []servers.ImageFile, name string) *string {
	i := slices.IndexFunc(files, func(f servers.ImageFile) bool { return f.Name == name })
	return &files[i].Text
}

// filled puts the values of variables into a text.
func filled(text string, env map[string]string) string {
	for name, value := range env {
		text = strings.ReplaceAll(text, "${"+name+"}", value)
	}
	return text
}

// What images and packages bring is as quiet as the stock files of a host.
func TestStockImagesAreQuiet(t *testing.T) {
	const php = "server { listen 80; server_name shop.example; root /var/www/html; location ~ \\.php$ { include fastcgi_params; fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name; fastcgi_pass "
	tests := map[string]*tree.Tree{
		"nginx":              installed(t, "nginx:1.27", "", ""),
		"nginx alpine":       installed(t, "nginx:alpine", "", ""),
		"nginx unprivileged": installed(t, "nginxinc/nginx-unprivileged", "", ""),
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
		"wordpress:fpm", "drupal:11-fpm-alpine", "nextcloud:fpm", "matomo:fpm", "phpmyadmin:fpm", "joomla:fpm", "monica:fpm",
		"serversideup/php:8.4-fpm", "serversideup/php:8.4-fpm-nginx", "webdevops/php:8.3", "webdevops/php-nginx:8.3", "bitnami/nginx", "bitnami/php-fpm:8.2", "adhocore/phpfpm:8.3a",
	} {
		tests[ref] = installed(t, ref, "", "")
	}
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		r := open(t, engine.Options{Tree: tests[name]}).Lint(nil)
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
