package deploy

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// supervisor starts the programs of a configuration of supervisord.
func (r *runner) supervisor(args []source.Text) (stays bool) {
	r.supervises = true
	main := ""
	for i := 1; i < len(args); i++ {
		arg := args[i].String
		switch {
		case (arg == "-c" || arg == "--configuration") && i+1 < len(args):
			main = args[i+1].String
		case strings.HasPrefix(arg, "--configuration="):
			main = strings.TrimPrefix(arg, "--configuration=")
		case strings.HasPrefix(arg, "-c") && len(arg) > 2:
			main = arg[2:]
		}
	}
	t := r.files.Tree()
	if main == "" {
		// In this order (supervisord.org, "Running Supervisor").
		for _, name := range []string{"supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf", "/etc/supervisor/supervisord.conf"} {
			if _, err := t.Stat(r.resolve(name)); err == nil {
				main = name
				break
			}
		}
	}
	// Debian's package brings one that includes conf.d.
	if main == "" || r.resolve(main) == "/etc/supervisor/supervisord.conf" {
		if _, err := t.Open("/etc/supervisor/supervisord.conf"); err != nil && r.base.Distribution != "alpine" {
			r.included(t, "/etc/supervisor/conf.d/*.conf")
			return true
		}
	}
	if _, err := t.Open(r.resolve(main)); err != nil || main == "" {
		r.guess("the configuration of supervisord is not in the project")
		return true
	}
	r.supervised(t, r.resolve(main))
	return true
}

// supervised starts the programs of one file, and of those that it includes.
func (r *runner) supervised(t *tree.Tree, name string) {
	r.depth++
	defer func() { r.depth-- }()
	if !r.mayGoOn() {
		return
	}
	file, err := t.Open(name)
	if err != nil {
		return
	}
	text := file.Source()
	section, auto, user := "", true, r.user
	var command source.Text
	flush := func() {
		if strings.HasPrefix(section, "program:") && auto && command.String != "" {
			r.interpret(r.environment(command))
		}
		command, auto, r.user = source.Text{}, true, user
	}
	for _, line := range text.Lines() {
		trimmed := strings.TrimSpace(line.String)
		if strings.HasPrefix(trimmed, "[") {
			flush()
			section = strings.TrimSpace(strings.Trim(trimmed, "[]"))
			continue
		}
		switch key, value := setting(line); key {
		case "command":
			command = value
		case "user":
			r.user = value.String
		case "autostart":
			auto = !strings.EqualFold(value.String, "false")
		case "files":
			if section == "include" {
				for _, pattern := range strings.Fields(value.String) {
					if !strings.HasPrefix(pattern, "/") {
						pattern = path.Join(path.Dir(name), pattern)
					}
					r.included(t, pattern)
				}
			}
		}
	}
	flush()
}

// environment returns a setting with its %(ENV_NAME)s filled in, and %% as % (supervisord.org,
// "Environment Variables").
func (r *runner) environment(text source.Text) source.Text {
	for from := 0; ; {
		i := strings.Index(text.String[from:], "%")
		if i < 0 {
			return text
		}
		i += from
		from = i + 1
		if strings.HasPrefix(text.String[i:], "%%") {
			text = text.Replace(i, i+1, source.Text{})
			continue
		}
		name, _, ok := strings.Cut(strings.TrimPrefix(text.String[i:], "%(ENV_"), ")s")
		if value, set := r.env[name]; ok && set && strings.HasPrefix(text.String[i:], "%(ENV_") {
			text = text.Replace(i, i+len("%(ENV_)s")+len(name), value)
			from = i + len(value.String)
		}
	}
}

// setting splits a line of a configuration of supervisord; "" for one that sets nothing.
func setting(line source.Text) (key string, value source.Text) {
	key, _, ok := strings.Cut(line.String, "=")
	from := len(key) + 1
	key = strings.TrimSpace(key)
	if !ok || strings.HasPrefix(key, ";") || strings.HasPrefix(key, "#") {
		return "", source.Text{}
	}
	text := strings.TrimRight(line.String[from:], " \t\r\n")
	if i := strings.Index(text, " ;"); i >= 0 {
		text = text[:i]
	}
	from += len(text) - len(strings.TrimLeft(text, " \t"))
	return key, line.Slice(from, from+len(strings.TrimSpace(text)))
}

func (r *runner) included(t *tree.Tree, pattern string) {
	names, _ := t.Glob(pattern)
	for _, name := range names {
		r.supervised(t, name)
	}
}

// s6 starts what s6-overlay does, in its order: the scripts of cont-init.d, the bundle user of
// s6-rc, the services of services.d, and the command in its arguments (s6-overlay, README,
// "Init stages"; MOVING-TO-V3).
func (r *runner) s6(args []source.Text) (stays bool) {
	r.scripts("/etc/cont-init.d")
	const rc = "/etc/s6-overlay/s6-rc.d"
	t := r.files.Now()
	met := map[string]bool{}
	var bundle func(name string)
	bundle = func(name string) {
		if met[name] || len(met) > 1000 {
			return
		}
		met[name] = true
		for _, folder := range []string{"contents.d", "dependencies.d"} {
			list, _ := t.List(path.Join(rc, name, folder))
			for _, e := range list {
				bundle(e.Name)
			}
		}
		for _, script := range []string{"run", "up"} {
			r.script(path.Join(rc, name, script))
		}
	}
	bundle("user")
	r.services("/etc/services.d")
	if len(args) > 0 {
		r.run(args)
	}
	return true
}

// runit starts what the init of phusion/baseimage does: scripts, then the services of a folder
// and the command in its arguments (phusion/baseimage-docker, my_init).
func (r *runner) runit(args []source.Text) (stays bool) {
	r.scripts("/etc/my_init.d")
	r.script("/etc/rc.local")
	r.services("/etc/service")
	for len(args) > 0 && strings.HasPrefix(args[0].String, "-") {
		args = args[1:]
	}
	if len(args) > 0 {
		r.run(args)
	}
	return true
}

// scanned starts the services of the folder that a program such as runsvdir watches.
func (r *runner) scanned(args []source.Text) (stays bool) {
	dir := "/etc/service"
	for _, a := range args {
		if strings.HasPrefix(a.String, "/") {
			dir = a.String
		}
	}
	r.services(dir)
	return true
}

// procfile starts the commands of a Procfile, which has a name and a colon before each.
func (r *runner) procfile(args []source.Text) (stays bool) {
	name := "Procfile"
	options := stringsOf(args)
	for i := range options {
		if v, ok := parser.Option(options, &i, "-f", "--procfile"); ok {
			name = v
		}
	}
	file, err := r.files.Now().Open(r.resolve(name))
	if err != nil {
		r.guess(name + " is not in the project")
		return true
	}
	for _, line := range file.Source().Lines() {
		if i := strings.IndexByte(line.String, ':'); i > 0 && !strings.HasPrefix(line.String, "#") {
			r.interpret(line.Slice(i+1, len(line.String)))
		}
	}
	return true
}

// services starts the run files of the folders in dir.
func (r *runner) services(dir string) {
	list, _ := r.files.Now().List(dir)
	for _, e := range list {
		r.script(path.Join(dir, e.Name, "run"))
	}
}

// scripts runs the scripts in dir by name.
func (r *runner) scripts(dir string) {
	list, _ := r.files.Now().List(dir)
	for _, e := range list {
		r.script(path.Join(dir, e.Name))
	}
}

// script runs a script that a supervisor starts, if it exists.
func (r *runner) script(name string) {
	if _, err := r.files.Now().Stat(name); err == nil {
		r.scripted = true
		r.run(words([]string{name}))
	}
}

// prepareRun makes what the service scripts of Debian make before they start PHP-FPM.
func (r *runner) prepareRun() {
	r.files.Mkdir("/run/php", tree.Owner{UID: 33, GID: 33, Mode: 0o755, Known: true})
}
