package tree

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// maxHandles is how many directories are kept open for the next file in them.
const maxHandles = 64

// maxEntries is how many entries one directory may have.
const maxEntries = 200_000

// disk is a directory of this machine. Every access goes through an os.Root,
// which never leaves its directory, even when names change meanwhile.
type disk struct {
	name string // absolute
	top  *os.Root
	// escape is the error of an os.Root for names that lead out of it. Package
	// os does not export it.
	escape error

	mu      sync.Mutex
	handles map[string]*handle // by resolved name inside the root
	clock   int64              // counts uses of handles
}

// handle is an open directory. It is closed when it is no longer in the map and
// has no user.
type handle struct {
	root  *os.Root
	once  sync.Once // of dir
	dir   *os.File  // see itself
	users int
	used  int64 // the clock at its last use
	out   bool
}

func openDisk(dir string) (*disk, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(abs); err == nil && !info.IsDir() {
		return nil, ErrNotDir
	}
	top, err := os.OpenRoot(abs)
	if err != nil {
		return nil, err
	}
	d := &disk{name: abs, top: top, handles: map[string]*handle{}}
	_, err = top.Lstat("..")
	d.escape = errors.Unwrap(err)
	return d, nil
}

// confined translates the error of os.Root for a name that leads out of it,
// which occurs only when names change between two lookups.
func (d *disk) confined(err error) error {
	if d.escape != nil && errors.Is(err, d.escape) {
		return ErrOutside
	}
	return err
}

// enter returns the open directory dir; leave releases it.
func (d *disk) enter(dir string) (*handle, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clock++
	h := d.handles[dir]
	if h == nil {
		root, err := d.open(dir)
		if err != nil {
			return nil, d.confined(err)
		}
		if len(d.handles) >= maxHandles {
			d.dropOldest()
		}
		h = &handle{root: root}
		d.handles[dir] = h
	}
	h.users++
	h.used = d.clock
	return h, nil
}

// open opens dir from its parent directory if that is open, which is one step
// instead of many, else from the root.
func (d *disk) open(dir string) (*os.Root, error) {
	above, base := split(dir)
	if h := d.handles[above]; h != nil && dir != above {
		return h.root.OpenRoot(base)
	}
	inside := strings.TrimPrefix(dir, "/")
	if inside == "" {
		inside = "."
	}
	return d.top.OpenRoot(inside)
}

func (d *disk) dropOldest() {
	var name string
	var oldest *handle
	for n, h := range d.handles {
		if oldest == nil || h.used < oldest.used {
			name, oldest = n, h
		}
	}
	d.drop(name, oldest)
}

// drop forgets the open directory name.
func (d *disk) drop(name string, h *handle) {
	delete(d.handles, name)
	h.out = true
	if h.users == 0 {
		h.close()
	}
}

// fresh forgets all open directories: other directories may have their names by
// now.
func (d *disk) fresh() store {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name, h := range d.handles {
		d.drop(name, h)
	}
	return d
}

func (d *disk) leave(h *handle) {
	d.mu.Lock()
	defer d.mu.Unlock()
	h.users--
	if h.out && h.users == 0 {
		h.close()
	}
}

// itself returns the directory, opened when something in it is read for the first time;
// nil where files are opened by root.
func (h *handle) itself() *os.File {
	h.once.Do(func() { h.dir = itself(h.root) })
	return h.dir
}

func (h *handle) close() {
	h.root.Close()
	if h.dir != nil {
		h.dir.Close()
	}
}

func (d *disk) kind(dir, base string) (Type, error) {
	info, err := d.info(dir, base)
	return info.Type, err
}

func (d *disk) readlink(dir, base string) (string, error) {
	h, err := d.enter(dir)
	if err != nil {
		return "", err
	}
	defer d.leave(h)
	target, err := h.root.Readlink(base)
	// A drive of Windows is not part of the tree.
	return filepath.ToSlash(target[len(filepath.VolumeName(target)):]), err
}

func (d *disk) info(dir, base string) (Info, error) {
	h, err := d.enter(dir)
	if err != nil {
		return Info{}, err
	}
	defer d.leave(h)
	if os.PathSeparator != '/' && strings.ContainsAny(base, `\:`) {
		return Info{}, errMissing // Windows would look in a folder below, or in a stream of the file
	}
	found, err := h.root.Lstat(base)
	if err != nil {
		return Info{}, err
	}
	uid, gid := owner(found)
	return Info{Type: TypeOf(found.Mode()), UID: uid, GID: gid, Mode: found.Mode() & modeBits}, nil
}

func (d *disk) list(dir string) ([]Entry, error) {
	h, err := d.enter(dir)
	if err != nil {
		return nil, err
	}
	defer d.leave(h)
	found, err := h.readDir()
	if err != nil {
		return nil, err
	}
	if len(found) > maxEntries {
		return nil, errCrowded
	}
	list := make([]Entry, len(found))
	for i, e := range found {
		list[i] = Entry{e.Name(), TypeOf(e.Type())}
	}
	sortEntries(list)
	return list, nil
}

// readDir returns the entries, at most one more than maxEntries.
func (h *handle) readDir() ([]fs.DirEntry, error) {
	if dir := h.itself(); dir != nil {
		if found, err := entries(typed(dir)); err == nil {
			return found, nil
		}
	}
	return entries(h.root.Open("."))
}

// entries reads and closes the directory that was opened, if there is no error.
func entries(dir *os.File, err error) ([]fs.DirEntry, error) {
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	found, err := dir.ReadDir(maxEntries + 1)
	if err == io.EOF {
		err = nil
	}
	return found, err
}

func (d *disk) read(dir, base string, max int64) (string, error) {
	h, err := d.enter(dir)
	if err != nil {
		return "", err
	}
	defer d.leave(h)
	if dir := h.itself(); dir != nil {
		if text, err := readBelow(dir, base, max); err != errUnsized {
			return text, err
		}
	}
	f, err := h.root.OpenFile(base, openFlags, 0)
	if err != nil {
		return "", d.confined(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	// The name may mean something else since the lookup.
	if kind := TypeOf(info.Mode()); kind != File {
		return "", notRegular(kind)
	}
	return readAll(f, info.Size(), max)
}
