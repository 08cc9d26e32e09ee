package nginxt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// before reports whether nginx reads a before b, as far as that is known.
func (x *inspector) before(a, b nginx.Directive) bool {
	if a.File() != b.File() {
		return x.config.Index(a.File()) < x.config.Index(b.File())
	}
	return a.Ordinal() < b.Ordinal()
}

// judgeMemory judges the shared memory zones (nginx ngx_cycle.c, ngx_shared_memory_add
// and ngx_init_cycle).
func (z *zones) judgeMemory(x *inspector) {
	firsts := map[string]*sharedZone{} // by name, the first with a size, or else the first
	for i := range z.memory {
		one := &z.memory[i]
		if first := firsts[one.name]; first == nil || first.size == 0 && one.size != 0 || (first.size == 0) == (one.size == 0) && x.before(one.d, first.d) {
			firsts[one.name] = one
		}
	}
	for i := range z.memory {
		one := &z.memory[i]
		switch first := firsts[one.name]; {
		case nginx.HasVariable(one.name), source.TemplateMark(one.name) != "":
		case x.repeated(one.d) && !one.own:
			x.add(Refusal{At: one.d.Span(), Fault: RefusedArgument, Name: one.d.Name(),
				Message: fmt.Sprintf("%s for the zone %s is included twice in one block", one.d.Name(), source.Excerpt(one.name)), Says: fmt.Sprintf("\"%s\" directive is duplicate", one.d.Name())})
		case first.size != 0 && one.d == first.d && !x.repeated(one.d):
		case first.size != 0, one.kind != first.kind && !x.config.Open:
			x.shares(one, first)
		case !x.config.Open:
			x.undefinedZone(one)
		}
	}
}

// shares judges a zone that has the name of another.
func (x *inspector) shares(one, first *sharedZone) {
	bad := Refusal{At: one.at, Fault: RefusedArgument, Name: one.d.Name(), First: first.at}
	name := source.Excerpt(one.name)
	switch {
	case one.kind != first.kind:
		bad.Message = fmt.Sprintf("%s cannot use the zone %s, which belongs to a %s", one.d.Name(), name, first.d.Name())
		bad.Says = fmt.Sprintf("the shared memory zone \"%s\" is already declared for a different use", one.name)
	case one.size > 0 && first.size > 0 && one.size != first.size:
		bad.Message = fmt.Sprintf("the zone %s has two sizes: %d bytes here, and %d where it was first defined", name, one.size, first.size)
		bad.Says = fmt.Sprintf("the size %d of shared memory zone \"%s\" conflicts with already declared size %d", one.size, one.name, first.size)
	case !one.own || !first.own:
		return
	case strings.HasSuffix(one.kind.what, "_cache"):
		bad.Message, bad.Says = fmt.Sprintf("a second cache with the zone %s", name), fmt.Sprintf("duplicate zone \"%s\"", one.name)
	default:
		bad.Message = fmt.Sprintf("a second %s with the zone %s", one.d.Name(), name)
		bad.Says = fmt.Sprintf("%s \"%s\" is already bound to key \"%s\"", one.d.Name(), one.name, first.d.Arg(0).String())
	}
	if one.d == first.d {
		bad.Message = fmt.Sprintf("%s with the zone %s is included twice", one.d.Name(), name)
	}
	x.add(bad)
}

// undefinedZone reports a zone that nothing gives a size.
func (x *inspector) undefinedZone(one *sharedZone) {
	if one.d.Name() == "zone" {
		x.refuse(one.d, one.at, fmt.Sprintf("the zone %s has no size, here or in another upstream", source.Excerpt(one.name)), fmt.Sprintf("zero size shared memory zone \"%s\"", one.name))
		return
	}
	x.add(Refusal{At: one.at, Fault: UndefinedZone, Name: one.d.Name(), Text: one.name})
}

// madePath is a directory that nginx creates.
type madePath struct {
	path   string
	levels string // of temporary files
	cache  bool
	d      nginx.Directive
}

// makes records the directory of a cache or of temporary files.
func (z *zones) makes(x *inspector, d nginx.Directive, cache bool) {
	one := madePath{path: d.Arg(0).String(), cache: cache, d: d}
	for i, w := range d.Args() {
		if text := w.String(); i == 0 && (!x.stays(text) || source.Stub(text)) || i > 0 && !cache && !x.stays(text) {
			return
		} else if i > 0 && !cache {
			one.levels += " " + text
		}
	}
	if !strings.HasPrefix(one.path, "/") {
		// Of an absolute path nginx compares what it cut off too (nginx ngx_file.c,
		// ngx_add_path; measured on nginx 1.22).
		one.path = strings.TrimSuffix(one.path, "/")
	}
	z.paths = append(z.paths, one)
}

// judgePaths finds a directory of two caches, or of a cache and temporary files (nginx
// ngx_file.c, ngx_add_path).
func (z *zones) judgePaths(x *inspector) {
	firsts := map[string]*madePath{}
	for i := range z.paths {
		one := &z.paths[i]
		if first := firsts[one.path]; first == nil || x.before(one.d, first.d) {
			firsts[one.path] = one
		}
	}
	for i := range z.paths {
		one := &z.paths[i]
		first := firsts[one.path]
		bad := Refusal{At: one.d.Span(), Fault: RefusedArgument, Name: one.d.Name(), First: first.d.Span(), Says: "the same path name \""}
		switch path := source.Excerpt(one.path); {
		case one.d == first.d:
			continue
		case one.cache || first.cache:
			bad.Message = fmt.Sprintf("%s and %s cannot both use the directory %s", first.d.Name(), one.d.Name(), path)
			if first.d.Name() == one.d.Name() {
				bad.Message = fmt.Sprintf("two caches cannot both use the directory %s", path)
			}
		case one.levels != first.levels:
			bad.Message = fmt.Sprintf("the directory %s has other levels here than in %s", path, first.d.Name())
		default:
			continue
		}
		x.add(bad)
	}
}
