package nginxt

import (
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
)

// onceOnly is a top-level directive of a file that may occur only once in a block.
type onceOnly struct {
	d    nginx.Directive
	rows []servers.NginxDirective
}

// included records the directives of an included file as directives of the
// current block.
func (x *inspector) included(f *nginx.File, known *file, context servers.NginxContext) {
	if !x.main {
		return
	}
	for _, one := range x.onceOf(f, known, 0) {
		for i := range one.rows {
			if one.rows[i].Once && one.rows[i].Contexts&context != 0 {
				x.twice(one.d, one.rows[i].Rival)
				break
			}
		}
	}
}

// maxOnce limits how many directives of a file and its includes are compared
// with those of the block that includes it.
const maxOnce = 1000

// maxIncludes limits the depth to which includes are followed for that.
const maxIncludes = 20

// onceOf returns the directives of f and of the files it includes that may occur
// only once in a block.
func (x *inspector) onceOf(f *nginx.File, known *file, depth int) (list []onceOnly) {
	if known.collected || depth > maxIncludes {
		return known.once
	}
	known.collected = true
	for d := range f.Directives() {
		if len(list) > maxOnce {
			break
		}
		rows := d.Key().Directives()
		if d.Key().Name() == "include" && d.NumArgs() == 1 {
			for _, inner := range x.config.Include(d) {
				if inner != f && len(list) < maxOnce {
					list = append(list, x.onceOf(inner, x.files[inner], depth+1)...)
				}
			}
			continue
		}
		if len(rows) > 0 && !d.HasBlock() {
			list = append(list, onceOnly{d, rows})
		}
	}
	known.once = list
	return list
}

// twice records a directive that may occur once, and reports a second one in the current block.
func (x *inspector) twice(d nginx.Directive, rival servers.NginxKey) {
	known := x.knownOf(rival)
	if known.block != x.block {
		known.block, known.first = x.block, d
		return
	}
	pair := [2]nginx.Directive{known.first, d}
	if x.pairs[pair] || x.quiet(d.File()) {
		return
	}
	x.pairs[pair] = true
	x.Refused = append(x.Refused, Refusal{At: d.Span(), Fault: TwiceInBlock, Name: d.Name(), First: known.first.Span()})
}
