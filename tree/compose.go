package tree

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Composition is a root that is made of layers, such as that of a container: the files
// of its image, copies from a project, what commands made or removed, and mounts.
// Later layers are on top. It reads nothing before its Tree does.
//
// Names lead through the links of the composition, as in the container. Directories are
// made as needed. What cannot be done is not done, as the commands of a container would
// fail: a file where a directory is, or below a file. Its methods may not be called at
// the same time.
type Composition struct {
	root *entry
	now  *edition
	time int
	// named is where the project names images. A clone shares it.
	named map[string]source.Span
	// live is c as it is; see Now. changed is set if its caches are older than that.
	live    *Tree
	changed bool
	view    *Tree // nil after a change; see Tree
}

// Owner is the owner and the mode of a file or a directory.
type Owner struct {
	UID, GID int64
	Mode     fs.FileMode // permission, setuid, setgid and sticky bits
	Known    bool        // false: owner and mode are not known
}

// Doubt is something that was not understood and that may have changed a file.
type Doubt struct {
	By    source.Span // what it is
	Words string      // its words, for people
	// Minor is set if it can change nothing that decides whether a request reaches PHP.
	Minor bool
}

// CopyOptions say how Copy copies.
type CopyOptions struct {
	// Skip reports whether the file or the directory rel, relative to the source, is left
	// out with all that is below it. nil: nothing is.
	Skip func(rel string) bool
	// Owner is the owner and group of all that is copied; its Mode is not used. nil: as in
	// the source.
	Owner *Owner
	// Mode is the mode of all that is copied. nil: as in the source.
	Mode *fs.FileMode
	// Into is set if the target is a directory even if it does not exist: a file goes into
	// it.
	Into bool
}

// BindKey is the key of Shared for what a project holds.
const BindKey = "bind:"

// NewComposition returns a root of which nothing is known.
func NewComposition() *Composition {
	return compose(&entry{kind: Dir, own: unowned, held: true}, 0)
}

func compose(root *entry, time int) *Composition {
	return &Composition{root: root, now: new(edition), time: time, live: newTree(&composed{root}, "")}
}

// Mount hides what is at name, after links, by the directory or file src of another tree,
// or, if from is nil, by an empty directory that is src in its storage. Shared tells what it
// is a part of: for a bind mount of a project that is the path there, else the key of the
// storage. If src does not exist in from, the mount is an empty directory.
func (c *Composition) Mount(name string, from *Tree, src, key string) {
	e := &entry{kind: Dir, own: unowned, held: true, state: complete, mount: &mount{key, "/"}}
	dir, base := c.slot(name, true, false)
	if from == nil {
		e.mount.path = path.Join("/", src)
	} else {
		at, err := from.walk(src, true)
		project := from.composed() == nil
		if err == nil {
			e.kind, e.held = at.kind, false
			e.under = &origin{tree: from, real: at.real, top: at.real, own: unowned, foreign: project && !from.Live(), since: c.time}
			if !project && !from.composed().complete(at.real) {
				e.state = partial
			}
		}
		if project {
			e.mount = &mount{BindKey, path.Join("/", at.real)}
		}
	}
	e.made, e.since = c.now, c.time
	if base == "." {
		c.root = e
		return
	}
	dir.set(base, e)
}

// Clone returns a composition with the same content, which can be changed without
// changing c: a stage that others build on.
func (c *Composition) Clone() *Composition {
	c.now = new(edition)
	clone := compose(c.root, c.time)
	clone.named = c.named
	return clone
}

// Tree returns c as it is now. It does not change when c does, and is the same until c
// does.
func (c *Composition) Tree() *Tree {
	if c.view == nil {
		c.now = new(edition)
		c.view = newTree(&composed{c.root}, "")
	}
	return c.view
}

// Now returns c as it is now, for a look before the next change: then it is another tree.
// It costs less than Tree, after which each change copies the directories above it.
func (c *Composition) Now() *Tree {
	if c.changed {
		c.live.store.(*composed).root = c.root
		c.live.forget()
		c.changed = false
	}
	return c.live
}

// Put makes name a file with a text that image brings, or that the project made from the
// pieces of text if image is "". What replaces a file of an image and still has parts
// that are not in the project stays a file of the image.
func (c *Composition) Put(name string, text source.Text, image string, o Owner) {
	if text.Pieces == nil {
		text.Pieces = []source.Piece{{}}
	}
	e := &entry{text: text, image: image, by: c.named[image], own: o.ownership(), held: true}
	old := c.put(name, true, e)
	if image == "" && old != nil && slices.ContainsFunc(text.Pieces, func(p source.Piece) bool { return p.From.IsZero() }) {
		e.image, e.by = old.image, old.by
	}
}

// Name says where the project names an image: the Owner of the files that are Put for it
// from then on.
func (c *Composition) Name(image string, by source.Span) {
	c.named = maps.Clone(c.named)
	if c.named == nil {
		c.named = map[string]source.Span{}
	}
	c.named[image] = by
}

// PutUnknown makes name a file whose text is not known. Open fails with ErrUnknown and
// the text why, which completes "cannot be read: ".
func (c *Composition) PutUnknown(name, why string, o Owner) {
	c.put(name, true, &entry{why: why, own: o.ownership(), held: true})
}

// Link makes name a symbolic link. It replaces a file or another link.
func (c *Composition) Link(name, target string) {
	c.put(name, false, &entry{kind: Link, target: target, own: unowned, held: true})
}

// put stores an entry that is not a directory, and returns the one that it replaces; nil
// for none.
func (c *Composition) put(name string, follow bool, e *entry) (old *entry) {
	dir, base := c.slot(name, follow, false)
	if old = dir.child(base); old.there() && old.kind == Dir {
		return nil
	}
	e.made, e.since = c.now, c.time
	dir.set(base, e)
	return old
}

// Mkdir makes name a directory. A new one is known to be empty.
func (c *Composition) Mkdir(name string, o Owner) { c.mkdir(name, o, complete) }

// MkdirUnknown makes name a directory that may hold more than what is put into it.
func (c *Composition) MkdirUnknown(name string, o Owner) { c.mkdir(name, o, partial) }

func (c *Composition) mkdir(name string, o Owner, state knowledge) {
	dir, base := c.slot(name, true, false)
	old := dir.child(base)
	if old.there() {
		return
	}
	e := c.folder(dir, base, false)
	e.own, e.held, e.state, e.since = o.ownership(), true, state, c.time
}

// Remove removes name, with all that is below it. It is known not to exist from then on.
func (c *Composition) Remove(name string) {
	dir, base := c.slot(name, false, true)
	dir.set(base, nil)
}

// Absent says that name does not exist.
func (c *Composition) Absent(name string) { c.Remove(name) }

// Complete says that nothing of the directory dir is missing in c: what is not below it
// in c does not exist.
func (c *Composition) Complete(dir string) {
	e := c.entry(dir, true)
	e.all(c.now, func(e *entry) { e.state = asAbove })
	e.state = complete
}

// Incomplete says that there may be more below name, if it is a directory, than c knows of.
func (c *Composition) Incomplete(name string) {
	if e := c.entry(name, true); e.kind == Dir {
		e.all(c.now, func(e *entry) { e.state = asAbove })
		e.state = partial
	}
}

// Doubt says that something that was not understood may have changed or made name, and
// everything below it, as c is now.
func (c *Composition) Doubt(name string, by source.Span, words string) {
	c.doubt(name, Doubt{By: by, Words: words})
}

// DoubtMinor is Doubt for what is Minor.
func (c *Composition) DoubtMinor(name string, by source.Span, words string) {
	c.doubt(name, Doubt{by, words, true})
}

func (c *Composition) doubt(name string, d Doubt) {
	e := c.entry(name, true)
	// The first is what is told, and the last one concerns all that was made before it.
	kept := e.doubts[:min(len(e.doubts), maxDoubts-1)]
	for _, dropped := range e.doubts[len(kept):] {
		d.Minor = d.Minor && dropped.Minor
	}
	e.doubts = append(slices.Clip(kept), doubt{d, c.time})
}

// maxDoubts limits the doubts that are kept about one name.
const maxDoubts = 16

// Chmod gives name a mode, and all that is below it if recursive is set.
func (c *Composition) Chmod(name string, mode fs.FileMode, recursive bool) {
	c.give(name, ownership{-1, -1, mode & modeBits, true}, recursive)
}

// Chown gives name an owner and a group, and all that is below it if recursive is set. A
// number below 0 leaves what it was.
func (c *Composition) Chown(name string, uid, gid int64, recursive bool) {
	c.give(name, ownership{uid: uid, gid: gid}, recursive)
}

// Disown says that the owner and the mode of name are not known, and those of all that is below it
// if recursive is set.
func (c *Composition) Disown(name string, recursive bool) {
	forget := func(e *entry) { e.own, e.held = unowned, true }
	e := c.entry(name, true)
	if !recursive {
		forget(e)
		return
	}
	e.all(c.now, func(e *entry) {
		forget(e)
		if e.under != nil {
			under := *e.under
			under.own, under.foreign = unowned, true
			e.under = &under
		}
	})
}

func (c *Composition) give(name string, own ownership, recursive bool) {
	e := c.entry(name, true)
	if !recursive {
		e.own = own.over(e.own)
		return
	}
	e.all(c.now, func(e *entry) {
		e.own = own.over(e.own)
		if e.under != nil {
			under := *e.under
			under.own = own.over(under.own)
			e.under = &under
		}
	})
}

// resolve returns name without links, whether or not it exists; the name itself may be
// a link if follow is not set. "": nothing can have the name.
func (c *Composition) resolve(name string, follow bool) string {
	if real, ok := c.plain(name, follow); ok {
		return real
	}
	dir, base := cutBase(strings.TrimRight(name, "/"))
	if follow || base == "" {
		dir, base = name, ""
	}
	at, err := c.Now().walk(dir, true)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	return path.Join("/", at.real, base)
}

// plain is resolve for the most usual names, without what Tree does for all others.
// ok is false for those: with "..", or a link on the way.
func (c *Composition) plain(name string, follow bool) (real string, ok bool) {
	if len(name) >= maxName || !strings.HasPrefix(name, "/") || strings.Contains(name, "..") || strings.IndexByte(name, 0) >= 0 {
		return "", false
	}
	real = path.Clean(name)
	e, rest := c.root, real[1:]
	for rest != "" && e.there() {
		var comp string
		comp, rest, _ = strings.Cut(rest, "/")
		if e.kind != Dir {
			return "", false
		}
		if e = e.child(comp); e.there() && e.kind == Link && (follow || rest != "") {
			return "", false
		}
	}
	return real, true
}

// slot starts a change: it returns the directory that holds name, made if needed, and
// the name in it. If ghosts is set, what it makes need not exist. Where there can be no
// directory, and for the root, it returns one that is not in c.
func (c *Composition) slot(name string, follow, ghosts bool) (dir *entry, base string) {
	c.time++
	c.view = nil
	real := c.resolve(name, follow)
	c.changed = true
	switch real {
	case "":
		return c.nowhere(), ""
	case "/":
		return c.nowhere(), "."
	}
	above, base := split(real)
	c.root = c.root.change(c.now)
	dir = c.root
	for comp := range strings.SplitSeq(strings.Trim(above, "/"), "/") {
		if comp != "" {
			dir = c.folder(dir, comp, ghosts)
		}
	}
	return dir, base
}

func (c *Composition) nowhere() *entry { return &entry{kind: Dir, made: c.now} }

// folder returns the directory of a name in dir, made if needed.
func (c *Composition) folder(dir *entry, base string, ghost bool) *entry {
	e := dir.child(base)
	switch _, met := dir.names[base]; {
	case e == nil && met: // removed before, so that it is new
		e = &entry{kind: Dir, own: unowned, held: true, state: complete, since: c.time, ghost: ghost}
	case e == nil:
		e = &entry{kind: Dir, own: unowned, held: true, ghost: ghost}
	case e.kind != Dir:
		return c.nowhere()
	}
	e = e.change(c.now)
	e.ghost = e.ghost && ghost
	dir.set(base, e)
	return e
}

// entry starts a change: it returns the entry of name, made if needed: a directory, or
// a ghost if ghosts is set.
func (c *Composition) entry(name string, ghosts bool) *entry {
	dir, base := c.slot(name, true, ghosts)
	if base == "." {
		c.root = c.root.change(c.now)
		return c.root
	}
	e := dir.child(base)
	if e == nil || e.kind == Dir {
		return c.folder(dir, base, ghosts)
	}
	e = e.change(c.now)
	dir.set(base, e)
	return e
}
