package tree

import "path"

// memory is a tree that was never on a disk: its nodes by name without links.
type memory struct{ nodes map[string]*node }

type node struct {
	info   Info
	text   string          // of a File
	target string          // of a Link
	names  map[string]bool // in a Dir
	stored *Stored         // of an Earlier tree
}

// Memory returns a tree that holds the texts of files by name and nothing
// else; directories are made as needed. Files belong to user 0 with mode 0644,
// directories with mode 0755. A name that is both a file and the directory of
// another is a directory. See Link and Set for what is not a plain file.
func Memory(files map[string]string) *Tree {
	return newTree(newMemory(files), "")
}

// Link makes name a symbolic link in a tree made by Memory. Call it before any
// other use of the tree.
func (t *Tree) Link(name, target string) {
	t.memory().put(path.Clean("/"+name), &node{info: Info{Type: Link, Mode: 0o777}, target: target})
}

// Set gives name a type, an owner and a mode in a tree made by Memory: a
// socket, a directory, a file of another account. A File keeps its text; Real does
// not matter. Call it before any other use of the tree.
func (t *Tree) Set(name string, info Info) {
	m, name := t.memory(), path.Clean("/"+name)
	n := &node{info: info}
	if old := m.nodes[name]; old != nil {
		n.text, n.target = old.text, old.target
	}
	m.put(name, n)
}

func (t *Tree) memory() *memory {
	m, ok := t.store.(*memory)
	if !ok {
		panic("tree: only a tree in memory can be changed")
	}
	return m
}

func newMemory(files map[string]string) *memory {
	m := &memory{nodes: map[string]*node{"/": newDir()}}
	for name, text := range files {
		m.put(path.Clean("/"+name), &node{info: Info{Mode: 0o644}, text: text})
	}
	return m
}

func newDir() *node {
	return &node{info: Info{Type: Dir, Mode: 0o755}, names: map[string]bool{}}
}

// put stores n and creates its parent directories. A directory stays a
// directory.
func (m *memory) put(name string, n *node) {
	old := m.nodes[name]
	switch {
	case n.info.Type == Dir && old != nil && old.info.Type == Dir:
		n.names = old.names
	case n.info.Type == Dir:
		n.names = map[string]bool{}
	case old != nil && old.info.Type == Dir:
		return
	}
	m.nodes[name] = n
	for name != "/" {
		dir, base := split(name)
		above := m.nodes[dir]
		if above == nil || above.info.Type != Dir {
			above = newDir()
			m.nodes[dir] = above
		}
		above.names[base] = true
		name = dir
	}
}

func (m *memory) node(dir, base string) (*node, error) {
	name := dir
	if base != "." {
		name = join(dir, base)
	}
	if n := m.nodes[name]; n != nil {
		return n, nil
	}
	return nil, errMissing
}

func (m *memory) kind(dir, base string) (Type, error) {
	info, err := m.info(dir, base)
	return info.Type, err
}

func (m *memory) readlink(dir, base string) (string, error) {
	n, err := m.node(dir, base)
	if err != nil || n.target == "" {
		return "", errMissing
	}
	return n.target, nil
}

func (m *memory) info(dir, base string) (Info, error) {
	n, err := m.node(dir, base)
	if err != nil {
		return Info{}, err
	}
	return n.info, nil
}

func (m *memory) list(dir string) ([]Entry, error) {
	n, err := m.node(dir, ".")
	if err != nil {
		return nil, err
	}
	list := make([]Entry, 0, len(n.names))
	for name := range n.names {
		list = append(list, Entry{name, m.nodes[join(dir, name)].info.Type})
	}
	sortEntries(list)
	return list, nil
}

func (m *memory) read(dir, base string, limit int64) (string, error) {
	n, err := m.node(dir, base)
	if err != nil {
		return "", err
	}
	if int64(len(n.text)) > limit {
		return "", errTooLong
	}
	return n.text, nil
}

// fresh returns m, which does not change while it is in use.
func (m *memory) fresh() store { return m }
