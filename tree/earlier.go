package tree

import (
	"errors"
	"path"
	"strings"
	"time"
)

// Stored is a file or a symbolic link of a directory as it was earlier.
type Stored struct {
	Name       string // absolute, below the directory
	Link       bool   // a symbolic link, whose target is its text
	Executable bool
	// Read returns the text, or an ErrTooLarge if it has more than limit bytes. It may be
	// called from several goroutines.
	Read func(limit int64) (string, error)
	// Kept is set for a file or directory that is as it is now, with all that is in it. The
	// rest of Stored does not matter then.
	Kept bool
}

// earlier is a tree in which one directory is as it was earlier.
type earlier struct {
	now   *Tree
	dir   string  // without links
	files *memory // by name in now
}

// Earlier returns now with the directory dir, which has no link in its name, as it was
// earlier: it holds files and nothing else. Where a file exists now as well, its owner and its
// mode are those of now, but for the permission to execute it. The limits are those of now.
func Earlier(now *Tree, dir string, files []Stored) *Tree {
	e := &earlier{now, dir, newMemory(nil)}
	e.files.put(dir, newDir())
	for i := range files {
		if s := &files[i]; !s.Kept {
			kind := File
			if s.Link {
				kind = Link
			}
			e.files.put(path.Clean("/"+s.Name), &node{info: Info{Type: kind}, stored: s})
		}
	}
	for i := range files {
		if s := &files[i]; s.Kept {
			e.keep(path.Clean("/"+s.Name), s)
		}
	}
	t := newTree(e, now.root)
	t.MaxFile, t.MaxTotal, t.MaxMatches = now.MaxFile, now.MaxTotal, now.MaxMatches
	return t
}

// keep lets a name be as it is now, unless it existed earlier.
func (e *earlier) keep(name string, s *Stored) {
	for at := name; at != "/"; at, _ = split(at) {
		if n := e.files.nodes[at]; n != nil && (at == name || n.info.Type != Dir) {
			return
		}
	}
	e.files.put(name, &node{stored: s})
}

// find returns the node of a name; nil for one that did not exist. ours is false for a name
// that is as it is now.
func (e *earlier) find(dir, base string) (n *node, ours bool) {
	name := dir
	if base != "." {
		name = join(dir, base)
	}
	if name != e.dir && !strings.HasPrefix(name, join(e.dir, "")) {
		return nil, false
	}
	for at := name; ; at, _ = split(at) {
		n := e.files.nodes[at]
		switch {
		case n == nil:
			continue
		case n.stored != nil && n.stored.Kept:
			return nil, false
		case at != name:
			return nil, true
		}
		return n, true
	}
}

func (e *earlier) kind(dir, base string) (Type, error) {
	n, ours := e.find(dir, base)
	switch {
	case !ours:
		return e.now.kind(dir, base)
	case n == nil:
		return 0, errMissing
	}
	return n.info.Type, nil
}

func (e *earlier) readlink(dir, base string) (string, error) {
	n, ours := e.find(dir, base)
	switch {
	case !ours:
		return e.now.store.readlink(dir, base)
	case n == nil || n.info.Type != Link:
		return "", errMissing
	}
	return n.stored.Read(maxName)
}

func (e *earlier) info(dir, base string) (Info, error) {
	found, err := e.now.store.info(dir, base)
	n, ours := e.find(dir, base)
	switch {
	case !ours:
		return found, err
	case n == nil:
		return Info{}, errMissing
	case err != nil || found.Type != n.info.Type:
		if found, err = e.now.store.info(e.dir, "."); err != nil {
			return Info{}, err
		}
		found.Type, found.Mode = n.info.Type, 0o755
	}
	if n.info.Type == File {
		found.Mode &^= 0o111
		if n.stored.Executable {
			found.Mode |= found.Mode & 0o444 >> 2
		}
	}
	return found, nil
}

func (e *earlier) list(dir string) ([]Entry, error) {
	n, ours := e.find(dir, ".")
	switch {
	case !ours:
		return e.now.listReal(dir)
	case n == nil:
		return nil, errMissing
	}
	list := make([]Entry, 0, len(n.names))
	for name := range n.names {
		if kind, err := e.kind(dir, name); err == nil {
			list = append(list, Entry{name, kind})
		}
	}
	sortEntries(list)
	return list, nil
}

func (e *earlier) read(dir, base string, limit int64) (string, error) {
	text, err := e.text(dir, base, limit)
	return text.Content, err
}

// text is read with what the text was made from.
func (e *earlier) text(dir, base string, limit int64) (text Text, err error) {
	n, ours := e.find(dir, base)
	switch {
	case !ours:
		return e.now.read(join(dir, base), limit)
	case n == nil:
		return Text{}, errMissing
	}
	if text.Content, err = n.stored.Read(limit); errors.Is(err, ErrTooLarge) {
		err = errTooLong
	}
	return text, err
}

func (e *earlier) modified(dir, base string) (time.Time, error) {
	s, known := e.now.store.(dated)
	if _, ours := e.find(dir, base); ours || !known {
		return time.Time{}, nil
	}
	return s.modified(dir, base)
}

func (e *earlier) fresh() store { return &earlier{e.now.Fresh(), e.dir, e.files} }
