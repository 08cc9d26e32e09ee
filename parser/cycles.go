package parser

import (
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// cycles reports every include through which a file includes itself. nginx opens the
// file repeatedly until it runs out of descriptors, and refuses to start. With a glob
// in the cycle it may run out while it lists names, which it treats as no match
// (measured on nginx 1.22): then it starts.
func (r *reader) cycles(n *Nginx, tops []*nginx.File) {
	c := &cycleFinder{
		reader: r,
		config: n,
		depth:  make([]int, len(n.Files)),
		done:   make([]bool, len(n.Files)),
		globs:  make([]glob, len(n.Lists)),
	}
	for _, top := range tops {
		c.from(n.index[top])
	}
}

// cycleFinder visits files and the files they include, depth first. Files are their
// indices in the configuration. Includes with the same argument share one list of files,
// which is visited once: if many files include many files, the cost is the sum of the two.
type cycleFinder struct {
	reader *reader
	config *Nginx
	depth  []int  // by file, its place on the current path, from 1; 0 if it is not on it
	done   []bool // by file
	globs  []glob // by list
	stack  []visit
}

// visit is one file on the current path.
type visit struct {
	file  int32
	next  int               // the number of its include being visited
	open  bool              // that include has opened its glob
	wild  int               // the number of includes with wildcards on the path to file
	lines []nginx.Directive // its includes; nil until one is reported
}

// glob is the set of files that the includes with one argument match.
type glob struct {
	files []int32 // not visited yet
	below int32   // the file being visited
	back  int32   // the outermost file on the current path that files contains; -1 if there is none
	met   bool
	open  bool
}

// list returns the list that the include being visited matches.
func (c *cycleFinder) list(v *visit) int32 { return c.config.Includes[v.file][v.next] }

// leads returns the number of includes with wildcards up to the one being visited.
func (c *cycleFinder) leads(v *visit) int {
	if c.config.wild[c.list(v)] {
		return v.wild + 1
	}
	return v.wild
}

// from visits the files that top includes, directly or not.
func (c *cycleFinder) from(top int32) {
	c.push(top)
	for len(c.stack) > 0 {
		v := &c.stack[len(c.stack)-1]
		if v.next == len(c.config.Includes[v.file]) {
			c.depth[v.file], c.done[v.file] = 0, true
			c.stack = c.stack[:len(c.stack)-1]
			continue
		}
		switch g := &c.globs[c.list(v)]; {
		case !v.open:
			c.enter(v, g)
		case len(g.files) == 0:
			g.open = false
			c.leave(v, g)
		default:
			g.below, g.files = g.files[0], g.files[1:]
			c.meet(g, g.below)
		}
	}
}

// push starts the visit of a file.
func (c *cycleFinder) push(f int32) {
	if c.done[f] {
		return
	}
	v := visit{file: f}
	if n := len(c.stack); n > 0 {
		v.wild = c.leads(&c.stack[n-1])
	}
	c.stack = append(c.stack, v)
	c.depth[f] = len(c.stack)
}

// enter opens g, which the include of v being visited matches.
func (c *cycleFinder) enter(v *visit, g *glob) {
	switch {
	case !g.met:
		*g = glob{files: c.config.Lists[c.list(v)], back: -1, met: true, open: true}
		v.open = true
	case g.open:
		c.report(v, g.below)
		v.next++
	default:
		c.leave(v, g)
	}
}

// meet visits one of the files of g.
func (c *cycleFinder) meet(g *glob, f int32) {
	switch depth := c.depth[f]; {
	case depth == 0:
		c.push(f)
	case g.back < 0 || depth < c.depth[g.back]:
		g.back = f
	}
}

// leave closes g, which the include of v being visited matches.
func (c *cycleFinder) leave(v *visit, g *glob) {
	if g.back >= 0 && c.depth[g.back] > 0 {
		c.report(v, g.back)
	}
	v.next, v.open = v.next+1, false
}

// report reports that f includes itself through the include of v being visited.
func (c *cycleFinder) report(v *visit, f int32) {
	if v.lines == nil {
		for d := range c.config.Files[v.file].All() {
			if d.IsInclude() {
				v.lines = append(v.lines, d)
			}
		}
	}
	at, name := v.lines[v.next].Arg(0).Span(), c.config.Files[f].Source.Name
	if c.leads(v) > c.stack[c.depth[f]-1].wild {
		c.reader.unread(at, name, name+" includes itself through this line: nginx opens it until it has too many open files, and may go on then")
		return
	}
	c.config.Problems = append(c.config.Problems, source.Problem{
		At: at, Kind: source.Include,
		Message: name + " includes itself through this line: nginx opens it until it has too many open files",
	})
}
