package parser

import (
	"slices"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// cycles reports every include through which a file includes itself, and takes it out of
// n, whose includes have no cycle from then on. nginx opens the file repeatedly until it
// runs out of descriptors, and refuses to start. With a glob in the cycle it may run out
// while it lists names, which it treats as no match: then it starts. But a file that
// includes itself in two ways does so at every level, and nginx does not end (all of it
// measured on nginx 1.22).
func (r *reader) cycles(n *Nginx, tops []*nginx.File) {
	nodes := len(n.Files) + len(n.Lists)
	c := &cycleFinder{
		config: n,
		met:    make([]int32, nodes),
		low:    make([]int32, nodes),
		depth:  make([]int32, nodes),
		ways:   make([]int32, nodes),
		back:   make([]int32, len(n.Lists)),
	}
	for _, top := range tops {
		c.from(n.index[top])
	}
	lines := map[int32][]nginx.Directive{}
	for _, f := range c.found {
		if lines[f.file] == nil {
			lines[f.file] = n.Files[f.file].Includes()
		}
		r.cycle(n, lines[f.file][f.include].Arg(0).Span(), n.Files[f.itself].Source.Name, c.low[f.itself])
	}
}

// cycleFinder visits files and the lists of files that their includes match, depth first.
// Both are nodes of one graph: a file has its number in Nginx.Files, and a list its number
// in Nginx.Lists, counted on. Includes with the same argument share one list, which is
// visited once: if many files include many files, the cost is the sum of the two.
//
// Which nodes lead to each other is found as in Tarjan, "Depth-first search and linear
// graph algorithms", 1972.
type cycleFinder struct {
	config *Nginx
	met    []int32 // by node, its place in the order of first visits, from 1; 0 before
	low    []int32 // by node, the first node that it is known to lead back to, by met; see close
	depth  []int32 // by node, its place on the path, from 1; 0 if it is not on it
	ways   []int32 // by node, its edges to nodes that were met before and that lead to it
	back   []int32 // by list, the first file on the path that it had, by depth; 0 for none
	path   []visit
	open   []int32 // the nodes that may lead to one on the path, in the order of met
	count  int32
	found  []cycle
}

// visit is one node on the path.
type visit struct {
	node int32
	next int // the number of its edge to follow next
}

// cycle is an include through which a file includes itself.
type cycle struct {
	file    int32
	include int // its number in the file
	itself  int32
}

// What low is for a node that leads to no node on the path, by the includes that lead from
// the node to itself.
const (
	refused = -1 - iota // nginx runs out of files at a plain one
	unsure              // there is one way, through a glob
	endless             // there are several, through globs only
)

// edges returns the nodes that a node leads to: the lists of a file, without the offset of
// lists, or the files of a list.
func (c *cycleFinder) edges(node int32) (to []int32, offset int32) {
	if list := c.list(node); list >= 0 {
		return c.config.Lists[list], 0
	}
	return c.config.Includes[node], int32(len(c.config.Files))
}

// list returns the number of the list that a node is; negative for a file.
func (c *cycleFinder) list(node int32) int32 { return node - int32(len(c.config.Files)) }

// from visits the files that top includes, directly or not.
func (c *cycleFinder) from(top int32) {
	if c.met[top] == 0 {
		c.push(top)
	}
	for len(c.path) > 0 {
		v := &c.path[len(c.path)-1]
		to, offset := c.edges(v.node)
		if v.next == len(to) {
			c.pop()
			continue
		}
		v.next++
		c.follow(v, to[v.next-1]+offset)
	}
}

// push starts the visit of a node.
func (c *cycleFinder) push(node int32) {
	c.path = append(c.path, visit{node: node})
	c.open = append(c.open, node)
	c.count++
	c.met[node], c.low[node], c.depth[node] = c.count, c.count, int32(len(c.path))
}

// follow follows an edge of v.
func (c *cycleFinder) follow(v *visit, to int32) {
	switch {
	case c.met[to] == 0:
		c.push(to)
		return
	case c.low[to] < 0:
		return
	}
	c.low[v.node] = min(c.low[v.node], c.met[to])
	c.ways[v.node]++
	list, depth := c.list(to), c.depth[to]
	switch own := c.list(v.node); {
	case own >= 0 && depth > 0:
		if c.back[own] == 0 || depth < c.back[own] {
			c.back[own] = depth
		}
	case own < 0 && depth > 0: // the file that the list is at follows it on the path
		c.report(v, c.path[depth].node)
		c.config.Includes[v.node][v.next-1] = 0
	case own < 0 && c.back[list] > 0:
		c.report(v, c.path[c.back[list]-1].node)
	}
}

// pop ends the visit of the last node of the path.
func (c *cycleFinder) pop() {
	v := c.path[len(c.path)-1]
	c.path = c.path[:len(c.path)-1]
	c.depth[v.node] = 0
	if len(c.path) > 0 {
		above := &c.path[len(c.path)-1]
		c.low[above.node] = min(c.low[above.node], c.low[v.node])
		if list := c.list(v.node); list >= 0 && c.back[list] > 0 {
			c.report(above, c.path[c.back[list]-1].node)
			c.config.Lists[list] = slices.DeleteFunc(c.config.Lists[list], func(f int32) bool { return c.depth[f] > 0 })
		}
	}
	if c.low[v.node] == c.met[v.node] {
		c.close(v.node)
	}
}

// close marks node and those opened since, which all lead to each other. If they form one
// cycle, each edge but one led to a node that had not been met.
func (c *cycleFinder) close(node int32) {
	first := len(c.open)
	ways, globs, plain := int32(0), false, false
	for closed := false; !closed; closed = c.open[first] == node {
		first--
		ways += c.ways[c.open[first]]
		if list := c.list(c.open[first]); list >= 0 {
			globs, plain = globs || c.config.wild[list], plain || !c.config.wild[list]
		}
	}
	mark := int32(refused)
	switch {
	case ways > 1 && !plain:
		mark = endless
	case ways == 1 && globs:
		mark = unsure
	}
	for _, n := range c.open[first:] {
		c.low[n] = mark
	}
	c.open = c.open[:first]
}

// report records that the file f includes itself through the include that v is at.
func (c *cycleFinder) report(v *visit, f int32) {
	c.found = append(c.found, cycle{v.node, v.next - 1, f})
}

// cycle reports what nginx does about a file that includes itself through the line at.
func (r *reader) cycle(n *Nginx, at source.Span, name string, mark int32) {
	message := name + " includes itself through this line"
	switch mark {
	case unsure:
		r.unread(at, name, message+": nginx opens it until it has too many open files, and may go on then")
		return
	case endless:
		message += ", and in more than one way: nginx reads files over and over and does not end"
	default:
		message += ": nginx opens it until it has too many open files"
	}
	n.Problems = append(n.Problems, source.Problem{At: at, Kind: source.Include, Message: message})
}
