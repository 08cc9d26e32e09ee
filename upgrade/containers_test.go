package upgrade_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/tree"
	"github.com/wp502lint/wp502lint/upgrade"
)

// TestContainers plans for a project.
func TestContainers(t *testing.T) {
	host := tree.Memory(map[string]string{
		"/compose.yaml":           "services:\n  web:\n    image: nginx:1.27\n    volumes:\n      - ./site.conf:/etc/nginx/conf.d/default.conf\n  php:\n    build:\n      context: .\n      args:\n        PHP_VERSION: \"8.1\"\n",
		"/Dockerfile":             "ARG PHP_VERSION=8.1\n# PHP 8.1\nFROM php:${PHP_VERSION}-fpm\nRUN docker-php-ext-install mysqli opcache\nCOPY docker/php8.1/app.conf /usr/local/etc/php-fpm.d/app.conf\n",
		"/docker/php8.1/app.conf": "[www]\npm = static\npm.max_children = 5\n",
		"/site.conf":              "server { location ~ \\.php$ { include fastcgi_params; fastcgi_pass php:9000; } }\n",
		"/.env":                   "PHP_VERSION=8.1\nAPP_VERSION=8.1\n",
	})
	o := upgrade.Options{From: "8.1", To: "8.5"}
	p := plan(t, host, o)
	got := changed(p)
	want := map[string]string{
		"/compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    volumes:\n      - ./site.conf:/etc/nginx/conf.d/default.conf\n  php:\n    build:\n      context: .\n      args:\n        PHP_VERSION: \"8.5\"\n",
		"/Dockerfile":   "ARG PHP_VERSION=8.5\n# PHP 8.1\nFROM php:${PHP_VERSION}-fpm\nRUN docker-php-ext-install mysqli\nCOPY docker/php8.1/app.conf /usr/local/etc/php-fpm.d/app.conf\n",
		"/.env":         "PHP_VERSION=8.5\nAPP_VERSION=8.1\n",
	}
	if !maps.Equal(got, want) {
		t.Errorf("changes %q", got)
	}
	if again := plan(t, tree.Amended(host, p.Files), o); !again.Empty() || again.Failed() {
		t.Errorf("a second plan changes %q %s", changed(again), again.Refused)
	}
}

// A project whose own pool is on the loopback address was hidden by the old images; the new one
// shows it, and the plan is refused.
func TestNewImage(t *testing.T) {
	p := plan(t, tree.Memory(map[string]string{
		"/compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    volumes: [./site.conf:/etc/nginx/conf.d/default.conf]\n  php:\n    image: php:8.1-fpm\n    volumes: [./www.conf:/usr/local/etc/php-fpm.d/www.conf]\n",
		"/site.conf":    "server { location ~ \\.php$ { include fastcgi_params; fastcgi_pass php:9000; } }\n",
		"/www.conf":     "[www]\nuser = www-data\ngroup = www-data\nlisten = 127.0.0.1:9000\npm = static\npm.max_children = 5\n",
	}), upgrade.Options{From: "8.1", To: "8.4"})
	if !strings.Contains(p.Refused, "the plan would bring an error") {
		t.Errorf("refused %q", p.Refused)
	}
}

const (
	phpSite   = "server { location ~ \\.php$ { include fastcgi_params; fastcgi_pass php:9000; } }\n"
	webOf     = "services:\n  web:\n    image: nginx:1.27\n    volumes: [./site.conf:/etc/nginx/conf.d/default.conf]\n  php:\n"
	staticWWW = "[www]\npm = static\npm.max_children = 5\n"
)

// projects are projects and what a plan changes in each.
var projects = map[string]struct {
	files    map[string]string
	from, to string
	want     map[string]string
	says     string
}{
	"a program that a supervisor starts": {
		files: map[string]string{
			"/Dockerfile":       "FROM alpine:3.22\nRUN apk add --no-cache nginx supervisor php83 \\\n  php83-fpm \\\n  php83-mysqli\nCOPY site.conf /etc/nginx/http.d/default.conf\nCOPY supervisord.conf /etc/supervisord.conf\nCMD [\"supervisord\", \"-n\", \"-c\", \"/etc/supervisord.conf\"]\n",
			"/supervisord.conf": "[program:php]\ncommand=php-fpm83 -F\n[program:nginx]\ncommand=nginx -g 'daemon off;'\n",
			"/site.conf":        strings.Replace(phpSite, "php:9000", "127.0.0.1:9000", 1),
		}, from: "8.3", to: "8.4",
		want: map[string]string{
			"/Dockerfile":       "FROM alpine:3.22\nRUN apk add --no-cache nginx supervisor php84 \\\n  php84-fpm \\\n  php84-mysqli\nCOPY site.conf /etc/nginx/http.d/default.conf\nCOPY supervisord.conf /etc/supervisord.conf\nCMD [\"supervisord\", \"-n\", \"-c\", \"/etc/supervisord.conf\"]\n",
			"/supervisord.conf": "[program:php]\ncommand=php-fpm84 -F\n[program:nginx]\ncommand=nginx -g 'daemon off;'\n",
		}, says: "php83 becomes php84",
	},
	"a folder with the version": {
		files: map[string]string{
			"/Dockerfile":                           "FROM alpine:3.22\nRUN apk add --no-cache nginx php83-fpm\nADD docker/ /\nCMD [\"/bin/up\"]\n",
			"/docker/etc/php83/php-fpm.conf":        "[global]\n; since php83\ninclude = /etc/php83/php-fpm.d/*.conf\n",
			"/docker/etc/php83/php-fpm.d/www.conf":  staticWWW + "user = nginx\nlisten = /run/php83-fpm.sock\nlisten.owner = nginx\n",
			"/docker/etc/nginx/http.d/default.conf": strings.Replace(phpSite, "php:9000", "unix:/run/php83-fpm.sock", 1),
			"/docker/bin/up":                        "#!/bin/sh\nphp-fpm83 -D\nexec nginx -g 'daemon off;'\n",
		}, from: "8.3", to: "8.4",
		want: map[string]string{
			"/Dockerfile":                           "FROM alpine:3.22\nRUN apk add --no-cache nginx php84-fpm\nADD docker/ /\nCMD [\"/bin/up\"]\n",
			"/docker/etc/php84/php-fpm.conf":        "[global]\n; since php83\ninclude = /etc/php84/php-fpm.d/*.conf\n",
			"/docker/etc/php84/php-fpm.d/www.conf":  staticWWW + "user = nginx\nlisten = /run/php84-fpm.sock\nlisten.owner = nginx\n",
			"/docker/etc/nginx/http.d/default.conf": strings.Replace(phpSite, "php:9000", "unix:/run/php84-fpm.sock", 1),
			"/docker/bin/up":                        "#!/bin/sh\nphp-fpm84 -D\nexec nginx -g 'daemon off;'\n",
		},
	},
	"a script of which nothing is known": {
		files: map[string]string{
			"/Dockerfile": "FROM alpine:3.22\nRUN apk add --no-cache nginx php83-fpm\nCOPY bin /\nENTRYPOINT [\"/bin/from-elsewhere\"]\n",
			"/bin/up":     "#!/bin/sh\n# php-fpm83\nphp-fpm83 -D\n", "/README.md": "php-fpm83\n", "/vendor/x": "php-fpm83\n",
		}, from: "8.3", to: "8.4",
		want: map[string]string{"/Dockerfile": "FROM alpine:3.22\nRUN apk add --no-cache nginx php84-fpm\nCOPY bin /\nENTRYPOINT [\"/bin/from-elsewhere\"]\n"},
		says: "/bin/up names PHP 8.3 in line 3, and is not changed",
	},
	"names of services, variables and stages": {
		files: map[string]string{
			"/compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    volumes: [./site.conf:/etc/nginx/conf.d/default.conf]\n  php82:\n    container_name: php82\n    build:\n      context: .\n      target: php82\n    environment:\n      A: $PHP82_A\n    depends_on: [cache-php82]\n  cache-php82:\n    image: redis:7\n",
			"/Dockerfile":   "FROM php:8.2-fpm AS php82\nARG PHP82_EXTENSIONS\nENV LIST=${PHP82_EXTENSIONS}\nCOPY --from=php82 /a /b\n",
			"/site.conf":    strings.Replace(phpSite, "php:9000", "php82:9000", 1),
			"/.env":         "PHP82_A=1\nPHP82_EXTENSIONS=x\n",
		}, from: "8.2", to: "8.4",
		want: map[string]string{"/Dockerfile": "FROM php:8.4-fpm AS php82\nARG PHP82_EXTENSIONS\nENV LIST=${PHP82_EXTENSIONS}\nCOPY --from=php82 /a /b\n"},
	},
	"a release of Debian that the new PHP has no image of": {
		files: map[string]string{"/compose.yaml": webOf + "    build: .\n", "/site.conf": phpSite, "/Dockerfile": "FROM php:7.4-fpm-buster\n"},
		from:  "7.4", to: "8.4", want: map[string]string{"/Dockerfile": "FROM php:8.4-fpm-bullseye\n"}, says: "PHP 8.4 has no image for buster",
	},
	"one of Alpine": {
		files: map[string]string{"/compose.yaml": webOf + "    image: php:8.1-fpm-alpine3.16\n", "/site.conf": phpSite},
		from:  "8.1", to: "8.5", want: map[string]string{"/compose.yaml": webOf + "    image: php:8.5-fpm-alpine3.21\n"}, says: "PHP 8.5 has no image for alpine3.16",
	},
	"one that has an image": {
		files: map[string]string{"/compose.yaml": webOf + "    image: php:8.1.27-fpm-bookworm\n", "/site.conf": phpSite},
		from:  "8.1", to: "8.4", want: map[string]string{"/compose.yaml": webOf + "    image: php:8.4-fpm-bookworm\n"},
	},
	"an image of an application": {
		files: map[string]string{"/compose.yaml": webOf + "    image: wordpress:6.7-php8.2-fpm\n", "/site.conf": phpSite},
		from:  "8.2", to: "8.4", want: map[string]string{"/compose.yaml": webOf + "    image: wordpress:6.7-php8.4-fpm\n"},
	},
}

// TestProjects compares what a plan changes in a project. A second plan has nothing left to do.
func TestProjects(t *testing.T) {
	for name, tt := range projects {
		t.Run(name, func(t *testing.T) {
			o := upgrade.Options{From: tt.from, To: tt.to}
			p := plan(t, tree.Memory(tt.files), o)
			if got := changed(p); p.Refused != "" || !maps.Equal(got, tt.want) {
				t.Errorf("refused %q, changes %q", p.Refused, got)
			}
			if !strings.Contains(said(p), tt.says) {
				t.Errorf("%q is not said:\n%s", tt.says, said(p))
			}
			if again := plan(t, tree.Amended(tree.Memory(tt.files), p.Files), o); !again.Empty() || again.Refused != "" {
				t.Errorf("a second plan changes %q %s", changed(again), again.Refused)
			}
		})
	}
}

// What brings PHP is not in the project: paths alone would not change it.
func TestForeignImage(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"nothing names the version": {"/Dockerfile": "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y php-fpm nginx\nCMD service php8.1-fpm start; nginx -g 'daemon off;'\n"},
		"paths name it": {
			"/Dockerfile":                      "FROM acme/web:7\nCOPY etc /etc\nRUN rm /etc/php/8.2/fpm/x\nCMD [\"/usr/sbin/php-fpm8.2\", \"-F\"]\n",
			"/etc/php/8.2/fpm/php-fpm.conf":    "include = /etc/php/8.2/fpm/pool.d/*.conf\n",
			"/etc/php/8.2/fpm/pool.d/www.conf": staticWWW + "user = www-data\nlisten = /run/php/php8.2-fpm.sock\n",
			"/etc/nginx/nginx.conf":            "events {}\nhttp { server { location ~ \\.php$ { fastcgi_pass unix:/run/php/php8.2-fpm.sock; } } }\n",
		},
	} {
		from := "8.2"
		if name == "nothing names the version" {
			from = "8.1"
		}
		p := plan(t, tree.Memory(files), upgrade.Options{From: from, To: "8.4"})
		if !strings.HasPrefix(p.Refused, "/Dockerfile:1: container ") || !strings.Contains(p.Refused, "would st") || !strings.Contains(p.Refused, "nothing is written before") || !p.Failed() || !p.Empty() {
			t.Errorf("%s: refused %q, changes %q", name, p.Refused, changed(p))
		}
	}
}
