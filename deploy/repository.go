package deploy

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/dockerfile"
	"github.com/wp502lint/wp502lint/parser/shell"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// repository is the project that describes the machines.
type repository struct {
	tree   *tree.Tree
	parsed map[*source.File]*dockerfile.File
	// held are the files and folders that some machine has, by resolved name.
	held map[string]bool
	// pulled are the images of registries, by reference.
	pulled map[string]known
	// built are the images that the project builds, by name without tag.
	built map[string]bool
	// machines counts the services of all compose files.
	machines int
	// budget is that of all scripts of the project.
	budget *shell.Budget
	out    *Project
}

// known is what is known of an image of a registry; ok is unset if nothing is.
type known struct {
	servers.Image
	ok bool
}

// open reads a file of the project.
func (r *repository) open(name string) (*source.File, error) { return r.tree.File(name) }

// dockerfile reads a Dockerfile once.
func (r *repository) dockerfile(f *source.File) *dockerfile.File {
	if r.parsed[f] == nil {
		r.parsed[f] = dockerfile.Parse(f)
		r.out.problems(r.parsed[f].Problems)
		r.out.read(f, source.RoleDockerfile)
	}
	return r.parsed[f]
}

// hold records that a machine has what is at name, so that it is not a file of the project
// itself. A machine that has the whole project says nothing about its files.
func (r *repository) hold(name string) {
	at, err := r.tree.Place(name)
	if err == nil && at.Real != "/" {
		r.held[at.Real] = true
	}
}

// Holds reports whether a machine has the file or folder with a resolved name.
func (p *Project) Holds(real string) bool {
	for dir := real; dir != "/" && dir != "."; dir = path.Dir(dir) {
		if p.held[dir] {
			return true
		}
	}
	return false
}

// context is what a build can copy from.
type context struct {
	tree    *tree.Tree
	dir     string // in tree
	project bool   // of the project itself
	image   *image // another one; nil for a folder
	ignored *dockerfile.Ignored
}

// context returns the folder of a build with what its .dockerignore leaves out.
func (r *repository) context(dir, file string) *context {
	c := &context{tree: r.tree, dir: dir, project: true}
	for _, name := range []string{file + ".dockerignore", path.Join(dir, ".dockerignore")} {
		text, err := r.tree.Open(name)
		if err == nil {
			c.ignored = dockerfile.Ignore(text.Content)
			break
		}
	}
	return c
}

// skip returns what is left out below from, a path of the context; nil for nothing.
func (c *context) skip(from string) func(rel string) bool {
	if c.ignored == nil {
		return nil
	}
	base := strings.TrimPrefix(strings.TrimPrefix(from, c.dir), "/")
	return func(rel string) bool { return c.ignored.Match(path.Join(base, rel)) }
}

// find returns the names in the context that a source of COPY matches, in order.
func (c *context) find(name string) []string {
	name = path.Join(c.dir, path.Join("/", name))
	if !strings.ContainsAny(name, "*?[") {
		if _, err := c.tree.Stat(name); err != nil || c.left(name) {
			return nil
		}
		return []string{name}
	}
	names, _ := c.tree.Glob(name)
	var found []string
	for _, n := range names {
		if !c.left(n) {
			found = append(found, n)
		}
	}
	return found
}

// left reports whether .dockerignore leaves a name out.
func (c *context) left(name string) bool {
	rel := strings.TrimPrefix(strings.TrimPrefix(name, c.dir), "/")
	return c.ignored != nil && rel != "" && c.ignored.Match(rel)
}

// remote reports whether a source of ADD is not in the context.
func remote(name string) bool {
	return strings.Contains(name, "://") || strings.HasPrefix(name, "git@")
}

// downloaded returns what ADD of a URL may change: one file, or all of to for a repository of
// git (docs.docker.com/reference/dockerfile, ADD).
func downloaded(url, to string, into bool) string {
	file, _, _ := strings.Cut(url, "?")
	if !into || strings.HasPrefix(url, "git") || strings.Contains(url, ".git") || strings.Contains(url, "#") {
		return to
	}
	return path.Join(to, path.Base(file))
}
