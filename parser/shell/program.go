package shell

import (
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// start starts a program.
func (c *call) start() status {
	return c.startProgram(Program{Args: append([]source.Text{c.word}, c.args...)})
}

func (c *call) startProgram(p Program) status {
	p.User, p.Background, p.Exec, p.At = c.user, c.background, c.exec, c.span
	p.Dir, p.Vars = c.dir, c.exported()
	stays := c.w.Start(p)
	c.printUnknown()
	switch {
	case p.Background:
	case p.Exec:
		c.flow, c.leaves, c.stays = exits, true, stays
	case stays:
		c.flow, c.leaves, c.stays = exits, true, true
	}
	return assumed
}

var fpmName = lazyregexp.New(`^php[\d.]*-?fpm-?[\d.]*$`)

// phpFPM matches the names of PHP-FPM: php-fpm, php-fpm8.2, php82-fpm, php-fpm82.
func phpFPM(name string) bool {
	return strings.HasPrefix(name, "php") && fpmName.MatchString(name)
}

// servers are the programs that a container is for, and those that start others.
func servers(name string) command {
	switch name {
	case "nginx", "nginx-debug", "openresty", "angie", "tengine", "freenginx":
		return (*call).server
	case "apache2", "httpd", "apache2-foreground", "httpd-foreground", "apachectl", "apache2ctl", "caddy", "haproxy", "varnishd", "lighttpd", "frankenphp", "unitd",
		"supervisord", "s6-svscan", "runsvdir", "runsvdir-start", "runsvinit", "my_init", "runit", "runit-init", "init", "systemd",
		"crond", "cron", "sshd", "postgres", "redis-server", "memcached", "postfix", "rsyslogd", "syslogd",
		"honcho", "foreman", "forego", "hivemind", "overmind", "goreman", "circusd", "pm2", "docker-php-entrypoint", "docker-entrypoint.sh", "spawn-fcgi", "fcgiwrap":
		return (*call).start
	case "mysqld", "mysqld_safe", "mariadbd":
		return (*call).database
	case "service", "rc-service", "systemctl", "invoke-rc.d", "rc":
		return (*call).service
	}
	if phpFPM(name) {
		return (*call).server
	}
	return nil
}

// server is nginx and PHP-FPM: with some options they test, print or signal only.
func (c *call) server() status {
	signals := "tTvVsqh?"
	if strings.HasPrefix(c.name, "php") {
		signals = "tvimh"
	}
	valued := "cgpesydz"
	for i, a := range c.args {
		option := a.String
		if len(option) < 2 || option[0] != '-' || i > 0 && len(c.args[i-1].String) == 2 && c.args[i-1].String[0] == '-' && strings.IndexByte(valued, c.args[i-1].String[1]) >= 0 {
			continue
		}
		if strings.IndexByte(signals, option[1]) >= 0 || option == "--test" || option == "--version" || option == "--help" {
			c.printUnknown()
			return assumed
		}
	}
	return c.start()
}

// database is MySQL and MariaDB: with some options they prepare their directory or print only.
func (c *call) database() status {
	for _, a := range c.args {
		if option := a.String; strings.HasPrefix(option, "--initialize") || option == "--help" || option == "--version" || option == "--validate-config" {
			c.printUnknown()
			return assumed
		}
	}
	return c.start()
}

// service is service x start, and what other service managers have instead.
func (c *call) service() status {
	_, words := options(c.args, "")
	name, verb := "", ""
	switch {
	case strings.Contains(c.word.String, "/init.d/") && len(words) > 0:
		name, verb = c.name, words[0].String
	case c.name == "systemctl" && len(words) > 1:
		name, verb = strings.TrimSuffix(words[1].String, ".service"), words[0].String
	case len(words) > 1:
		name, verb = words[0].String, words[1].String
	}
	switch verb {
	case "start", "restart", "reload", "force-reload", "try-restart", "reload-or-restart":
		if verb == "start" || strings.Contains(verb, "restart") {
			return c.startProgram(Program{Args: append([]source.Text{c.word}, c.args...), Service: name})
		}
	}
	return assumed
}

// wrappers are the commands that run the command in their arguments.
func wrappers(name string) command {
	switch name {
	case "exec":
		return (*call).execCommand
	case "nohup", "setsid", "tini", "dumb-init", "catatonit", "nice", "ionice", "stdbuf", "chronic", "s6-notifyoncheck", "builtin", "with-contenv", "catchsegv", "unbuffer", "busybox",
		"tini-static", "timeout", "time", "doas", "sudo", "gosu", "su-exec", "s6-setuidgid", "setuidgid", "chpst", "setpriv", "runuser", "env", "s6-softlimit", "eatmydata":
		return (*call).wrapper
	case "wait-for-it", "wait-for-it.sh", "wait-for", "wait-for.sh", "dockerize":
		return (*call).afterDashes
	case "su":
		return (*call).su
	case "xargs":
		return (*call).xargs
	}
	return nil
}

// execCommand is exec: with a command, the script becomes it.
func (c *call) execCommand() status {
	args := c.args
	for len(args) > 0 && strings.HasPrefix(args[0].String, "-") {
		if args[0].String == "-a" && len(args) > 1 {
			args = args[1:]
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return ok // redirections for the rest of the script
	}
	before := c.exec
	c.exec = true
	st := c.execute(args, c.span, c.mayBeSet)
	c.exec = before
	if c.flow == next {
		c.flow, c.leaves = exits, true
		c.status = st
	}
	return st
}

// wrapper runs the command after its own options.
func (c *call) wrapper() status {
	valued := map[string]string{
		"timeout": "ks", "nice": "n", "ionice": "cnp", "stdbuf": "ioe", "sudo": "ugChpDRT", "doas": "uC", "chpst": "uUbe/ndmopcrft", "runuser": "ugGs",
		"s6-notifyoncheck": "dsTtwnc", "env": "uCS", "tini": "pe", "s6-softlimit": "adhlmnoprstv", "dumb-init": "r", "setpriv": "",
	}[c.name]
	args := c.args
	user := map[string]string{"sudo": "root", "doas": "root"}[c.name] // unless an option names another one
	for len(args) > 0 && strings.HasPrefix(args[0].String, "-") {
		option := args[0].String
		args = args[1:]
		if option == "--" {
			break
		}
		value := ""
		if len(option) == 2 && strings.IndexByte(valued, option[1]) >= 0 && len(args) > 0 {
			value, args = args[0].String, args[1:]
		}
		switch {
		case option == "-u" && c.name != "env":
			user = value
		case strings.HasPrefix(option, "--reuid="):
			user = option[len("--reuid="):]
		}
	}
	switch c.name {
	case "gosu", "su-exec", "s6-setuidgid", "setuidgid":
		if len(args) > 0 {
			user, args = args[0].String, args[1:]
		}
	case "timeout":
		args = args[min(1, len(args)):]
	case "env", "sudo":
		for len(args) > 0 && strings.Contains(args[0].String, "=") {
			name, _, _ := strings.Cut(args[0].String, "=")
			c.set(name, args[0].Slice(len(name)+1, len(args[0].String)))
			c.export(name, true)
			args = args[1:]
		}
	}
	if len(args) > 0 && args[0].String == "--" {
		args = args[1:]
	}
	return c.as(user, args)
}

// afterDashes runs the command after --, when what the command waits for is ready.
func (c *call) afterDashes() status {
	for i, a := range c.args {
		if a.String == "--" && i+1 < len(c.args) {
			return c.execute(c.args[i+1:], c.span, c.mayBeSet)
		}
	}
	return c.unknown()
}

// as runs a command as an account; "" for the one that it is.
func (c *call) as(user string, args []source.Text) status {
	switch {
	case len(args) > 0:
	case c.exec:
		return c.startProgram(Program{})
	default:
		c.printUnknown()
		return assumed
	}
	before := c.user
	if user != "" {
		c.user = user
	}
	st := c.execute(args, c.span, c.mayBeSet)
	c.user = before
	return st
}

// su is su: with -c, or with the arguments of a shell after the account.
func (c *call) su() status {
	opts, names := options(c.args, "cs", "command", "shell")
	user := "root"
	for _, name := range names {
		if name.String != "-" {
			user = name.String
			break
		}
	}
	if text, given := valueOf(opts, "-c", "--command"); given {
		return c.as(user, []source.Text{hole.Plain("sh"), hole.Plain("-c"), text})
	}
	return assumed
}

// xargs runs a command with names that it reads.
func (c *call) xargs() status {
	opts, words := leading(c.args, "nPIdLs")
	if len(words) == 0 || c.stdin == nil {
		return assumed
	}
	if hole.In(*c.stdin) {
		if !harmless(words[0].String) {
			c.doubt(*c.stdin)
		}
		for _, word := range words {
			c.doubt(word)
		}
		c.printUnknown()
		return assumed
	}
	var names []source.Text
	for name := range strings.FieldsSeq(strings.ReplaceAll(c.stdin.String, "\n", " ")) {
		names = append(names, hole.Plain(name))
	}
	placeholder, each := valueOf(opts, "-I")
	if !each {
		if len(names) == 0 && has(opts, "-r") {
			return ok
		}
		return c.execute(append(words[:len(words):len(words)], names...), c.span, c.mayBeSet)
	}
	st := ok
	for _, name := range names {
		args := make([]source.Text, len(words))
		for i, word := range words {
			args[i] = word
			if n := strings.Index(word.String, placeholder.String); n >= 0 {
				args[i] = word.Replace(n, n+len(placeholder.String), name)
			}
		}
		if one := c.execute(args, c.span, c.mayBeSet); one != ok {
			st = one
		}
	}
	return st
}
