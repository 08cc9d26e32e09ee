package parser

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// cycles reports every include through which a file includes itself. nginx opens the
// file repeatedly until it runs out of descriptors, and refuses to start. With a glob
// in the cycle it may run out while it lists names, which it treats as no match
// (measured on nginx 1.22): then it starts.
func (r *reader) cycles(n *Nginx, tops []*nginx.File) {
	if n.acyclic() {
		return
	}
	c := &cycleFinder{
		reader: r,
		config: n,
		depth:  map[*nginx.File]int{},
		done:   make([]bool, len(n.Files)),
		globs:  make([]*glob, len(n.Lists)),
	}
	for _, top := range tops {
		c.from(top)
	}
}

// acyclic reports whether no file includes itself: when the files that no other includes
// are taken away again and again, none is left.
func (n *Nginx) acyclic() bool {
	lists, files := make([]int, len(n.Lists)), make([]int, len(n.Files)) // how many include each
	for _, includes := range n.Includes {
		for _, list := range includes {
			lists[list]++
		}
	}
	for _, list := range n.Lists {
		for _, f := range list {
			files[f]++
		}
	}
	free := make([]int32, 0, len(files))
	for f, many := range files {
		if many == 0 {
			free = append(free, int32(f))
		}
	}
	for next := 0; next < len(free); next++ {
		for _, list := range n.Includes[free[next]] {
			if lists[list]--; lists[list] > 0 {
				continue
			}
			for _, f := range n.Lists[list] {
				if files[f]--; files[f] == 0 {
					free = append(free, f)
				}
			}
		}
	}
	return len(free) == len(files)
}

// cycleFinder visits files and the files they include, depth first. Includes with
// the same argument share one list of files, which is visited once: if many files
// include many files, the cost is the sum of the two.
type cycleFinder struct {
	reader *reader
	config *Nginx
	depth  map[*nginx.File]int // of the files on the current path, from 1
	done   []bool              // of the files of config, by index
	globs  []*glob             // of its lists
	stack  []visit
	// includes is the shared storage for the includes of visits.
	includes []nginx.Directive
}

// visit is one file on the current path.
type visit struct {
	file     *nginx.File
	includes []nginx.Directive // not visited yet
	glob     *glob             // of includes[0]; nil if it is not open
	wild     int               // the number of includes with wildcards on the path to file
}

// leads returns the number of includes with wildcards up to includes[0].
func (v *visit) leads() int {
	if strings.ContainsAny(v.includes[0].Arg(0).String(), wildcards) {
		return v.wild + 1
	}
	return v.wild
}

// glob is the set of files that the includes with one argument match.
type glob struct {
	files []*nginx.File // not visited yet
	below *nginx.File   // the file being visited
	// back is the outermost file on the current path that files contains.
	back *nginx.File
	open bool
}

// from visits the files that top includes, directly or not.
func (c *cycleFinder) from(top *nginx.File) {
	c.push(top)
	for len(c.stack) > 0 {
		v := &c.stack[len(c.stack)-1]
		switch {
		case len(v.includes) == 0:
			delete(c.depth, v.file)
			c.done[c.config.index[v.file]] = true
			c.stack = c.stack[:len(c.stack)-1]
		case v.glob == nil:
			c.enter(v)
		case len(v.glob.files) == 0:
			v.glob.open = false
			c.leave(v)
		default:
			f := v.glob.files[0]
			v.glob.files = v.glob.files[1:]
			v.glob.below = f
			c.meet(v.glob, f)
		}
	}
}

// push starts the visit of a file.
func (c *cycleFinder) push(f *nginx.File) {
	i := c.config.index[f]
	if c.done[i] {
		return
	}
	v := visit{file: f}
	if n := len(c.stack); n > 0 {
		v.wild = c.stack[n-1].leads()
	}
	from := len(c.includes)
	if len(c.config.Includes[i]) > 0 {
		for d := range f.All() {
			if d.IsInclude() {
				c.includes = append(c.includes, d)
			}
		}
	}
	v.includes = c.includes[from:len(c.includes):len(c.includes)]
	c.stack = append(c.stack, v)
	c.depth[f] = len(c.stack)
}

// enter opens the first include of v.
func (c *cycleFinder) enter(v *visit) {
	list := c.config.Includes[c.config.index[v.file]][v.includes[0].IncludesBefore()]
	g := c.globs[list]
	switch {
	case g == nil:
		g = &glob{open: true}
		for _, f := range c.config.Lists[list] {
			g.files = append(g.files, c.config.Files[f])
		}
		c.globs[list], v.glob = g, g
	case g.open:
		c.report(v, g.below)
		v.includes = v.includes[1:]
	default:
		c.leave(&visit{file: v.file, includes: v.includes, glob: g, wild: v.wild})
		v.includes = v.includes[1:]
	}
}

// meet visits one of the files of g.
func (c *cycleFinder) meet(g *glob, f *nginx.File) {
	switch depth := c.depth[f]; {
	case depth == 0:
		c.push(f)
	case g.back == nil || depth < c.depth[g.back]:
		g.back = f
	}
}

// leave closes the first include of v.
func (c *cycleFinder) leave(v *visit) {
	if back := v.glob.back; back != nil && c.depth[back] > 0 {
		c.report(v, back)
	}
	v.includes, v.glob = v.includes[1:], nil
}

// report reports that f includes itself through the first include of v.
func (c *cycleFinder) report(v *visit, f *nginx.File) {
	at, name := v.includes[0].Arg(0).Span(), f.Source.Name
	if v.leads() > c.stack[c.depth[f]-1].wild {
		c.reader.unread(at, name, name+" includes itself through this line: nginx opens it until it has too many open files, and may go on then")
		return
	}
	c.config.Problems = append(c.config.Problems, source.Problem{
		At: at, Kind: source.Include,
		Message: name + " includes itself through this line: nginx opens it until it has too many open files",
	})
}
