package deploy

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// The limits of what one input of FuzzFind may cost: a project of more bytes is skipped, and
// of a machine with more files only these are read.
const (
	maxProject = 8 << 10
	maxFiles   = 2000
)

// FuzzFind checks the invariants of every project: no panic, every place inside its file, every
// file of every machine readable and led back to bytes of the project, and a second look sees
// the same.
func FuzzFind(f *testing.F) {
	const (
		compose    = "services:\n  web:\n    build: ./web\n    environment: [PORT=9000]\n    volumes: ['./web/site.conf:/etc/nginx/templates/default.conf.template:ro', 'data:/data', './web:/srv']\n    depends_on: [php]\n  php:\n    image: php:${V}-fpm\n    volumes: [data:/data]\n    tmpfs: /run\nvolumes: {data: {}}\n"
		dockerfile = "ARG TAG=1.27\nFROM alpine AS base\nRUN apk add --no-cache nginx php83-fpm && mkdir -p /run/php && adduser -D app\nFROM nginx:$TAG\nCOPY --from=base /etc/php83 /etc/php83\nCOPY start.sh *.conf /etc/nginx/conf.d/\nRUN sed -i -e 's/80/8080/' /etc/nginx/conf.d/*.conf && echo 'listen = 9000' >> /etc/php83/php-fpm.d/www.conf\nENTRYPOINT [\"/bin/sh\", \"/etc/nginx/conf.d/start.sh\"]\n"
		script     = "#!/bin/sh\nset -e\nif [ -n \"$PORT\" ]; then envsubst < /srv/site.conf > /etc/nginx/conf.d/site.conf; fi\nfor i in /srv/*.conf; do cp \"$i\" /tmp/; done\nphp-fpm83 -D\nexec nginx -g 'daemon off;'\n"
		site       = "server {\n    listen 80;\n    location ~ \\.php$ { fastcgi_pass php:${PORT}; }\n}\n"
		pods       = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: site}\ndata:\n  default.conf: |\n    server { listen 80; }\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec:\n  containers:\n    - {name: nginx, image: 'nginx:1.27', volumeMounts: [{name: site, mountPath: /etc/nginx/conf.d}]}\n    - {name: fpm, image: 'php:8.3-fpm-alpine', env: [{name: A, value: b}]}\n  volumes: [{name: site, configMap: {name: site}}]\n"
		supervisor = "[supervisord]\nnodaemon=true\n[program:nginx]\ncommand=nginx -g 'daemon off;'\n[program:fpm]\ncommand=php-fpm8.2 -F\n[include]\nfiles=/etc/supervisor/conf.d/*.conf\n"
	)
	f.Add(compose, dockerfile, script, site, "V=8.3\n")
	f.Add(pods, "FROM debian:12\nRUN apt-get update && apt-get install -y nginx php8.2-fpm supervisor\nCOPY start.sh /etc/supervisor/conf.d/all.conf\nCMD [\"supervisord\", \"-n\"]\n", supervisor, site, "")
	f.Add("services:\n  web: {extends: {service: php}, network_mode: 'service:php'}\n  php: &php {build: {context: web, target: base, args: {TAG: '${T:-1}'}}, command: php-fpm -F}\n  cron: {<<: *php, profiles: [cron]}\n", "FROM php:8.3-fpm-alpine AS base\nCOPY <<EOF /usr/local/etc/php-fpm.d/a.conf\n[www]\nlisten = 9001\nEOF\nFROM base\nUSER 82\n", script, "", "COMPOSE_PROFILES=cron\n")
	f.Add(compose, "FROM debian:12\nARG V\nRUN apt-get install -y apache2 php8.2-fpm libapache2-mod-php$V && a2enmod proxy_fcgi 'm*' && a2dismod -f mime status; a2enconf php8.2-fpm\nCOPY site.conf /etc/apache2/mods-available/my.load\nCMD sh /srv/start.sh; apachectl -d /srv -DFOREGROUND -c 'Listen 8080'\n", "#!/bin/bash\n. /etc/apache2/envvars\nservice apache2 start\nhttpd -k graceful -f x.conf\n", "# Depends: my alias proxy_fcgi\n# Conflicts: my\nLoadModule my_module modules/my.so\n", "")
	f.Fuzz(func(t *testing.T, described, dockerfile, script, site, env string) {
		files := map[string]string{"/compose.yaml": described, "/web/all.yaml": described, "/web/Dockerfile": dockerfile, "/web/start.sh": script, "/web/site.conf": site, "/.env": env}
		size := 0
		for _, text := range files {
			size += len(text)
		}
		if size > maxProject {
			t.Skip()
		}
		seen := look(t, files)
		if again := look(t, files); again != seen {
			t.Errorf("a second look sees\n%s\nthe first\n%s", again, seen)
		}
	})
}

// look finds the machines of a project, checks all places, and returns what was seen.
func look(t *testing.T, files map[string]string) string {
	t.Helper()
	l := &looker{t: t, files: files}
	p := Find(tree.Memory(files))
	for _, one := range p.Problems {
		l.inside(one.Message, one.At)
	}
	for _, one := range p.Unknown {
		l.inside(one.Why, one.At)
	}
	for _, d := range p.Deployments {
		for _, published := range d.Published {
			l.inside(d.Name, published.At)
		}
	}
	for _, m := range p.Machines() {
		l.machine(m)
		for _, other := range p.Machines() {
			at, _ := m.StartsAfter(other)
			l.inside(other.Name, at)
		}
	}
	return l.seen.String()
}

// looker looks at all that Find made of a project.
type looker struct {
	t     *testing.T
	files map[string]string
	seen  strings.Builder
}

// inside checks that a place, if there is one, is in the project or in an image.
func (l *looker) inside(what string, at source.Span) {
	l.t.Helper()
	if at, _ = at.Origin(); at.IsZero() {
		return
	}
	fmt.Fprintln(&l.seen, what, at.File.Name, at.Start, at.End)
	switch {
	case at.File.Image != "":
	case at.Start < 0 || at.Start > at.End || int(at.End) > len(at.File.Text):
		l.t.Errorf("%s: bytes %d to %d of %s, which has %d", what, at.Start, at.End, at.File.Name, len(at.File.Text))
	case l.files[at.File.Real] != at.File.Text:
		l.t.Errorf("%s: %s has another text than the project", what, at.File.Real)
	}
}

func (l *looker) machine(m *Machine) {
	l.t.Helper()
	fmt.Fprintln(&l.seen, m.Name, m.Image, m.Unknown, m.Account.UID, m.Account.GID, m.Names, m.PHP, m.NginxVersion, m.NginxUser, m.Memory)
	l.inside(m.Name, m.At)
	l.inside(m.Image, m.ImageAt)
	l.inside(m.Name, m.EndsAt)
	l.inside(m.Name, m.Account.At)
	l.inside(m.Name, m.NotInstalled)
	for _, server := range slices.Concat(m.Nginx, m.Apache, m.FPM) {
		l.inside(server.Main, server.At)
		l.inside(server.Main, server.Account.At)
	}
	left := maxFiles
	walk(m.Tree, "/", &left, func(file *source.File) {
		for _, piece := range file.Pieces {
			l.inside(file.Name, piece.From)
		}
		l.inside(file.Name, file.Owner)
		l.inside(file.Name, file.Span(0, len(file.Text)))
	})
}

// walk calls do for each file below dir that can be read, until left are.
func walk(root *tree.Tree, dir string, left *int, do func(*source.File)) {
	list, err := root.List(dir)
	if err != nil {
		return
	}
	for _, e := range list {
		if *left--; *left < 0 {
			return
		}
		name := path.Join(dir, e.Name)
		if e.Type == tree.Dir {
			walk(root, name, left, do)
		} else if file, err := root.File(name); err == nil {
			do(file)
		}
	}
}
