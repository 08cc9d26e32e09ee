package handler

import (
	"slices"
	"strings"
)

// maxHosts limits the names of one server with which a request is tried.
const maxHosts = 10

// byHost adds to all, which is empty, what becomes of a request: once for each name of the server if
// conditions of RewriteRule are about it, since the one without www may be redirected to the one
// with it.
func (m *model) byHost(sc *scope, r *request, all []*Pass) []*Pass {
	m.asked = false
	if p := m.pass(sc, r); p != nil {
		all = append(all, p)
	}
	if !m.asked {
		return all
	}
	as := func(host string) *Pass {
		other := *r
		other.host = host
		return m.pass(sc, &other)
	}
	for i := 1; i < min(len(sc.server.Names), maxHosts); i++ {
		if p := as(sc.host(i)); p != nil && (p.End != Unknown || !slices.ContainsFunc(all, func(q *Pass) bool { return q.At == p.At })) {
			all = append(all, p)
		}
	}
	if !sc.first || r.host == "" {
		return all
	}
	switch p := as(""); {
	case p == nil:
	case len(all) == 0 && p.End == Proxied, p.Way == RewriteRule && !toServer(p.At.Text()):
		all = append(all, p)
	}
	return all
}

// example makes a host name of a pattern of ServerAlias.
var example = strings.NewReplacer("*", "any", "?", "a")

// host returns a host name that name i of a server matches; "" if the server has no such name.
func (sc *scope) host(i int) string {
	if i >= len(sc.server.Names) {
		return ""
	}
	return strings.ToLower(example.Replace(sc.server.Names[i]))
}
