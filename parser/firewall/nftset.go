package firewall

import "slices"

// nftSet is a set of values: the elements of a set with a name, or what is in braces.
type nftSet struct {
	elements []element
	// open is why it may have other elements, worded to follow "not checked: "; "" if it
	// has not.
	open string
	// from is the set as addresses, once they were needed.
	from *addresses
}

// element is one of a set, and in a map what it leads to.
type element struct {
	key   token
	value []token // after the colon
	odd   bool    // it has more than one word, as a concatenation has
}

// set reads the inside of a set. Its elements are in the file unless a program adds to them.
func (p *nft) set(t *nftTable, head statement) {
	name := head.tokens[1].text
	set := t.sets[name]
	if set == nil {
		set = &nftSet{}
		t.sets[name] = set
	}
	p.each(head, func(s statement, open bool) {
		switch {
		case s.begins("elements", "="):
			set.elements = append(set.elements, p.elements(s.tokens[2:])...)
		case s.begins("timeout"), s.begins("gc-interval"):
			set.open = changing(name)
		case s.begins("flags"):
			if slices.ContainsFunc(s.tokens, func(t token) bool { return t.is("dynamic") || t.is("timeout") }) {
				set.open = changing(name)
			}
		case s.begins("include"):
			p.fail("another file is included", s.at)
		}
	})
	if len(set.elements) == 0 {
		set.open = "the elements of the set " + quoted(name) + " are not in the file"
	}
}

func changing(name string) string { return "the elements of the set " + quoted(name) + " change" }

// elements reads what is in braces. The braces of a variable are within others.
func (p *nft) elements(list []token) (all []element) {
	var one []token
	flush := func() {
		if e, ok := elementOf(one); ok {
			all = append(all, e)
		}
		one = nil
	}
	for _, t := range list {
		switch {
		case t.is("{") || t.is("}") || t.is(","):
			flush()
		default:
			one = append(one, t)
		}
	}
	flush()
	return all
}

// elementOf reads one element, with the comment and the counter that it may have.
func elementOf(list []token) (e element, ok bool) {
	if len(list) == 0 {
		return e, false
	}
	e.key = list[0]
	for i := 1; i < len(list); i++ {
		switch {
		case list[i].is("comment"):
			i++
		case list[i].is("counter"):
			i += 4 // packets 0 bytes 0
		case list[i].is(":"):
			e.value = list[i+1:]
			return e, true
		default:
			e.odd = true
		}
	}
	return e, true
}

// addresses returns the set as addresses of a family. ok is false if an element is none.
func (s *nftSet) addresses(family addresses) (set addresses, ok bool) {
	if s.from != nil {
		return *s.from, true
	}
	var list []interval
	for _, e := range s.elements {
		i, ok := parseInterval(e.key.text)
		if !ok || e.odd || i.first.Is4() != family[0].first.Is4() {
			return nil, false
		}
		list = append(list, i)
	}
	set = union(list)
	s.from = &set
	return set, true
}

// ports returns the set as ports. ok is false if an element is none.
func (s *nftSet) ports() (list []ports, ok bool) {
	for _, e := range s.elements {
		p, ok := parsePorts(e.key.text, "-")
		if !ok || e.odd {
			return nil, false
		}
		list = append(list, p)
	}
	return list, true
}

// words returns the elements as words in order. ok is false if one is more than a word.
func (s *nftSet) words() (list []string, ok bool) {
	for _, e := range s.elements {
		if e.odd {
			return nil, false
		}
		list = append(list, e.key.text)
	}
	return list, true
}
