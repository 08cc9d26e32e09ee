package nginxt

import (
	"fmt"
	"slices"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// file is the state of one file of the configuration.
type file struct {
	*nginx.File
	includes []int32     // of parser.Nginx.Includes
	quiet    bool        // it has a syntax error, so most findings are suppressed
	judged   []contextOf // the contexts in which it was or will be judged

	// What it adds to a block that includes it, with its own includes followed; see follow.
	once      []onceOnly
	locations []namedLocation
	followed  bool
}

// onceOnly is a directive that may occur only once in a block, in some contexts, or that
// affects one that may.
type onceOnly struct {
	d    nginx.Directive
	rows []servers.NginxDirective
}

const (
	// maxAdded limits how many directives of a file and its includes are compared
	// with those of the block that includes it.
	maxAdded = 1000
	// maxIncludes limits the depth to which includes are followed for that.
	maxIncludes = 20
)

// include judges the files of an include in a block.
func (x *inspector) include(d nginx.Directive, v visit) {
	for _, f := range x.filesOf(d) {
		x.visitFile(f, v.contextOf)
		if !x.main {
			continue
		}
		x.follow(f, 0)
		for _, one := range f.once {
			for i := range one.rows {
				if one.rows[i].Contexts&v.context != 0 && x.occurs(one.d, &one.rows[i]) {
					break
				}
			}
		}
		if v.block.IsZero() {
			continue
		}
		for _, l := range f.locations {
			x.beside(l)
		}
	}
}

// filesOf returns the files that an include matches.
func (x *inspector) filesOf(include nginx.Directive) []*file {
	list := x.state(include.File()).includes[include.IncludesBefore()]
	if x.lists[list] == nil {
		files := make([]*file, len(x.config.Lists[list]))
		for i, f := range x.config.Lists[list] {
			files[i] = &x.files[f]
		}
		x.lists[list] = files
	}
	return x.lists[list]
}

// follow collects what f adds to a block that includes it.
func (x *inspector) follow(f *file, depth int) {
	if f.followed || depth > maxIncludes {
		return
	}
	f.followed = true
	var once []onceOnly
	var locations []namedLocation
	filler := servers.NginxKey(0)
	for d := range f.Directives() {
		switch rows := d.Key().Directives(); {
		case len(once)+len(locations) > maxAdded: // enough
		case d.IsInclude():
			for _, inner := range x.filesOf(d) {
				if inner != f && len(once)+len(locations) <= maxAdded {
					x.follow(inner, depth+1)
					once, locations = append(once, inner.once...), append(locations, inner.locations...)
				}
			}
		case slices.ContainsFunc(rows, func(row servers.NginxDirective) bool {
			return (row.Once || row.Named || row.Alone != "") && row.Block == d.HasBlock()
		}):
			once = append(once, onceOnly{d, rows})
		case len(rows) > 0 && len(rows[0].Fills) > 0 && d.Key() != filler: // only the first of many does something
			filler = d.Key()
			once = append(once, onceOnly{d, rows})
		case d.HasBlock() && d.Key().Name() == "location" && (d.NumArgs() == 1 || d.NumArgs() == 2):
			if l := locationName(d); source.TemplateMark(l.name) == "" && !f.quiet {
				locations = append(locations, l)
			}
		}
	}
	f.once, f.locations = once, locations
}

// occurs records a directive that is directly in the current block, where row allows it, or in
// a file included there. It reports whether that mattered.
func (x *inspector) occurs(d nginx.Directive, row *servers.NginxDirective) bool {
	switch {
	case row.Once:
		x.twice(d, row.Rival)
	case row.Alone != "":
		x.alone(d, row)
	case row.Named:
		x.again(d)
	default:
		for _, key := range row.Fills {
			x.first(key, d)
		}
		return len(row.Fills) > 0
	}
	return true
}

// alone reports a directive that is refused beside another one of its name in the current block
// (nginx ngx_http_proxy_module.c, ngx_http_proxy_redirect; ngx_http_mirror_module.c,
// ngx_http_mirror).
func (x *inspector) alone(d nginx.Directive, row *servers.NginxDirective) {
	first, second := x.first(d.Key(), d)
	if !second {
		return
	}
	is := func(d nginx.Directive) bool { return d.NumArgs() == 1 && d.Arg(0).String() == row.Alone }
	if !is(d) && !is(first) || x.quiet(d.File()) {
		return
	}
	message := fmt.Sprintf("%s %s cannot be beside another %s in this block", d.Name(), row.Alone, d.Name())
	if d == first {
		message = fmt.Sprintf("%s %s is included twice in one block", d.Name(), row.Alone)
	}
	x.add(Refusal{At: d.Span(), Fault: RefusedArgument, Name: d.Name(), First: first.Span(), Message: message, Says: fmt.Sprintf("\"%s\" directive is duplicate", d.Name())})
}

// again records that the current block has a directive that is Named, through an include or
// directly, perhaps for the second time.
func (x *inspector) again(d nginx.Directive) {
	if x.naming == nil {
		x.naming = map[nginx.Directive]int{}
	}
	switch block, met := x.naming[d]; {
	case met && block == x.block:
		x.naming[d] = 0
	case !met || block != 0:
		x.naming[d] = x.block
	}
}

// repeated reports whether a block includes a directive that is Named more than once.
func (x *inspector) repeated(d nginx.Directive) bool {
	block, met := x.naming[d]
	return met && block == 0
}

// first returns the first directive of the current block that is known by key. It is d, and
// second is false, if there was none.
func (x *inspector) first(key servers.NginxKey, d nginx.Directive) (first nginx.Directive, second bool) {
	known := x.knownOf(key)
	if second = known.block == x.block; !second {
		known.block, known.first = x.block, d
	}
	return known.first, second
}

// twice records a directive that may occur once, and reports a second one in the current block.
func (x *inspector) twice(d nginx.Directive, rival servers.NginxKey) {
	first, second := x.first(rival, d)
	if !second {
		return
	}
	pair := [2]nginx.Directive{first, d}
	if x.pairs[pair] || x.quiet(d.File()) {
		return
	}
	x.pairs[pair] = true
	bad := Refusal{At: d.Span(), Fault: TwiceInBlock, Name: d.Name(), First: first.Span()}
	if key := first.Key(); key != d.Key() && slices.Contains(key.Directives()[0].Fills, rival) {
		bad.Fault = RefusedArgument
		bad.Message = fmt.Sprintf("%s comes too late: the %s before it has already set its default", d.Name(), key.Name())
		bad.Says = fmt.Sprintf("\"%s\" directive is duplicate", d.Name())
	}
	x.Refused = append(x.Refused, bad)
}
