// Package tree reads files and directories under a root that is "/": of a disk,
// of texts in memory, of overlays with texts that are not saved yet, of a directory as it was
// earlier, or of the layers of a container. It also
// replaces the files of a disk. No other package reads or writes configurations.
//
// Names are as the servers write them: absolute, separated by slashes, any
// bytes but NUL. A name without a leading slash starts at the root as well.
// Symbolic links are resolved here, one component at a time, with the root as
// "/": an absolute target starts again at the root, and ".." stops there.
// Nothing outside the root is ever read or written, even if the tree changes meanwhile.
package tree

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/wp502lint/wp502lint/source"
)

// Tree is a file system under a root. Its methods may be called from several
// goroutines; set its fields before the first call.
//
// A Tree caches the directories that it has read: it is a view for one run.
// Fresh returns the view for the next one.
type Tree struct {
	// MaxFile is the size in bytes of the largest file that Open reads; 16 MiB in
	// a new Tree.
	MaxFile int64
	// MaxTotal is how many bytes all calls of Open together read; 1 GiB in a new
	// Tree.
	MaxTotal int64
	// MaxMatches is how many names one Glob returns, and how many directories
	// it searches; 100,000 in a new Tree.
	MaxMatches int

	store  store
	root   string        // "" in memory
	opened *atomic.Int64 // one count for a Tree and its fresh views
	total  atomic.Int64

	mu      sync.Mutex
	dirs    map[string]resolved     // resolved directories
	lists   map[string][]Entry      // by resolved directory
	lookups map[string]glances      // in directories without a list
	entries int                     // in lists
	files   map[string]*source.File // by resolved name; see File

	whole    func() bool // see Exists; called once
	wholeEtc func() bool // likewise
}

// maxKept is how many resolved directories, and how many entries of listed
// directories, a Tree caches before it clears the cache.
const maxKept = 1 << 18

// store is where a Tree gets its data. The directory arguments of its methods
// are absolute and have no link, "." or ".." in them; base is one name in the
// directory, or "." for the directory itself.
type store interface {
	// kind returns the type of base, which may be a Link.
	kind(dir, base string) (Type, error)
	// readlink returns the target of a Link.
	readlink(dir, base string) (string, error)
	// info returns what is known about base, which is not a link. Real is not
	// set.
	info(dir, base string) (Info, error)
	// list returns the entries of dir sorted by name.
	list(dir string) ([]Entry, error)
	// read returns the content of a regular file of at most max bytes.
	read(dir, base string, max int64) (string, error)
	// fresh returns the same store for a new view of it.
	fresh() store
}

// Text is a regular file as it was read.
type Text struct {
	// Name is the requested name, without doubled slashes, "." and "..".
	Name string
	// Real is the name with every link resolved, inside the root.
	Real string
	// Content is the file byte for byte.
	Content string
	// Image is the container image that brings the file; "" for none.
	Image string
	// Owner is where the project names Image; the zero Span: unknown.
	Owner source.Span
	// Pieces are what the parts of Content were made from; nil for a file that is read
	// from where it is.
	Pieces []source.Piece
}

func newTree(s store, root string) *Tree {
	t := &Tree{
		MaxFile: 16 << 20, MaxTotal: 1 << 30, MaxMatches: 100_000,
		store: s, root: root, opened: new(atomic.Int64),
		dirs: map[string]resolved{}, lists: map[string][]Entry{}, lookups: map[string]glances{},
	}
	t.whole, t.wholeEtc = sync.OnceValue(t.isWhole), sync.OnceValue(t.hasEtc)
	return t
}

// New returns the tree in which the directory dir of this machine is "/". The
// error names dir and the reason.
func New(dir string) (*Tree, error) {
	d, err := openDisk(dir)
	if err != nil {
		why := reason(err).Error()
		if errors.Is(err, fs.ErrNotExist) {
			why = "no such directory"
		}
		return nil, &failure{text: dir + ": " + why, is: []error{err}}
	}
	return newTree(d, d.name), nil
}

// Fresh returns a view of the files of t as they are now, with an empty cache and
// MaxTotal counted from zero. It does not see a directory that has replaced the root
// itself. t may be in use meanwhile.
func (t *Tree) Fresh() *Tree {
	f := newTree(t.store.fresh(), t.root)
	f.MaxFile, f.MaxTotal, f.MaxMatches, f.opened = t.MaxFile, t.MaxTotal, t.MaxMatches, t.opened
	return f
}

// forget clears the caches, for a store that has changed.
func (t *Tree) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.dirs)
	clear(t.lists)
	clear(t.lookups)
	t.entries = 0
}

// Root returns the absolute path of the directory of this machine that is "/";
// "" for a tree in memory.
func (t *Tree) Root() string { return t.root }

// Live reports whether the root is this machine's own "/", so that facts about
// this machine apply to the tree: its memory, its sockets, its clock.
func (t *Tree) Live() bool { return t.root == "/" }

// Opened returns how many times a regular file has been opened, by t or a fresh view of
// it.
func (t *Tree) Opened() int { return int(t.opened.Load()) }

// Open reads the regular file name. The type is looked up before the file is
// opened, for opening a FIFO would wait for its writer. The error satisfies
// errors.Is for fs.ErrNotExist, fs.ErrPermission or one of the Err variables,
// and its text is the reason alone, without the name.
func (t *Tree) Open(name string) (Text, error) {
	at, err := t.Place(name)
	if err != nil {
		return Text{}, err
	}
	return t.OpenAt(at)
}

// Place is where a name leads.
type Place struct {
	Real string // the name with every link resolved
	name string
	kind Type
}

// Place returns the place of name, which must exist.
func (t *Tree) Place(name string) (Place, error) {
	at, err := t.walk(name, true)
	if err != nil {
		return Place{}, err
	}
	return Place{at.real, name, at.kind}, nil
}

// OpenAt is Open for a name that was looked up before.
func (t *Tree) OpenAt(at Place) (Text, error) {
	if at.kind != File {
		return Text{}, notRegular(at.kind)
	}
	left := t.MaxTotal - t.total.Load()
	if left <= 0 {
		return Text{}, t.spent()
	}
	t.opened.Add(1)
	text, err := t.read(at.Real, min(t.MaxFile, left))
	if err != nil {
		if err == errTooLong && left < t.MaxFile {
			return Text{}, t.spent()
		} else if err == errTooLong {
			return Text{}, &failure{text: "larger than " + size(t.MaxFile), is: []error{ErrTooLarge}}
		}
		return Text{}, reason(err)
	}
	t.total.Add(int64(len(text.Content)))
	text.Name, text.Real = t.clean(at.name, at.Real), at.Real
	return text, nil
}

// read reads the file real of at most limit bytes.
func (t *Tree) read(real string, limit int64) (text Text, err error) {
	dir, base := split(real)
	if s, ok := t.store.(interface {
		text(dir, base string, limit int64) (Text, error)
	}); ok {
		return s.text(dir, base, limit)
	}
	text.Content, err = t.store.read(dir, base, limit)
	return text, err
}

// File reads the regular file name once for the life of t. All calls for one file return
// the same File, whose Name is as the first call has it.
func (t *Tree) File(name string) (*source.File, error) {
	at, err := t.Place(name)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	f := t.files[at.Real]
	t.mu.Unlock()
	if f != nil {
		return f, nil
	}
	text, err := t.OpenAt(at)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if f := t.files[at.Real]; f != nil {
		return f, nil
	}
	if t.files == nil {
		t.files = map[string]*source.File{}
	}
	f = text.File()
	t.files[at.Real] = f
	return f, nil
}

// Source returns the content with what it was made from.
func (t Text) Source() source.Text { return source.Text{String: t.Content, Pieces: t.Pieces} }

// File returns a new file with the text t.
func (t Text) File() *source.File {
	f := &source.File{Name: t.Name, Real: t.Real, Text: t.Content, Image: t.Image, Owner: t.Owner, Pieces: t.Pieces}
	return f.Derive()
}

func (t *Tree) spent() error {
	return &failure{text: "the files read before it fill the limit of " + size(t.MaxTotal), is: []error{ErrTooLarge}}
}

// Leads returns name with every link resolved, whether or not it exists: a link
// leads to a socket before a server has created it.
func (t *Tree) Leads(name string) string {
	if at, _ := t.walk(name, true); at.real != "" {
		return at.real
	}
	return name
}

// Readlink returns the target of the symbolic link name as it is written. The error satisfies
// errors.Is for fs.ErrNotExist if name is not a link.
func (t *Tree) Readlink(name string) (string, error) {
	dir, base := split(path.Join(t.Leads(path.Dir(name)), path.Base(name)))
	return t.store.readlink(dir, base)
}

// Stat returns what is known about name, after links.
func (t *Tree) Stat(name string) (Info, error) {
	at, err := t.walk(name, true)
	if err != nil {
		return Info{}, err
	}
	info, err := t.store.info(split(at.real))
	if err != nil {
		return Info{}, reason(err)
	}
	info.Real = at.real
	return info, nil
}

// Type returns the type of name itself, which may be a Link.
func (t *Tree) Type(name string) (Type, error) {
	at, err := t.walk(name, false)
	return at.kind, err
}

// List returns the entries of a directory in the order of their bytes, as
// glob(3) gives them in the C locale, without "." and "..". A link is a Link.
// The slice is cached: it must not be changed.
func (t *Tree) List(dir string) ([]Entry, error) {
	at, err := t.walk(dir, true)
	if err != nil {
		return nil, err
	}
	if at.kind != Dir {
		return nil, ErrNotDir
	}
	return t.listReal(at.real)
}

// listReal is List of a directory without links in its name.
func (t *Tree) listReal(real string) ([]Entry, error) {
	t.mu.Lock()
	list, ok := t.lists[real]
	t.mu.Unlock()
	if ok {
		return list, nil
	}
	list, err := t.store.list(real)
	if err != nil {
		return nil, reason(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.entries+len(list) > maxKept {
		t.lists, t.entries = map[string][]Entry{}, 0
	}
	if _, ok := t.lists[real]; !ok {
		t.lists[real] = list
		t.entries += len(list)
	}
	return list, nil
}

// clean returns name without doubled slashes, "." and "..". Removing ".." with
// the name before it is wrong where that name is a link; then it uses the
// resolved name.
func (t *Tree) clean(name, real string) string {
	if name == real {
		return real
	}
	plain := name
	if !strings.HasPrefix(name, "/") {
		plain = "/" + name
	}
	if plain = path.Clean(plain); plain == real {
		return real
	}
	if strings.Contains(name, "..") {
		if at, err := t.walk(plain, true); err != nil || at.real != real {
			return real
		}
	}
	return plain
}

// split returns the directory and the last component of a resolved name, and
// "." as the last component of "/".
func split(real string) (dir, base string) {
	i := strings.LastIndexByte(real, '/')
	if real == "/" {
		return "/", "."
	}
	return real[:max(i, 1)], real[i+1:]
}

// join returns the name of base in dir, which are both without links.
func join(dir, base string) string {
	if dir == "/" {
		return "/" + base
	}
	return dir + "/" + base
}

// joined is join, without allocating when the result equals written, as it
// nearly always does.
func joined(dir, base, written string) string {
	if rest, ok := strings.CutPrefix(written, dir); ok && (rest == base && dir == "/" || rest != "" && rest[0] == '/' && rest[1:] == base) {
		return written
	}
	return join(dir, base)
}
