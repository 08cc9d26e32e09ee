package deploy

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/dockerfile"
)

// maxSources limits how many sources of a Dockerfile are looked for.
const maxSources = 200

// contextOf returns what a build of a Dockerfile copies from that nothing in the project starts:
// its own folder, or one above that has more of what it copies, as for
// "docker build -f docker/Dockerfile .".
func (r *repository) contextOf(f *dockerfile.File, name string) *context {
	best := r.context(path.Dir(name), name)
	sources := copiedBy(f)
	most := best.has(sources)
	for dir := best.dir; dir != "/" && most < len(sources); {
		dir = path.Dir(dir)
		if above := r.context(dir, name); above.has(sources) > most {
			best, most = above, above.has(sources)
		}
	}
	return best
}

// copiedBy returns what a Dockerfile copies from the folder of the build, each once, without what
// depends on a variable.
func copiedBy(f *dockerfile.File) (names []string) {
	for _, s := range f.Stages {
		for _, in := range s.Instructions {
			_, from := in.Flag("from")
			if in.Keyword != "COPY" && in.Keyword != "ADD" || from || len(in.Words) == 0 {
				continue
			}
			for _, w := range in.Words[:len(in.Words)-1] {
				name := strings.Trim(w.Text, `"'`)
				if in.Heredoc(w) != nil || strings.Contains(name, "$") || remote(name) || slices.Contains(names, name) {
					continue
				}
				if names = append(names, name); len(names) == maxSources {
					return names
				}
			}
		}
	}
	return names
}

// has returns how many of the sources are in the folder.
func (c *context) has(sources []string) (n int) {
	for _, name := range sources {
		if len(c.find(name)) > 0 {
			n++
		}
	}
	return n
}
