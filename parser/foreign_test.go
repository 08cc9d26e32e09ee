package parser

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// The names that other programs share with nginx and PHP-FPM.
var (
	sharedBlocks = []string{"server", "http", "events", "location", "upstream", "map", "stream", "mail", "types"}
	sharedKeys   = []string{
		"listen", "server", "root", "index", "user", "group", "include", "pid", "error_log", "access_log", "log_level", "daemonize",
		"prefix", "env", "chroot", "chdir", "timeout", "resolver", "proxy_pass", "server_name", "ssl_certificate", "keepalive_timeout",
		"worker_processes", "worker_connections", "gzip", "expires", "allow", "deny", "return", "set", "zone", "hash", "slowlog", "prefix",
	}
	values = []string{"80", "0.0.0.0:53", "/run/a.sock", "on", "yes", "info", "www", "192.0.2.1", "\"/var/lib/x\"", "example.org", "10s", "unix:/a"}
)

// grammar writes files of one format of another program.
type grammar struct {
	*rand.Rand
	strings.Builder
}

func (g *grammar) one(of ...string) string { return of[g.IntN(len(of))] }
func (g *grammar) block() string           { return g.one(sharedBlocks...) }
func (g *grammar) key() string             { return g.one(sharedKeys...) }
func (g *grammar) value() string           { return g.one(values...) }

// times calls write one to five times.
func (g *grammar) times(write func()) {
	for range 1 + g.IntN(5) {
		write()
	}
}

func (g *grammar) line(format string, args ...any) { fmt.Fprintf(g, format+"\n", args...) }

// sections returns the writer of a file of sections and keys, of which own is one that
// only its program has.
func sections(assign, own string, names ...string) func(*grammar) {
	return func(g *grammar) {
		g.times(func() {
			g.line("[%s]", g.one(names...))
			g.line("%s%s%s", own, assign, g.value())
			g.times(func() { g.line("%s%s%s", g.key(), assign, g.value()) })
		})
	}
}

// blocks returns the writer of a file of blocks, with a separator between a key and its
// value, an end of each statement, and what follows a block.
func blocks(head func(*grammar) string, separator, end, after string) func(*grammar) {
	return func(g *grammar) {
		g.times(func() {
			g.line("%s {", head(g))
			g.times(func() { g.line("  %s%s%s%s", g.key(), separator, g.value(), end) })
			if g.IntN(2) == 0 {
				g.line("  %s {\n    %s%s%s%s\n  }%s", head(g), g.key(), separator, g.value(), end, after)
			}
			g.line("}%s", after)
		})
	}
}

// lines returns the writer of a file of lines with one statement each.
func lines(formats ...string) func(*grammar) {
	return func(g *grammar) {
		g.line("%s", "first "+g.value())
		g.times(func() { g.line(g.one(formats...), g.key(), g.value()) })
	}
}

var grammars = map[string]func(*grammar){
	"pip":           sections(" = ", "index-url", "global", "install", "freeze"),
	"Samba":         sections(" = ", "server string", "global", "homes", "media"),
	"Ceph":          sections(" = ", "fsid", "global", "mon", "osd.0"),
	"uWSGI":         sections(" = ", "module", "uwsgi"),
	"Supervisor":    sections("=", "command", "program:php-fpm", "supervisord", "include"),
	"systemd":       sections("=", "ExecStart", "Service", "Unit"),
	"MySQL":         sections(" = ", "datadir", "mysqld", "client", "server"),
	"CRI-O":         sections(" = ", "apparmor_profile", "crio", "crio.runtime", "crio.api"),
	"a DNS":         sections(" = ", "workers", "listener", "server", "www"),
	"Netdata":       sections(" = ", "run as user", "global", "web"),
	"Telegraf":      sections(" = ", "urls", "[inputs.nginx]", "agent", "global_tags"),
	"BIND":          blocks(func(g *grammar) string { return g.block() + " " + g.one("192.0.2.1", "local", "\"internal\"") }, " ", ";", ";"),
	"FreeRADIUS":    blocks(func(g *grammar) string { return g.block() + " " + g.one("default", "inner-tunnel", "status") }, " = ", "", ""),
	"HOCON":         blocks((*grammar).block, " = ", "", ""),
	"HOCON, colons": blocks((*grammar).block, ": ", "", ""),
	"HOCON, empty":  blocks(func(g *grammar) string { return g.block() + " {}\n" + g.block() }, " = ", "", ""),
	"HCL":           blocks(func(g *grammar) string { return g.block() + g.one("", " \"web\"") }, " = ", "", ""),
	"Lua":           blocks(func(g *grammar) string { return g.block() + " =" }, " = ", ",", ""),
	"JSON":          blocks(func(g *grammar) string { return "\"" + g.block() + "\":" }, ": ", ",", ","),
	"Caddy":         blocks(func(g *grammar) string { return g.one("example.org", "http://", ":80") }, " ", "", ""),
	"lighttpd":      blocks(func(g *grammar) string { return "$HTTP[\"host\"] == " + g.value() }, " = ", "", ""),
	"Varnish":       blocks(func(g *grammar) string { return g.one("backend a", "sub vcl_recv", "acl a") }, " = ", ";", ""),
	"keepalived": blocks(func(g *grammar) string {
		return g.one("vrrp_instance a", "virtual_server 192.0.2.1 80", "real_server 192.0.2.2 80")
	}, " ", "", ""),
	"Dovecot":   blocks(func(g *grammar) string { return g.one("service imap", "protocol lmtp", "unix_listener a", "userdb") }, " = ", "", ""),
	"syslog-ng": blocks(func(g *grammar) string { return g.one("source s", "destination d", "log", "options") }, "(", ");", ";"),
	"logrotate": blocks(func(g *grammar) string { return g.one("/var/log/nginx/*.log", "/var/log/php-fpm.log") }, " ", "", ""),
	"nftables":  blocks(func(g *grammar) string { return g.one("table inet a", "chain input", "map m", "set s") }, " ", "", ""),
	"dhcpd":     blocks(func(g *grammar) string { return g.one("subnet 192.0.2.0 netmask 255.255.255.0", "pool", "host a") }, " ", ";", ""),
	"Icinga":    blocks(func(g *grammar) string { return "object Host \"" + g.block() + "\"" }, " = ", "", ""),
	"Redis":     lines("%s %s"),
	"HAProxy":   lines("  %s %s", "%s %s check"),
	"dnsmasq":   lines("%s=%s"),
	"Unbound":   lines("  %s: %s", "server:\n  %s: %s"),
	"YAML":      lines("%s: %s", "- %s: %s"),
	"Squid":     lines("%s %s", "acl %s src %s"),
	"sudoers":   lines("%s ALL=(%s) ALL", "Defaults %s=%s"),
	"rsyslog":   lines("$%s %s", "module(load=\"%s\" x=\"%s\")"),
	"collectd":  lines("<Plugin %s>\n  Host %s\n</Plugin>", "LoadPlugin %s # %s"),
	"shell":     lines("%s=%s; export A", "if [ %s = %s ]; then :; fi"),
}

// Files of other programs are neither found by a walk nor linted when they are named,
// whichever names they share with nginx and PHP-FPM.
func TestForeignFiles(t *testing.T) {
	for program, write := range grammars {
		for seed := range uint64(20) {
			g := &grammar{Rand: rand.New(rand.NewPCG(seed, 0))}
			write(g)
			for _, name := range []string{"/foo.conf", "/conf/app.ini", "/sites-enabled/x", "/site.conf.j2"} {
				files := plant(map[string]string{name: g.String()})
				for _, path := range []string{"/", name} {
					if c := Read(files, []string{path}); len(c.Nginx)+len(c.Masters) > 0 {
						t.Errorf("%s, seed %d, %s as %s: read as\n%s\n%s", program, seed, path, name, describe(c), g.String())
					}
				}
			}
		}
	}
}
