// Package gittree reads the files of an earlier revision of a git repository without a
// checkout: through the git program, and only with commands that read objects. Nothing in
// the repository can make git start another program, change a file or open a connection.
package gittree

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/tree"
)

// Revision is a commit, as a set of files. Its methods may be called from several goroutines.
type Revision struct {
	repo    string // the folder of .git
	entries []entry
	kept    []string // what is not in the commit, and is not new either

	mu      sync.Mutex
	readers []*reader // of the repository and its submodules
	err     error
}

// entry is a line of ls-tree.
type entry struct {
	mode, id, name string
	objects        *reader
}

// The modes of entries that are not plain files.
const (
	modeExecutable = "100755"
	modeLink       = "120000"
	modeSubmodule  = "160000"
)

const fetchAll = "fetch the whole history (fetch-depth: 0, or git fetch --unshallow)"

// MergeBase returns a best common ancestor of a revision and HEAD in the repository whose
// .git is in the folder repo. The error says what to do.
func MergeBase(repo, revision string) (*Revision, error) {
	if strings.HasPrefix(revision, "-") {
		return nil, errors.New("a revision does not start with a hyphen")
	}
	g, err := find(repo)
	if err != nil {
		return nil, err
	}
	about, err := g.output("rev-parse", "--is-bare-repository", "--is-shallow-repository")
	if err != nil {
		return nil, fmt.Errorf("git cannot read the repository %s: %w", repo, err)
	}
	bare, shallow, _ := strings.Cut(strings.TrimSpace(about), "\n")
	if bare == "true" {
		return nil, fmt.Errorf("%s is a bare repository; use a clone with its files", repo)
	}
	head, err := g.commit("HEAD")
	switch {
	case err != nil && !none(err):
		return nil, fmt.Errorf("git cannot read HEAD of %s: %w", repo, err)
	case err != nil:
		return nil, fmt.Errorf("HEAD of %s has no commit yet; commit first", repo)
	}
	other, err := g.commit(revision)
	switch {
	case err != nil && !none(err):
		return nil, fmt.Errorf("git cannot read it: %w", err)
	case err != nil && shallow == "true":
		return nil, errors.New("unknown revision, and the clone is shallow; " + fetchAll)
	case err != nil:
		return nil, errors.New(`unknown revision; "git fetch" gets those of a remote, and "git branch --all" lists the branches`)
	}
	base, err := g.output("merge-base", other, head)
	switch base = strings.TrimSpace(base); {
	case err != nil && !none(err):
		return nil, fmt.Errorf("git cannot find its common commit with HEAD: %w", err)
	case base == "" && shallow == "true":
		return nil, errors.New("it has no common commit with HEAD, since the clone is shallow; " + fetchAll)
	case base == "":
		return nil, errors.New("it has no common commit with HEAD; name another revision")
	}
	return g.revision(base)
}

// revision lists the files of the commit base. What git ignores did not change: its files are
// not in the repository.
func (g *program) revision(base string) (*Revision, error) {
	r := &Revision{repo: g.repo}
	return r, r.add(g, base, "")
}

// add adds the files of a commit in the folder prefix.
func (r *Revision) add(g *program, commit, prefix string) error {
	list, err := g.list(commit)
	if err != nil {
		return err
	}
	ignored, err := g.output("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
	if err != nil {
		return fmt.Errorf("git cannot list the ignored files: %w", err)
	}
	for name := range strings.SplitSeq(ignored, "\x00") {
		if name != "" {
			r.kept = append(r.kept, path.Join(prefix, name))
		}
	}
	objects := &reader{program: g}
	r.readers = append(r.readers, objects)
	for _, e := range list {
		e.name, e.objects = path.Join(prefix, e.name), objects
		if e.mode == modeSubmodule {
			r.addSubmodule(e)
		} else {
			r.entries = append(r.entries, e)
		}
	}
	return nil
}

// addSubmodule adds the files of a submodule at the commit that was recorded, from its own
// repository. Without that, or without the commit in it, nothing is known of the old files, so
// that all of them are new.
func (r *Revision) addSubmodule(e entry) {
	folder := filepath.Join(tree.Resolved(r.repo), e.name)
	if _, err := os.Lstat(filepath.Join(folder, ".git")); err != nil || tree.Resolved(folder) != folder {
		return // a link may lead to a repository anywhere
	}
	_ = r.add(&program{e.objects.name, folder}, e.id, e.name)
}

// list returns the entries of a commit in all its directories.
func (g *program) list(commit string) (all []entry, err error) {
	text, err := g.output("ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, fmt.Errorf("git cannot list the files of %s: %w", commit, err)
	}
	for line := range strings.SplitSeq(text, "\x00") {
		about, name, _ := strings.Cut(line, "\t")
		words := strings.Fields(about)
		// git writes no other names, but reads what others wrote.
		if len(words) == 3 && path.Clean("/"+name) == "/"+name {
			all = append(all, entry{mode: words[0], id: words[2], name: name})
		}
	}
	return all, nil
}

// Tree returns now, a tree of this machine, with the files of the repository as they are in r.
// Either the root of now is in the repository, or the repository is in the root.
func (r *Revision) Tree(now *tree.Tree) (*tree.Tree, error) {
	root, repo := tree.Resolved(now.Root()), tree.Resolved(r.repo)
	dir, prefix := "", ""
	if in, ok := tree.Below(root, repo); ok {
		dir, prefix = "/", in
	} else if in, ok := tree.Below(repo, root); ok {
		dir = "/" + in
	} else {
		return nil, fmt.Errorf("neither is the root %s in the repository %s nor the repository in the root; run it in the repository of the root", root, repo)
	}
	if r.keeps(prefix) {
		return now, nil
	}
	var files []tree.Stored
	add := func(name string, s tree.Stored) {
		if in, ok := tree.Below(name, prefix); ok || prefix == "" {
			if prefix == "" {
				in = name
			}
			s.Name = path.Join(dir, in)
			files = append(files, s)
		}
	}
	for _, e := range r.entries {
		add(e.name, tree.Stored{
			Link: e.mode == modeLink, Executable: e.mode == modeExecutable,
			Read: func(limit int64) (string, error) { return r.read(e, limit) },
		})
	}
	for _, name := range r.kept {
		add(name, tree.Stored{Kept: true})
	}
	return tree.Earlier(now, dir, files), nil
}

// keeps reports whether a folder of the repository is in one that was not in the commit and
// is not new either.
func (r *Revision) keeps(folder string) bool {
	return slices.ContainsFunc(r.kept, func(kept string) bool {
		if _, inside := tree.Below(folder, kept); !inside {
			return false
		}
		return !slices.ContainsFunc(r.entries, func(e entry) bool {
			_, in := tree.Below(e.name, kept)
			_, above := tree.Below(kept, e.name)
			return in || above
		})
	})
}

// read returns the text of an entry.
func (r *Revision) read(e entry, limit int64) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return "", r.err
	}
	text, err := e.objects.read(e.id, limit)
	if err != nil && !errors.Is(err, tree.ErrTooLarge) {
		r.err = fmt.Errorf("git cannot read %s as it was: %w", e.name, err)
		err = r.err
	}
	return text, err
}

// Close ends git until r is read again, and returns the first error of a read: then what was
// read is not all.
func (r *Revision) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, objects := range r.readers {
		objects.close()
	}
	return r.err
}
