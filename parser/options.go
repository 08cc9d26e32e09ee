package parser

import "strings"

// FPMOptions are the options on a command line of PHP-FPM (php-fpm -h).
type FPMOptions struct {
	Config string // -y; "" for the one that PHP was built with, or that of Prefix
	Prefix string // -p: what relative paths start at
	PHPIni string // -c: a file, or the folder of php.ini
	// Defined are the settings of PHP that -d sets, whatever php.ini has.
	Defined []string
	// NoIni is set with -n: PHP reads no php.ini.
	NoIni bool
	// Root is set with -R: pools may run as root.
	Root bool
	// Ends is set if it only tests or prints.
	Ends bool
}

// Options reads the arguments of PHP-FPM.
func Options(args []string) (o FPMOptions) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		take := func(short, long string) (value string, ok bool) {
			switch {
			case (arg == short || arg == long) && i+1 < len(args):
				i++
				return args[i], true
			case strings.HasPrefix(arg, long+"="):
				return arg[len(long)+1:], true
			case strings.HasPrefix(arg, short) && !strings.HasPrefix(arg, "--"):
				return arg[len(short):], len(arg) > len(short)
			}
			return "", false
		}
		if v, ok := take("-y", "--fpm-config"); ok {
			o.Config = v
		} else if v, ok := take("-p", "--prefix"); ok {
			o.Prefix = v
		} else if v, ok := take("-c", "--php-ini"); ok {
			o.PHPIni = v
		} else if v, ok := take("-d", "--define"); ok {
			key, _, _ := strings.Cut(v, "=")
			o.Defined = append(o.Defined, strings.TrimSpace(key))
			continue
		}
		switch arg {
		case "-R", "--allow-to-run-as-root":
			o.Root = true
		case "-n", "--no-php-ini":
			o.NoIni = true
		case "-t", "-tt", "--test", "-v", "--version", "-i", "--info", "-m", "--modules", "-h", "--help":
			o.Ends = true
		}
	}
	if o.Config == "" && strings.HasPrefix(o.Prefix, "/") {
		o.Config = strings.TrimSuffix(o.Prefix, "/") + "/etc/php-fpm.conf"
	}
	return o
}
