package deploy

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/parser/shell"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// apacheOptions are the arguments of httpd, or of a script that passes them on (httpd
// server/main.c; support/apachectl.in).
type apacheOptions struct {
	config, root string
	defined      []string
	// foreground is set if it does not become a daemon (httpd server/mpm_unix.c).
	foreground bool
	// ends is set if it only tests, prints or signals.
	ends bool
	// unread is set if it gets directives from the command line that matter here.
	unread bool
}

func parseApache(args []string) (o apacheOptions) {
	for i := 0; i < len(args); i++ {
		if v, ok := parser.Option(args, &i, "-f"); ok {
			o.config = v
		} else if v, ok := parser.Option(args, &i, "-d"); ok {
			o.root = v
		} else if v, ok := parser.Option(args, &i, "-D"); ok {
			o.defined = append(o.defined, v)
			o.foreground = o.foreground || slices.Contains([]string{"FOREGROUND", "NO_DETACH", "ONE_PROCESS", "DEBUG"}, v)
		} else if v, ok := parser.Option(args, &i, "-k"); ok {
			o.verb(v)
		} else if v, ok := parser.Option(args, &i, "-c", "-C"); ok {
			o.unread = o.unread || !apacheAside(v)
		} else if _, ok := parser.Option(args, &i, "-e", "-E"); ok {
			continue
		} else if args[i] == "-X" {
			o.foreground = true
		} else if !strings.HasPrefix(args[i], "-") {
			o.verb(args[i])
		} else if strings.ContainsAny(args[i][1:min(2, len(args[i]))], "tvVlLSMh") {
			o.ends = true
		}
	}
	return o
}

// verb reads what a running Apache is told. It starts one that does not run.
func (o *apacheOptions) verb(word string) {
	o.ends = o.ends || !slices.Contains([]string{"start", "restart", "graceful"}, word)
}

// apacheAside reports whether a directive does not change what happens to requests for PHP.
func apacheAside(directive string) bool {
	name, _, _ := strings.Cut(strings.TrimSpace(directive), " ")
	switch strings.ToLower(name) {
	case "servername", "errorlog", "customlog", "transferlog", "loglevel", "pidfile", "serversignature", "servertokens", "traceenable":
		return true
	}
	return false
}

// namesApache reports whether a program or a service is called as those of Apache are.
func namesApache(name string) bool {
	switch name {
	case "apache2", "httpd", "httpd24", "apache", "apachectl", "apache2ctl", "apache2-foreground", "httpd-foreground":
		return true
	}
	return false
}

// apacheProgram returns the Apache that is installed, for a service that is called as Apache is.
func (m *image) apacheProgram() (p servers.Program, ok bool) {
	for _, name := range slices.Sorted(maps.Keys(m.programs)) {
		if p := m.programs[name]; p.Server == servers.Apache && !script(name) {
			return p, true
		}
	}
	return p, false
}

// script reports whether a program of Apache is a script that prepares its environment: it reads
// the file of variables of Debian, and makes the directories that these name (apache2ctl of
// Debian; docker-library/php, apache2-foreground).
func script(name string) bool {
	switch path.Base(name) {
	case "apache2ctl", "apachectl", "apache2-foreground":
		return true
	}
	return false
}

// apache starts Apache.
func (r *runner) apache(p servers.Program, args []source.Text) (stays bool) {
	o := parseApache(stringsOf(args[1:]))
	if base := path.Base(p.Path); base == "apache2-foreground" || base == "httpd-foreground" || base == "run.sh" {
		o.foreground = true
	}
	if o.ends {
		return false
	}
	if o.unread {
		r.guess("directives on the command line of Apache are not read")
	}
	s := Server{At: placeOf(args), Account: r.runsAs(), Prefix: o.root, Defined: o.defined, Env: r.values(r.env)}
	if script(p.Path) {
		s.Env = r.apacheEnv()
	}
	s.Main = r.apacheMain(p.Conf, o)
	r.machine.Apache = append(r.machine.Apache, s)
	r.machine.Others = true
	return o.foreground
}

// apacheMain returns the main file: without -f the one that Apache was built with, which -d moves
// unless it is outside of the directory that -d replaces (httpd -V: SERVER_CONFIG_FILE).
func (r *runner) apacheMain(built string, o apacheOptions) string {
	dir, name := path.Dir(built), path.Base(built)
	if path.Base(dir) == "conf" {
		dir, name = path.Dir(dir), "conf/"+name
	}
	switch {
	case path.IsAbs(o.config):
		return path.Clean(o.config)
	case o.config != "":
		return r.mainFile(o.config, cmp.Or(o.root, dir))
	case o.root == "" || built == "/etc/apache2/httpd.conf": // Alpine's is absolute
		return built
	}
	return r.mainFile(name, o.root)
}

var loadsPHP = lazyregexp.New(`(?mi)^[ \t]*LoadModule[ \t]+php\d*_module\b`)

// loadsPHP reports whether the Apache of a main file loads PHP, in that file or in one of those that
// distributions have for modules.
func (m *image) loadsPHP(main string) bool {
	dir := path.Dir(main)
	if path.Base(dir) == "conf" {
		dir = path.Dir(dir)
	}
	names := []string{main}
	for _, pattern := range []string{"mods-enabled/*.load", "conf.d/*.conf", "conf.modules.d/*.conf"} {
		found, _ := m.files.Tree().Glob(path.Join(dir, pattern))
		names = append(names, found...)
	}
	return slices.ContainsFunc(names, func(name string) bool {
		text, err := m.files.Tree().Open(name)
		return err == nil && loadsPHP.MatchString(text.Content)
	})
}

// values returns the variables of an environment that are known.
func (r *runner) values(env map[string]source.Text) map[string]string {
	known := map[string]string{}
	for name, value := range env {
		if !hole.In(value) {
			known[name] = value.String
		}
	}
	return known
}

// apacheEnv returns the environment in which a script of Debian starts Apache, and makes the
// directories that it makes.
func (r *runner) apacheEnv() map[string]string {
	dir := r.setting("APACHE_CONFDIR", "/etc/apache2")
	file, err := r.files.Now().Open(r.setting("APACHE_ENVVARS", path.Join(dir, "envvars")))
	if err != nil {
		return r.values(r.env)
	}
	env := r.shellEnv()
	env.Budget = r.budget
	if _, set := env.Vars["APACHE_CONFDIR"]; !set {
		env.Vars["APACHE_CONFDIR"] = source.Text{String: dir}
	}
	vars := shell.Run(shell.Script{Text: file.Content}, env, &world{image: r.image}).Vars
	for _, name := range []string{"APACHE_RUN_DIR", "APACHE_LOCK_DIR"} {
		if made := vars[name]; path.IsAbs(made.String) && !hole.In(made) && r.files.Now().Missing(made.String) {
			r.files.Mkdir(path.Clean(made.String), tree.Owner{Mode: 0o755, Known: true})
		}
	}
	return r.values(vars)
}
