package nginxt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// namedLocation is a location with its modifier, one of =, ~, ~*, ^~ and @, or "" for
// a prefix, and its name, which includes the @.
type namedLocation struct {
	d              nginx.Directive
	modifier, name string
	at             nginx.Word // the word that holds the name
}

// locationKey is what must be unique among the locations of one block.
type locationKey struct {
	name  string
	exact bool
}

// locationName reads the modifier and the name of a location (nginx
// ngx_http_core_module.c, ngx_http_core_location).
func locationName(d nginx.Directive) namedLocation {
	if d.NumArgs() == 2 {
		return namedLocation{d, d.Arg(0).String(), d.Arg(1).String(), d.Arg(1)}
	}
	at := d.Arg(0)
	text := at.String()
	for _, modifier := range [...]string{"=", "^~", "~*", "~"} {
		if name, ok := strings.CutPrefix(text, modifier); ok {
			return namedLocation{d, modifier, name, at}
		}
	}
	if strings.HasPrefix(text, "@") {
		return namedLocation{d, "@", text, at}
	}
	return namedLocation{d, "", text, at}
}

// LocationName returns the modifier of a location, one of =, ~, ~*, ^~ and @, or "" for a
// prefix, and its name, which includes the @.
func LocationName(d nginx.Directive) (modifier, name string) {
	l := locationName(d)
	if l.modifier == "" && strings.HasPrefix(l.name, "@") {
		return "@", l.name
	}
	return l.modifier, l.name
}

// location judges a location of the current block, and returns its modifier.
func (x *inspector) location(d nginx.Directive) (modifier string) {
	l := locationName(d)
	switch l.modifier {
	case "", "=", "^~", "@":
	case "~", "~*":
		x.expression(d, l.at, l.name)
	default:
		if source.TemplateMark(l.modifier) == "" && !x.quiet(d.File()) {
			x.refuse(d, d.Arg(0).Span(), fmt.Sprintf("a location takes =, ~, ~* or ^~ before its name, not %q", l.modifier), fmt.Sprintf("invalid location modifier \"%s\"", l.modifier))
		}
		return l.modifier
	}
	if source.TemplateMark(l.name) == "" && !x.quiet(d.File()) {
		x.beside(l)
	}
	return l.modifier
}

// beside judges a location against its siblings and the location around it.
func (x *inspector) beside(l namedLocation) {
	if !x.main {
		return
	}
	x.sameLocation(l)
	if !x.around.IsZero() {
		x.nested(l, locationName(x.around))
	}
}

// nested judges a location inside another one.
func (x *inspector) nested(l, parent namedLocation) {
	name, around := l.name, parent.name
	message, says := "", ""
	switch regex := l.modifier == "~" || l.modifier == "~*"; {
	case source.TemplateMark(around) != "":
	case parent.modifier == "=":
		message = fmt.Sprintf("the exact location %s takes no other location in it", around)
		says = fmt.Sprintf("location \"%s\" cannot be inside the exact location \"%s\"", name, around)
	case parent.modifier == "@":
		message = fmt.Sprintf("the named location %s takes no other location in it", around)
		says = fmt.Sprintf("location \"%s\" cannot be inside the named location \"%s\"", name, around)
	case l.modifier == "@":
		message = fmt.Sprintf("the named location %s belongs in server {}, not into another location", name)
		says = fmt.Sprintf("named location \"%s\" can be on the server level only", name)
	case !regex && !strings.HasPrefix(name, around):
		message = fmt.Sprintf("no request for %s gets here: the location around is %s", name, around)
		says = fmt.Sprintf("location \"%s\" is outside location \"%s\"", name, around)
	}
	if message != "" {
		x.refuse(l.d, l.at.Span(), message, says)
	}
}

// sameLocation records a location of the current block and reports a duplicate.
// Regular expressions may repeat. The modifier = makes a different location, ^~ does not.
func (x *inspector) sameLocation(l namedLocation) {
	if l.modifier == "~" || l.modifier == "~*" {
		return
	}
	key := locationKey{l.name, l.modifier == "="}
	first, ok := x.firstLocation(key)
	if !ok && len(x.few) < maxFew {
		x.few = append(x.few, uniqueLocation{key, l.d})
		return
	}
	if !ok {
		x.locations[key] = l.d
		return
	}
	x.add(Refusal{At: l.d.Span(), Fault: TwiceInBlock, Name: l.d.Name(), First: first.Span()})
}

// uniqueLocation is a location that none before it is a duplicate of.
type uniqueLocation struct {
	locationKey
	d nginx.Directive
}

// maxFew is the number of locations of a block up to which they are compared one by one.
const maxFew = 16

// firstLocation returns the location of the current block with a key.
func (x *inspector) firstLocation(key locationKey) (first nginx.Directive, ok bool) {
	for i := range x.few {
		if x.few[i].locationKey == key {
			return x.few[i].d, true
		}
	}
	first, ok = x.locations[key]
	return first, ok
}
