package parser

import (
	"path"

	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// hasSiblings reports whether the directory of a pool file has another pool file that
// is neither found nor included: the user named one of them and left the rest out.
func (r *reader) hasSiblings(f *source.File, found *entries, included map[*source.File]bool) bool {
	dir := path.Dir(f.Name)
	list, err := r.tree.List(dir)
	if err != nil {
		return true
	}
	for _, e := range list {
		name := path.Join(dir, e.Name)
		if name == f.Name || !candidate(name) || sample(e.Name) {
			continue
		}
		if other, err := r.open(name); err == nil && !found.met[other] && !included[other] && r.guess(other).role == source.RolePool {
			return true
		}
	}
	return false
}

// listCopies lists the samples, backups and disabled sites in the directories of a
// layout, by name only: no walk, which also reads contents, has visited those directories.
func (r *reader) listCopies() {
	listed := r.configs.Files
	dirs := map[string]bool{}
	last := ""
	for _, f := range listed {
		if dir, _ := path.Split(f.Path); f.File != nil && dir != last {
			dirs[path.Clean(dir)], last = true, dir
		}
	}
	for _, n := range r.configs.Nginx {
		if n.Main != nil {
			dirs[path.Join(path.Dir(n.Main.Source.Name), "sites-available")] = true
		}
	}
	for _, a := range r.configs.Apaches {
		if a.Main != nil {
			for _, dir := range apacheDirs(a.Main.Name) {
				dirs[dir] = true
			}
		}
	}
	copies := map[string]bool{}
	for dir := range dirs {
		list, _ := r.tree.List(dir)
		samples := ofSamples(path.Base(dir))
		for _, e := range list {
			if e.Type == tree.Dir || !samples && !sampleName(e.Name) {
				continue
			}
			if name := path.Join(dir, e.Name); r.idle[name] == nil && candidate(name) {
				copies[name] = true
			}
		}
	}
	for _, f := range listed {
		if len(copies) == 0 {
			return
		}
		if f.File != nil {
			delete(copies, f.Name)
			delete(copies, f.Real)
		}
	}
	for name := range copies {
		r.configs.Files = append(r.configs.Files, source.Input{Path: name, Role: source.RoleNotLoaded})
	}
}
