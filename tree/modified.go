package tree

import "time"

// dated is a store that knows when its files changed.
type dated interface {
	modified(dir, base string) (time.Time, error)
}

// Modified returns when the text of the file name, or the list of a directory, was changed last,
// after links; zero if name does not exist or if that is not known: in memory, and in a composed
// tree, whose files have the dates of a checkout.
func (t *Tree) Modified(name string) time.Time {
	at, err := t.walk(name, true)
	s, ok := t.store.(dated)
	if err != nil || !ok {
		return time.Time{}
	}
	when, err := s.modified(split(at.real))
	if err != nil {
		return time.Time{}
	}
	return when
}

func (d *disk) modified(dir, base string) (time.Time, error) {
	h, err := d.enter(dir)
	if err != nil {
		return time.Time{}, err
	}
	defer d.leave(h)
	info, err := h.root.Lstat(base)
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}

// modified is not known for a text that replaces the one on disk.
func (o *overlay) modified(dir, base string) (time.Time, error) {
	if kind, err := o.upper.kind(dir, base); err == nil && kind == File {
		return time.Time{}, nil
	}
	if s, ok := o.under.store.(dated); ok {
		return s.modified(dir, base)
	}
	return time.Time{}, nil
}
