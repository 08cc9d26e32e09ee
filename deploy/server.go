package deploy

import (
	"cmp"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// commandLine is what the arguments of a server say.
type commandLine struct {
	main, prefix string // "" if not given
	// foreground is set if the server does not become a daemon, and root if PHP-FPM accepts
	// pools of root.
	foreground, root bool
	// background is set if PHP-FPM becomes a daemon whatever its configuration says.
	background bool
	// ends is set if it only tests, prints or signals, and noIni if PHP reads no php.ini.
	ends, noIni bool
	defined     []string // the settings of PHP that -d sets
}

// option returns the value of an option that begins at args[*i], and moves i to its end.
func option(args []source.Text, i *int, names ...string) (string, bool) {
	arg := args[*i].String
	for _, n := range names {
		long := strings.HasPrefix(n, "--")
		switch {
		case arg == n && *i+1 < len(args):
			*i++
			return args[*i].String, true
		case long && strings.HasPrefix(arg, n+"="):
			return arg[len(n)+1:], true
		case !long && strings.HasPrefix(arg, n) && len(arg) > len(n) && !strings.HasPrefix(arg, "--"):
			return arg[len(n):], true
		}
	}
	return "", false
}

// nginxOptions reads the arguments of nginx (nginx.org, "Command-line parameters").
func nginxOptions(args []source.Text) (c commandLine) {
	for i := 1; i < len(args); i++ {
		arg := args[i].String
		if v, ok := option(args, &i, "-c"); ok {
			c.main = v
		} else if v, ok := option(args, &i, "-p"); ok {
			c.prefix = v
		} else if v, ok := option(args, &i, "-g"); ok {
			c.foreground = daemonOff.MatchString(v)
		} else if arg == "-t" || arg == "-T" || arg == "-v" || arg == "-V" || strings.HasPrefix(arg, "-s") {
			c.ends = true
		}
	}
	return c
}

// fpmOptions reads the arguments of PHP-FPM (php-fpm -h).
func fpmOptions(args []source.Text) (c commandLine) {
	for i := 1; i < len(args); i++ {
		switch arg := args[i].String; arg {
		case "-R", "--allow-to-run-as-root":
			c.root = true
		case "-F", "--nodaemonize":
			c.foreground = true
		case "-D", "--daemonize":
			c.background = true
		case "-t", "-tt", "-v", "-i", "-m":
			c.ends = true
		case "-n", "--no-php-ini":
			c.noIni = true
		default:
			if v, ok := option(args, &i, "-y", "--fpm-config"); ok {
				c.main = v
			} else if v, ok := option(args, &i, "-p", "--prefix"); ok {
				c.prefix = v
			} else if v, ok := option(args, &i, "-d", "--define"); ok {
				key, _, _ := strings.Cut(v, "=")
				c.defined = append(c.defined, strings.TrimSpace(key))
			} else if _, ok := option(args, &i, "-c", "--php-ini"); ok {
				continue
			} else if strings.HasPrefix(arg, "-") && strings.Contains(arg, "R") && !strings.HasPrefix(arg, "--") {
				c.root = true
				c.foreground = c.foreground || strings.Contains(arg, "F")
			}
		}
	}
	return c
}

// server starts nginx or PHP-FPM.
func (r *runner) server(p servers.Program, args []source.Text) (stays bool) {
	read := fpmOptions
	if p.Server == servers.Nginx {
		read = nginxOptions
	}
	c := read(args)
	if c.ends {
		return false
	}
	s := Server{Main: cmp.Or(c.main, p.Conf), At: placeOf(args), Root: c.root, Defined: c.defined, NoIni: c.noIni, Account: r.runsAs()}
	if !strings.HasPrefix(s.Main, "/") {
		prefix := c.prefix
		if prefix == "" && p.Server == servers.Nginx {
			prefix = "/etc/nginx"
			if r.nginx != nil && r.nginx.prefix != "" {
				prefix = r.nginx.prefix
			}
		}
		s.Main = r.resolve(path.Join(prefix, s.Main))
	}
	if p.Server == servers.Nginx {
		r.machine.Nginx = append(r.machine.Nginx, s)
		return c.foreground || r.says(s.Main, daemonOff)
	}
	r.machine.FPM = append(r.machine.FPM, s)
	return c.foreground || !c.background && r.daemonizeOff(s.Main)
}

var (
	daemonOff    = lazyregexp.New(`(?m)^[^#\n]*\bdaemon\s+off\s*;`)
	daemonizeOff = lazyregexp.New(`(?mi)^\s*daemonize\s*=\s*["']?(?:no|off|0|false)`)
	fpmIncludes  = lazyregexp.New(`(?m)^\s*include\s*=\s*(\S+)`)
)

func (r *runner) says(name string, what *lazyregexp.Regexp) bool {
	text, err := r.files.Now().Open(name)
	return err == nil && what.MatchString(text.Content)
}

// daemonizeOff reports whether the PHP-FPM of a main file stays in the foreground.
func (r *runner) daemonizeOff(main string) bool {
	t := r.files.Now()
	text, err := t.Open(main)
	if err != nil || daemonizeOff.MatchString(text.Content) {
		return true
	}
	for _, m := range fpmIncludes.FindAllStringSubmatch(text.Content, 100) {
		pattern := m[1]
		if !strings.HasPrefix(pattern, "/") {
			pattern = path.Join("/usr/local", pattern)
		}
		names, _ := t.Glob(pattern)
		for _, name := range names {
			if r.says(name, daemonizeOff) {
				return true
			}
		}
	}
	return false
}
