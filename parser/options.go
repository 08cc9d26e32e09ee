package parser

import (
	"path"
	"strings"
)

// FPMOptions are the options on a command line of PHP-FPM (php-fpm -h).
type FPMOptions struct {
	Config string // -y; "" if not given
	Prefix string // -p: what relative paths start at
	PHPIni string // -c: a file, or the folder of php.ini
	// Defined are the settings of PHP that -d sets, whatever php.ini has.
	Defined []string
	// NoIni is set with -n: PHP reads no php.ini.
	NoIni bool
	// Root is set with -R: pools may run as root.
	Root bool
	// Foreground is set with -F: it does not become a daemon. Background is set with -D: it does,
	// whatever its configuration says.
	Foreground, Background bool
	// Ends is set if it only tests or prints.
	Ends bool
}

// ParseFPMOptions reads the arguments of PHP-FPM.
func ParseFPMOptions(args []string) (o FPMOptions) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if v, ok := Option(args, &i, "-y", "--fpm-config"); ok {
			o.Config = v
		} else if v, ok := Option(args, &i, "-p", "--prefix"); ok {
			o.Prefix = v
		} else if v, ok := Option(args, &i, "-c", "--php-ini"); ok {
			o.PHPIni = v
		} else if v, ok := Option(args, &i, "-d", "--define"); ok {
			key, _, _ := strings.Cut(v, "=")
			o.Defined = append(o.Defined, strings.TrimSpace(key))
		} else if _, ok := Option(args, &i, "-g", "--pid"); ok {
			continue
		} else if strings.HasPrefix(arg, "--") {
			o.flag(arg)
		} else if letters, ok := strings.CutPrefix(arg, "-"); ok {
			for _, letter := range letters { // -FR is -F -R
				o.flag("-" + string(letter))
			}
		}
	}
	return o
}

// flag reads an option without a value.
func (o *FPMOptions) flag(name string) {
	switch name {
	case "-R", "--allow-to-run-as-root":
		o.Root = true
	case "-F", "--nodaemonize":
		o.Foreground = true
	case "-D", "--daemonize":
		o.Background = true
	case "-n", "--no-php-ini":
		o.NoIni = true
	case "-t", "--test", "-v", "--version", "-i", "--info", "-m", "--modules", "-h", "--help":
		o.Ends = true
	}
}

// Main returns the main file that the options name, that of the prefix without -y; "" for the one
// that PHP was built with (php-src sapi/fpm/fpm/fpm_conf.c, fpm_conf_init_main).
func (o *FPMOptions) Main() string {
	if o.Config == "" && strings.HasPrefix(o.Prefix, "/") {
		return strings.TrimSuffix(o.Prefix, "/") + "/etc/php-fpm.conf"
	}
	return o.Config
}

// NginxOptions are the options on a command line of nginx (nginx.org, "Command-line parameters").
type NginxOptions struct {
	Config string // -c; "" if not given
	Prefix string // -p: what relative paths start at
	Global string // -g: directives
	// Ends is set if it only tests, prints or signals.
	Ends bool
}

// ParseNginxOptions reads the arguments of nginx.
func ParseNginxOptions(args []string) (o NginxOptions) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if v, ok := Option(args, &i, "-c"); ok {
			o.Config = v
		} else if v, ok := Option(args, &i, "-p"); ok {
			o.Prefix = v
		} else if v, ok := Option(args, &i, "-g"); ok {
			o.Global = v
		} else if arg == "-t" || arg == "-T" || arg == "-v" || arg == "-V" || strings.HasPrefix(arg, "-s") {
			o.Ends = true
		}
	}
	return o
}

// ApacheOptions are the options on a command line of Apache (httpd server/main.c; httpd -h).
type ApacheOptions struct {
	Config string // -f; "" if not given
	Root   string // -d: the initial ServerRoot
	// Defined are the names that -D gives.
	Defined []string
	// Ends is set if it only tests or prints, or signals a server that runs.
	Ends bool
}

// ParseApacheOptions reads the arguments of httpd, or of a script that passes them on.
func ParseApacheOptions(args []string) (o ApacheOptions) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if v, ok := Option(args, &i, "-f"); ok {
			o.Config = v
		} else if v, ok := Option(args, &i, "-d"); ok {
			o.Root = v
		} else if v, ok := Option(args, &i, "-D"); ok {
			o.Defined = append(o.Defined, v)
		} else if v, ok := Option(args, &i, "-k"); ok {
			o.Ends = o.Ends || v == "stop" || v == "graceful-stop"
		} else if _, ok := Option(args, &i, "-c", "-C", "-e", "-E", "-n"); ok {
			continue
		} else if strings.HasPrefix(arg, "-") && strings.ContainsAny(arg, "tvVlLSMh") {
			o.Ends = true
		}
	}
	return o
}

// Main returns the main file that the options name; "" for the one that httpd was built with.
func (o *ApacheOptions) Main() string {
	if o.Config != "" && !path.IsAbs(o.Config) && path.IsAbs(o.Root) {
		return path.Join(o.Root, o.Config)
	}
	return o.Config
}

// Option returns the value of an option that begins at args[*i], and moves i to its end.
func Option(args []string, i *int, names ...string) (value string, ok bool) {
	arg := args[*i]
	for _, n := range names {
		long := strings.HasPrefix(n, "--")
		switch {
		case arg == n && *i+1 < len(args):
			*i++
			return args[*i], true
		case long && strings.HasPrefix(arg, n+"="):
			return arg[len(n)+1:], true
		case !long && strings.HasPrefix(arg, n) && len(arg) > len(n) && !strings.HasPrefix(arg, "--"):
			return arg[len(n):], true
		}
	}
	return "", false
}
