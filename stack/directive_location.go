package stack

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
)

// locationName returns what a location goes by: one of =, ~, ~*, ^~ and @, or ""
// for a prefix, and the text behind it (nginx ngx_http_core_module.c,
// ngx_http_core_location). The @ belongs to the text.
func locationName(d nginx.Directive) (modifier, name string, at nginx.Word) {
	if d.NumArgs() == 2 {
		return d.Arg(0).String(), d.Arg(1).String(), d.Arg(1)
	}
	at = d.Arg(0)
	text := at.String()
	for _, modifier := range [...]string{"=", "^~", "~*", "~"} {
		if name, ok := strings.CutPrefix(text, modifier); ok {
			return modifier, name, at
		}
	}
	if strings.HasPrefix(text, "@") {
		return "@", text, at
	}
	return "", text, at
}

// location judges a location of the block at hand, which parent is.
func (x *inspector) location(d, parent nginx.Directive) {
	modifier, name, at := locationName(d)
	switch modifier {
	case "", "=", "^~", "@":
	case "~", "~*":
		x.expression(d, at, name)
	default:
		if templateMark(modifier) == "" && !x.quiet[d.File()] {
			x.refuse(d, d.Arg(0).Span(), fmt.Sprintf("a location takes =, ~, ~* or ^~ in front of its name, not %q", modifier), fmt.Sprintf("invalid location modifier \"%s\"", modifier))
		}
		return
	}
	x.beside(d, parent)
}

// beside judges a location by those that it stands beside and in.
func (x *inspector) beside(d, parent nginx.Directive) {
	modifier, name, _ := locationName(d)
	if templateMark(name) != "" || !x.main || x.quiet[d.File()] {
		return
	}
	x.sameLocation(d, modifier, name)
	if !parent.IsZero() && parent.Name() == "location" {
		x.nested(d, parent)
	}
}

// locationsIn judges the locations of an included file as those of the block that
// includes it.
func (x *inspector) locationsIn(f *nginx.File, parent nginx.Directive) {
	if !x.main || parent.IsZero() {
		return
	}
	for _, d := range x.locationsOf(f, 0) {
		x.beside(d, parent)
	}
}

// locationsOf returns the locations of f and of what it includes.
func (x *inspector) locationsOf(f *nginx.File, depth int) []nginx.Directive {
	list, ok := x.ofFiles[f]
	if ok || depth > maxIncludes {
		return list
	}
	x.ofFiles[f] = nil
	for d := range f.Directives() {
		if len(list) > maxOnce {
			break
		}
		switch d.Name() {
		case "location":
			if d.HasBlock() && (d.NumArgs() == 1 || d.NumArgs() == 2) {
				list = append(list, d)
			}
		case "include":
			if d.NumArgs() == 1 {
				for _, inner := range x.config.Include(d) {
					if inner != f && len(list) < maxOnce {
						list = append(list, x.locationsOf(inner, depth+1)...)
					}
				}
			}
		}
	}
	x.ofFiles[f] = list
	return list
}

// nested judges a location in another one.
func (x *inspector) nested(d, parent nginx.Directive) {
	modifier, name, at := locationName(d)
	outer, around, _ := locationName(parent)
	message, says := "", ""
	switch regex := modifier == "~" || modifier == "~*"; {
	case templateMark(around) != "":
	case outer == "=":
		message = fmt.Sprintf("the exact location %s takes no other location in it", around)
		says = fmt.Sprintf("location \"%s\" cannot be inside the exact location \"%s\"", name, around)
	case outer == "@":
		message = fmt.Sprintf("the named location %s takes no other location in it", around)
		says = fmt.Sprintf("location \"%s\" cannot be inside the named location \"%s\"", name, around)
	case modifier == "@":
		message = fmt.Sprintf("the named location %s belongs in server {}, not into another location", name)
		says = fmt.Sprintf("named location \"%s\" can be on the server level only", name)
	case !regex && !strings.HasPrefix(name, around):
		message = fmt.Sprintf("no request for %s gets here: the location around is %s", name, around)
		says = fmt.Sprintf("location \"%s\" is outside location \"%s\"", name, around)
	}
	if message != "" {
		x.refuse(d, at.Span(), message, says)
	}
}

// sameLocation notes a location of the block at hand. Expressions may be the
// same; of names, = makes another one and ^~ does not.
func (x *inspector) sameLocation(d nginx.Directive, modifier, name string) {
	switch modifier {
	case "~", "~*":
		return
	case "=":
		name = "= " + name
	}
	first, ok := x.locations[name]
	if !ok {
		x.locations[name] = d
		return
	}
	x.add(BadDirective{At: d.Span(), Fault: TwiceInBlock, Name: d.Name(), First: first.Span()})
}
