package upgrade

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// inContainers reports whether containers of a project run a version.
func (p *planner) inContainers(version string) bool {
	return slices.ContainsFunc(p.Result.Stacks, func(s *stack.Stack) bool { return runs(s, version) })
}

// runs reports whether a container runs a version.
func runs(s *stack.Stack, version string) bool {
	return s.Container != nil && (s.Container.PHP == version || strings.HasPrefix(s.Container.PHP, version+".") || slices.ContainsFunc(s.Masters, func(m *stack.Master) bool { return m.Version == version }))
}

// planProject plans for the containers of a project. A container is replaced as a whole, so an
// address may stay; it changes where it has the version in its name.
func (p *planner) planProject() string {
	p.project = true
	for _, in := range p.Result.Files {
		if in.File != nil && (in.Role == source.RoleDockerfile || in.Role == source.RoleCompose) {
			p.moveDescription(in)
		}
	}
	for _, name := range []string{"/.env", "/.env.dist", "/.env.example"} {
		if f, err := p.tree().File(name); err == nil {
			p.moveVariables(f)
		}
	}
	for _, s := range p.Result.Stacks {
		if runs(s, p.From) {
			p.moveContainer(s)
		}
	}
	if !servers.Older(p.To, "8.5") && servers.Older(p.From, "8.5") {
		p.builtIn()
	}
	if !p.installs {
		return p.stillRuns(p.Result)
	}
	p.projectCommands()
	return ""
}

// stillRuns says which container runs the old version, or starts one that it has not got: what
// brings PHP to it is not named by a file of the project, or not with its version.
func (p *planner) stillRuns(r *engine.Result) string {
	lacked := map[string]bool{}
	for _, s := range p.Result.Stacks {
		lacked[nameOf(s)] = lacks(s)
	}
	for _, s := range r.Stacks {
		does := ""
		switch {
		case runs(s, p.From) && !runs(s, p.To):
			does = fmt.Sprintf("still run PHP %s, which comes", p.From)
		case lacks(s) && !lacked[nameOf(s)]:
			does = fmt.Sprintf("start PHP %s, which does not come", p.To)
		default:
			continue
		}
		why := fmt.Sprintf("%s would %s with %s; let it have PHP %s first, since nothing is written before", nameOf(s), does, cmp.Or(s.Container.Image, "its packages"), p.To)
		if at := s.Container.ImageAt; !at.IsZero() {
			why = fmt.Sprintf("%s:%d: %s", at.File.Name, at.Begin().Line, why)
		}
		return why
	}
	return ""
}

// lacks reports whether a container starts a PHP-FPM that its image has not got.
func lacks(s *stack.Stack) bool { return s.Container != nil && !s.Container.NotInstalled.IsZero() }

// nameOf is what a container is called in a message; "" for a host.
func nameOf(s *stack.Stack) string {
	if s.Container == nil {
		return ""
	}
	return strings.TrimSpace("container " + s.Container.Name)
}

// movedVersion replaces the old version where a pattern finds one. A number of a release goes:
// the new version has others.
func (p *planner) movedVersion(pattern *lazyregexp.Regexp, text string) string {
	return pattern.ReplaceAllStringFunc(text, func(found string) string {
		m := pattern.FindStringSubmatch(found)
		olds, news := forms(p.From), forms(p.To)
		if i := slices.Index(olds[:], m[2]); i >= 0 {
			return m[1] + news[i]
		}
		return found
	})
}

// inProject reports whether a word is the name of a file or a folder of the project, from the
// folder of a file or from the root.
func (p *planner) inProject(f *source.File, w string) bool {
	return !path.IsAbs(w) && (p.there(path.Join(path.Dir(f.Real), w)) || p.there(path.Join("/", w)))
}

// moveVariables changes the version in an env file.
func (p *planner) moveVariables(f *source.File) {
	for n := 1; n <= f.Lines(); n++ {
		line := f.Line(n)
		text := strings.TrimSuffix(line.Text(), "\r")
		if now := p.movedVersion(variable, text); now != text && !strings.HasPrefix(strings.TrimSpace(text), "#") {
			p.edit(line.Sub(0, len(text)), now)
			p.do(Step{Kind: Images, At: line, Text: fmt.Sprintf("%s becomes %s", text, now)})
		}
	}
}

// moveContainer changes the addresses with the old version in their name that pools of a
// container listen on, together with all lines that pass to them.
func (p *planner) moveContainer(s *stack.Stack) {
	for _, pool := range s.Pools {
		at, ok := editable(pool.Listen.At)
		if !ok {
			continue
		}
		old := unquoted(at.Text())
		now := renamed(old, p.From, p.To)
		if now == old {
			continue
		}
		lines, whole := p.passing(pool, old)
		if !whole {
			p.tell(Step{At: at, Text: fmt.Sprintf("pool %s keeps %s: not every line that passes to it is written in a file of the project", pool.Name, old)})
			continue
		}
		p.edit(at, swapped(at.Text(), old, now))
		p.do(Step{Kind: Pools, At: at, Text: fmt.Sprintf("pool %s listens on %s", pool.Name, now)})
		for _, l := range lines {
			p.moveAddress(l, old, now)
			p.do(Step{Kind: Gateways, At: l, Text: fmt.Sprintf("%s becomes %s", l.Text(), swapped(l.Text(), old, now)), Why: "pool " + pool.Name + " listens there"})
		}
	}
}

// passing returns the words that pass to a pool of a container by the path old, in any
// container; whole is false if the project does not hold them all.
func (p *planner) passing(pool *stack.Pool, old string) (lines []source.Span, whole bool) {
	for _, s := range p.Result.Stacks {
		for _, g := range s.Gateways {
			for _, peer := range g.Peers {
				if peer.Pool == nil || peer.Pool.Listen.At != pool.Listen.At {
					continue
				}
				at, ok := editable(peer.At)
				if !ok || !strings.Contains(at.Text(), old) {
					return nil, false
				}
				if !slices.Contains(lines, at) {
					lines = append(lines, at)
				}
			}
		}
	}
	return lines, true
}

// editable returns the place in the project of a word that a container reads.
func editable(at source.Span) (source.Span, bool) {
	if at.IsZero() || at.File.Image != "" {
		return source.Span{}, false
	}
	origin, same := at.Origin()
	return origin, same && !origin.IsZero()
}

// installs is the command of the official images that builds extensions, with its arguments.
var installs = lazyregexp.New(`docker-php-ext-(?:install|enable)((?:[ \t]+|\\\r?\n)+[^\s;&|\\]+)+`)

// opcache is the word in such a command.
var opcache = lazyregexp.New(`[ \t]+opcache\b`)

// builtIn takes opcache out of what is built: from PHP 8.5 on it is a part of PHP, and building
// it fails (docker-library/php issues 1605 and 1631).
func (p *planner) builtIn() {
	for _, in := range p.Result.Files {
		switch {
		case in.File == nil:
		case in.Role == source.RoleDockerfile:
			for _, found := range installs.FindAllStringIndex(in.File.Text, -1) {
				p.withoutOpcache(in.File, found[0], found[1])
			}
		}
	}
	for _, s := range p.Result.Stacks {
		for _, f := range s.Files {
			if f.File == nil || f.Role != source.RolePHPIni || f.Image != "" {
				continue
			}
			_, loads := values(f.File)
			for _, l := range loads {
				if at, ok := editable(l.at); ok && strings.HasPrefix(path.Base(unquoted(l.written)), "opcache") {
					p.tell(Step{At: at, Text: "PHP 8.5 has opcache built in: this line only brings a warning at every start, and can go"})
				}
			}
		}
	}
}

// withoutOpcache takes the word opcache out of a command.
func (p *planner) withoutOpcache(f *source.File, from, to int) {
	text := f.Text[from:to]
	i := opcache.FindStringIndex(text)
	if i == nil {
		return
	}
	at := f.Span(from+i[0], from+i[1])
	rest := strings.Fields(strings.ReplaceAll(text[:i[0]]+text[i[1]:], "\\\n", " "))
	if slices.ContainsFunc(rest[1:], func(w string) bool { return !strings.HasPrefix(w, "-") }) {
		line := f.Line(at.Begin().Line)
		if d := p.drafts[f.Real]; d != nil && slices.ContainsFunc(d.edits, func(e source.Edit) bool { return e.At.Start == line.Start }) {
			p.tell(Step{At: at, Text: "take opcache out of this line: PHP 8.5 has it built in, and building it fails"})
			return
		}
		p.edit(at, "")
		p.do(Step{Kind: Extensions, At: at, Text: "opcache is not built", Why: "PHP 8.5 has it built in, and building it fails"})
		return
	}
	p.tell(Step{At: at, Text: "take this command out: it builds opcache alone, which PHP 8.5 has built in, and building it fails"})
}

// projectCommands puts down how a project comes to run with the new images.
func (p *planner) projectCommands() {
	compose := slices.ContainsFunc(p.Result.Files, func(f source.Input) bool { return f.Role == source.RoleCompose })
	if !compose {
		p.run("build", "", "docker build --pull .", "the image is built on that of PHP "+p.To)
		p.run("check", "", "docker run --rm IMAGE php-fpm -t", "PHP-FPM must accept the files in the new image")
		p.Back = []Command{{Do: "build", Line: "docker build ."}}
		return
	}
	p.run("build", "", "docker compose build --pull", "images are built on those of PHP "+p.To)
	p.run("pull", "", "docker compose pull --ignore-buildable", "the others are fetched before anything stops")
	p.run("up", "", "docker compose up -d", "containers with another image are replaced, which is a gap of seconds for each of them")
	p.run("check", "", "docker compose ps", "every container has to run; then request each site with curl")
	p.Back = []Command{{Do: "build", Line: "docker compose build"}, {Do: "up", Line: "docker compose up -d"}}
}
