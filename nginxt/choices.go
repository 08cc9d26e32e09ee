package nginxt

import (
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// Choice is one line of a map, geo or split_clients: a value of its variable.
type Choice struct {
	Key, Value string
	At         source.Span // the value; zero for the empty one of a block without default
}

// maxChoices limits how many values of a variable are followed.
const maxChoices = 100

// Choices returns the values that a map, geo or split_clients may give to its variable, the
// empty one included if the block has no default: at most one if not all are known.
func Choices(d nginx.Directive) (list []Choice) {
	otherwise := d.Name() == "split_clients"
	for entry := range d.Children() {
		switch key := entry.Name(); {
		case key == "hostnames", key == "volatile", key == "ranges", key == "delete", key == "proxy", key == "proxy_recursive":
			continue
		case key == "include" || len(list) == maxChoices:
			return []Choice{{}}
		default:
			otherwise = otherwise || key == "default"
			list = append(list, Choice{key, entry.Arg(0).String(), entry.Arg(0).Span()})
		}
	}
	if !otherwise {
		list = append(list, Choice{})
	}
	return list
}
