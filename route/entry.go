package route

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
)

// entering are the directives whose arguments lead to internal and named locations. An
// application may too, with X-Accel-Redirect, but no file says so.
var entering = []string{"error_page", "try_files", "index", "rewrite", "auth_request", "mirror", "post_action", "add_before_body", "add_after_body"}

// closed reports whether a location is for internal requests only, and no directive of the
// server leads to it.
func (b *block) closed(s *block) bool {
	regex := b.modifier == "~" || b.modifier == "~*"
	if regex || b.modifier != "@" && !b.internal() || !s.http().alien.IsZero() {
		return false
	}
	return !s.http().leadsTo(b) && !s.mayLead(b)
}

// internal reports whether nginx answers requests of clients with 404.
func (b *block) internal() bool { return len(b.all("internal")) > 0 }

func (b *block) http() *block { return b.parent }

// mayLead reports whether a directive in b, or in a block inside it, may lead to l.
func (b *block) mayLead(l *block) bool {
	b.gather.Do(func() {
		b.strange = b.collect(&b.targets)
		slices.Sort(b.targets)
		b.targets = slices.Compact(b.targets)
	})
	return b.strange || slices.ContainsFunc(b.targets, func(to string) bool { return fits(to, l.name) })
}

// collect appends where the directives in b, and in the blocks inside it, lead to. It
// reports whether one of them is not known.
func (b *block) collect(to *[]string) (strange bool) {
	b.leads(func(text string) bool {
		*to = append(*to, text)
		return false
	})
	strange = !b.alien.IsZero()
	for _, inner := range b.inside {
		strange = inner.collect(to) || strange
	}
	return strange
}

// leadsTo is mayLead for the directives of b itself.
func (b *block) leadsTo(l *block) bool {
	return b.leads(func(to string) bool { return fits(to, l.name) })
}

// leads reports whether is holds for a text that the directives of b itself lead to.
func (b *block) leads(is func(to string) bool) bool {
	for _, name := range entering {
		for _, d := range b.of(name) {
			at := d.NumArgs() - 1
			if name == "rewrite" {
				at = 1
			}
			for i := range d.NumArgs() {
				if (i == at || name == "index") && is(d.Arg(i).String()) {
					return true
				}
			}
		}
	}
	return false
}

// fits reports whether a URI with variables may be in the location with a name.
func fits(to, name string) bool {
	fixed, _, varies := strings.Cut(to, "$")
	fixed, _, _ = strings.Cut(fixed, "?")
	switch {
	case varies && nginx.HasVariable(to) && strings.HasPrefix(name, fixed):
		return true
	case strings.HasPrefix(to, "/"), strings.HasPrefix(to, "@"):
		return strings.HasPrefix(fixed, name)
	}
	return strings.HasSuffix(name, fixed) // a file of index
}
