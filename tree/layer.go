package tree

import (
	"io/fs"
	"maps"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// entry is a name in a Composition. It does not change once another Composition or a Tree
// has it too.
type entry struct {
	made *edition // the state of the Composition that may still change it
	kind Type
	own  ownership
	held bool // own is all that is known, else it is over what under has
	// names are what was put into a directory, or removed from it: then the entry is nil.
	names map[string]*entry
	// under is what the entry was copied or mounted from. Of a directory it holds what
	// names does not; nil: nothing.
	under *origin
	state knowledge
	// since is when the entry was made, with all that is below it: no older doubt about a
	// directory above concerns it. 0 for a directory that was made for what is in it.
	since  int
	doubts []doubt
	mount  *mount // set on the mount point

	image  string      // of a File without under
	by     source.Span // likewise: where the project names image
	text   source.Text // likewise
	why    string      // the text is not known; "" if it is
	target string      // of a Link
	// ghost is set if the entry does not exist: something is known about the name, or
	// about names below it.
	ghost bool
}

// edition is a state of a Composition that no one else has seen.
type edition struct{ _ byte }

// knowledge says whether what a directory lacks is known to be missing.
type knowledge uint8

const (
	asAbove knowledge = iota
	complete
	partial
)

type doubt struct {
	Doubt
	at int
}

type mount struct {
	key  string
	path string // in the storage
}

// ownership is an owner and a mode of which parts may be unknown or, in an origin, may
// stay as they are.
type ownership struct {
	uid, gid int64 // -1: unknown
	mode     fs.FileMode
	moded    bool // mode is known
}

var unowned = ownership{uid: -1, gid: -1}

func (o Owner) ownership() ownership {
	if !o.Known {
		return unowned
	}
	return ownership{o.UID, o.GID, o.Mode & modeBits, true}
}

// over returns o where it is known, else below.
func (o ownership) over(below ownership) ownership {
	if o.uid >= 0 {
		below.uid = o.uid
	}
	if o.gid >= 0 {
		below.gid = o.gid
	}
	if o.moded {
		below.mode, below.moded = o.mode, true
	}
	return below
}

// origin is a file or a directory of another tree.
type origin struct {
	tree *Tree
	real string // without links
	// top is the directory or file that was copied or mounted, with real in it.
	top  string
	skip func(rel string) bool
	own  ownership // what the copy sets
	// foreign is set if the owners and modes there say nothing: those of a checkout are
	// not those of the host that mounts it.
	foreign bool
	since   int
}

// composed returns the composition that o is in; nil for the tree of a project.
func (o *origin) composed() *composed { return o.tree.composed() }

// below reports whether o, which may be nil, is that of a name below what above is that of.
func (o *origin) below(above *origin) bool {
	return o != nil && o.tree == above.tree && o.since == above.since && strings.HasPrefix(o.real, join(above.real, ""))
}

// child returns the origin of a name in a directory; nil for one that does not exist.
func (o *origin) child(base string) *entry {
	kind, err := o.tree.kind(o.real, base)
	if err != nil {
		return nil
	}
	below := *o
	below.real = join(o.real, base)
	if o.skip != nil && o.skip(strings.TrimPrefix(below.real[len(o.top):], "/")) {
		return nil
	}
	return below.entry(kind)
}

// entry returns an entry that is as o says.
func (o *origin) entry(kind Type) *entry {
	e := &entry{kind: kind, own: unowned, under: o, since: o.since}
	if kind == Dir && o.composed() != nil && !o.composed().complete(o.real) {
		e.state = partial
	}
	return e
}

// child returns the entry of a name in the directory e; nil for one that does not exist.
// It may be a ghost.
func (e *entry) child(base string) *entry {
	if below, met := e.names[base]; met || e.under == nil || e.kind != Dir {
		return below
	}
	return e.under.child(base)
}

// there reports whether e exists.
func (e *entry) there() bool { return e != nil && !e.ghost }

// list returns the names in the directory e.
func (e *entry) list() ([]Entry, error) {
	var list []Entry
	if e.under != nil {
		below, err := e.under.tree.listReal(e.under.real)
		if err != nil {
			return nil, err
		}
		if len(e.names) == 0 && e.under.skip == nil {
			return below, nil
		}
		for _, b := range below {
			if _, met := e.names[b.Name]; !met && e.under.child(b.Name) != nil {
				list = append(list, b)
			}
		}
	}
	for name, below := range e.names {
		if below.there() {
			list = append(list, Entry{name, below.kind})
		}
	}
	sortEntries(list)
	return list, nil
}

// info returns what is known about e.
func (e *entry) info() (Info, error) {
	own := e.own
	if o := e.under; o != nil && !e.held {
		there, err := o.tree.store.info(split(o.real))
		if err != nil {
			return Info{}, err
		}
		below := ownership{int64(there.UID), int64(there.GID), there.Mode, true}
		if there.Unknown || o.foreign {
			below = unowned
		}
		own = own.over(o.own.over(below))
	}
	info := Info{Type: e.kind, Mode: own.mode, Unknown: own.uid < 0 || own.gid < 0 || !own.moded}
	if own.uid >= 0 && own.gid >= 0 {
		info.UID, info.GID = uint32(own.uid), uint32(own.gid)
	}
	return info, nil
}

// read returns the text of the File e with what it was made from.
func (e *entry) read(limit int64) (text Text, err error) {
	switch o := e.under; {
	case o != nil && o.composed() != nil:
		dir, base := split(o.real)
		return o.composed().text(dir, base, limit)
	case o != nil:
		f, err := o.tree.File(o.real)
		if err != nil {
			return Text{}, err
		}
		whole := source.Whole(f)
		text = Text{Content: whole.String, Pieces: whole.Pieces}
	case e.why != "":
		return Text{}, &failure{text: e.why, is: []error{ErrUnknown}}
	default:
		text = Text{Content: e.text.String, Pieces: e.text.Pieces, Image: e.image, Owner: e.by}
	}
	if int64(len(text.Content)) > limit {
		return Text{}, errTooLong
	}
	return text, nil
}

// change returns e, or a copy of it, that may be changed.
func (e *entry) change(now *edition) *entry {
	if e.made == now {
		return e
	}
	again := *e
	again.made, again.names = now, maps.Clone(e.names)
	return &again
}

// set gives the directory e an entry for a name.
func (e *entry) set(base string, below *entry) {
	if e.names == nil {
		e.names = map[string]*entry{}
	}
	e.names[base] = below
}

// all calls do for e and everything that was put below it, which may be changed. What
// is under them stays as it is.
func (e *entry) all(now *edition, do func(*entry)) {
	do(e)
	for base, below := range e.names {
		if below != nil {
			below = below.change(now)
			e.names[base] = below
			below.all(now, do)
		}
	}
}
