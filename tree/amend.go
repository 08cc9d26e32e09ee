package tree

import (
	"errors"
	"io/fs"
	"os"
	"path"
)

// Amendment is one change of a root: a new file, a new text for a file, a new link, or a link
// that goes.
type Amendment struct {
	Kind AmendmentKind
	Name string // with every link of the directories above it resolved
	// Old and New are texts: the target of a link, the content of a file. Old is what
	// exists, "" for a new name; New is what exists afterwards, "" for a link that goes.
	Old, New string
	// Like is the file whose owner, mode and attributes a new file gets. The directories
	// that are made for it get those of the directory of Like.
	Like string
}

// AmendmentKind is what an Amendment does.
type AmendmentKind uint8

// The kinds of amendments.
const (
	Create     AmendmentKind = iota // a regular file where nothing is
	Edit                            // another text for a regular file
	MakeLink                        // a symbolic link where nothing is
	RemoveLink                      // no symbolic link where one is
)

// Amended returns the tree under as it is with the amendments. Owner and mode of a new file are
// those of the file that it is like. The limits are those of under.
func Amended(under *Tree, list []Amendment) *Tree {
	upper, gone := newMemory(nil), map[string]bool{}
	for _, a := range list {
		name := path.Clean("/" + a.Name)
		switch a.Kind {
		case Create:
			info := Info{Mode: 0o644}
			if like, err := under.Stat(a.Like); err == nil {
				info.UID, info.GID, info.Mode = like.UID, like.GID, like.Mode
			}
			upper.put(name, &node{info: info, text: a.New})
		case Edit:
			upper.put(name, &node{info: Info{Mode: 0o644}, text: a.New})
		case MakeLink:
			upper.put(name, &node{info: Info{Type: Link, Mode: 0o777}, target: a.New})
		case RemoveLink:
			gone[name] = true
		}
	}
	return over(under, upper, gone)
}

// Amend makes the amendments, all of them or none: first the new files and links, then the new
// texts, then it removes links. Everything is written beside its place before the first of them
// is put into its place. At every moment a name has either what it had or what it gets,
// even if the process is killed; a second call with what is left then goes on. A name that is
// not as its Amendment says is left alone. The error is a *ReplaceError or nil.
//
// Like reading, it never leaves the root, even if a directory has become a link to another one
// meanwhile.
func (t *Tree) Amend(list []Amendment) error {
	if len(list) == 0 {
		return nil
	}
	d, ok := t.store.(*disk)
	if !ok {
		return &ReplaceError{Real: list[0].Name, Err: errNoDisk}
	}
	unlock, err := d.lock()
	if err != nil {
		return &ReplaceError{Real: list[0].Name, Err: err}
	}
	defer unlock()
	a := amending{tree: t.Fresh(), disk: d}
	defer a.tidy()
	if err := a.prepare(list); err != nil {
		return err
	}
	return a.carryOut()
}

// amending is an Amend under way.
type amending struct {
	tree  *Tree
	disk  *disk
	edits []*pending
	names []*addition // new files, new links, and links that go
	dirs  []string    // that were made, each above the next
	done  int         // of names
}

// addition is a name that is about to come or to go.
type addition struct {
	Amendment
	dir, base string
	temp      string // the new file in dir; "" if it does not exist
}

func (a *amending) prepare(list []Amendment) error {
	for _, kind := range []AmendmentKind{Create, MakeLink, Edit, RemoveLink} {
		for _, one := range list {
			if one.Kind != kind {
				continue
			}
			if err := a.prepareOne(one); err != nil {
				return &ReplaceError{Real: one.Name, Err: reason(err)}
			}
		}
	}
	return nil
}

func (a *amending) prepareOne(one Amendment) error {
	dir, base := split(one.Name)
	if one.Kind == Edit {
		if at, err := a.tree.walk(one.Name, true); err == nil && at.real != one.Name {
			return errChanged
		}
		p := &pending{Change: Change{one.Name, one.Old, one.New}, disk: a.disk, dir: dir, base: base}
		a.edits = append(a.edits, p)
		return p.in(p.prepare)
	}
	n := &addition{Amendment: one, dir: dir, base: base}
	a.names = append(a.names, n)
	if one.Kind == RemoveLink {
		return a.in(dir, n.check)
	}
	if err := a.makeDirs(dir, path.Dir(one.Like)); err != nil {
		return err
	}
	return a.in(dir, func(h *handle) error {
		if err := n.check(h); err != nil || one.Kind == MakeLink {
			return err
		}
		var err error
		n.temp, err = writeBeside(h, base, one.New, func(f *os.File) error { return a.keepLike(f, one.Like) })
		return err
	})
}

// check returns an error unless the name is as the amendment says.
func (n *addition) check(h *handle) error {
	info, err := h.root.Lstat(n.base)
	if n.Kind != RemoveLink {
		if err == nil {
			return errExists
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	if err != nil {
		return err
	}
	if TypeOf(info.Mode()) != Link {
		return errChanged
	}
	if target, err := h.root.Readlink(n.base); err != nil || target != n.Old {
		return errChanged
	}
	return nil
}

var errExists = errors.New("it exists by now")

// keepLike gives f what the file like has besides its text.
func (a *amending) keepLike(f *os.File, like string) error {
	at, err := a.tree.walk(like, true)
	if err != nil {
		return f.Chmod(0o644)
	}
	dir, base := split(at.real)
	return a.in(dir, func(h *handle) error {
		old, err := h.root.OpenFile(base, openFlags, 0)
		if err != nil {
			return err
		}
		defer old.Close()
		info, err := old.Stat()
		if err != nil {
			return err
		}
		return keep(f, old, info)
	})
}

// makeDirs makes the directory dir and those above it that do not exist.
func (a *amending) makeDirs(dir, like string) error {
	if _, err := a.disk.kind(split(dir)); dir == "/" || err == nil {
		return nil
	}
	above, base := split(dir)
	if err := a.makeDirs(above, path.Dir(like)); err != nil {
		return err
	}
	made := a.in(above, func(h *handle) error { return h.root.Mkdir(base, 0o755) })
	if made != nil {
		return made
	}
	a.dirs = append(a.dirs, dir)
	old, err := a.tree.Stat(like)
	if err != nil {
		return nil
	}
	return a.in(above, func(h *handle) error {
		f, err := h.root.Open(base)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := own(f, old.UID, old.GID); err != nil {
			return err
		}
		return f.Chmod(old.Mode.Perm())
	})
}

func (a *amending) in(dir string, do func(*handle) error) error {
	return (&pending{disk: a.disk, dir: dir}).in(do)
}

// carryOut puts everything that is prepared in its place, or nothing.
func (a *amending) carryOut() error {
	late := len(a.names)
	for late > 0 && a.names[late-1].Kind == RemoveLink {
		late--
	}
	err := a.place(late)
	if err == nil {
		err = swapAll(a.edits)
	}
	if err == nil {
		if err = a.place(len(a.names)); err != nil {
			restore(a.edits)
		}
	}
	if err != nil {
		a.takeBack()
		return err
	}
	a.dirs = nil
	return nil
}

// place puts the names before end in their places.
func (a *amending) place(end int) error {
	for ; a.done < end; a.done++ {
		n := a.names[a.done]
		err := a.in(n.dir, func(h *handle) error {
			if err := n.check(h); err != nil {
				return err
			}
			switch n.Kind {
			case MakeLink:
				return h.root.Symlink(n.New, n.base)
			case RemoveLink:
				return h.root.Remove(n.base)
			}
			if err := putInPlace(h, n.temp, n.base); err != nil {
				return err
			}
			n.temp = ""
			return nil
		})
		if err != nil {
			return &ReplaceError{Real: n.Name, Err: err}
		}
	}
	return nil
}

// takeBack undoes what place did.
func (a *amending) takeBack() {
	for _, n := range a.names[:a.done] {
		_ = a.in(n.dir, func(h *handle) error {
			if n.Kind == RemoveLink {
				return h.root.Symlink(n.Old, n.base)
			}
			return h.root.Remove(n.base)
		})
	}
}

// tidy removes what is left beside the places, and the directories that are not needed.
func (a *amending) tidy() {
	discard(a.edits)
	for _, n := range a.names {
		if n.temp != "" {
			_ = a.in(n.dir, func(h *handle) error { return h.root.Remove(n.temp) })
		}
	}
	for i := len(a.dirs) - 1; i >= 0; i-- {
		above, base := split(a.dirs[i])
		_ = a.in(above, func(h *handle) error { return h.root.Remove(base) })
	}
}
