package compose

import (
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/source"
)

// shapes are the kinds of values that an attribute may have.
type shapes uint8

const (
	text shapes = 1 << iota
	number
	boolean
	nothing
	aList
	aMapping
)

// attributes are the attributes of a service that are read, and their shapes (schema of
// compose-go 2.16). A mapping that is merged has the shape of the merge.
var attributes = sync.OnceValue(func() map[string]shapes {
	return map[string]shapes{
		"image": text, "container_name": text, "hostname": text, "network_mode": text, "user": text, "working_dir": text, "restart": text,
		"build": text | aMapping, "extends": text | aMapping,
		"command": text | aList | nothing, "entrypoint": text | aList | nothing,
		"environment": aList | aMapping, "sysctls": aList | aMapping, "labels": aList | aMapping,
		"networks": aList | aMapping, "depends_on": aList | aMapping, "extra_hosts": aList | aMapping,
		"env_file": text | aList, "tmpfs": text | aList,
		"volumes": aList, "configs": aList, "secrets": aList, "links": aList, "external_links": aList, "expose": aList,
		"ports": aList, "profiles": aList, "volumes_from": aList, "group_add": aList,
		"healthcheck": aMapping, "deploy": aMapping | nothing, "logging": aMapping,
		"mem_limit": number | text, "scale": number | text, "read_only": boolean | text, "privileged": boolean | text,
		"tty": boolean | text, "stdin_open": boolean | text,
	}
})

// shape returns the shape of n.
func (n *node) shape() shapes {
	switch n.kind {
	case mapping:
		return aMapping
	case sequence:
		return aList
	case scalar:
		switch n.typed {
		case "":
			return text
		case "true", "false":
			return boolean
		}
		return number
	}
	return nothing
}

// names says how messages call the shapes.
func (s shapes) names() string {
	var all []string
	for i, name := range [...]string{"a string", "a number", "true or false", "nothing", "a list", "a mapping"} {
		if s&(1<<i) != 0 && 1<<i != nothing {
			all = append(all, name)
		}
	}
	return strings.Join(all, " or ")
}

// shaped reports whether n has one of the shapes that an attribute may have.
func (l *loader) shaped(n *node, name string, at source.Span, want shapes) bool {
	got := n.shape()
	switch {
	case n.kind == reset || got&want != 0:
		return true
	case got == nothing:
		l.fail(at, source.Syntax, name+" has no value, expected "+want.names())
	default:
		l.fail(n.at, source.Syntax, name+" is "+got.names()+", expected "+want.names())
	}
	return false
}

// service returns a service without the attributes that have a wrong shape.
func (l *loader) wellShaped(service *node) *node {
	out := service
	for _, m := range service.members {
		if want, known := attributes()[m.key]; known && !l.shaped(m.value, m.key, m.at, want) {
			out = out.without(m.key)
		}
	}
	return out
}
