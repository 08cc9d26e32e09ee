package servers

import (
	"path"
	"slices"
	"testing"
)

func TestParseImage(t *testing.T) {
	tests := map[string]Reference{
		"php":                                            {"", "php", "", ""},
		"php:8.3-fpm-alpine":                             {"", "php", "8.3-fpm-alpine", ""},
		"php:8.3-fpm@sha256:00ff":                        {"", "php", "8.3-fpm", "sha256:00ff"},
		"docker.io/php:fpm":                              {"docker.io", "php", "fpm", ""},
		"docker.io/library/php:fpm":                      {"docker.io/library", "php", "fpm", ""},
		"library/php:fpm":                                {"library", "php", "fpm", ""},
		"registry.example/library/php":                   {"registry.example/library", "php", "", ""},
		"mirror.gcr.io/library/php:8.3-fpm":              {"mirror.gcr.io/library", "php", "8.3-fpm", ""},
		"public.ecr.aws/docker/library/php:8.3-fpm":      {"public.ecr.aws/docker/library", "php", "8.3-fpm", ""},
		"gitlab.com/g/dependency_proxy/containers/nginx": {"gitlab.com/g/dependency_proxy/containers", "nginx", "", ""},
		"localhost:5000/library/nginx:1.27":              {"localhost:5000/library", "nginx", "1.27", ""},
		"docker.io/nginxinc/nginx-unprivileged:1.27":     {"docker.io", "nginxinc/nginx-unprivileged", "1.27", ""},
		"localhost:5000/php":                             {"", "localhost:5000/php", "", ""},
		"ghcr.io/x/php:8.3-fpm":                          {"", "ghcr.io/x/php", "8.3-fpm", ""},
		"team/php:8.3-fpm":                               {"", "team/php", "8.3-fpm", ""},
		"":                                               {},
		":":                                              {},
		"@":                                              {},
	}
	for ref, want := range tests {
		if got := ParseImage(ref); got != want {
			t.Errorf("ParseImage(%q) = %+v, want %+v", ref, got, want)
		}
	}
}

func TestUnknownImages(t *testing.T) {
	for _, ref := range []string{"", "localhost:5000/php", "ghcr.io/x/php", "team/php:fpm", "registry.example.com/team/php-runtime:4",
		"php@sha256:00ff", "wordpress@sha256:00ff", "registry.example.com/team/nginx/nginx"} {
		if m, ok := ImageOf(ref); ok {
			t.Errorf("ImageOf(%q) = %s, want none", ref, m.Family)
		}
	}
}

func TestPHPLayouts(t *testing.T) {
	tests := map[string]PHPLayout{
		"php:7.4-fpm": LayoutOld, "php:7.4-fpm-alpine": LayoutOld, "php:7-fpm": LayoutOld, "php:8.1-fpm": LayoutOld, "php:8.1.34-fpm": LayoutOld,
		"php:8.0-fpm-buster": LayoutOld, "php:5.6-fpm": LayoutOld,
		"php:8.2.20-fpm": LayoutOld, "php:8.2.30-fpm": LayoutOld, "php:8.3.6-fpm-alpine": LayoutOld, "php:8.3.12-fpm": LayoutOld,
		"php:8.3.29-fpm": LayoutOld, "php:8.4.10-fpm": LayoutOld, "php:8.4.16-fpm": LayoutOld, "php:8.5.1-fpm": LayoutOld,
		"php:8.3-fpm-bullseye": LayoutOld, "php:8.3-fpm-alpine3.20": LayoutOld, "php:fpm-alpine3.21": LayoutOld,
		"php:8.2-fpm": LayoutNew, "php:8.2.31-fpm": LayoutNew, "php:8.2-fpm-trixie": LayoutNew, "php:8.3-fpm": LayoutNew, "php:8.3-fpm-alpine": LayoutNew,
		"php:8.3.30-fpm": LayoutNew, "php:8.4-fpm": LayoutNew, "php:8.4.17-fpm": LayoutNew, "php:8.4.20-fpm-trixie": LayoutNew, "php:8.5-fpm": LayoutNew,
		"php:8.5.2-fpm": LayoutNew, "php:8-fpm": LayoutNew, "php:fpm": LayoutNew, "php:fpm-alpine": LayoutNew, "php:8.3-fpm-alpine3.22": LayoutNew,
		"php:8.6-rc-fpm": LayoutNew, "php:9.0-fpm": LayoutNew,
		"php:8.3-fpm@sha256:00ff": LayoutUnknown, "adhocore/phpfpm:8.3a": LayoutUnknown, "adhocore/phpfpm:7.4": LayoutOld,
		"laradock/php-fpm:2.6-7.2": LayoutOld, "laradock/php-fpm:latest-8.4": LayoutUnknown, "mautic/mautic:7-fpm": LayoutUnknown, "mautic/mautic": LayoutNone,
		"wodby/php": LayoutNew, "wodby/php:8.3-dev": LayoutNew, "wodby/php:8.3-dev-macos-4.70.8": LayoutNew, "wodby/php:8.3-4.68.0": LayoutUnknown, "wodby/php:8.3-4.66.0": LayoutOld, "wodby/php:8.1-4.40.0": LayoutOld,
		// A pinned version of an application is as old as its last build.
		"wordpress:fpm": LayoutNew, "wordpress:6-fpm": LayoutNew, "wordpress:6.9-php8.3-fpm": LayoutNew, "wordpress:7.0.1-php8.4-fpm-alpine": LayoutNew,
		"wordpress:6.4.2-php8.2-fpm": LayoutOld, "wordpress:6.8-php8.3-fpm-alpine": LayoutOld, "wordpress:5-fpm": LayoutOld, "wordpress:php8.1-fpm": LayoutOld,
		"wordpress:6.9.1-php8.2-fpm": LayoutOld, "wordpress:6.9.4-php8.2-fpm": LayoutNew, "wordpress:php8.2-fpm": LayoutNew,
		"nextcloud:28-fpm-alpine": LayoutOld, "nextcloud:31.0.12-fpm": LayoutOld, "nextcloud:31-fpm": LayoutNew, "nextcloud:32.0.4-fpm": LayoutOld,
		"nextcloud:fpm": LayoutNew, "nextcloud:34-fpm": LayoutNew,
		"drupal:10.1-php8.2-fpm": LayoutOld, "drupal:10.6-fpm": LayoutNew, "drupal:11.3.1-fpm": LayoutOld, "drupal:11.4-php8.5-fpm": LayoutNew,
		"matomo:5.5-fpm": LayoutOld, "matomo:fpm-alpine": LayoutNew, "joomla:5.3-fpm": LayoutOld, "joomla:6-php8.4-fpm": LayoutNew,
		"wordpress": LayoutNone, "wordpress:cli": LayoutNone, "drupal:10.1-php8.2-apache": LayoutNone,
		"php": LayoutNone, "php:8.3-apache": LayoutNone, "php:8.3-cli": LayoutNone, "php:8.3-zts": LayoutNone, "nginx": LayoutNone,
	}
	for ref, want := range tests {
		if m, ok := ImageOf(ref); !ok || m.Layout != want {
			t.Errorf("ImageOf(%q) has layout %d, want %d", ref, m.Layout, want)
		}
	}
}

func TestImageVersions(t *testing.T) {
	tests := []struct{ ref, php, nginx, distribution, release string }{
		{"php:8.3.12-fpm-alpine3.20", "8.3.12", "", "alpine", "3.20"},
		{"php:8.3-fpm-bookworm", "8.3", "", "debian", "bookworm"},
		{"php:7-fpm", "7.4", "", "debian", "bullseye"},
		{"php:fpm", "", "", "debian", "trixie"},
		{"wordpress:6.9-fpm", "8.3", "", "debian", "trixie"},
		{"wordpress:6.4.2-php8.2-fpm-alpine", "8.2", "", "alpine", ""},
		{"nextcloud:28-fpm-alpine", "8.2", "", "alpine", ""},
		{"trafex/php-nginx:3.6.0", "8.3", "", "alpine", "3.20"},
		{"serversideup/php:8.3-fpm-nginx", "8.3", "", "debian", "trixie"},
		{"phusion/baseimage:jammy-1.0.1", "", "", "ubuntu", "22.04"},
		{"phusion/baseimage:0.11", "", "", "ubuntu", "18.04"},
		{"rockylinux:9", "", "", "rocky", "9"},
		{"quay.io/centos/centos:stream9", "", "", "centos", "9"},
		{"node:20-alpine", "", "", "alpine", ""},
		{"nginx", "", "", "debian", "trixie"},
		{"nginx:stable-alpine", "", "", "alpine", ""},
		{"nginx:1.27.1", "", "1.27.1", "debian", "bookworm"},
		{"nginx:1.15.12-alpine", "", "1.15.12", "alpine", ""},
		{"nginx:1.27-perl", "", "1.27", "debian", "bookworm"},
		{"openresty/openresty", "", "", "debian", "bookworm"},
		{"openresty/openresty:1.27.1.2-0-bookworm-fat", "", "1.27.1", "debian", "bookworm"},
		{"openresty/openresty:1.29.2.5-alpine-slim", "", "1.29.2", "alpine", ""},
		{"openresty/openresty:1.21.4.1-jammy", "", "1.21.4", "ubuntu", "22.04"},
		{"openresty/openresty:1.27.1.2-rocky", "", "1.27.1", "", ""},
		{"openresty/openresty@sha256:00ff", "", "", "", ""},
		{"mautic/mautic:5.2.1-20250101-fpm", "", "", "debian", "bookworm"},
		{"mautic/mautic:7-fpm", "8.3", "", "debian", "bookworm"},
		{"laradock/php-fpm:latest-8.3", "8.3", "", "debian", "trixie"},
		{"devilbox/php-fpm:8.1-work-0.150", "8.1", "", "debian", "bookworm"},
		{"debian:bookworm-slim", "", "", "debian", "bookworm"},
		{"debian:12.5", "", "", "debian", "bookworm"},
		{"ubuntu:22.04", "", "", "ubuntu", "22.04"},
		{"ubuntu:jammy-20240101", "", "", "ubuntu", "22.04"},
		{"alpine:3.20.3", "", "", "alpine", "3.20"},
		{"alpine", "", "", "alpine", ""},
	}
	for _, tt := range tests {
		m, _ := ImageOf(tt.ref)
		got := []string{m.PHP, m.Nginx, m.Distribution, m.Release}
		if want := []string{tt.php, tt.nginx, tt.distribution, tt.release}; !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", tt.ref, got, want)
		}
	}
}

// sampleImages have every family, and the variants that differ.
func sampleImages() (refs []string) {
	for _, f := range families() {
		refs = append(refs, f.names...)
	}
	return append(refs, "php:fpm", "php:7.4-fpm-alpine", "php:8.6-rc-fpm", "php:8.3-fpm@sha256:00ff", "php:apache", "php:7.4-apache", "httpd:alpine", "webdevops/apache:alpine", "serversideup/php:8.3-fpm-apache", "webdevops/php-apache:8.3", "nginx:alpine", "nginx:1.9",
		"nginx:1.15-alpine", "nginxinc/nginx-unprivileged:1.27-alpine", "openresty/openresty:alpine", "openresty/openresty:rocky",
		"mautic/mautic:6-fpm", "laradock/php-fpm:latest-8.3", "wodby/php:8.3", "devilbox/php-fpm:8.2-work", "devilbox/php-fpm:7.4-base")
}

func TestEveryFamilyOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range families() {
		for _, name := range f.names {
			if seen[name] {
				t.Errorf("%s is in the table twice", name)
			}
			seen[name] = true
		}
	}
}

func TestImagesAreConsistent(t *testing.T) {
	for _, ref := range sampleImages() {
		m, ok := ImageOf(ref)
		if !ok {
			t.Errorf("%s is unknown", ref)
			continue
		}
		checkFiles(t, ref, m.Files, m.Links, m.Complete, m.Absent)
		for _, p := range m.Programs {
			if !path.IsAbs(p.Path) || !m.has(p.Conf) {
				t.Errorf("%s: %s reads %s, which does not exist", ref, p.Path, p.Conf)
			}
		}
		if m.User == "" && m.Distribution != "" && len(m.Accounts) == 0 {
			t.Errorf("%s has no accounts", ref)
		}
	}
}

// has reports whether a file or a link of m has a name.
func (m Image) has(name string) bool {
	return slices.ContainsFunc(m.Files, func(f ImageFile) bool { return f.Name == name }) || slices.ContainsFunc(m.Links, func(l ImageLink) bool { return l.Name == name })
}

// checkFiles checks the names of an image or a package.
func checkFiles(t *testing.T, what string, files []ImageFile, links []ImageLink, complete, absent []string) {
	t.Helper()
	names, linked := map[string]bool{}, map[string]bool{}
	for _, f := range files {
		if names[f.Name] {
			t.Errorf("%s: %s is listed twice", what, f.Name)
		}
		names[f.Name] = f.Dir
	}
	for _, l := range links {
		if _, twice := names[l.Name]; twice || linked[l.Name] {
			t.Errorf("%s: %s is listed twice", what, l.Name)
		}
		linked[l.Name] = true
	}
	for name := range names {
		if !path.IsAbs(name) || path.Clean(name) != name {
			t.Errorf("%s: %s is not a clean absolute path", what, name)
		}
		for dir := path.Dir(name); dir != "/"; dir = path.Dir(dir) {
			if linked[dir] {
				t.Errorf("%s: %s is below a link", what, name)
			}
		}
	}
	for _, dir := range complete {
		if dir != "/" && !names[dir] {
			t.Errorf("%s: the complete directory %s is not listed", what, dir)
		}
	}
	for _, name := range absent {
		if _, exists := names[name]; exists || linked[name] {
			t.Errorf("%s: %s is both absent and listed", what, name)
		}
	}
}

func TestPHPSuite(t *testing.T) {
	for _, test := range []struct{ branch, suite, want string }{
		{"8.4", "buster", "bullseye"}, {"8.4", "bookworm", "bookworm"}, {"8.4", "trixie", "trixie"}, {"8.4", "forky", "forky"},
		{"8.5", "bullseye", "bookworm"}, {"7.4", "trixie", "bullseye"}, {"7.4", "buster", "buster"},
		{"8.5", "alpine3.9", "alpine3.21"}, {"8.4", "alpine3.20", "alpine3.20"}, {"8.4", "alpine3.99", "alpine3.99"}, {"8.1", "alpine3.23", "alpine3.22"},
		{"8.4", "fpm", "fpm"}, {"8.4", "alpine", "alpine"}, {"9.9", "buster", "buster"},
	} {
		if got := PHPSuite(test.branch, test.suite); got != test.want {
			t.Errorf("PHP %s on %s: got %s, want %s", test.branch, test.suite, got, test.want)
		}
	}
}
