package deploy

import (
	"cmp"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/shell"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// server starts nginx, Apache or PHP-FPM.
func (r *runner) server(p servers.Program, args []source.Text) (stays bool) {
	if p.Server == servers.Apache {
		return r.apache(p, args)
	}
	s := Server{At: placeOf(args), Account: r.runsAs()}
	options := stringsOf(args[1:])
	if p.Server == servers.Nginx {
		o := parser.ParseNginxOptions(options)
		if o.Ends {
			return false
		}
		s.Prefix = cmp.Or(o.Prefix, r.nginxPrefix())
		s.Main = r.mainFile(cmp.Or(o.Config, p.Conf), cmp.Or(s.Prefix, servers.NginxOrgPrefix))
		r.machine.Nginx = append(r.machine.Nginx, s)
		return daemonOff.MatchString(o.Global) || r.says(s.Main, daemonOff)
	}
	o := parser.ParseFPMOptions(options)
	if o.Ends {
		return false
	}
	s.Main = r.mainFile(cmp.Or(o.Config, p.Conf), o.Prefix)
	s.Root, s.Defined, s.NoIni = o.Root, o.Defined, o.NoIni
	r.machine.FPM = append(r.machine.FPM, s)
	return o.Foreground || !o.Background && r.daemonizeOff(s.Main)
}

// service starts what a service manager calls by a name.
func (r *runner) service(p shell.Program) bool {
	for _, name := range []string{p.Service, strings.TrimSuffix(p.Service, ".service")} {
		if q, ok := r.program(name); ok {
			r.started(q, p.At)
			return false
		}
		if namesApache(name) {
			if q, ok := r.apacheProgram(); ok {
				r.started(q, p.At)
				return false
			}
		}
		// Debian's service of PHP-FPM has the version before the name of the program.
		if v, ok := strings.CutPrefix(name, "php"); ok && strings.HasSuffix(v, "-fpm") {
			if q, ok := r.program("php-fpm" + strings.TrimSuffix(v, "-fpm")); ok {
				r.prepareRun()
				r.started(q, p.At)
				return false
			}
		}
	}
	r.lacks(p.Service, p.At)
	return false
}

// started starts a program as a service manager does, at a place in the project.
func (r *runner) started(p servers.Program, at source.Span) {
	if p.Server == servers.Apache { // with the variables of the distribution
		p.Path = path.Join(path.Dir(p.Path), "apachectl")
	}
	r.server(p, []source.Text{{String: p.Path}})
	last := *r.machine.of(p.Server)
	last[len(last)-1].At = at
}

// mainFile returns the path of a main file, which may be relative to a prefix.
func (r *runner) mainFile(name, prefix string) string {
	if strings.HasPrefix(name, "/") {
		return name
	}
	return r.resolve(path.Join(prefix, name))
}

func stringsOf(args []source.Text) (all []string) {
	for _, a := range args {
		all = append(all, a.String)
	}
	return all
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
