package deploy

import (
	"cmp"
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
	out     *Project
	// begun counts the programs and configurations that were followed.
	begun int
	// over is set if a program has nothing to start.
	over bool
	// pending is why a server that nothing else starts may run, worded to follow "not checked: ".
	pending string
	// quiet is set if a program runs that starts no server.
	quiet bool
	// left is set if a name in capitals stays in what an entrypoint fills in.
	left bool
	// supervises is set if supervisord runs.
	supervises bool
	// scripted is set if a program started that is not the first one, which may stay itself.
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
	args, started := r.first()
	if started {
		return
	}
	if r.unattended && r.unknown == "" && interactive(args) && !r.serves() {
		r.machine.Ends = true
		return
	}
	if len(args) > 0 && !r.run(args) {
		r.leave()
	}
	if r.pending != "" && slices.ContainsFunc(followed, func(kind servers.Server) bool { return r.runs(kind) && *r.machine.of(kind) == nil }) {
		r.guess(r.pending)
	}
	if r.over && r.machine.started() == 0 {
		r.machine.EndsAt = placeOf(r.entrypoint)
		r.machine.Ends = !r.machine.EndsAt.IsZero()
		return
	}
	if m := r.machine; m.started() == 0 && !m.Others && !r.quiet && r.serves() && len(args) > 0 {
		why := "cannot tell what starts " + r.installed()
		if r.supervises {
			why = "supervisord runs, and no program of it in the project starts " + r.installed()
		}
		r.guess(why)
	}
}

// followed are the kinds of servers whose configuration is read.
var followed = []servers.Server{servers.Nginx, servers.Apache, fpm}

// serves reports whether a server is installed.
func (r *runner) serves() bool { return slices.ContainsFunc(followed, r.runs) }

// installed names the servers that may run, for people.
func (r *runner) installed() string {
	switch apache := r.runs(servers.Apache); {
	case !apache:
		return "nginx or PHP-FPM"
	case r.runs(fpm) || r.runs(servers.Nginx):
		return "nginx, Apache or PHP-FPM"
	}
	return "Apache"
}

// first returns the program that starts in the end, with its arguments; started is set if that is
// decided otherwise.
func (r *runner) first() (args []source.Text, started bool) {
	args = slices.Concat(r.entrypoint, r.command)
	switch r.entry {
	case servers.EntryNone:
	case servers.EntryUnknown:
		if r.unknown == "" || r.entrypoint != nil {
			break
		}
		if len(r.command) == 0 {
			r.guess(r.unknown)
			return nil, true
		}
		args = r.command
	case servers.EntryS6:
		r.bundle()
		args = r.command
	case servers.EntrySupervisor:
		args = r.command
		if len(args) > 0 && args[0].String == "supervisord" {
			r.bundle()
			return nil, true
		}
	case servers.EntryPHP:
		args = r.phpArguments(r.command)
	case servers.EntryNginx:
		args = r.command
		if len(args) > 0 && (args[0].String == "nginx" || args[0].String == "nginx-debug") {
			r.nginxEntrypoint()
		}
	default:
		args = r.command
	}
	return args, false
}

// leave ends the container when its program does, if that is PHP-FPM in the background.
func (r *runner) leave() {
	m := r.machine
	if r.scripted || len(m.FPM) != 1 || m.started() > 1 || m.Others || m.Unknown != "" || r.unknown != "" {
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
		r.machine.Nginx = append(r.machine.Nginx, Server{Main: r.base.NginxConf, Account: r.runsAs()})
	}
	if r.base.ApacheConf != "" {
		r.apache(servers.Program{Server: servers.Apache, Path: "/usr/sbin/apache2ctl", Conf: r.base.ApacheConf}, words([]string{"apache2ctl"}))
	}
	if r.base.FPMConf != "" {
		r.machine.FPM = append(r.machine.FPM, Server{Main: r.base.FPMConf, Account: r.runsAs()})
	}
}

// run follows a program with its arguments, as the first one of a process, and reports whether
// it stays. Shells, scripts and wrappers are followed to the programs that they start.
func (r *runner) run(args []source.Text) (stays bool) {
	if len(args) == 0 {
		r.over = true
		return false
	}
	env := r.shellEnv()
	env.Budget, env.Settable = r.budget, r.machine.unrun
	begun := r.begun
	result := shell.Exec(args, placeOf(args), env, &world{image: r.image, start: r.launch})
	r.refused(result.Problems)
	r.quiet = r.quiet || result.Stays && r.begun == begun // such as sleep
	return result.Stays
}

// refused reports what a shell refuses of scripts of the project.
func (r *runner) refused(problems []source.Problem) {
	r.out.problems(slices.DeleteFunc(problems, func(p source.Problem) bool {
		return p.At.IsZero() || source.TemplateMark(p.At.File.Text) != ""
	}))
}

// exec follows a program that is not a script, and reports whether it stays.
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
		r.guess("cannot tell which program starts")
		return true
	}
	if p, ok := r.program(args[0].String); ok {
		return r.server(p, args)
	}
	if path.Base(args[0].String) == "cloudflared" {
		return r.tunnel(args)
	}
	return r.starter(path.Base(args[0].String), args)
}

// starter follows a program that starts others: a supervisor, an entrypoint of an image.
func (r *runner) starter(name string, args []source.Text) (stays bool) {
	switch name {
	case "sh", "bash", "ash", "dash":
		return r.shell(args)
	case "supervisord":
		return r.supervisor(args)
	case "init", "s6-overlay":
		return r.s6(args[1:])
	case "my_init":
		return r.runit(args[1:])
	case "s6-svscan", "runsvdir", "runsvinit", "runsvdir-start", "runit-init":
		return r.scanned(args[1:])
	case "honcho", "foreman", "forego", "hivemind", "overmind", "goreman":
		return r.procfile(args[1:])
	case "docker-php-entrypoint":
		return r.run(r.phpArguments(args[1:]))
	case "docker-entrypoint.sh":
		if r.entry == servers.EntryNginx || r.base.Entry == servers.EntryNginx {
			if len(args) > 1 && strings.HasPrefix(args[1].String, "nginx") {
				r.nginxEntrypoint()
			}
		}
		return r.run(args[1:])
	}
	return r.other(args)
}

// phpArguments are the arguments of the entrypoint of the PHP images: before options it puts
// php-fpm, apache2-foreground or php, the program of the variant (docker-library/php,
// docker-php-entrypoint).
func (r *runner) phpArguments(args []source.Text) []source.Text {
	if len(args) == 0 || !strings.HasPrefix(args[0].String, "-") {
		return args
	}
	variant := "php"
	if len(r.base.Command) > 0 {
		variant = r.base.Command[0]
	}
	return append(words([]string{variant}), args...)
}

// exists reports whether a program exists under its path, or in a folder of the search path.
func (r *runner) exists(program string) bool {
	t := r.files.Now()
	if strings.Contains(program, "/") {
		return !t.Missing(r.resolve(program))
	}
	return slices.ContainsFunc(searchPath, func(dir string) bool {
		_, err := t.Type(path.Join(dir, program))
		return err == nil
	})
}

// other is a program that is none of the servers that are installed.
func (r *runner) other(args []source.Text) (stays bool) {
	name := path.Base(args[0].String)
	switch {
	case strings.HasPrefix(name, "nginx"), namesFPM(name):
		switch {
		case r.unknown != "":
			r.guess(r.unknown)
			return true
		case r.exists(args[0].String):
			r.guess("the main file of " + name + " is not known")
			return true
		}
		r.lacks(name, placeOf(args))
		return false
	case namesApache(name) && r.unknown == "" && r.exists(args[0].String):
		r.guess("the main file of " + name + " is not known")
	case harmless(name):
		r.quiet = true
		return name == "cron" || name == "crond"
	case !listens(name) && r.serves():
		r.pending = cmp.Or(r.pending, "cannot tell what "+name+" starts")
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

// interpret follows commands as a shell reads them.
func (r *runner) interpret(text source.Text) *shell.Result {
	r.scripted = true
	script := shell.Script{Text: text.String}
	if len(text.Pieces) == 1 && text.Pieces[0].Same {
		script.At = text.Pieces[0].From
	}
	env := r.shellEnv()
	env.Budget, env.Settable = r.budget, r.machine.unrun
	return shell.Run(script, env, &world{image: r.image, start: r.launch})
}

// launch starts a program that a process becomes or starts.
func (r *runner) launch(p shell.Program) (stays bool) {
	r.scripted = r.scripted || !p.Exec
	before := r.machine.started()
	defer func() {
		if p.Maybe && r.machine.started() > before {
			r.guess("cannot tell whether " + p.At.Text() + " runs")
		}
	}()
	if p.Service != "" {
		return r.service(p)
	}
	env, dir, user, userAt := r.env, r.dir, r.user, r.userAt
	if p.User != "" {
		r.user, r.userAt = p.User, placeOf(p.Args)
	}
	if p.Vars != nil {
		r.env = p.Vars
	}
	if p.Dir != "" && !strings.Contains(p.Dir, hole.Mark) {
		r.dir = p.Dir
	}
	stays = r.exec(p.Args)
	r.env, r.dir, r.user, r.userAt = env, dir, user, userAt
	return stays && !p.Background
}

// shell is a shell that reads its commands from a terminal, or from a script that is not known.
func (r *runner) shell(args []source.Text) (stays bool) {
	for _, a := range args[1:] {
		if !strings.HasPrefix(a.String, "-") {
			r.guess("the script " + a.String + " is not in the project")
			return true
		}
	}
	r.quiet = r.quiet || !placeOf(args).IsZero()
	return false
}
