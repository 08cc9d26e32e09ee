package tree

import (
	"fmt"
	"slices"
	"strings"
)

// composed is the store of a Composition at one time.
type composed struct{ root *entry }

// composed returns the composition of t; nil for another tree.
func (t *Tree) composed() *composed {
	switch s := t.store.(type) {
	case *composed:
		return s
	case *overlay:
		return s.under.composed()
	}
	return nil
}

// follow calls visit for the entries on the way to a name without links: from the root to
// the name, or to the last one that is known of above it. rest is the name from there.
func (c *composed) follow(real string, visit func(e *entry, rest string)) {
	e, rest := c.root, strings.TrimPrefix(real, "/")
	visit(e, rest)
	for rest != "" {
		var base string
		base, rest, _ = strings.Cut(rest, "/")
		if e = e.child(base); e == nil {
			return
		}
		visit(e, rest)
	}
}

func (c *composed) entry(dir, base string) (*entry, error) {
	name := dir
	if base != "." {
		name = join(dir, base)
	}
	var last *entry
	c.follow(name, func(e *entry, rest string) {
		if last = nil; rest == "" && e.there() {
			last = e
		}
	})
	if last == nil {
		return nil, errMissing
	}
	return last, nil
}

func (c *composed) kind(dir, base string) (Type, error) {
	e, err := c.entry(dir, base)
	if err != nil {
		return 0, err
	}
	return e.kind, nil
}

func (c *composed) readlink(dir, base string) (string, error) {
	e, err := c.entry(dir, base)
	if err != nil {
		return "", err
	}
	if e.under != nil {
		dir, base := split(e.under.real)
		return e.under.tree.store.readlink(dir, base)
	}
	return e.target, nil
}

func (c *composed) info(dir, base string) (Info, error) {
	e, err := c.entry(dir, base)
	if err != nil {
		return Info{}, err
	}
	return e.info()
}

func (c *composed) list(dir string) ([]Entry, error) {
	e, err := c.entry(dir, ".")
	if err != nil {
		return nil, err
	}
	return e.list()
}

func (c *composed) read(dir, base string, limit int64) (string, error) {
	e, err := c.entry(dir, base)
	if err == nil && e.under != nil {
		dir, base = split(e.under.real)
		return e.under.tree.store.read(dir, base, limit)
	}
	text, err := c.text(dir, base, limit)
	return text.Content, err
}

// text is read with what the text was made from.
func (c *composed) text(dir, base string, limit int64) (Text, error) {
	e, err := c.entry(dir, base)
	if err != nil {
		return Text{}, err
	}
	return e.read(limit)
}

// fresh returns c, whose entries do not change while it is in use.
func (c *composed) fresh() store { return c }

// complete reports whether what is missing in the directory real is known to be missing.
func (c *composed) complete(real string) bool {
	known := false
	c.follow(real, func(e *entry, rest string) {
		if e.state != asAbove {
			known = e.state == complete
		}
	})
	return known
}

// missing reports whether real, which does not exist, is known not to exist.
func (c *composed) missing(real string) bool {
	if _, doubted := c.doubt(real); doubted {
		return false
	}
	known := false
	c.follow(real, func(e *entry, rest string) {
		if e.state != asAbove {
			known = e.state == complete
		}
		base, _, _ := strings.Cut(rest, "/")
		if below, met := e.names[base]; met && below == nil {
			known = true
		}
	})
	return known
}

// unmade reports whether real would be in a directory that does not exist, below one that a
// project brings. What a checkout lacks as a whole is often made or fetched later.
func (t *Tree) unmade(c *composed, real string) bool {
	dir, _ := split(real)
	if t.there(dir) {
		return false
	}
	brought := false
	c.follow(dir, func(e *entry, rest string) {
		brought = brought || e.under != nil && e.under.composed() == nil
	})
	return brought
}

// doubt returns the first doubt about real or a directory above it. It is Minor if all are.
func (c *composed) doubt(real string) (first Doubt, ok bool) {
	var all []doubt
	var from *origin // of the entry above, and not looked at yet
	look := func() {
		if from == nil {
			return
		}
		if d, ok := from.composed().doubt(from.real); ok {
			all = append(all, doubt{d, from.since})
		}
	}
	c.follow(real, func(e *entry, rest string) {
		o := e.under
		if o != nil && o.composed() == nil {
			o = nil
		}
		// What is known of a name there has what is known of the directories above it.
		if from != nil && !o.below(from) {
			look()
		}
		from = o
		all = slices.DeleteFunc(all, func(d doubt) bool { return d.at < e.since })
		all = append(all, e.doubts...)
	})
	look()
	if len(all) == 0 {
		return Doubt{}, false
	}
	first = slices.MinFunc(all, func(a, b doubt) int { return a.at - b.at }).Doubt
	first.Minor = !slices.ContainsFunc(all, func(d doubt) bool { return !d.Minor })
	return first, true
}

// DoubtOf returns the first doubt about name, after links, or about a directory above
// it. Only a composed tree has any.
func (t *Tree) DoubtOf(name string) (d Doubt, ok bool) {
	c := t.composed()
	if c == nil {
		return Doubt{}, false
	}
	return c.doubt(t.Leads(name))
}

// WhyDoubted is DoubtOf in words that follow "not checked: ".
func (t *Tree) WhyDoubted(name string) (why string, ok bool) {
	d, ok := t.DoubtOf(name)
	if !ok {
		return "", false
	}
	if d.By.IsZero() {
		return d.Words + " may change " + name, true
	}
	at, _ := d.By.Origin()
	if at.IsZero() {
		at = d.By
	}
	why = fmt.Sprintf("%s:%d may change %s", strings.TrimPrefix(at.File.Name, "/"), at.File.LineAt(int(at.Start)), name)
	if d.Words != "" {
		why += " (" + d.Words + ")"
	}
	return why, true
}

// Shared returns the storage that holds name, after links, and the path of name in it:
// containers that mount one storage meet at paths that are equal there. For a directory
// of a project the key is BindKey and rest is the path in the project. ok is false for
// what the container alone has.
func (t *Tree) Shared(name string) (key, rest string, ok bool) {
	c := t.composed()
	if c == nil {
		return "", "", false
	}
	c.follow(t.Leads(name), func(e *entry, left string) {
		if e.mount != nil {
			key, rest, ok = e.mount.key, e.mount.path, true
			if left != "" {
				rest = join(rest, left)
			}
		}
	})
	return key, rest, ok
}
