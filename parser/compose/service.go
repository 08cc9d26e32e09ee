package compose

import (
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// service reads one service.
func (l *loader) service(m member) *Service {
	n := l.wellShaped(m.value)
	s := &Service{
		Name: m.key, At: m.at, declared: l.declared[m.key],
		Image: l.text(n.get("image"), "image"), Build: l.buildOf(n.get("build")),
		Command: l.command(n.get("command"), "command"), Entrypoint: l.command(n.get("entrypoint"), "entrypoint"),
		Mounts: l.mounts(n.get("volumes")), Tmpfs: l.words(n.get("tmpfs"), "tmpfs"),
		Configs: l.fileMounts(n.get("configs"), "configs", "/"), Secrets: l.fileMounts(n.get("secrets"), "secrets", "/run/secrets/"),
		NetworkMode:   l.text(n.get("network_mode"), "network_mode"),
		Links:         l.links(n.get("links"), "links"),
		ExternalLinks: l.links(n.get("external_links"), "external_links"),
		ContainerName: l.text(n.get("container_name"), "container_name"),
		Hostname:      l.text(n.get("hostname"), "hostname"),
		ExtraHosts:    l.hosts(n.get("extra_hosts")),
		Expose:        l.unique(n.get("expose"), "expose"),
		Ports:         l.ports(n.get("ports")),
		User:          l.text(n.get("user"), "user"), Groups: l.unique(n.get("group_add"), "group_add"), WorkingDir: l.text(n.get("working_dir"), "working_dir"),
		Restart: l.text(n.get("restart"), "restart"), Profiles: l.words(n.get("profiles"), "profiles"),
		VolumesFrom: l.volumesFrom(n.get("volumes_from")), Sysctls: l.pairs(n.get("sysctls"), "sysctls", false),
		Terminal: l.mayBe(n.get("tty"), "tty") || l.mayBe(n.get("stdin_open"), "stdin_open"),
		ReadOnly: l.flag(n.get("read_only"), "read_only"), Privileged: l.flag(n.get("privileged"), "privileged"),
		HasHealthcheck: l.healthcheck(n.get("healthcheck")),
	}
	s.described = m.value.get("build") != nil || m.value.get("image") != nil && (s.Image.Text != "" || !s.Image.Known())
	l.environmentOf(n, s)
	s.Networks = l.attachments(n.get("networks"), s.NetworkMode)
	s.DependsOn = l.dependencies(n.get("depends_on"), s)
	l.limits(n, s)
	return s
}

// limits reads the memory limit and the number of containers.
func (l *loader) limits(n *node, s *Service) {
	memory := l.text(n.get("mem_limit"), "mem_limit")
	if !memory.Set() {
		memory = l.text(n.get("deploy").get("resources").get("limits").get("memory"), "memory")
	}
	if memory.Known() {
		s.Memory, s.MemoryAt = l.bytes(memory), memory.At
	}
	s.Scale = l.number(n.get("deploy").get("replicas"), "replicas", 1)
	s.Scale = l.number(n.get("scale"), "scale", s.Scale)
}

// bytes reads a size, such as 512m (go-units RAMInBytes).
func (l *loader) bytes(v Value) int64 {
	text := strings.TrimSpace(v.Text)
	digits := strings.TrimRight(strings.ToLower(text), "kmgtpib ")
	unit := strings.TrimSpace(strings.ToLower(text)[len(digits):])
	f, err := strconv.ParseFloat(digits, 64)
	shift := 0
	if strings.TrimSuffix(strings.TrimSuffix(unit, "b"), "i") != "" {
		shift = 10 * (1 + strings.IndexByte("kmgtp", unit[0]))
	}
	f = math.Ldexp(f, shift)
	if err != nil || f < 0 || f >= math.MaxInt64 || shift == 0 && len(unit) > 1 {
		l.fail(v.At, source.Syntax, quoted(v.Text)+" is not a size, such as 512m")
		return 0
	}
	return int64(f)
}

// healthcheck reports whether a check of health runs.
func (l *loader) healthcheck(n *node) bool {
	if n == nil || l.flag(n.get("disable"), "disable") {
		return false
	}
	test := l.list(n.get("test"), "test")
	return len(test) > 0 && test[0].Text != "NONE"
}

// pairs reads variables, as a mapping or a list of NAME=VALUE. A name alone has the value of
// the project's variable; without one it is kept if keep is set.
func (l *loader) pairs(n *node, name string, keep bool) Environment {
	if n == nil || n.kind == null {
		return Environment{}
	}
	if n.kind == sequence {
		for _, item := range n.items {
			l.shaped(item, "an entry of "+name, item.at, text)
		}
	}
	all := pairsOf(n)
	out := Environment{Names: make([]string, 0, len(all.members)), Values: make(map[string]Value, len(all.members))}
	for _, m := range all.members {
		if m.value.kind == reset {
			continue
		}
		v := l.printed(m.value, name)
		if m.value.kind == null {
			known := false
			if v, known = m.value.scope.vars[m.key]; known {
				v.Var, v.At = v.At, m.at
				v.pieces = []source.Piece{{From: v.Var}}
			} else if v = (Value{At: m.at, Unknown: []string{m.key}, holes: []int32{0}, bare: true}); !keep {
				continue
			}
		}
		out.add(m.key, v)
	}
	return out
}

// add adds a variable or replaces its value.
func (e *Environment) add(name string, v Value) {
	if e.Values == nil {
		e.Values = map[string]Value{}
	}
	if _, ok := e.Values[name]; !ok {
		e.Names = append(e.Names, name)
	}
	e.Values[name] = v
}

// environmentOf reads env_file and environment, which wins. A value in an env file may use
// the variables of the project, which win, those of environment, and those before it
// (compose-go types/project.go, resolveEnvironment).
func (l *loader) environmentOf(n *node, s *Service) {
	own := l.pairs(n.get("environment"), "environment", true)
	for _, item := range l.items(n.get("env_file"), "env_file") {
		if e, ok := l.envFile(item); ok {
			s.EnvFiles = append(s.EnvFiles, e)
		}
	}
	s.EnvFiles = last(s.EnvFiles, func(e EnvFile) string { return e.Path.Text })
	if len(s.EnvFiles) == 0 {
		s.Environment = own
		return
	}
	outer := variables{}
	for name, v := range own.Values {
		if !v.bare {
			outer[name] = v
		}
	}
	for name, v := range n.scope.vars {
		outer[name] = v
	}
	vars := variables{}
	for _, e := range s.EnvFiles {
		if e.File == nil || !l.spend(1+strings.Count(e.File.Text, "\n"), e.At) {
			s.Environment.Open = e.At
			continue
		}
		r := envReader{file: e.File, filler: l.filler, seen: e.File.Comments != nil, raw: e.Format == "raw", outer: outer, vars: vars, fail: l.fail}
		if e.sample {
			r.fail = func(source.Span, source.Kind, string) {}
		}
		r.each(func(v variable) {
			if v.bare {
				if v.value, v.bare = outer[v.name]; !v.bare {
					return
				}
			}
			if e.sample && v.value.Text == "" {
				v.value.hole(v.name, 0)
			}
			vars[v.name] = v.value
			s.Environment.add(v.name, v.value)
		})
	}
	for _, name := range own.Names {
		s.Environment.add(name, own.Values[name])
	}
}

// envFile reads one entry of env_file and the file.
func (l *loader) envFile(item *node) (e EnvFile, ok bool) {
	file := item
	e = EnvFile{At: item.at}
	if item.kind == mapping {
		file = item.get("path")
		l.flag(item.get("required"), "required")
		e.Format = l.text(item.get("format"), "format").Text
	}
	v := l.text(file, "path")
	if !v.Set() || v.Text == "" {
		return e, false
	}
	e.At = v.At
	e.Path, e.Outside = resolve(file.scope.dir, v)
	if e.Outside || len(v.Unknown) > 0 {
		return e, true
	}
	if f, err := l.file(e.Path.Text); err == nil {
		e.File = f
	} else if e.File = l.envSample(e.Path.Text); e.File != nil {
		e.sample = true
	}
	if e.File != nil {
		l.use(e.File)
	}
	return e, true
}

// buildOf reads build.
func (l *loader) buildOf(n *node) *Build {
	if n == nil || n.kind == null {
		return nil
	}
	b := &Build{At: n.at}
	n = contextOf(n)
	context := n.get("context")
	if context == nil || context.kind != scalar {
		context = &node{kind: scalar, at: b.At, scope: n.scope, value: Value{Text: ".", At: b.At}}
	}
	b.Context = context.value
	b.Remote = remote(b.Context.Text) || strings.Contains(b.Context.Text, "://") || strings.HasPrefix(b.Context.Text, "service:")
	if !b.Remote {
		b.Context, b.Outside = resolve(context.scope.dir, b.Context)
	}
	b.Inline = l.text(n.get("dockerfile_inline"), "dockerfile_inline").From()
	if b.Inline.String == "" {
		b.Dockerfile = l.dockerfile(n.get("dockerfile"), b)
	}
	b.Target = l.text(n.get("target"), "target")
	b.Args = l.pairs(n.get("args"), "args", false)
	b.AdditionalContexts = l.contexts(n.get("additional_contexts"))
	return b
}

// dockerfile returns the path of the Dockerfile of a build, which is relative to the context.
func (l *loader) dockerfile(n *node, b *Build) Value {
	v := l.text(n, "dockerfile")
	if v.Text == "" {
		v = Value{Text: "Dockerfile", At: b.Context.At, Unknown: append(v.Unknown, b.Context.Unknown...)}
	}
	if b.Remote || b.Outside || path.IsAbs(v.Text) && !v.inside {
		return v
	}
	abs, _ := resolve(b.Context.Text, v)
	return abs
}

func (l *loader) contexts(n *node) map[string]Value {
	if n == nil || n.kind == null {
		return nil
	}
	out := map[string]Value{}
	for _, m := range pairsOf(n).members {
		v := l.text(m.value, m.key)
		if !v.Set() {
			continue
		}
		if !strings.Contains(v.Text, "://") && !strings.HasPrefix(v.Text, "service:") && !remote(v.Text) {
			v, _ = resolve(m.value.scope.dir, v)
		}
		out[m.key] = v
	}
	return out
}
