package tree

import (
	"errors"
	"io/fs"
	"path"
)

// overlay is a tree with some texts replaced, and some names added or gone.
type overlay struct {
	upper *memory // by resolved name
	under *Tree
	gone  map[string]bool // links of under that do not exist; nil: none
}

// Overlay returns the tree under with the texts of some files replaced, or
// files added. A name is resolved in under first: the text for a link replaces
// that of its target, by whatever name it is opened. Owner and mode of a file
// that exists stay as they are. The limits are those of under.
func Overlay(under *Tree, texts map[string]string) *Tree {
	upper := newMemory(nil)
	for name, text := range texts {
		at, err := under.walk(name, true)
		if at.real == "" || err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrOutside) {
			at.real = name
		}
		upper.put(path.Clean("/"+at.real), &node{info: Info{Mode: 0o644}, text: text})
	}
	return over(under, upper, nil)
}

// over returns the tree under with upper before it.
func over(under *Tree, upper *memory, gone map[string]bool) *Tree {
	t := newTree(&overlay{upper, under, gone}, under.root)
	t.MaxFile, t.MaxTotal, t.MaxMatches = under.MaxFile, under.MaxTotal, under.MaxMatches
	return t
}

func (o *overlay) kind(dir, base string) (Type, error) {
	over, err := o.upper.kind(dir, base)
	if err == nil {
		return over, nil
	}
	if o.gone[join(dir, base)] {
		return 0, errMissing
	}
	return o.under.kind(dir, base)
}

func (o *overlay) readlink(dir, base string) (string, error) {
	if target, err := o.upper.readlink(dir, base); err == nil {
		return target, nil
	}
	return o.under.store.readlink(dir, base)
}

func (o *overlay) info(dir, base string) (Info, error) {
	over, err := o.upper.info(dir, base)
	found, underErr := o.under.store.info(dir, base)
	if err == nil && (underErr != nil || found.Type != over.Type) {
		return over, nil
	}
	return found, underErr
}

func (o *overlay) list(dir string) ([]Entry, error) {
	over, err := o.upper.list(dir)
	list, underErr := o.under.listReal(dir)
	if (err != nil || len(over) == 0) && o.gone == nil {
		return list, underErr
	}
	if underErr != nil && err == nil {
		return over, nil // a directory that only the texts need
	}
	merged := make([]Entry, 0, len(list)+len(over))
	for _, e := range list {
		if _, ok := find(over, e.Name); !ok && !o.gone[join(dir, e.Name)] {
			merged = append(merged, e)
		}
	}
	merged = append(merged, over...)
	sortEntries(merged)
	return merged, nil
}

func (o *overlay) read(dir, base string, limit int64) (string, error) {
	if text, err := o.upper.read(dir, base, limit); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return text, err
	}
	return o.under.store.read(dir, base, limit)
}

// text is read with what the text was made from, unless it was replaced.
func (o *overlay) text(dir, base string, limit int64) (text Text, err error) {
	if text.Content, err = o.upper.read(dir, base, limit); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return text, err
	}
	return o.under.read(join(dir, base), limit)
}

func (o *overlay) fresh() store { return &overlay{o.upper, o.under.Fresh(), o.gone} }
