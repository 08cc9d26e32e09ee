package servers

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
)

// Sources are the sources of a server and how they are configured.
type Sources struct {
	Dir     string   // the directory that they are in; its name may tell the version
	Options []string // of configure
	// Variable returns the value of a variable of the build; "" if it is not known.
	Variable func(name string) string
}

// Build is what make install adds to a machine, of a server that is built from its sources.
type Build struct {
	PackageFiles
	// Configured are the files that are in the sources after configure.
	Configured []ImageFile
	// Prefix is the directory that relative names of nginx lead from, and Account what its
	// workers run as without a user line: "" if unknown.
	Prefix, Account string
}

// sourceName finds the version in the name of a directory of sources.
var sourceName = lazyregexp.New(`^(nginx|tengine|freenginx|openresty|php|php-src-php)-v?(\d+(?:\.\d+)*)`)

// version returns the version that the directory of s is named after, else that of the
// variable that builds most often keep it in; "" if it is not known.
func (s Sources) version(variable string) string {
	if m := sourceName.FindStringSubmatch(path.Base(s.Dir)); m != nil {
		return m[2]
	}
	return s.Variable(variable)
}

// option returns the value of an option of configure; def if it is not given.
func (s Sources) option(name, def string) string {
	for _, o := range slices.Backward(s.Options) {
		if value, ok := strings.CutPrefix(o, "--"+name+"="); ok && value != "" {
			return value
		}
	}
	return def
}

// Server returns which server s is of: only PHP has an --enable-fpm, and nginx is known by
// the name of its directory or by options that no other configure has.
func (s Sources) Server() (server Server, ok bool) {
	if slices.Contains(s.Options, "--enable-fpm") {
		return FPM, true
	}
	name, _, _ := strings.Cut(path.Base(s.Dir), "-")
	if slices.Contains([]string{"nginx", "tengine", "freenginx", "openresty"}, name) {
		return Nginx, true
	}
	for _, o := range s.Options {
		for _, own := range []string{"--conf-path=", "--sbin-path=", "--http-log-path=", "--with-http_", "--without-http_"} {
			if strings.HasPrefix(o, own) {
				return Nginx, true
			}
		}
	}
	return "", false
}

// ApacheModule returns the name of the module of PHP that make install of s adds to Apache and makes
// it load; false if it adds none (php-src sapi/apache2handler/config.m4: apxs -i -a).
func (s Sources) ApacheModule() (name string, ok bool) {
	if !slices.ContainsFunc(s.Options, func(o string) bool { return strings.HasPrefix(o, "--with-apxs") }) {
		return "", false
	}
	return phpModule(s.version("PHP_VERSION")), true
}

// ModPHP returns the text of the file with which Apache of Debian loads PHP from a module of a name:
// apxs of Debian writes it.
func ModPHP(name string) string {
	return "LoadModule " + name + "_module /usr/lib/apache2/modules/lib" + name + ".so\n"
}

// Build returns what make install of s adds; false if s is not of nginx or PHP-FPM, or if a
// part of where the files go is not known, for which unknown is part of an option.
func (s Sources) Build(unknown string) (b Build, ok bool) {
	if slices.ContainsFunc(s.Options, func(o string) bool { return strings.Contains(o, unknown) && s.matters(o) }) {
		return Build{}, false
	}
	switch server, ok := s.Server(); {
	case !ok:
		return Build{}, false
	case server == FPM:
		return s.fpm(s.version("PHP_VERSION")), true
	}
	return s.nginx(s.version("NGINX_VERSION")), true
}

// matters reports whether an option that is not known in full may change where files are,
// or an account.
func (s Sources) matters(option string) bool {
	name, _, hasValue := strings.Cut(option, "=")
	for _, harmless := range []string{"--with-cc", "--with-ld", "--build", "--host", "--add-", "--with-http_", "--with-libdir", "--with-openssl", "--with-pcre", "--with-zlib"} {
		if hasValue && strings.HasPrefix(name, harmless) {
			return false
		}
	}
	return true
}

// nginx is make install of nginx (auto/options and auto/install of nginx 1.28). OpenResty
// has its nginx in a directory of its own below the prefix.
func (s Sources) nginx(version string) (b Build) {
	b.Name, b.Nginx = "nginx", version
	b.Prefix = s.option("prefix", "/usr/local/nginx")
	if strings.HasPrefix(path.Base(s.Dir), "openresty") {
		b.Prefix = path.Join(s.option("prefix", "/usr/local/openresty"), "nginx")
	}
	b.Account = s.option("user", "nobody")
	if group := s.option("group", b.Account); group != b.Account {
		b.Account = "" // with a group that is not the account's own
	}
	in := func(name string) string {
		if path.IsAbs(name) {
			return path.Clean(name)
		}
		return path.Join(b.Prefix, name)
	}
	conf := in(s.option("conf-path", "conf/nginx.conf"))
	dir := path.Dir(conf)
	made := []string{b.Prefix, dir, in("html"), path.Dir(in(s.option("pid-path", "logs/nginx.pid"))), path.Dir(in(s.option("http-log-path", "logs/access.log")))}
	if log := s.option("error-log-path", "logs/error.log"); log != "stderr" {
		made = append(made, path.Dir(in(log)))
	}
	slices.Sort(made)
	b.Files = dirs(slices.Compact(made)...)
	for _, name := range []string{"mime.types", "fastcgi_params", "fastcgi.conf", "scgi_params", "uwsgi_params"} {
		b.Files = append(b.Files, file(path.Join(dir, name), stock(name)), file(path.Join(dir, name+".default"), stock(name)))
	}
	b.Files = append(b.Files, file(conf, stock("nginx-source.conf")), file(path.Join(dir, "nginx.conf.default"), stock("nginx-source.conf")),
		file(in("html/index.html"), ""), file(in("html/50x.html"), ""))
	b.Programs = []Program{{Nginx, in(s.option("sbin-path", "sbin/nginx")), conf}}
	return b
}

// fpm is make install of PHP with PHP-FPM (sapi/fpm/config.m4 and sapi/fpm/Makefile.frag of
// PHP 8.4), which installs examples of its configuration and no configuration. Without a
// --prefix, autoconf calls it NONE when the examples are made.
func (s Sources) fpm(version string) (b Build) {
	prefix := s.option("prefix", "/usr/local")
	etc := s.option("sysconfdir", path.Join(prefix, "etc"))
	pools := path.Join(s.option("sysconfdir", s.option("prefix", "NONE")+"/etc"), "php-fpm.d")
	user, group := s.option("with-fpm-user", "nobody"), s.option("with-fpm-group", "nobody")
	main := fpmConf(pools+"/*.conf", ";pid = run/php-fpm.pid", ";error_log = log/php-fpm.log")
	pool := fpmPool(user, group, "listen = 127.0.0.1:9000", ";listen.owner = "+user, ";listen.group = "+group)
	b.Name, b.PHP = "php-fpm", version
	state := s.option("localstatedir", path.Join(prefix, "var"))
	b.Files = dirs(prefix, etc, state+"/log", state+"/run")
	if Older(version, "7") { // all in one file
		main = strings.Replace(main, "include=", ";include=", 1) + pool
	} else {
		b.Files = append(b.Files, dirs(etc+"/php-fpm.d")...)
		b.Files = append(b.Files, file(etc+"/php-fpm.d/www.conf.default", pool))
		b.Configured = []ImageFile{file(path.Join(s.Dir, "sapi/fpm/www.conf"), pool)}
		b.Complete = []string{etc + "/php-fpm.d"}
	}
	b.Files = append(b.Files, file(etc+"/php-fpm.conf.default", main))
	b.Configured = append(b.Configured, file(path.Join(s.Dir, "sapi/fpm/php-fpm.conf"), main))
	b.Configured = append(b.Configured, phpInis(path.Join(s.Dir, "php.ini-"))...)
	sbin := s.option("sbindir", path.Join(s.option("exec-prefix", prefix), "sbin"))
	program := s.option("program-prefix", "") + "php-fpm" + s.option("program-suffix", "")
	b.Programs = []Program{{FPM, path.Join(sbin, program), path.Join(etc, "php-fpm.conf")}}
	return b
}
