package deploy

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/compose"
	"github.com/wp502lint/wp502lint/parser/dockerfile"
	"github.com/wp502lint/wp502lint/parser/shell"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// Project is what a project describes.
type Project struct {
	Deployments []*Deployment
	// Files are the files that describe it.
	Files []source.Input
	// Problems are what the engines refuse to read, and Unknown what was not followed.
	Problems []source.Problem
	Unknown  []source.NotChecked
	// Unseen counts the templates that may have configurations of nginx.
	Unseen int

	held map[string]bool
	met  map[*source.File]bool
}

// Machines returns the machines of all deployments.
func (p *Project) Machines() (all []*Machine) {
	for _, d := range p.Deployments {
		all = append(all, d.Machines...)
	}
	return all
}

// problems adds problems: those of the text, and limits and marks as what was not followed.
func (p *Project) problems(list []source.Problem) {
	for _, one := range list {
		switch {
		case !one.Kind.Refused():
			p.Unknown = append(p.Unknown, source.NotChecked{At: one.At, Why: one.Message})
		case !slices.Contains(p.Problems, one):
			p.Problems = append(p.Problems, one)
		}
	}
}

// read adds a file that was read.
func (p *Project) read(f *source.File, role source.Role) {
	if p.met[f] {
		return
	}
	p.met[f], f.Literal = true, true
	p.Files = append(p.Files, source.Input{File: f, Path: f.Name, Role: role})
}

// maxFolders limits how many folders are searched.
const maxFolders = 20_000

// Find returns what the project in t describes in dirs and below; without any, in all of it. What
// is described there may use files of the whole project. Folders of other people's code are
// not searched.
func Find(t *tree.Tree, dirs ...string) *Project {
	r := newRepository(t)
	p := r.out
	var found candidates
	if dirs == nil {
		dirs = []string{"/"}
	}
	found.search(t, dirs)
	if found.none() {
		return p
	}
	r.composeProjects(&found)
	r.clusters(found.manifests)
	r.images(&found)
	return p
}

// newRepository returns the reader of the project in t, with what it finds as out.
func newRepository(t *tree.Tree) *repository {
	p := &Project{held: map[string]bool{}, met: map[*source.File]bool{}}
	return &repository{tree: t, parsed: map[*source.File]*dockerfile.File{}, held: p.held, pulled: map[string]known{}, built: map[string]bool{}, budget: shell.NewBudget(), out: p}
}

// candidates are the files that may describe machines, by what their names tell.
type candidates struct {
	compose     map[string][]string // the names of files by folder
	folders     []string            // those of compose, in order
	dockerfiles []string
	manifests   []string
}

func (c *candidates) none() bool {
	return len(c.folders)+len(c.dockerfiles)+len(c.manifests) == 0
}

// search walks folders of the project, each once.
func (c *candidates) search(t *tree.Tree, dirs []string) {
	c.compose = map[string][]string{}
	met := map[string]bool{}
	left := maxFolders
	var walk func(dir string)
	walk = func(dir string) {
		if left--; left < 0 || met[dir] {
			return
		}
		met[dir] = true
		list, err := t.List(dir)
		if err != nil {
			return
		}
		for _, e := range list {
			name := path.Join(dir, e.Name)
			switch {
			case e.Type == tree.Dir && parser.Skipped(e.Name):
			case e.Type == tree.Dir:
				walk(name)
			case e.Type == tree.File:
				c.sort(dir, e.Name)
			}
		}
	}
	for _, dir := range dirs {
		walk(dir)
	}
}

// sort files a name.
func (c *candidates) sort(dir, name string) {
	lower := strings.ToLower(name)
	yaml := strings.HasSuffix(lower, ".yml") || strings.HasSuffix(lower, ".yaml")
	switch {
	case compose.Named(name):
		if c.compose[dir] == nil {
			c.folders = append(c.folders, dir)
		}
		c.compose[dir] = append(c.compose[dir], name)
	case yaml, name == "Kustomization":
		c.manifests = append(c.manifests, path.Join(dir, name))
	case isDockerfile(lower), maybeDockerfile(lower):
		c.dockerfiles = append(c.dockerfiles, path.Join(dir, name))
	}
}

// isDockerfile reports whether a file with a name in lower case is a Dockerfile for certain.
func isDockerfile(name string) bool {
	return name == "dockerfile" || name == "containerfile" || strings.HasSuffix(name, ".dockerfile")
}

// maybeDockerfile reports whether a file with a name in lower case is a Dockerfile if it begins as one:
// Dockerfile.php is at times code in PHP.
func maybeDockerfile(name string) bool {
	switch path.Ext(name) {
	case ".dockerignore", ".md", ".twig":
		return false
	case ".template", ".tmpl", ".tpl", ".j2", ".esh", ".erb", ".in": // of a variant, such as Dockerfile-alpine
		return strings.HasPrefix(name, "dockerfile.")
	}
	for _, word := range [...]string{"dockerfile", "containerfile"} {
		before, after, ok := strings.Cut(name, word)
		if ok && (before == "" || strings.ContainsAny(before[len(before)-1:], "-_.")) && (after == "" || strings.ContainsAny(after[:1], "-_.")) {
			return true
		}
	}
	return false
}

// begins reports whether the first instruction of a text is one that a Dockerfile may begin with.
func begins(text string) bool {
	for line := range strings.Lines(strings.TrimPrefix(text, "\uFEFF")) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		word, _, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
		return strings.EqualFold(word, "FROM") || strings.EqualFold(word, "ARG")
	}
	return false
}

// images adds a machine for each image that the project builds and no compose file runs.
func (r *repository) images(found *candidates) {
	used := map[string]bool{}
	for f := range r.parsed {
		used[f.Real] = true
	}
	for _, name := range found.dockerfiles {
		f, err := r.open(name)
		if err != nil || used[f.Real] || !isDockerfile(strings.ToLower(path.Base(name))) && !begins(f.Text) {
			continue
		}
		parsed := r.dockerfile(f)
		if len(parsed.Stages) == 0 {
			continue
		}
		b := r.build(parsed, r.contextOf(parsed, name), nil, nil)
		m := b.image("")
		last := parsed.Stages[len(parsed.Stages)-1]
		d := &Deployment{Name: name}
		one := &Machine{Name: machineName(name), At: last.From.At, Image: m.name, ImageAt: last.Base.At, Deployment: d}
		one.unrun = true
		one.elsewhere = "nothing in the project says with which other containers " + one.Name + " runs"
		d.Machines = []*Machine{one}
		r.boot(one, m)
		r.out.Deployments = append(r.out.Deployments, d)
	}
}

// machineName is a name for the machine of a Dockerfile.
func machineName(file string) string {
	if dir := path.Dir(file); dir != "/" {
		return strings.TrimPrefix(dir, "/")
	}
	return path.Base(file)
}

// build returns the build of a Dockerfile.
func (r *repository) build(f *dockerfile.File, c *context, named map[string]*context, args map[string]source.Text) *build {
	return &build{repo: r, file: f, context: c, named: named, args: args, globals: globals(f, args), done: map[*dockerfile.Stage]*image{}, doing: map[*dockerfile.Stage]bool{}}
}

// boot starts a machine with the files of an image.
func (r *repository) boot(m *Machine, from *image) {
	run := &runner{image: from, machine: m, budget: r.budget, out: r.out}
	run.fill()
	run.start()
	from.agree()
	if from.unknown != "" && m.Unknown == "" && m.started() == 0 && !m.Others {
		m.Unknown = from.unknown
	}
	for i := range m.Apache {
		m.Apache[i].ModPHP = from.loadsPHP(m.Apache[i].Main)
	}
	if !from.fails.IsZero() {
		m.Unknown = "the build of its image fails"
	}
	m.PHP, m.NginxVersion = from.base.PHP, from.base.Nginx
	m.NginxUser, m.NginxTemp = from.nginxUser(), from.nginxTemp()
	switch from.base.Entry {
	case servers.EntryNone, servers.EntryNginx, servers.EntryPHP:
		// What runs an image that the project only builds may set what the image does not.
		m.Literal = m.Unknown == "" && len(from.base.Filled) == 0 && !(m.unrun && run.left)
	}
	m.Account, m.Misfits = from.runsAs(), from.misfits
	m.NoFPM = !from.runs(fpm) && from.unknown == ""
	m.Tree = from.files.Tree()
}
