package parser

import (
	"iter"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// guessNginx is guess for a file with the syntax of nginx. Other programs have blocks of
// the same names (server in BIND and FreeRADIUS, http and events in HOCON), so the
// statements in a block must be nginx's as well.
func guessNginx(f *nginx.File) (g guess) {
	var top tally
	filled := false // something that is not empty proves that it is nginx's
	for d := range f.Directives() {
		top.count(d, servers.NginxAnywhere, 0)
		role, proved := guessBlock(d)
		filled = filled || proved && (!d.HasBlock() || !isEmpty(d))
		if role != "" && (proved && (!g.proved || role == source.RoleNginx) || g.role == "") {
			g = guess{role: role, proved: proved}
		}
	}
	if top.assigned > 0 && !filled {
		return guess{}
	}
	if g.role == "" && top.snippet() {
		return guess{role: source.RoleFragment}
	}
	g.proved = g.proved || g.role != "" && ofNginx(f.Source.Name)
	return g
}

// ofNginx reports whether a file or a directory around it is named after nginx or one of
// its forks.
func ofNginx(name string) bool {
	name = near(name)
	for _, program := range []string{"nginx", "openresty", "tengine", "angie"} {
		if strings.Contains(name, program) {
			return true
		}
	}
	return false
}

// guessBlock returns the role of a file with d at its top level, if d alone tells it.
func guessBlock(d nginx.Directive) (role source.Role, proved bool) {
	name, n := d.Name(), d.NumArgs()
	if !d.HasBlock() {
		passes := strings.HasSuffix(name, "_pass") && d.Key() != 0
		if !passes || n != 1 {
			return "", false
		}
		return source.RoleFragment, ended(d)
	}
	role = source.RoleFragment
	mayBeEmpty := true
	switch {
	case (name == "events" || name == "http") && n == 0:
		role, mayBeEmpty = source.RoleNginx, name == "events"
	case name == "server" && n == 0:
	case name == "location" && matchesPath(d):
	case name == "upstream" && n == 1 && hasServer(d):
		mayBeEmpty = false
	case name == "map" && n == 2 && strings.Contains(d.Arg(0).String(), "$") && strings.HasPrefix(d.Arg(1).String(), "$"):
		return role, true
	default:
		return "", false
	}
	var t tally
	t.all(d.Children(), inside(d, servers.NginxAnywhere), 0)
	switch {
	case t == tally{}:
		return role, mayBeEmpty && !d.Close().IsZero()
	case t.own > t.foreign:
		return role, true
	case t.assigned == 0 && t.known > 0:
		return role, false
	}
	return "", false
}

func isEmpty(d nginx.Directive) bool {
	for range d.Children() {
		return false
	}
	return true
}

// matchesPath reports whether d has the arguments of a location.
func matchesPath(d nginx.Directive) bool {
	switch d.Arg(0).String() {
	case "":
		return false
	case "=", "~", "~*", "^~":
		return d.NumArgs() == 2
	}
	return d.NumArgs() == 1 && strings.IndexByte("/@~=^", d.Arg(0).String()[0]) >= 0
}

// hasServer reports whether d has a server with an address inside.
func hasServer(d nginx.Directive) bool {
	for inner := range d.Children() {
		if inner.Name() == "server" && inner.NumArgs() > 0 && !assigns(inner) {
			return true
		}
	}
	return false
}

// tally counts statements by whose they are.
type tally struct {
	own      int // as nginx writes them
	foreign  int // as nginx does not write them: without an end, name = value, blocks of those
	assigned int // statements name = value or name: value, those in blocks as well
	known    int // with a name of nginx, in any form
	specific int // those of own whose name no other program is known to have
	unknown  int // statements of nginx's form with other names
}

// deepest is the depth of blocks inside a block that are looked into.
const deepest = 2

func (t *tally) all(statements iter.Seq[nginx.Directive], in servers.NginxContext, depth int) {
	for d := range statements {
		t.count(d, in, depth)
	}
}

// count counts d, which is in a block of one of the contexts in.
func (t *tally) count(d nginx.Directive, in servers.NginxContext, depth int) {
	key := d.Key()
	switch {
	case assigns(d):
		t.foreign++
		t.assigned++
		return
	case key == 0 && ended(d):
		t.unknown++
		return
	case key == 0:
		t.foreign++
		return
	}
	t.known++
	switch {
	case !ended(d), d.HasBlock() && (!fits(d, in) || depth < deepest && !t.blockFits(d, in, depth)):
		t.foreign++
	case fits(d, in):
		t.own++
		if !servers.NginxShares(d.Name()) {
			t.specific++
		}
	}
}

// blockFits reports whether nothing in the block of d shows that it is not nginx's.
func (t *tally) blockFits(d nginx.Directive, in servers.NginxContext, depth int) bool {
	if !d.Lua().IsZero() {
		return true
	}
	var body tally
	around := inside(d, in)
	body.all(d.Children(), around, depth+1)
	t.assigned += body.assigned
	if around&servers.NginxTable != 0 { // lines of data, which may have any names
		return body.assigned == 0
	}
	return body.own > body.foreign || body == tally{}
}

// snippet reports whether the statements of a file may be what an include of nginx
// reads: they have names that only nginx has, or all of them fit.
func (t *tally) snippet() bool {
	return t.own > t.foreign+t.unknown && (t.specific > 0 || t.foreign+t.unknown == 0)
}

// inside returns the contexts inside the block of d.
func inside(d nginx.Directive, in servers.NginxContext) (around servers.NginxContext) {
	rows := d.Key().Directives()
	for i := range rows {
		around |= rows[i].Inside(in)
	}
	return around
}

// fits reports whether nginx has d in one of the contexts in, with this number of
// arguments.
func fits(d nginx.Directive, in servers.NginxContext) bool {
	rows := d.Key().Directives()
	for i := range rows {
		row := &rows[i]
		if row.Contexts&in != 0 && row.Block == d.HasBlock() && row.Min <= d.NumArgs() && d.NumArgs() <= row.Max {
			return true
		}
	}
	return false
}

// ended reports whether d has its semicolon or its block.
func ended(d nginx.Directive) bool { return d.HasBlock() || d.Terminator().Text() != "" }

// assigns reports whether d is name = value or name: value, as HOCON, TOML and YAML have it.
func assigns(d nginx.Directive) bool {
	name := d.Name()
	if strings.ContainsRune(name, '=') || strings.HasSuffix(name, ":") {
		return true
	}
	first := d.Arg(0).String()
	if name == "location" && (first != "=" || d.NumArgs() == 2) {
		return false
	}
	return first == ":" || strings.HasPrefix(first, "=")
}
