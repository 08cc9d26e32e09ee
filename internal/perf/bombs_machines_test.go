package perf

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/tree"
)

// machineBombs are projects of containers. Their sizes grow with n up to what an engine
// could still run.
var machineBombs = []bomb{
	{"many services", func(n int) *tree.Tree {
		return composed("services:\n" + numbered(n/10, "  s#:\n    image: php:8.3-fpm\n    volumes: [./pool.conf:/usr/local/etc/php-fpm.d/www.conf]\n"))
	}},
	{"services that ask many", func(n int) *tree.Tree {
		files := map[string]string{"/compose.yaml": "services:\n" + numbered(n/40, "  w#: {image: nginx, volumes: [./#.conf:/etc/nginx/conf.d/default.conf]}\n  p#: {image: php:8.3-fpm}\n")}
		add(files, n/40, "/#.conf", "server { location / { fastcgi_pass p#:9000; } location /b { fastcgi_pass lacking#:9000; } location /c { fastcgi_pass 127.0.0.1:9000; } }\n")
		return tree.Memory(files)
	}},
	{"a service that links to many", func(n int) *tree.Tree {
		return composed("services:\n  web:\n    image: nginx\n    links:\n" + numbered(n/10, "      - s#\n") + numbered(n/10, "  s#: {image: redis, depends_on: [web]}\n"))
	}},
	{"a long compose file", func(n int) *tree.Tree {
		return composed("services:\n  web:\n    image: nginx\n    environment:\n" + numbered(n, "      V#: ${V#:-x}\n"))
	}},
	{"aliases of aliases", func(n int) *tree.Tree {
		text := "x-a0: &a0 {k: [x, x, x]}\n"
		for i := range min(n/100, 60) {
			text += fmt.Sprintf("x-a%d: &a%d {k: [*a%d, *a%d, *a%d, *a%d]}\n", i+1, i+1, i, i, i, i)
		}
		return composed(text + fmt.Sprintf("services:\n  web:\n    image: nginx\n    environment: *a%d\n", min(n/100, 60)))
	}},
	{"merges of merges", func(n int) *tree.Tree {
		text := "x-a0: &a0 {image: nginx}\n"
		for i := range n / 10 {
			text += fmt.Sprintf("x-a%d: &a%d\n  <<: [*a%d, *a%d]\n  k%d: x\n", i+1, i+1, i, i, i)
		}
		return composed(text + fmt.Sprintf("services:\n  web: *a%d\n", n/10))
	}},
	{"many compose files", func(n int) *tree.Tree {
		files := map[string]string{"/pool.conf": pool}
		add(files, n/20, "/p#/compose.yaml", "services:\n  web: {image: nginx, volumes: [./site.conf:/etc/nginx/conf.d/default.conf]}\n  php: {image: php:8.3-fpm}\n")
		add(files, n/20, "/p#/site.conf", "server { location / { fastcgi_pass php:9000; } }\n")
		return tree.Memory(files)
	}},
	{"many overrides of one compose file", func(n int) *tree.Tree {
		files := map[string]string{"/compose.yaml": "services:\n" + numbered(n/500, "  s#: {image: php:8.3-fpm}\n")}
		add(files, n/200, "/compose.#.yaml", "services:\n  s0: {environment: {V: #}}\n")
		return tree.Memory(files)
	}},
	{"a chain of includes", func(n int) *tree.Tree {
		files := map[string]string{}
		for i := range n / 20 {
			files[fmt.Sprintf("/p%d/compose.yaml", i)] = fmt.Sprintf("include: [../p%d/compose.yaml, ../p%d/compose.yaml]\nservices: {s%d: {image: nginx}}\n", i+1, i+2, i)
		}
		return tree.Memory(files)
	}},
	{"a chain of extends", func(n int) *tree.Tree {
		return composed("services:\n  s0: {image: nginx}\n" + chain(n/20, "  s%d:\n    extends: {service: s%d}\n    environment: {V%d: x}\n"))
	}},
	{"a chain of volumes_from", func(n int) *tree.Tree {
		return composed("services:\n  s0: {image: nginx, volumes: [data:/data]}\n" + chain(n/20, "  s%d: {image: nginx, volumes_from: [s%d, 's%d:ro']}\n") + "volumes: {data: {}}\n")
	}},
	{"a chain of stages", func(n int) *tree.Tree {
		return built("FROM php:8.3-fpm AS s0\n"+chain(n/100, "FROM s%[1]d AS s%[2]d\nCOPY pool.conf /usr/local/etc/php-fpm.d/z%[1]d.conf\n", 1), nil)
	}},
	{"many stages with copies", func(n int) *tree.Tree {
		return built("FROM php:8.3-fpm AS s0\n"+chain(n/100, "FROM nginx AS s%[2]d\nCOPY --from=s%[1]d / /\n", 1), nil)
	}},
	{"many commands", func(n int) *tree.Tree {
		return built("FROM php:8.3-fpm\n"+numbered(n/10, "RUN echo 'a = #' >> /usr/local/etc/php-fpm.d/zz-docker.conf\n"), nil)
	}},
	{"many edits of a large file", func(n int) *tree.Tree {
		return built("FROM php:8.3-fpm\nCOPY large.conf /usr/local/etc/php-fpm.d/large.conf\n"+numbered(n/10, "RUN sed -i 's/x#/y/' /usr/local/etc/php-fpm.d/large.conf\n"), map[string]string{"/large.conf": numbered(n/5, "; x#\n")})
	}},
	{"many accounts", func(n int) *tree.Tree {
		return built("FROM php:8.3-fpm\n"+numbered(n/20, "RUN useradd -r u# && usermod -aG www-data u#\n"), nil)
	}},
	{"a command of many", func(n int) *tree.Tree {
		return built("FROM php:8.3-fpm\nRUN true \\\n"+numbered(n/10, " && mkdir -p /d/# && chown www-data /d/# \\\n")+" && true\n", nil)
	}},
	{"a whole checkout", func(n int) *tree.Tree {
		files := map[string]string{"/.dockerignore": "*.md\n**/cache\n!keep.md\n"}
		add(files, n/5, "/src/d#/a.php", "<?php\n")
		return built("FROM php:8.3-fpm\nCOPY . /var/www\nCOPY --chown=www-data . /var/www\nRUN chown -R www-data /var/www && rm -rf /var/www/src/d1*\n", files)
	}},
	{"scripts that start each other", func(n int) *tree.Tree {
		files := map[string]string{}
		for i := range min(n/100, 200) {
			files[fmt.Sprintf("/bin/s%d", i)] = fmt.Sprintf("#!/bin/sh\n/s%d\n/s%d\n", i+1, i+1)
		}
		return built("FROM php:8.3-fpm\nCOPY bin /\nCMD [\"/s0\"]\n", files)
	}},
	{"loops in loops", func(n int) *tree.Tree {
		words := numbered(min(n, 1000), "w# ")
		return built("FROM php:8.3-fpm\nRUN for a in "+words+"; do for b in "+words+"; do for c in "+words+"; do echo $a$b$c >> /etc/x; done; done; done\n", nil)
	}},
	{"configurations of supervisord", func(n int) *tree.Tree {
		files := map[string]string{}
		add(files, n/100, "/conf/#.conf", "[include]\nfiles = *.conf\n[program:p#]\ncommand=php-fpm -F\n")
		return built("FROM php:8.3-fpm\nCOPY conf /etc/supervisor/\nCMD [\"supervisord\", \"-c\", \"/etc/supervisor/0.conf\"]\n", files)
	}},
	{"many manifests", func(n int) *tree.Tree {
		return tree.Memory(map[string]string{"/k8s.yaml": numbered(n/20, "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d#}\nspec:\n  selector: {matchLabels: {app: a#}}\n  template:\n    metadata: {labels: {app: a#}}\n    spec:\n      containers: [{name: php, image: php:8.3-fpm}]\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s#}\nspec: {selector: {app: a#}, ports: [{port: 9000}]}\n---\n")})
	}},
	{"Services of many pods", func(n int) *tree.Tree {
		return tree.Memory(map[string]string{"/k8s.yaml": numbered(n/40, "apiVersion: v1\nkind: Pod\nmetadata: {name: p#, labels: {app: a}}\nspec: {containers: [{name: php, image: php:8.3-fpm}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s#}\nspec: {selector: {app: a}, ports: [{port: 9000}]}\n---\n")})
	}},
	{"pods that ask many Services", func(n int) *tree.Tree {
		return tree.Memory(map[string]string{"/k8s.yaml": numbered(n/100, `apiVersion: v1
kind: ConfigMap
metadata: {name: c#}
data:
  default.conf: |
    server { location / { fastcgi_pass s#:9000; } location /b { fastcgi_pass lacking#:9000; } }
---
apiVersion: v1
kind: Pod
metadata: {name: p#, labels: {app: a#}}
spec:
  volumes: [{name: v, configMap: {name: c#}}]
  containers:
    - {name: nginx, image: "nginx:1.27", volumeMounts: [{name: v, mountPath: /etc/nginx/conf.d}]}
    - {name: php, image: php:8.3-fpm}
---
apiVersion: v1
kind: Service
metadata: {name: s#}
spec: {selector: {app: a#}, ports: [{port: 9000}]}
---
`)})
	}},
	{"many files of YAML", func(n int) *tree.Tree {
		return hosts(n/5, "/f#.yaml", "a: #\nb: [x, {c: d}]\n")
	}},
	{"many Dockerfiles", func(n int) *tree.Tree {
		files := map[string]string{"/pool.conf": pool}
		add(files, n/100, "/d#/Dockerfile", "FROM php:8.3-fpm\nRUN apt-get update && apt-get install -y nginx\nCOPY . /var/www\nCMD [\"php-fpm\"]\n")
		return tree.Memory(files)
	}},
	{"services of one large site", func(n int) *tree.Tree {
		t := map[string]string{"/compose.yaml": "services:\n" + numbered(n/200, "  s#:\n    image: nginx\n    volumes: [./site.conf:/etc/nginx/conf.d/default.conf]\n") + "  php: {image: php:8.3-fpm}\n",
			"/site.conf": "server {\n" + numbered(n/50, "location /l# { fastcgi_pass php:9000; }\n") + "}\n"}
		return tree.Memory(t)
	}},
	{"a large template", func(n int) *tree.Tree {
		return tree.Memory(map[string]string{
			"/compose.yaml":            "services:\n  web:\n    image: nginx\n    environment: {HOST: php}\n    volumes: [./t:/etc/nginx/templates]\n  php: {image: php:8.3-fpm}\n",
			"/t/default.conf.template": "server {\n" + numbered(n/5, "location /l# { fastcgi_pass ${HOST}:9000; }\n") + "}\n",
		})
	}},
}

const pool = "[www]\nuser = www-data\nlisten = 9000\npm = static\npm.max_children = 5\n"

// composed returns a project with one compose file.
func composed(text string) *tree.Tree {
	return tree.Memory(map[string]string{"/compose.yaml": text, "/pool.conf": pool})
}

// built returns a project with one Dockerfile.
func built(text string, files map[string]string) *tree.Tree {
	all := map[string]string{"/Dockerfile": text, "/pool.conf": pool}
	for name, content := range files {
		all[name] = content
	}
	return tree.Memory(all)
}

// chain returns text for each number from 1 to n, with that number and the one before.
func chain(n int, text string, order ...int) string {
	var b strings.Builder
	for i := range n {
		if len(order) > 0 {
			fmt.Fprintf(&b, text, i, i+1)
		} else {
			fmt.Fprintf(&b, text, i+1, i, i)
		}
	}
	return b.String()
}
