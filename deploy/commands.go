package deploy

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// interactive reports whether a program reads commands from its standard input: a shell without a
// script, php -a.
func interactive(args []source.Text) bool {
	if len(args) == 0 {
		return false
	}
	switch path.Base(args[0].String) {
	case "sh", "bash", "ash", "dash":
		return !slices.ContainsFunc(args[1:], func(a source.Text) bool { return hole.In(a) || !strings.HasPrefix(a.String, "-") })
	case "php":
		return len(args) == 1 || len(args) == 2 && args[1].String == "-a"
	}
	return false
}

// harmless reports whether a program starts no server, besides those that the shell follows,
// such as sleep.
func harmless(name string) bool {
	switch name {
	case "cron", "crond", "composer", "wp", "inotifywait":
		return true
	}
	return false
}

// listens reports whether a program listens itself and starts no server that is followed.
func listens(name string) bool {
	switch name {
	case "apache2", "apache2-foreground", "apache2ctl", "apachectl", "httpd", "httpd-foreground", "php", "node", "npm", "yarn", "python", "python3", "caddy",
		"traefik", "mysqld", "mariadbd", "redis-server", "memcached", "postgres", "varnishd", "haproxy", "java", "ruby":
		return true
	}
	return false
}
