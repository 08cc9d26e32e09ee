package tree

import (
	"path"
)

// Copy copies the file or directory src of another tree to a name, after links, as COPY
// of a Dockerfile does: the content of a directory is merged into what exists, and
// where both have something else than a directory, the copy wins. A file goes into a
// directory that exists. Links are copied as they are, and then lead through c.
//
// Nothing is read before it is looked at, and only the texts of files that are. The error
// says why src cannot be copied.
func (c *Composition) Copy(to string, from *Tree, src string, o CopyOptions) error {
	at, err := from.walk(src, true)
	if err != nil {
		return err
	}
	if at.kind != Dir && at.kind != File {
		return notRegular(at.kind)
	}
	over := &origin{tree: from, real: at.real, top: at.real, skip: o.Skip, own: unowned}
	if o.Owner != nil && o.Owner.Known {
		over.own.uid, over.own.gid = o.Owner.UID, o.Owner.GID
	}
	if o.Mode != nil {
		over.own.mode, over.own.moded = *o.Mode&modeBits, true
	}
	real := c.resolve(to, true)
	if real == "" {
		return ErrLoop
	}
	there, err := c.Now().Place(real)
	if at.kind == File {
		if o.Into || err == nil && there.kind == Dir {
			real = join(real, path.Base(path.Clean("/"+src)))
		}
		over.since = c.time + 1
		c.put(real, true, over.entry(File))
		return nil
	}
	e := c.entry(real, false)
	if e.kind != Dir {
		return ErrNotDir
	}
	over.since = c.time
	if err != nil {
		e.held, e.since = false, c.time // the copy makes it
	}
	return c.merge(e, over.entry(Dir))
}

// merge copies the content of the directory over into dir. It lists only what both
// have.
func (c *Composition) merge(dir, over *entry) error {
	if over.state == partial {
		dir.state = partial
	}
	under := dir.under
	again := under != nil && len(dir.names) == 0 && under.tree == over.under.tree && under.real == over.under.real && over.under.skip == nil
	if under == nil || again {
		for base := range dir.names {
			if below := over.child(base); below != nil {
				if err := c.lay(dir, base, below); err != nil {
					return err
				}
			}
		}
		dir.under = over.under
		return nil
	}
	list, err := over.list()
	if err != nil {
		return reason(err)
	}
	for _, e := range list {
		if err := c.lay(dir, e.Name, over.child(e.Name)); err != nil {
			return err
		}
	}
	return nil
}

// lay puts below over what dir has under a name.
func (c *Composition) lay(dir *entry, base string, below *entry) error {
	old := dir.child(base)
	if old == nil || old.kind != Dir || below.kind != Dir {
		below.made = c.now
		dir.set(base, below)
		return nil
	}
	old = old.change(c.now)
	if old.ghost {
		old.ghost, old.held, old.since = false, false, below.since
	}
	dir.set(base, old)
	return c.merge(old, below)
}
