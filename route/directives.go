package route

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
)

// of returns the directives of b itself with a name, without locations and the like.
func (b *block) of(name string) []nginx.Directive {
	if len(b.items) <= fewItems {
		return b.among(name)
	}
	b.once.Do(func() {
		b.own = map[string][]nginx.Directive{}
		for _, d := range b.items {
			switch name := d.Name(); name {
			case "location", "server", "if":
			default:
				b.own[name] = append(b.own[name], d)
			}
		}
	})
	return b.own[name]
}

// fewItems is how many directives are searched faster than a map of them is made.
const fewItems = 32

// among is of for few directives.
func (b *block) among(name string) []nginx.Directive {
	has := func(d nginx.Directive) bool { return d.Name() == name }
	first := slices.IndexFunc(b.items, has)
	if first < 0 || name == "location" || name == "server" || name == "if" {
		return nil
	}
	end := first + 1
	for end < len(b.items) && has(b.items[end]) {
		end++
	}
	all := b.items[first:end:end] // most are next to each other
	for _, d := range b.items[end:] {
		if has(d) {
			all = append(all, d)
		}
	}
	return all
}

// all returns the directives with a name in the innermost block that has one.
func (b *block) all(name string) []nginx.Directive {
	for ; b != nil; b = b.parent {
		if own := b.of(name); len(own) > 0 {
			return own
		}
	}
	return nil
}

// accessRules returns the allow and deny directives of the innermost block that has one.
func (b *block) accessRules() []nginx.Directive {
	for ; b != nil; b = b.parent {
		if len(b.access) > 0 {
			return b.access
		}
	}
	return nil
}

// get returns the directive with a name that takes effect; zero for none.
func (b *block) get(name string) nginx.Directive {
	if all := b.all(name); len(all) > 0 {
		return all[len(all)-1]
	}
	return nginx.Directive{}
}

// on reports whether a flag is on.
func (b *block) on(name string, fallback bool) bool {
	if d := b.get(name); !d.IsZero() {
		return strings.EqualFold(d.Arg(0).String(), "on")
	}
	return fallback
}
