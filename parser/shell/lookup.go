package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/wp502lint/wp502lint/parser/hole"
)

// command follows a call of one command.
type command func(*call) status

// lookup returns how a command is followed that is the same on each machine; nil for another
// one.
func lookup(name string) command {
	for _, table := range []func(string) command{builtins, fileCommands, filters, accounts, managers, wrappers, execline} {
		if run := table(name); run != nil {
			return run
		}
	}
	if harmless(name) {
		return (*call).harmless
	}
	return nil
}

func builtins(name string) command {
	switch name {
	case ":", "true":
		return func(*call) status { return ok }
	case "false":
		return (*call).refuse
	case "cd":
		return (*call).cd
	case "exit":
		return (*call).exit
	case "return":
		return (*call).returns
	case "break":
		return func(c *call) status { return c.breaks(breaks) }
	case "continue":
		return func(c *call) status { return c.breaks(continues) }
	case "set":
		return (*call).setOptions
	case "shift":
		return (*call).shift
	case "unset":
		return (*call).unset
	case "export", "local", "readonly", "declare":
		return (*call).exportWords
	case "eval":
		return (*call).eval
	case ".":
		return (*call).dot
	case "source":
		return (*call).sourced
	case "read":
		return (*call).read
	case "[", "test":
		return (*call).bracketTest
	case "[[":
		return func(c *call) status { return c.testClause(&syntax.TestClause{}) } // what the parser takes for a command
	case "sh", "bash", "dash", "ash":
		return (*call).shell
	case "command", "type", "which", "hash":
		return (*call).lookedUp
	case "wait":
		return func(c *call) status { c.waits(); return ok }
	case "sleep":
		return (*call).sleep
	}
	return nil
}

func fileCommands(name string) command {
	switch name {
	case "rm", "unlink":
		return (*call).remove
	case "rmdir":
		return (*call).remove
	case "mkdir":
		return (*call).mkdir
	case "touch":
		return (*call).touch
	case "cp", "mv":
		return (*call).copies
	case "ln":
		return (*call).link
	case "chmod":
		return (*call).chmod
	case "chown", "chgrp":
		return (*call).chown
	case "install":
		return (*call).install
	case "echo":
		return (*call).echo
	case "printf":
		return (*call).printf
	case "cat":
		return (*call).cat
	case "tee":
		return (*call).tee
	case "sed", "gsed":
		return (*call).sed
	case "curl", "wget":
		return (*call).download
	case "openssl":
		return (*call).openssl
	case "find":
		return (*call).find
	case "tar", "bsdtar", "unzip":
		return (*call).unpack
	case "rsync":
		return (*call).rsync
	case "configure":
		return (*call).configure
	case "make", "gmake":
		return (*call).make
	}
	return nil
}

func filters(name string) command {
	switch name {
	case "grep", "egrep", "fgrep":
		return (*call).grep
	case "head", "tail":
		return (*call).head
	case "tr":
		return (*call).tr
	case "cut":
		return (*call).cut
	case "sort":
		return (*call).sortLines
	case "wc":
		return (*call).count
	case "basename", "dirname":
		return (*call).nameOf
	case "envsubst":
		return (*call).envsubst
	case "pwd":
		return func(c *call) status { c.print(hole.Plain(c.dir + "\n")); return ok }
	}
	return nil
}

// harmless reports whether a command changes no file that a server reads.
func harmless(name string) bool {
	switch name {
	case "ls", "stat", "du", "df", "date", "whoami", "hostname", "uname", "nproc", "getconf", "free", "ps", "env", "printenv",
		"ldconfig", "update-ca-certificates", "locale-gen", "dpkg-reconfigure", "debconf-set-selections", "apt-mark", "apt-key", "apt-cache", "dpkg-query", "dpkg-architecture", "dpkg-divert", "supervisorctl", "docker", "docker-compose", "jq", "yq", "gzip", "gunzip", "xz", "add-apt-repository",
		"gpg", "gpgconf", "dirmngr", "sha256sum", "sha1sum", "sha512sum", "md5sum", "shasum", "file", "strip", "scanelf", "ldd", "readlink", "realpath",
		"umask", "ulimit", "trap", "alias", "shopt", "kill", "pkill", "killall", "sync", "clear", "time", "uniq", "comm", "diff", "cmp", "seq", "yes", "expr", "jobs", "fg", "bg",
		"nc", "ncat", "ping", "dig", "nslookup", "host", "mysql", "mysqladmin", "psql", "pg_isready", "redis-cli", "chsh", "passwd", "chpasswd", "setcap", "getcap", "sysctl", "mountpoint",
		"phpize", "cmake", "npm", "yarn", "pip", "pip3", "gem", "cargo", "phpunit", "crontab", "update-alternatives", "docker-php-source", "docker-php-ext-configure", "mkfifo", "mktemp",
		"logger", "tput", "stty", "xdebug", "apt-config", "rc-update", "chkconfig", "update-rc.d", "pear", "fc-cache":
		return true
	}
	return false
}

// fills reports whether a harmless command makes files below its working directory.
func fills(name string) bool {
	switch name {
	case "configure", "make", "gmake", "cmake", "phpize", "npm", "yarn", "gem", "cargo", "gzip", "gunzip", "xz":
		return true
	}
	return false
}

func (c *call) harmless() status {
	if c.exec || c.background {
		return c.start()
	}
	if fills(c.name) {
		c.mayMake(c.dir)
	}
	c.printUnknown()
	switch c.name {
	case "diff", "cmp", "mountpoint", "expr", "nc", "ping":
		return undecided
	}
	return assumed
}

// lookedUp is command, type and which: command x runs x, the others tell whether it exists.
func (c *call) lookedUp() status {
	if c.name == "command" && len(c.args) > 0 && !strings.HasPrefix(c.args[0].String, "-") {
		return c.execute(c.args, c.span, c.mayBeSet)
	}
	c.printUnknown()
	return undecided
}

// waits ends the script: it waits for something that does not happen by itself.
func (in *interp) waits() {
	if in.w.maybe == 0 {
		in.flow, in.stays, in.leaves = exits, true, true
	}
}

func (c *call) sleep() status {
	if len(c.args) > 0 && (c.args[0].String == "infinity" || c.args[0].String == "inf") && !c.background {
		c.waits()
	}
	return ok
}
