package deploy

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/parser/shell"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// runner follows what starts on a container, from its first program on.
type runner struct {
	*image
	machine *Machine
	depth   int
	budget  *shell.Budget // of all scripts of the project
	// begun counts the programs and configurations that were followed.
	begun int
	// over is set if a program has nothing to start.
	over bool
	// quiet is set if a program runs that starts no server.
	quiet bool
	// supervises is set if supervisord runs.
	supervises bool
	// scripted is set if a script or a supervisor started programs: it may stay itself.
	scripted bool
}

// The limits of how deep programs start programs, and of how many are followed in one
// container: programs that start each other twice would take forever.
const (
	maxDepth    = 20
	maxPrograms = 1000
)

// mayGoOn counts a program, and reports whether it is within the limits.
func (r *runner) mayGoOn() bool {
	r.begun++
	if r.depth <= maxDepth && r.begun <= maxPrograms {
		return true
	}
	r.guess("its programs start too many others")
	return false
}

// start follows the entrypoint and the command of the image.
func (r *runner) start() {
	args := slices.Concat(r.entrypoint, r.command)
	switch r.entry {
	case servers.EntryNone:
	case servers.EntryUnknown:
		if r.unknown == "" || r.entrypoint != nil {
			break
		}
		if len(r.command) == 0 {
			r.guess(r.unknown)
			return
		}
		args = r.command
	case servers.EntryS6:
		r.bundle()
		args = r.command
	case servers.EntrySupervisor:
		args = r.command
		if len(args) > 0 && args[0].String == "supervisord" {
			r.bundle()
			return
		}
	case servers.EntryPHP:
		args = r.command
		if len(args) > 0 && strings.HasPrefix(args[0].String, "-") {
			args = append(words(r.base.Command[:1]), args...)
		}
	case servers.EntryNginx:
		args = r.command
		if len(args) > 0 && (args[0].String == "nginx" || args[0].String == "nginx-debug") {
			r.nginxEntrypoint()
		}
	default:
		args = r.command
	}
	if len(args) > 0 && !r.exec(args) {
		r.leave()
	}
	if r.over && len(r.machine.Nginx)+len(r.machine.FPM) == 0 {
		r.machine.Ends = placeOf(r.entrypoint)
		return
	}
	if m := r.machine; len(m.Nginx)+len(m.FPM) == 0 && !m.Others && !r.quiet && (r.runs(servers.Nginx) || r.runs(fpm)) && len(args) > 0 {
		why := "what starts nginx or PHP-FPM is not known"
		if r.supervises {
			why = "supervisord runs, and no program of it in the project starts nginx or PHP-FPM"
		}
		r.guess(why)
	}
}

// leave ends the container when its program does, if that is PHP-FPM in the background.
func (r *runner) leave() {
	m := r.machine
	if r.scripted || len(m.FPM) != 1 || len(m.Nginx) > 0 || m.Others || m.Unknown != "" || r.unknown != "" {
		return
	}
	for _, name := range []string{m.FPM[0].Main, path.Join(path.Dir(m.FPM[0].Main), "php-fpm.d", "any")} {
		if _, doubted := r.files.Now().DoubtOf(name); doubted {
			return
		}
	}
	m.Background = true
}

// guess takes every configuration on the machine for one in use, because of why.
func (r *runner) guess(why string) {
	if r.machine.Unknown == "" {
		r.machine.Unknown = why
	}
}

// bundle starts the servers of an image with a supervisor of its own.
func (r *runner) bundle() {
	if r.base.NginxConf != "" {
		r.machine.Nginx = append(r.machine.Nginx, Server{Main: r.base.NginxConf})
	}
	if r.base.FPMConf != "" {
		r.machine.FPM = append(r.machine.FPM, Server{Main: r.base.FPMConf})
	}
}

// wrappers start their arguments, after options of their own: how many words each takes
// besides those that start with a dash.
var wrappers = map[string]int{
	"tini": 0, "dumb-init": 0, "catatonit": 0, "exec": 0, "nohup": 0, "setsid": 0, "env": 0, "nice": 0, "gosu": 1, "su-exec": 1, "runuser": 1, "with-contenv": 0,
}

// exec follows a program with its arguments, and reports whether it stays.
func (r *runner) exec(args []source.Text) (stays bool) {
	r.depth++
	defer func() { r.depth-- }()
	if len(args) == 0 {
		r.over = true
		return false
	}
	if !r.mayGoOn() {
		return true
	}
	if hole.In(args[0]) {
		r.guess("which program starts is not known")
		return true
	}
	name := path.Base(args[0].String)
	if skip, ok := wrappers[name]; ok {
		rest := args[1:]
		for len(rest) > 0 && (strings.HasPrefix(rest[0].String, "-") || name == "env" && strings.Contains(rest[0].String, "=")) {
			rest = rest[1:]
		}
		return r.exec(rest[min(skip, len(rest)):])
	}
	if p, ok := r.program(args[0].String); ok {
		return r.server(p, args)
	}
	return r.starter(name, args)
}

// starter follows a program that starts others: a shell, a supervisor, an entrypoint.
func (r *runner) starter(name string, args []source.Text) (stays bool) {
	switch name {
	case "sh", "bash", "ash", "dash":
		return r.shell(args)
	case "supervisord":
		return r.supervisor(args)
	case "init", "s6-svscan", "s6-overlay":
		return r.s6()
	case "runsvdir", "my_init", "runsvinit", "runsvdir-start", "runit-init":
		return r.runit("/etc/service")
	case "docker-php-entrypoint":
		return r.exec(phpArguments(args[1:]))
	case "docker-entrypoint.sh":
		if _, ours := r.script(args[0].String); !ours {
			if r.entry == servers.EntryNginx || r.base.Entry == servers.EntryNginx {
				if len(args) > 1 && strings.HasPrefix(args[1].String, "nginx") {
					r.nginxEntrypoint()
				}
			}
			return r.exec(args[1:])
		}
	}
	if text, ok := r.script(args[0].String); ok {
		return r.follow(text, args)
	}
	return r.other(name, args)
}

// phpArguments are the arguments of the entrypoint of the PHP images: php before options.
func phpArguments(args []source.Text) []source.Text {
	if len(args) > 0 && strings.HasPrefix(args[0].String, "-") {
		return append(words([]string{"php"}), args...)
	}
	return args
}

// harmless are programs that start no server.
var harmless = map[string]bool{"sleep": true, "tail": true, "cron": true, "crond": true, "wait": true, "cat": true, "true": true, "composer": true, "wp": true, "inotifywait": true}

// others are programs that listen themselves and start neither nginx nor PHP-FPM.
var others = map[string]bool{
	"apache2": true, "apache2-foreground": true, "apache2ctl": true, "httpd": true, "httpd-foreground": true, "php": true, "node": true, "npm": true, "yarn": true,
	"python": true, "python3": true, "caddy": true, "traefik": true, "mysqld": true, "mariadbd": true, "redis-server": true, "memcached": true, "postgres": true,
	"varnishd": true, "haproxy": true, "java": true, "ruby": true, "composer": true, "wp": true, "sleep": true, "tail": true, "cron": true, "crond": true, "cat": true, "true": true,
}

// other is a program that is neither nginx nor PHP-FPM.
func (r *runner) other(name string, args []source.Text) (stays bool) {
	switch {
	case strings.HasPrefix(name, "nginx"), namesFPM(name):
		if r.unknown != "" {
			r.guess(r.unknown)
			return true
		}
		r.lacks(name, placeOf(args))
		return false
	case !others[name] && (r.runs(servers.Nginx) || r.runs(fpm)):
		r.guess("what " + name + " starts is not known")
	case harmless[name]:
		r.quiet = true
		return name == "tail" || name == "sleep" || name == "cron" || name == "crond"
	case r.unknown != "":
		r.guess(r.unknown)
	}
	r.machine.Others = true
	return true
}

// namesFPM reports whether a program or a service is called as those of PHP-FPM are:
// php-fpm, php-fpm8.3, php8.3-fpm, php83-fpm.
func namesFPM(name string) bool {
	return strings.HasPrefix(name, "php") && strings.Contains(name, "fpm")
}

// lacks records a command that starts what is not installed, if that is a PHP-FPM.
func (r *runner) lacks(name string, at source.Span) {
	if r.unknown == "" && namesFPM(name) && r.machine.NotInstalled.IsZero() {
		r.machine.NotInstalled = at
	}
}

// placeOf returns where a command is written, and zero if it is in an image.
func placeOf(args []source.Text) source.Span {
	var at source.Span
	for _, a := range args {
		for _, p := range a.Pieces {
			switch {
			case p.From.IsZero():
			case at.IsZero():
				at = p.From
			case at.File == p.From.File && p.From.End > at.End:
				at = at.To(p.From)
			}
		}
	}
	return at
}

// script returns the text of a program that is a script.
func (r *runner) script(name string) (text source.Text, ok bool) {
	if !strings.Contains(name, "/") {
		for _, dir := range searchPath {
			if text, ok = r.script(path.Join(dir, name)); ok {
				return text, true
			}
		}
		return text, false
	}
	file, err := r.files.Now().Open(r.resolve(name))
	if err != nil {
		return text, false
	}
	return file.Source(), true
}

// follow runs a script with its arguments.
func (r *runner) follow(text source.Text, args []source.Text) (stays bool) {
	first, _, _ := strings.Cut(text.String, "\n")
	if strings.HasPrefix(first, "#!") && !strings.Contains(first, "sh") && !strings.Contains(first, "with-contenv") {
		return r.other(path.Base(args[0].String), args)
	}
	return r.interpret(text, args, strings.Contains(first, "sh -e"))
}

// interpret runs the text of a script.
func (r *runner) interpret(text source.Text, args []source.Text, exit bool) (stays bool) {
	r.scripted = true
	script := shell.Script{Text: text.String}
	if len(text.Pieces) == 1 && text.Pieces[0].Same {
		script.At = text.Pieces[0].From
	}
	env := r.shellEnv(args...)
	env.Exit, env.Budget = exit, r.budget
	running := false
	shell.Run(script, env, &world{image: r.image, start: func(p shell.Program) bool {
		stays := r.launch(p)
		running = running || stays
		return stays
	}})
	return running
}

// launch starts a program of a script.
func (r *runner) launch(p shell.Program) (stays bool) {
	if p.Maybe {
		r.guess("whether " + p.At.Text() + " runs is not known")
	}
	if p.Service != "" {
		return r.service(p)
	}
	env, dir := r.env, r.dir
	if p.Vars != nil {
		r.env = p.Vars
	}
	if p.Dir != "" && !strings.Contains(p.Dir, hole.Mark) {
		r.dir = p.Dir
	}
	stays = r.exec(p.Args)
	r.env, r.dir = env, dir
	return stays && !p.Background
}

// service starts what a service manager calls by a name.
func (r *runner) service(p shell.Program) bool {
	for _, name := range []string{p.Service, strings.TrimSuffix(p.Service, ".service")} {
		if q, ok := r.program(name); ok {
			r.server(q, []source.Text{{String: q.Path}})
			last := &r.machine.FPM
			if q.Server == servers.Nginx {
				last = &r.machine.Nginx
			}
			(*last)[len(*last)-1].At = p.At
			return false
		}
		// Debian's service of PHP-FPM has the version before the name of the program.
		if v, ok := strings.CutPrefix(name, "php"); ok && strings.HasSuffix(v, "-fpm") {
			if q, ok := r.program("php-fpm" + strings.TrimSuffix(v, "-fpm")); ok {
				r.prepareRun()
				r.server(q, []source.Text{{String: q.Path}})
				r.machine.FPM[len(r.machine.FPM)-1].At = p.At
				return false
			}
		}
	}
	r.lacks(p.Service, p.At)
	return false
}

// shell follows sh -c TEXT and sh SCRIPT.
func (r *runner) shell(args []source.Text) (stays bool) {
	for i := 1; i < len(args); i++ {
		arg := args[i].String
		switch {
		case strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") && strings.HasSuffix(arg, "c") && i+1 < len(args):
			return r.interpret(args[i+1], args[i+2:], strings.Contains(arg, "e"))
		case strings.HasPrefix(arg, "-"):
		default:
			if text, ok := r.script(r.resolve(arg)); ok {
				return r.interpret(text, args[i:], false)
			}
			r.guess("the script " + arg + " is not in the project")
			return true
		}
	}
	return false
}
