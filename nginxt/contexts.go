package nginxt

import (
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
)

// tier is a part of nginx. What has a name, such as a variable, an upstream or a log format,
// belongs to one of them.
type tier uint8

const (
	inHTTP   tier = iota // or in none of the others
	inStream             // in its blocks
	inMail
)

// tierOf returns the part that a directive is in. A fragment that may be for several is taken
// for one of http.
func tierOf(in servers.NginxContext) tier {
	switch {
	case in&^(servers.NginxStream|servers.NginxStreamServer|servers.NginxStreamUpstream) == 0:
		return inStream
	case in&^(servers.NginxMail|servers.NginxMailServer) == 0:
		return inMail
	}
	return inHTTP
}

// contextsOf returns the contexts that a fragment may be meant for: those that
// allow all its directives, or every context if there is no such one.
func contextsOf(f *nginx.File) servers.NginxContext {
	all := servers.NginxAnywhere
	for d := range f.Directives() {
		if one := contextsFor(d); one != 0 {
			all &= one
		}
	}
	if all == 0 {
		return servers.NginxAnywhere
	}
	return all
}

// contextsFor returns the contexts that allow a directive and what is directly in its block: a
// server with a location is one of http. The result is 0 for a name that nginx does not have.
func contextsFor(d nginx.Directive) servers.NginxContext {
	var all, fit servers.NginxContext
	for i, rows := 0, d.Key().Directives(); i < len(rows); i++ {
		row := &rows[i]
		if row.Block != d.HasBlock() {
			continue
		}
		for _, in := range (row.Contexts & servers.NginxAnywhere).Each() {
			if all |= in; holdsAll(d, row.Inside(in)) {
				fit |= in
			}
		}
	}
	if fit == 0 {
		return all
	}
	return fit
}

// holdsAll reports whether nginx allows each directive of the block of d in a context.
func holdsAll(d nginx.Directive, in servers.NginxContext) bool {
	if in == 0 || in == servers.NginxTable {
		return true
	}
	for child := range d.Children() {
		rows := child.Key().Directives()
		allowed := len(rows) == 0
		for i := range rows {
			allowed = allowed || rows[i].Contexts&in != 0
		}
		if !allowed {
			return false
		}
	}
	return true
}
