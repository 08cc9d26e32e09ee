package shell_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/parser/shell"
	"github.com/wp502lint/wp502lint/source"
)

const www = "/etc/php-fpm.d/www.conf"

// stock are the files of the machine on which runs are followed.
var stock = map[string]string{
	www:                              "[www]\nuser = www-data\nlisten = 127.0.0.1:9000\n",
	"/etc/nginx/conf.d/default.conf": "server { }\n",
	"/opt/unknown.conf":              "?",
	"/run/":                          "",
	"/etc/passwd":                    "root:x:0:0::/root:/bin/sh\n",
	"/etc/group":                     "root:x:0:\n",
}

// Each script runs on a machine with a few files. want is what it leaves: files that it
// makes or changes ("-" for one that it removes), what it does to accounts and packages,
// the programs that start, and the doubts.
var runs = []struct{ name, script, want string }{
	{"a part of a value is not known", `PORT=$(date); sed -i "s|^listen = .*|listen = ${PORT}|" ` + www, www + ` = [www]|user = www-data|listen = ~`},
	{"a test that cannot be decided", `if grep -q x /opt/unknown.conf; then sed -i s/9000/9001/ ` + www + `; fi`,
		www + ` = [www]|user = www-data|listen = 127.0.0.1:9000~`},
	{"lines that may be added", `[ -e /opt/unknown.conf ] && cat /opt/unknown.conf | grep -q y && echo "listen.mode = 0666" >> ` + www,
		www + ` = [www]|user = www-data|listen = 127.0.0.1:9000|listen.mode = 0666~`},
	{"a file that may be made", `grep -q x /opt/unknown.conf || echo a > /etc/a`, "/etc/a = a~\ndoubt /etc/a >, under a condition"},
	{"lines that are not known", `{ echo a; date; echo "b $(date)"; } > /etc/a; sed -i s/a/c/ /etc/a`, "/etc/a = c|~|b ~\ndoubt /etc/a >\ndoubt /etc/a sed"},
	{"files of the kernel", `N=$(cat /proc/cpuinfo | grep processor | wc -l); echo "worker_processes $N;" > /etc/a; echo x > /proc/1/fd/1`, "/etc/a = worker_processes ~;"},
	{"a program of another language", "python3 - <<EOF\nopen('/etc/nginx/nginx.conf', 'w')\nEOF\n", "doubt /etc/nginx/nginx.conf python3"},
	{"a template and its target", `gomplate -t /opt/a.tmpl:/etc/nginx/nginx.conf`, "doubt /opt/a.tmpl gomplate\ndoubt /etc/nginx/nginx.conf gomplate"},
	{"a command that waits for another service", `exec wait-for-it.sh db:3306 -t 30 -- php-fpm -F`, "start exec php-fpm -F"},
	{"awk", `awk '{print}' ` + www + ` > /tmp/x; perl -pi -e s/a/b/ ` + www, "/tmp/x = ?\ndoubt " + www + " awk\ndoubt " + www + " perl"},
	{"a pattern that cannot be translated", `sed -i 's/\(user\|listen\) = \(.\).*\2.*/x/' ` + www,
		www + ` = [www]|user = www-data~|listen = 127.0.0.1:9000~`},
	{"a command of sed that is not understood", `sed -i '/user/w /tmp/x' ` + www, "doubt " + www + " sed"},
	{"a file whose text is not known", `sed -i s/a/b/ /opt/unknown.conf; echo a >> /opt/unknown.conf`,
		"doubt /opt/unknown.conf sed\ndoubt /opt/unknown.conf >"},
	{"a download", `curl -fsSL https://example.org/x.conf -o /etc/nginx/conf.d/x.conf`, "/etc/nginx/conf.d/x.conf = ?"},
	{"a name that is not known", `rm /etc/php/$(ls /opt)/fpm/x.conf`, "doubt /etc/php/*/fpm/x.conf rm"},
	{"options that name files", `./build --conf-path=/etc/nginx/nginx.conf --with-x`, "doubt /etc/nginx/nginx.conf build"},
	{"no path", `composer install --no-dev && npm run build`, ""},
	{"accounts of shadow", `groupadd -r -g 101 nginx && useradd -r -u 101 -g nginx -G tty,www-data -d /var/cache -s /bin/false nginx; usermod -aG www-data nginx; usermod -u 1000 www-data; groupmod -o -g 1000 www-data`,
		"group nginx gid 101 system true\nuser nginx uid 101 group \"nginx\" groups [tty www-data] home \"/var/cache\" system true\nmember nginx of www-data\nchange user www-data to \"\" uid 1000 group \"\" home \"\"\nchange group www-data to \"\" gid 1000"},
	{"accounts of BusyBox", `addgroup -g 82 -S www-data; adduser -u 82 -D -S -G www-data www-data; addgroup nginx www-data; deluser nginx`,
		"group www-data gid 82 system true\nuser www-data uid 82 group \"www-data\" groups [] home \"\" system true\nmember nginx of www-data\nremove user nginx"},
	{"accounts of Debian", `addgroup --gid 1000 --system php; adduser --uid 1000 --ingroup php --system --no-create-home --disabled-login php; adduser php tty`,
		"group php gid 1000 system true\nuser php uid 1000 group \"php\" groups [] home \"\" system true\nmember php of tty"},
	{"an account with a number that is not known", `useradd -u "$HOST_UID" x`, "doubt /etc/passwd useradd\ndoubt /etc/group useradd"},
	{"packages", "apt-get update -qq && apt-get install -qqy --no-install-recommends \\\n nginx=1.22.1-9 php8.2-fpm/bookworm $(cat /opt/unknown.conf) && apt-get clean && rm -rf /var/lib/apt/lists/*",
		"install apt nginx php8.2-fpm ~"},
	{"packages of Alpine", `apk --no-cache add -t .build-deps $X 'php83>8' php83-fpm=~8.3 && apk del .build-deps`, "install apk php83 php83-fpm\nuninstall apk .build-deps"},
	{"packages of Red Hat", `yum -y install epel-release && dnf install -y nginx php-fpm && microdnf module enable php:8.2`, "install dnf epel-release\ninstall dnf nginx php-fpm"},
	{"extensions", `docker-php-ext-install -j$(nproc) pdo_mysql opcache && pecl install redis-5.3 && docker-php-ext-enable redis`,
		"install docker-php-ext-install pdo_mysql opcache\ninstall pecl redis-5.3\ndocker-php-ext-enable redis"},
	{"servers", "service php8.2-fpm start && nginx -g 'daemon off;'", "start service php8.2-fpm\nstart nginx -g daemon off;"},
	{"servers in the background", "php-fpm -D\nnginx & /etc/init.d/cron start\nnginx -t\nexec gosu app:app php-fpm8.2 -F -y /etc/x.conf\nrm -rf /etc",
		"start php-fpm -D\nstart nginx &\nstart service cron\nstart exec app:app: php-fpm8.2 -F -y /etc/x.conf"},
	{"a script that waits", "php-fpm -D; nginx; tail -f /dev/null; echo > /etc/never", "start php-fpm -D\nstart nginx"},
	{"sh -c", `exec sh -c "php-fpm83 && exec nginx -g \"daemon off;\""`, "start php-fpm83\nstart exec nginx -g daemon off;"},
	{"one of two programs", `if grep -q a /opt/unknown.conf; then exec supervisord; fi; exec php-fpm`, "start exec supervisord maybe\nstart exec php-fpm maybe"},
	{"wrappers", `exec tini -- dumb-init su-exec www-data env A=b setsid nohup /usr/sbin/nginx -c /x`, "start exec www-data: /usr/sbin/nginx -c /x"},
	{"owners and modes", "mkdir -p -m 0750 /run/php && chown -R www-data:www-data /run/php && chmod u+x,g=rw /run/php && chgrp nginx " + www,
		"chmod 0750 /run/php\nchown www-data:www-data /run/php and below\nchmod u+x,g=rw /run/php\nchown :nginx " + www},
	{"exit under a condition", "grep -q a /opt/unknown.conf || exit 1\necho a > /etc/a", "/etc/a = a"},
	{"a good end under a condition", "grep -q a /opt/unknown.conf && exit 0\necho a > /etc/a", "/etc/a = a~\ndoubt /etc/a >, under a condition"},
	{"a failure", "rm /etc/none && echo a > /etc/a", "failed rm /etc/none"},
	{"set -e", "set -ex\nsed -i s/a/b/ /etc/none\necho a > /etc/a", "failed sed -i s/a/b/ /etc/none"},
	{"a command that is assumed to work", "composer install && echo a > /etc/a || echo b > /etc/b", "/etc/a = a"},
	{"syntax", "if true; then\nsed -i s/a/b/ /etc/x.conf\n", "doubt /etc/x.conf a script that cannot be read\nproblem invalid shell syntax: `if` statement must end with `fi`"},
	{"find", `find /etc -type f -name "www.*" -exec sed -i s/www-data/php/ {} \; && find /etc/php-fpm.d -name '*.conf' | xargs sed -i s/9000/9001/`,
		www + ` = [www]|user = php|listen = 127.0.0.1:9001`},
	{"a find that is not understood", `find /etc/nginx -newer x -exec sed -i s/a/b/ {} \; ; find /etc/nginx -newer x | xargs sed -i s/a/b/; sed -i s/a/b/ $(find /etc/nginx -newer x)`,
		"doubt /etc/nginx find\ndoubt /etc/nginx xargs\ndoubt /etc/nginx sed"},
	{"tar", `tar -xzf /tmp/x.tgz -C /etc/nginx --strip-components=1; cd /tmp; tar xf a.tar; tar czf /etc/nginx/x.tgz /etc; tar -C / -Jxpf /tmp/s6.tar.xz`,
		"may make files below /etc/nginx\nmay make files below /tmp\ndoubt /etc/nginx tar"},
	{"sources", "CONFIG=\"\\\n --prefix=/opt/x --user=a\"\ncd /srv/x-1 && ./configure $CONFIG && make -j 4 && make install DESTDIR=/out; make -C /srv/y install; configure",
		"configure /srv/x-1 --prefix=/opt/x --user=a\nmay make files below /srv/x-1\nmay make files below /srv/x-1\nmay make files below /srv/x-1\nmake install /srv/x-1 /out\n" +
			"may make files below /srv/y\nmay make files below /srv/x-1\nmake install /srv/y \nmay make files below /srv/x-1"},
	{"a command that is not understood", "cd /srv && git clone https://x.test/y.git && make && cd / && bower install", "may make files below /srv\nmay make files below /srv"},
	{"rsync", `rsync -a /etc/php-fpm.d/ /opt/fpm.d/`, "/opt/fpm.d/www.conf = [www]|user = www-data|listen = 127.0.0.1:9000"},
	{"an owner and a mode that are not known", `if grep -q x /opt/unknown.conf; then chown -R app /etc/nginx; fi; chmod $(date) ` + www,
		"chown unknown:unknown /etc/nginx and below\nchmod unknown " + www},
	{"patterns in the root", `mytool /*.sh; mytool /e*/nginx.conf; if grep -q x /opt/unknown.conf; then mv /opt/unknown.conf /*.sh; fi`, "doubt /etc/nginx.conf mytool\ndoubt /opt/unknown.conf mv, under a condition"},
	{"an account that may exist", `id -u nginx || useradd nginx; getent group php >/dev/null || groupadd php`,
		"user nginx uid -1 group \"\" groups [] home \"\" system false\ngroup php gid -1 system false"},
	{"a mode of a directory that is not known", `mkdir -p /etc/nginx/$(date) && touch /etc/nginx/$(date)`, ""},
	{"a file that is not known at all", `echo a > $(date)`, ""},
	{"arguments that are set under a condition", `set -- a; if grep -q x /opt/unknown.conf; then set -- b; fi; echo "x $1" > /etc/a`, "/etc/a = x ~"},
	{"arguments of the container", `if [ "${1#-}" != "$1" ]; then set -- php-fpm "$@"; fi; exec "$@"`, "start exec php-fpm -F"},
	{"a variable that is not the same after a branch", `P=1; if grep -q a /opt/unknown.conf; then P=2; fi; echo "listen = $P" > /etc/a`, "/etc/a = listen = ~"},
	{"a case that cannot be decided", `case $(cat /opt/unknown.conf) in a) echo a > /etc/a;; esac`, "/etc/a = a~\ndoubt /etc/a >, under a condition"},
}

func TestRun(t *testing.T) {
	for _, tt := range runs {
		t.Run(tt.name, func(t *testing.T) {
			m := newMemory(stock)
			before := m.files()
			env := &shell.Env{Dir: "/", Flavor: shell.Dash, Sh: shell.Dash, Args: []source.Text{hole.Plain("/start.sh"), hole.Plain("-F")}}
			r := follow(m, tt.script, env)
			if got := report(m, before, r); got != tt.want {
				t.Errorf("%s\n got:\n%s\nwant:\n%s", tt.script, got, tt.want)
			}
		})
	}
}

// On an image of which not all files are known, nothing fails, and what comes from a file
// that may exist is not known.
func TestVague(t *testing.T) {
	tests := []struct{ script, want string }{
		{"cp /usr/src/php.ini-production /etc/php.ini && echo a >> /etc/php.ini", "/etc/php.ini = ?\ndoubt /etc/php.ini >"},
		{"mv /etc/php85 /etc/php && echo a > /etc/php/a.conf", "/etc/php/a.conf = a\ndoubt /etc/php mv"},
		{"cp x.conf /etc/nginx/conf.d && mkdir /run/php", "/etc/nginx/conf.d/x.conf = ?"},
		{"sed -i s/a/b/ /etc/x.conf && rm /etc/y.conf && ln -s /a /etc/b", "/etc/b = -> /a\ndoubt /etc/x.conf sed"},
		{"[ -f /etc/x.conf ] || echo a > /etc/x.conf", "doubt /etc/x.conf >, under a condition"},
	}
	for _, tt := range tests {
		m := newMemory(nil)
		r := shell.Run(shell.Script{Text: tt.script}, &shell.Env{Dir: "/", Flavor: shell.Dash, Sh: shell.Dash}, vague{m})
		if got := report(m, map[string]string{}, r); got != tt.want {
			t.Errorf("%s\n got:\n%s\nwant:\n%s", tt.script, got, tt.want)
		}
	}
}

// A container starts with a program: a script, a wrapper, a server.
func TestExec(t *testing.T) {
	files := map[string]string{
		"/start.sh":             "#!/bin/sh\nset -e\nsed -i 's/9000/9001/' /etc/www.conf\nexec \"$@\"\n",
		"/usr/local/bin/app":    "#!/usr/bin/env bash\n[[ $1 == php* ]] && exec gosu www-data \"$@\"\n",
		"/etc/services/fpm/run": "#!/usr/bin/execlineb -P\n# comment\nwith-contenv\nfdmove -c 2 1\nforeground { mkdir -p /run/php }\ns6-setuidgid nobody\nphp-fpm8 -F\n",
		"/etc/services/ng/run":  "#!/command/with-contenv sh\nexec nginx -g 'daemon off;'\n",
		"/opt/tool":             "#!/usr/bin/python3\nimport os\n",
		"/etc/www.conf":         "listen = 9000\n",
	}
	tests := []struct{ args, want string }{
		{"/start.sh php-fpm -F", "/etc/www.conf = listen = 9001\nstart exec php-fpm -F"},
		{"tini -- /start.sh php-fpm", "/etc/www.conf = listen = 9001\nstart exec php-fpm"},
		{"app php-fpm", "start exec www-data: php-fpm"},
		{"/etc/services/fpm/run", "start exec nobody: php-fpm8 -F"},
		{"/etc/services/ng/run", "start exec nginx -g daemon off;"},
		{"docker-php-entrypoint php-fpm", "start exec docker-php-entrypoint php-fpm"},
		{"/init", "start exec /init"},
		{"/opt/tool /etc/www.conf", "start exec /opt/tool /etc/www.conf"},
		{"sh", "start exec sh"},
	}
	for _, tt := range tests {
		m := newMemory(files)
		before := m.files()
		var args []source.Text
		for word := range strings.FieldsSeq(tt.args) {
			args = append(args, hole.Plain(word))
		}
		r := shell.Exec(args, source.Span{}, &shell.Env{Dir: "/", Sh: shell.Ash}, m)
		if got := report(m, before, r); got != tt.want {
			t.Errorf("%s\n got:\n%s\nwant:\n%s", tt.args, got, tt.want)
		}
	}
}

// Whether a script ends by itself.
func TestStays(t *testing.T) {
	for script, want := range map[string]bool{
		"php-fpm -D; nginx":                                    false,
		"php-fpm -D; nginx; tail -f /dev/null":                 true,
		"nginx; while true; do sleep 60; done; rm /x":          true,
		"nginx; while :; do date; done":                        true,
		"until nc -z db 3306; do sleep 1; done; nginx":         false,
		"nginx -g 'daemon off;'; rm /x":                        true,
		"exec nginx -g 'daemon off;'":                          true,
		"nginx -g 'daemon off;' & sleep 5":                     false,
		"nginx -g 'daemon off;' & wait":                        true,
		"sh -c 'nginx -g \"daemon off;\"'; rm /x":              true,
		"while true; do if grep -q x /u; then break; fi; done": false,
	} {
		m := newMemory(map[string]string{"/u": "?", "/x": "x"})
		m.stays = func(p shell.Program) bool { return len(p.Args) > 2 && !p.Background }
		if r := follow(m, script, nil); r.Stays != want {
			t.Errorf("%s: stays is %v, want %v", script, r.Stays, want)
		}
		if m.Stat("/x") == shell.Missing {
			t.Errorf("%s: a command that never runs was followed", script)
		}
	}
}

// The shells differ.
func TestFlavors(t *testing.T) {
	tests := []struct {
		script string
		want   map[shell.Flavor]string
	}{
		{`echo "a\tb" > /etc/a`, map[shell.Flavor]string{shell.Dash: "a\tb\n", shell.Ash: "a\\tb\n", shell.Bash: "a\\tb\n", shell.Sh: "a\\tb~\n"}},
		{`echo -e "a\nb" > /etc/a`, map[shell.Flavor]string{shell.Dash: "-e a\nb\n", shell.Ash: "a\nb\n", shell.Bash: "a\nb\n"}},
		{`echo x{a,b}{1..2} > /etc/a`, map[shell.Flavor]string{shell.Dash: "x{a,b}{1..2}\n", shell.Bash: "xa1 xa2 xb1 xb2\n"}},
		{`[[ a == a* ]] && echo yes > /etc/a || echo no > /etc/a`, map[shell.Flavor]string{shell.Dash: "no\n", shell.Ash: "yes\n", shell.Bash: "yes\n"}},
		{`A=(x "y z"); echo "${A[1]} ${#A[@]} ${A[*]}" > /etc/a`, map[shell.Flavor]string{shell.Bash: "y z 2 x y z\n"}},
		{`X=abc; echo "${X^^} ${X/b/-} ${X:1:1}" > /etc/a`, map[shell.Flavor]string{shell.Bash: "ABC a-c b\n"}},
	}
	for _, tt := range tests {
		for flavor, want := range tt.want {
			m := newMemory(nil)
			follow(m, tt.script, &shell.Env{Dir: "/", Flavor: flavor, Sh: flavor})
			if got := m.files()["/etc/a"]; got != want {
				t.Errorf("%s, flavor %d: got %q, want %q", tt.script, flavor, got, want)
			}
		}
	}
}

// A script that is known to work needs no file that is missing, unless it says so itself.
func TestWorks(t *testing.T) {
	tests := []struct{ script, want string }{
		{"cp /src/a.conf /etc/a.conf && echo a > /etc/a", "/etc/a = a\ndoubt /etc/a.conf cp"},
		{"set -e\nmv x/* /opt/\n. /src/lib.sh\nrm /none\nsed -i s/a/b/ /none\nchmod +x /none\nmkdir /etc\necho a > /etc/a", "/etc/a = a\ndoubt /opt/* mv\nlost /none"},
		{"cp /none /etc/x && exit 1", "doubt /etc/x cp\nfailed exit 1\nrefused"},
		{"false || test a = b", "failed test a = b"},
		{"die() { exit 2; }\ntest a = b || die", "failed die\nrefused"},
	}
	for _, tt := range tests {
		m := newMemory(stock)
		before := m.files()
		r := follow(m, tt.script, &shell.Env{Dir: "/", Flavor: shell.Dash, Sh: shell.Dash, Works: true})
		got := report(m, before, r)
		if r.Refused {
			got += "\nrefused"
		}
		for _, lost := range r.Lost {
			got += "\nlost " + lost.Name
		}
		if got != tt.want {
			t.Errorf("%s\n got:\n%s\nwant:\n%s", tt.script, got, tt.want)
		}
	}
}

// In a directory that may hold more, find changes what it finds and no other file.
func TestFindInPartlyKnown(t *testing.T) {
	m := newMemory(stock)
	before := m.files()
	script := "find /etc -name none -delete; find /etc -name www.conf -exec sed -i s/9000/9001/ {} +; X=$(find /etc -name www.conf); echo a > $X"
	r := shell.Run(shell.Whole(&source.File{Name: "/s", Text: script}), &shell.Env{Dir: "/"}, partly{m})
	if got, want := report(m, before, r), www+" = [www]|user = www-data|listen = 127.0.0.1:9001"; !strings.HasPrefix(got, want+"\ndoubt "+www) {
		t.Errorf("got:\n%s", got)
	}
}

// report returns what happened to a machine, a line each.
func report(m *memory, before map[string]string, r *shell.Result) string {
	var lines []string
	after := m.files()
	for name := range both(before, after) {
		text, exists := after[name]
		switch {
		case !exists:
			lines = append(lines, name+" = -")
		case text != before[name]:
			lines = append(lines, name+" = "+strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "|"))
		}
	}
	slices.Sort(lines)
	lines = append(lines, m.log...)
	for _, p := range m.started() {
		lines = append(lines, "start "+p)
	}
	for _, d := range m.doubts {
		lines = append(lines, "doubt "+d)
	}
	for _, p := range r.Problems {
		lines = append(lines, "problem "+p.Message)
	}
	if r.Failed {
		lines = append(lines, "failed "+r.FailedAt.Text())
	}
	return strings.ReplaceAll(strings.Join(lines, "\n"), hole.Mark, "~")
}

// The texts that a script writes lead back to what a person edits.
func TestOrigins(t *testing.T) {
	compose := &source.File{Name: "/compose.yaml", Real: "/compose.yaml", Text: "PHP: php:9001\n"}
	tests := []struct{ name, script, file, find, want string }{
		{"echo", `echo "server php:9001;" > /etc/a`, "/etc/a", "php:9001", "Dockerfile:php:9001"},
		{"a variable", `echo "server $PHP;" > /etc/a`, "/etc/a", "php:9001", "compose.yaml:php:9001"},
		{"a line with a variable", `echo "server $PHP;" > /etc/a`, "/etc/a", "server php:9001;", "Dockerfile:server "},
		{"a replaced part", `sed -i 's/9000/9001/' ` + www, www, "9001", "Dockerfile:9001"},
		{"what stays of a line", `sed -i 's/9000/9001/' ` + www, www, "listen", "www.conf:listen"},
		{"a line that stays", `sed -i 's/9000/9001/' ` + www, www, "www-data", "www.conf:www-data"},
		{"a group", `sed -i 's/^\(listen\) = .*/\1 = 9001/' ` + www, www, "listen", "www.conf:listen"},
		{"a here-document", "cat > /etc/a <<EOF\nlisten = $PHP\nuser = x\nEOF\n", "/etc/a", "user = x", "Dockerfile:user = x"},
		{"words of echo", `echo listen = 9001 > /etc/a`, "/etc/a", "listen = 9001", "Dockerfile:listen = 9001"},
		{"printf", `printf '%s\n' 'a;' 'b;' > /etc/a`, "/etc/a", "b;", "Dockerfile:b;"},
		{"a copy", "cp " + www + " /etc/a", "/etc/a", "www-data", "www.conf:www-data"},
		{"envsubst", "echo 'x $PHP y' | envsubst > /etc/a", "/etc/a", "php:9001", "compose.yaml:php:9001"},
		{"a quote in quotes", `echo "a \"b\"" > /etc/a`, "/etc/a", `"b"`, `Dockerfile:"b`},
		{"sh -c", `sh -c "echo 'x 9001' > /etc/a"`, "/etc/a", "9001", "Dockerfile:9001"},
		{"a value that is cut", `P=${PHP##*:}; echo "listen = $P" > /etc/a`, "/etc/a", "9001", "compose.yaml:9001"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := newMemory(map[string]string{www: "[www]\nuser = www-data\nlisten = 127.0.0.1:9000\n"})
			env := &shell.Env{Dir: "/", Flavor: shell.Dash, Sh: shell.Dash, Vars: map[string]source.Text{"PHP": source.Part(compose.Span(5, 13))}}
			follow(m, tt.script, env)
			text, _ := m.Read(tt.file)
			at := strings.Index(text.String, tt.find)
			if at < 0 {
				t.Fatalf("%q is not in %q", tt.find, text.String)
			}
			span, _ := text.File(tt.file).Span(at, at+len(tt.find)).Origin()
			name := span.File.Name
			if got := name[strings.LastIndexByte(name, '/')+1:] + ":" + span.Text(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
