package tree

import (
	"errors"
	"io/fs"
	"strings"
)

const (
	// maxLinks is how many links Linux follows for one name.
	maxLinks = 40
	// maxName is PATH_MAX of Linux, with its final NUL.
	maxName = 4096
)

// landing is the result of resolving a name.
type landing struct {
	real string // for a missing name: where it would be
	kind Type
	// links is how many links were followed.
	links int
	// climbed is set when a link went above the root.
	climbed bool
	// absolute is set when the last link started again at the root.
	absolute bool
	// linked is set when the missing component comes from a link.
	linked bool
	// top is set when the missing component would be in the root itself.
	top bool
}

// walk resolves name, its last component too if follow is set. For a name that
// does not exist it returns its place, along with the error.
func (t *Tree) walk(name string, follow bool) (landing, error) {
	switch {
	case len(name) >= maxName:
		return landing{}, errLongName
	case strings.IndexByte(name, 0) >= 0:
		return landing{}, errNUL
	case name == "":
		return landing{top: true}, errMissing
	}
	var at landing
	start, todo := "/", name
	for {
		dir, base := cutBase(todo)
		dirAt, err := t.directory(start, dir)
		dirAt.links += at.links
		dirAt.climbed = dirAt.climbed || at.climbed
		dirAt.absolute = dirAt.absolute || at.absolute
		dirAt.linked = dirAt.linked || at.linked
		at = dirAt
		if err != nil {
			at.real = strings.TrimSuffix(joined(at.real, base, todo), "/")
			return at, t.explain(at, err)
		}
		if base == "" {
			at.kind = Dir
			return at, nil
		}
		at.top = at.real == "/"
		parent := at.real
		at.real = joined(parent, base, todo)
		if at.kind, err = t.kind(parent, base); err != nil {
			return at, t.explain(at, err)
		}
		if at.kind != Link || !follow {
			return at, nil
		}
		if at.links++; at.links > maxLinks {
			return at, ErrLoop
		}
		if todo, err = t.store.readlink(parent, base); err != nil {
			return at, reason(err)
		}
		at.climbed = at.climbed && at.linked // ".." of the name itself is not that of a link
		start, at.linked, at.absolute = parent, true, strings.HasPrefix(todo, "/")
		if at.absolute {
			start = "/"
		}
	}
}

// cutBase splits a name after its last slash. A name that ends in a slash, "."
// or ".." can only be a directory and is left whole.
func cutBase(name string) (dir, base string) {
	i := strings.LastIndexByte(name, '/')
	if base = name[i+1:]; base == "." || base == ".." {
		return name, ""
	}
	return name[:i+1], base
}

// resolved is the result of resolving a directory, which may be that it does not exist.
type resolved struct {
	landing
	err error
}

// many is how many names of one directory are looked up one by one. Beyond
// that, listing it is faster: it gets all their types at once.
const many = 32

// glances are the names of a directory that were looked up, with their types.
type glances map[string]glance

type glance struct {
	kind    Type
	missing bool
}

// kind is the type of a name, from the list of its directory if there is one.
func (t *Tree) kind(dir, base string) (Type, error) {
	t.mu.Lock()
	list, listed := t.lists[dir]
	seen := t.lookups[dir]
	before, met := seen[base]
	n := len(seen)
	t.mu.Unlock()
	switch {
	case met && before.missing:
		return 0, errMissing
	case met:
		return before.kind, nil
	}
	if !listed && n == many {
		found, err := t.listReal(dir)
		list, listed = found, err == nil
	}
	if listed {
		if k, ok := find(list, base); ok {
			return k, nil
		}
		return 0, errMissing
	}
	k, err := t.store.kind(dir, base)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		t.glanced(dir, base, glance{k, err != nil})
	}
	return k, err
}

// glanced caches the type of a name.
func (t *Tree) glanced(dir, base string, g glance) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lookups) >= maxKept/many {
		t.lookups = map[string]glances{}
	}
	if t.lookups[dir] == nil {
		t.lookups[dir] = glances{}
	}
	if len(t.lookups[dir]) <= many { // one more: the directory could not be listed
		t.lookups[dir][base] = g
	}
}

// directory resolves dir, which is written relative to the resolved directory
// base, and caches the result.
func (t *Tree) directory(base, dir string) (landing, error) {
	key := dir
	if strings.HasPrefix(dir, "/") {
		base = "/"
	} else {
		key = base + "\x00" + dir // the target of a link
	}
	from, rest := landing{real: base, kind: Dir}, dir
	t.mu.Lock()
	known, ok := t.dirs[key]
	if parent, last := cutBase(strings.TrimSuffix(dir, "/")); !ok && base == "/" && last != "" {
		// Each folder of a deep chain would else be looked for from the root again.
		if above, ok := t.dirs[parent]; ok && above.err == nil {
			from, rest = above.landing, last
		}
	}
	t.mu.Unlock()
	if ok {
		return known.landing, known.err
	}
	at, err := t.descend(from, rest, dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return at, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.dirs) >= maxKept {
		t.dirs = map[string]resolved{}
	}
	t.dirs[key] = resolved{at, err}
	return at, err
}

// descend is directory without the cache: from at, one component of rest after the other.
// rest is the end of dir.
func (t *Tree) descend(at landing, rest, dir string) (landing, error) {
	tail := len(rest) // the length of rest that does not come from a link
	for rest != "" {
		at.linked = len(rest) > tail
		whole := rest
		var comp string
		comp, rest, _ = strings.Cut(rest, "/")
		switch comp {
		case "", ".":
			continue
		case "..":
			at.climbed = at.climbed || at.real == "/"
			at.real, _ = split(at.real)
			continue
		}
		kind, flat, err := t.midway(at.real, comp)
		if err != nil {
			at.top = at.real == "/"
			at.real = strings.TrimSuffix(joined(at.real, whole, dir), "/")
			return at, err
		}
		if kind == Dir {
			at.real = join(at.real, comp)
			continue
		}
		if at.links++; at.links > maxLinks {
			return at, ErrLoop
		}
		target := flat
		if target == "" {
			if target, err = t.store.readlink(at.real, comp); err != nil {
				return at, err
			}
		}
		if !at.linked {
			tail, at.climbed = len(rest), false
		}
		if at.absolute = strings.HasPrefix(target, "/"); at.absolute {
			at.real = "/"
		}
		rest = target + "/" + rest
	}
	at.linked, at.absolute = false, false
	return at, nil
}

// midway returns the type of comp in dir, which has more after it: a directory, a
// link, or a file that was checked out instead of a link, with the target flat.
func (t *Tree) midway(dir, comp string) (kind Type, flat string, err error) {
	kind, err = t.kind(dir, comp)
	if err == nil && kind == File {
		flat = t.flattened(dir, comp)
	}
	if err == nil && kind != Dir && kind != Link && flat == "" {
		err = errMidway
	}
	return kind, flat, err
}

// flattened returns the target of a link that was checked out as a file, which
// git does where core.symlinks is off: the file holds the target and nothing
// else. It is used only where a directory is required, so that no other file is
// taken for a link, and never on a live host.
func (t *Tree) flattened(dir, base string) string {
	if t.Live() {
		return ""
	}
	target, err := t.store.read(dir, base, maxName)
	if err != nil || strings.ContainsAny(target, "\n\x00") {
		return ""
	}
	first, rest, deeper := strings.Cut(target, "/")
	if first == "" && deeper {
		dir = "/"
		first, _, _ = strings.Cut(rest, "/")
	}
	if first == ".." {
		return target
	}
	if kind, err := t.kind(dir, first); first == "" || err != nil || kind != Dir && kind != Link {
		return ""
	}
	return target
}

// explain distinguishes a missing name, a link whose target is missing, and a
// link whose target may exist outside the root. The root of a composed tree is the "/" that
// its links were made for.
func (t *Tree) explain(at landing, err error) error {
	err = reason(err)
	if err != errMissing || !at.linked {
		return err
	}
	if t.composed() != nil {
		return errDangling
	}
	if t.root != "/" && at.climbed || t.root != "/" && t.root != "" && at.absolute && at.top {
		return ErrOutside
	}
	return errDangling
}
