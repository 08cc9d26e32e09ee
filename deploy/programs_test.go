package deploy

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// booted returns the one machine of a project of files, and fails if there is not one.
func booted(t *testing.T, files map[string]string) *Machine {
	t.Helper()
	machines := Find(tree.Memory(files)).Machines()
	if len(machines) != 1 {
		t.Fatalf("got %d machines, want 1", len(machines))
	}
	return machines[0]
}

// started says what starts on a machine.
func started(m *Machine) string {
	var all []string
	for _, s := range m.Nginx {
		all = append(all, "nginx "+s.Main)
	}
	for _, s := range m.Apache {
		all = append(all, "apache "+s.Main)
	}
	for _, s := range m.FPM {
		all = append(all, "fpm "+s.Main)
	}
	if m.Unknown != "" {
		all = append(all, "not known: "+m.Unknown)
	}
	if m.Ends {
		all = append(all, "ends")
	}
	return strings.Join(all, ", ")
}

// composedOf are the files of a project with a Dockerfile and others, given as names and texts.
func composedOf(text string, others ...string) map[string]string {
	files := map[string]string{"/Dockerfile": text}
	for i := 0; i+1 < len(others); i += 2 {
		files[others[i]] = others[i+1]
	}
	return files
}

func TestBaseWithoutValue(t *testing.T) {
	tests := []struct{ file, want string }{
		{"ARG V\nFROM php:8.3-fpm${V}\n", "fpm /usr/local/etc/php-fpm.conf"},
		{"ARG V\nFROM php:${V}-fpm\n", "fpm /usr/local/etc/php-fpm.conf"},
		{"FROM php:8.3-fpm${V}\n", "fpm /usr/local/etc/php-fpm.conf"},
	}
	for _, test := range tests {
		if got := started(booted(t, composedOf(test.file))); got != test.want {
			t.Errorf("%q: got %s, want %s", test.file, got, test.want)
		}
	}
}

// Alpine's package of nginx puts nginx into the group www-data (aports,
// main/nginx/nginx.pre-install), whether the package or the image made the group.
func TestMembersOfPackages(t *testing.T) {
	for _, from := range []string{"alpine:3.20", "php:8.3-fpm-alpine"} {
		m := booted(t, composedOf("FROM "+from+"\nRUN apk add --no-cache nginx\n"))
		text, err := m.Tree.Open("/etc/group")
		if err != nil || !strings.Contains(text.Content, "\nwww-data:x:82:nginx\n") {
			t.Errorf("%s: got %q, %v", from, text.Content, err)
		}
	}
}

func TestStarts(t *testing.T) {
	const (
		from    = "FROM alpine:3.20\nRUN apk add --no-cache nginx php83-fpm supervisor\nCOPY . /\n"
		nginx   = "nginx /etc/nginx/nginx.conf"
		fpm     = "fpm /etc/php83/php-fpm.conf"
		both    = nginx + ", " + fpm
		program = "[program:a]\ncommand=nginx -g 'daemon off;'\n[program:b]\ncommand=php-fpm83 -F\n"
	)
	tests := []struct {
		name, file string
		files      []string
		want       string
	}{
		{"a script of the project with the name of an entrypoint", from + `ENTRYPOINT ["docker-entrypoint.sh"]`,
			[]string{"/usr/local/bin/docker-entrypoint.sh", "#!/bin/sh\nphp-fpm83 -D\nexec nginx -g 'daemon off;'\n"}, both},
		{"execline", from + `CMD ["/etc/start"]`, []string{"/etc/start", "#!/bin/execlineb -P\nforeground { php-fpm83 }\nnginx\n"}, both},
		{"another program under a supervisor", from + `CMD ["supervisord", "-c", "/s.conf"]`, []string{"/s.conf", program + "[program:c]\ncommand=/opt/own -n\n"}, both},
		{"another program in the background", from + `CMD ["/start.sh"]`, []string{"/start.sh", "#!/bin/sh\n/opt/own &\nphp-fpm83\nexec nginx -g 'daemon off;'\n"}, both},
		{"another program that may start nginx", from + `CMD ["/start.sh"]`, []string{"/start.sh", "#!/bin/sh\nphp-fpm83\nexec /opt/own\n"},
			fpm + ", not known: cannot tell what own starts"},
		{"another program under a condition", from + `CMD ["/start.sh"]`, []string{"/start.sh", "#!/bin/sh\nmountpoint /data && mysqld_safe &\nphp-fpm83\nexec nginx -g 'daemon off;'\n"}, both},
		{"PHP-FPM under a condition", from + `CMD ["/start.sh"]`, []string{"/start.sh", "#!/bin/sh\nmountpoint /data && php-fpm83\nexec nginx -g 'daemon off;'\n"},
			both + ", not known: cannot tell whether php-fpm83 runs"},
		{"a terminal", from + `CMD ["/bin/sh"]`, nil, ""},
		{"an applet", from + "CMD busybox crond -f & php-fpm83 -F", nil, "fpm /etc/php83/php-fpm.conf"},
		{"nothing to start", from + `ENTRYPOINT ["tini", "--"]`, nil, "ends"},
		{"a script that the project lacks", from + `CMD ["sh", "/lacking.sh"]`, nil, "not known: the script /lacking.sh is not in the project"},
		{"an nginx that no package brought", "FROM debian:12\nRUN ln -s /opt/nginx/sbin/nginx /usr/sbin/nginx\nCMD nginx\n", nil, "not known: the main file of nginx is not known"},
		{"an nginx that does not exist", "FROM debian:12\nCMD nginx\n", nil, ""},
	}
	for _, test := range tests {
		if got := started(booted(t, composedOf(test.file, test.files...))); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

// What starts below a supervisor, by what is in the tree and how it is started.
func TestSupervisors(t *testing.T) {
	const (
		from = "FROM alpine:3.20\nRUN apk add --no-cache nginx php83-fpm supervisor\nCOPY . /\n"
		both = "nginx /etc/nginx/nginx.conf, fpm /etc/php83/php-fpm.conf"
		run  = "#!/usr/bin/with-contenv sh\nexec "
	)
	services := func(dir string) []string {
		return []string{dir + "/nginx/run", run + "nginx -g 'daemon off;'\n", dir + "/php/run", run + "php-fpm83 -F\n"}
	}
	tests := []struct {
		name, start string
		files       []string
		want        string
	}{
		{"s6-overlay 2, services that a script writes", `ENTRYPOINT ["/init"]`, []string{
			"/etc/cont-init.d/01-services", "#!/usr/bin/with-contenv sh\nmkdir -p /etc/services.d/nginx /etc/services.d/php\ncat > /etc/services.d/nginx/run <<EOL\n#!/usr/bin/execlineb -P\nwith-contenv\ns6-setuidgid nginx\nnginx -g \"daemon off;\"\nEOL\n" +
				"printf '#!/bin/sh\\nexec php-fpm83 -F\\n' > /etc/services.d/php/run\n"}, both},
		{"s6-overlay 3", `ENTRYPOINT ["/init"]`, append(services("/etc/s6-overlay/s6-rc.d"), "/etc/s6-overlay/s6-rc.d/user/contents.d/nginx", "", "/etc/s6-overlay/s6-rc.d/user/contents.d/php", ""), both},
		{"and a command", "ENTRYPOINT [\"/init\"]\nCMD [\"nginx\"]", services("/etc/services.d")[2:], both},
		{"s6-svscan", `CMD ["s6-svscan", "/srv/all"]`, services("/srv/all"), both},
		{"runit", `CMD ["runsvdir", "-P", "/srv/all"]`, services("/srv/all"), both},
		{"my_init", `CMD ["/sbin/my_init"]`, append(services("/etc/service"), "/etc/my_init.d/01", "#!/bin/sh\nrm -r /etc/service/php\n"), both[:len("nginx /etc/nginx/nginx.conf")]},
		{"my_init with a command", `CMD ["/sbin/my_init", "--quiet", "--", "php-fpm83"]`, services("/etc/service")[:2], both},
		{"a Procfile", `CMD ["honcho", "-f", "/p", "start"]`, []string{"/p", "# all\nweb: nginx -g 'daemon off;'\nphp: php-fpm83 -F\n"}, both},
		{"a variable under supervisord", "ENV FPM=php-fpm83\nCMD [\"supervisord\", \"-c\", \"/s.conf\"]", []string{"/s.conf", "[program:a]\ncommand=%(ENV_FPM)s -F\n[program:b]\ncommand=sh -c \"date +%%s; nginx\"\n"}, both},
	}
	for _, test := range tests {
		if got := started(booted(t, composedOf(from+test.start, test.files...))); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

// A server starts as the account of the container, unless a wrapper or a supervisor gives it another.
func TestAccountOfServers(t *testing.T) {
	const from = "FROM alpine:3.20\nRUN apk add --no-cache nginx php83-fpm\nCOPY . /\n"
	for _, test := range []struct {
		start string
		want  Account
	}{
		{"CMD php-fpm83 -F", Account{Known: true}},
		{"USER 7:8\nCMD php-fpm83 -F", Account{UID: 7, GID: 8, Known: true}},
		{"CMD exec su-exec 7:8 php-fpm83 -F", Account{UID: 7, GID: 8, Known: true}},
		{"USER 7:8\nCMD sudo -E php-fpm83 -F", Account{Known: true}},
		{"USER 7:8\nCMD sudo -u nginx php-fpm83 -F", Account{UID: 100, GID: 101, Known: true}},
		{"CMD php-fpm83 & gosu 7:8 php-fpm83 -F", Account{}},
		{"CMD [\"supervisord\", \"-c\", \"/s.conf\"]", Account{UID: 100, GID: 101, Known: true}},
	} {
		m := booted(t, composedOf(from+test.start, "/s.conf", "[program:a]\nuser=nginx\ncommand=php-fpm83 -F\n[program:b]\ncommand=nginx\n"))
		got := m.RunAs(servers.FPM)
		got.At = source.Span{}
		if got != test.want {
			t.Errorf("%s: got %+v, want %+v", test.start, got, test.want)
		}
	}
}

// No shell reads a script of execline, so that none refuses it.
func TestExeclineIsNoShell(t *testing.T) {
	files := composedOf("FROM alpine:3.20\nRUN apk add --no-cache nginx\nCOPY run /run.sh\nENTRYPOINT [\"/run.sh\"]\n", "/run", "#!/usr/bin/execlineb -P\nforeground { echo ( }\nnginx\n")
	if p := Find(tree.Memory(files)); len(p.Problems) != 0 {
		t.Errorf("got %v", p.Problems)
	}
}
