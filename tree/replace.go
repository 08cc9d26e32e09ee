package tree

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"strings"
)

// Change is a new text for a regular file.
type Change struct {
	Real     string // the name with every link resolved
	Old, New string
}

// ReplaceError is the reason why Replace changed nothing.
type ReplaceError struct {
	// Real is the file that could not be replaced.
	Real string
	// Left are the files whose old text could not be put back: they have the new one, or
	// what someone else wrote meanwhile; nil nearly always.
	Left []string
	Err  error // the reason, without the name
}

func (e *ReplaceError) Error() string { return e.Real + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *ReplaceError) Unwrap() error { return e.Err }

var (
	errNoDisk  = errors.New("it is not a file on a disk")
	errChanged = errors.New("it has changed meanwhile")
	errNames   = errors.New("it has a second name (a hard link), which would keep the old text")
)

// Replace gives files new texts, all of them or none: it writes every new file before it
// replaces the first one, and puts the old texts back if one cannot be replaced. At every
// moment a file has either its old or its new text. It keeps owner, mode and extended
// attributes of a file, and replaces only a file that holds the old text. The error
// is a *ReplaceError or nil.
//
// Like reading, it never leaves the root, even if a directory has become a link to another
// one meanwhile.
func (t *Tree) Replace(changes []Change) error {
	d, ok := t.store.(*disk)
	if !ok && len(changes) > 0 {
		return &ReplaceError{Real: changes[0].Real, Err: errNoDisk}
	}
	files := make([]*pending, len(changes))
	if len(changes) > 0 {
		unlock, err := d.lock()
		if err != nil {
			return &ReplaceError{Real: changes[0].Real, Err: err}
		}
		defer unlock()
	}
	fresh := t.Fresh()
	for i, c := range changes {
		dir, base := split(c.Real)
		files[i] = &pending{Change: c, disk: d, dir: dir, base: base}
		if at, err := fresh.walk(c.Real, true); err == nil && at.real != c.Real {
			return &ReplaceError{Real: c.Real, Err: errChanged}
		}
	}
	return replace(files)
}

func replace(files []*pending) error {
	defer discard(files)
	for _, p := range files {
		if err := p.in(p.prepare); err != nil {
			return &ReplaceError{Real: p.Real, Err: err}
		}
	}
	return swapAll(files)
}

// swapAll puts all prepared files in their places, or none.
func swapAll(files []*pending) error {
	for i, p := range files {
		if err := p.in(p.swap); err != nil {
			discard(files) // a full disk has room for the old texts then
			return &ReplaceError{Real: p.Real, Left: restore(files[:i]), Err: err}
		}
	}
	return nil
}

// restore gives replaced files their old texts and returns those that keep the new one.
func restore(files []*pending) (left []string) {
	for _, p := range files {
		back := &pending{Change: Change{p.Real, p.New, p.Old}, disk: p.disk, dir: p.dir, base: p.base}
		if replace([]*pending{back}) != nil {
			left = append(left, p.Real)
		}
	}
	return left
}

// discard removes the new files that have replaced nothing.
func discard(files []*pending) {
	for _, p := range files {
		if p.temp != "" {
			_ = p.in(func(h *handle) error { return h.root.Remove(p.temp) })
			p.temp = ""
		}
	}
}

// pending is a file that is about to be replaced.
type pending struct {
	Change
	disk      *disk
	dir, base string
	info      fs.FileInfo // of the file with the old text
	temp      string      // the name of the new file in dir; "" if it does not exist
}

// in calls do with the open directory of the file. The error is a reason.
func (p *pending) in(do func(*handle) error) error {
	h, err := p.disk.enter(p.dir)
	if err != nil {
		return reason(err)
	}
	defer p.disk.leave(h)
	if err := do(h); err != nil {
		return reason(p.disk.confined(err))
	}
	return nil
}

// prepare writes the new text to a file in the same directory. Its name starts with
// a dot, so that no include pattern of a server matches it.
func (p *pending) prepare(h *handle) error {
	old, info, err := p.open(h)
	if err != nil {
		return err
	}
	defer old.Close()
	if hardLinks(info) > 1 {
		return errNames
	}
	p.info = info
	p.temp, err = writeBeside(h, p.base, p.New, func(f *os.File) error { return keep(f, old, info) })
	return err
}

// writeBeside writes text to a new file in the directory h, beside base, and calls finish before
// it closes the file. It returns the name of the file, even with an error; "" if there is none.
func writeBeside(h *handle, base, text string, finish func(*os.File) error) (temp string, err error) {
	sweep(h, base)
	name := fmt.Sprintf(".%s.%08x.tmp", base, rand.Uint32())
	f, err := h.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text)
	if err == nil {
		err = finish(f)
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return name, err
}

// putInPlace makes base of the directory h the file that was written beside it.
func putInPlace(h *handle, temp, base string) error {
	if err := h.root.Rename(temp, base); err != nil {
		return err
	}
	if dir, err := h.root.Open("."); err == nil {
		_ = dir.Sync() // not every file system can, and the file is complete either way
		dir.Close()
	}
	return nil
}

// swap puts the new file in the place of the old one, which must still be the same.
func (p *pending) swap(h *handle) error {
	old, info, err := p.open(h)
	if err != nil {
		return err
	}
	defer old.Close()
	if !os.SameFile(info, p.info) {
		return errChanged
	}
	if err := putInPlace(h, p.temp, p.base); err != nil {
		return err
	}
	p.temp = ""
	return nil
}

// open opens the regular file with the old text, or says why it is not one.
func (p *pending) open(h *handle) (f *os.File, info fs.FileInfo, err error) {
	info, err = h.root.Lstat(p.base)
	if err != nil {
		return nil, nil, err
	}
	if kind := TypeOf(info.Mode()); kind != File {
		return nil, nil, notRegular(kind)
	}
	if f, err = h.root.OpenFile(p.base, openFlags, 0); err != nil {
		return nil, nil, err
	}
	found, err := f.Stat()
	if err == nil && !os.SameFile(found, info) {
		err = errChanged
	}
	if err == nil {
		var text []byte
		text, err = io.ReadAll(io.LimitReader(f, int64(len(p.Old))+1))
		if err == nil && string(text) != p.Old {
			err = errChanged
		}
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, found, nil
}

// sweep removes what a process that was killed has left beside base: no other one writes there
// while this one holds the lock of the root.
func sweep(h *handle, base string) {
	dir, err := h.root.Open(".")
	if err != nil {
		return
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	for _, name := range names {
		rest, ok := strings.CutPrefix(name, "."+base+".")
		number, ok2 := strings.CutSuffix(rest, ".tmp")
		if ok && ok2 && len(number) == 8 && strings.Trim(number, "0123456789abcdef") == "" {
			_ = h.root.Remove(name)
		}
	}
}
