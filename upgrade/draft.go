package upgrade

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/fix"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// draft is one file of a plan before its text is put together.
type draft struct {
	tree.Amendment
	file  *source.File  // of an Edit
	edits []source.Edit // of file
}

// edit puts text in place of at. The same edit twice is one.
func (p *planner) edit(at source.Span, text string) {
	real := at.File.Real
	d := p.drafts[real]
	if d == nil {
		d = p.draft(tree.Amendment{Kind: tree.Edit, Name: real, Old: at.File.Text, Like: real})
		d.file = at.File
	}
	at.File = d.file // a file that several names lead to is read once for each
	if !slices.ContainsFunc(d.edits, func(e source.Edit) bool { return e.At == at && e.New == text }) {
		d.edits = append(d.edits, source.Edit{At: at, New: text})
	}
}

// create adds a new file. Its name must be free.
func (p *planner) create(name, text, like string) {
	p.draft(tree.Amendment{Kind: tree.Create, Name: p.resolved(name), New: text, Like: like})
}

// link adds a symbolic link, and unlink takes one away.
func (p *planner) link(name, target string) {
	p.draft(tree.Amendment{Kind: tree.MakeLink, Name: p.resolved(name), New: target, Like: name})
}

func (p *planner) unlink(name, target string) {
	p.draft(tree.Amendment{Kind: tree.RemoveLink, Name: p.resolved(name), Old: target})
}

func (p *planner) draft(a tree.Amendment) *draft {
	d := &draft{Amendment: a}
	p.drafts[a.Name] = d
	p.order = append(p.order, d)
	return d
}

// resolved returns name with the links of the directories above it resolved.
func (p *planner) resolved(name string) string {
	return path.Join(p.tree().Leads(path.Dir(name)), path.Base(name))
}

// free reports whether nothing has the name, and no draft makes it.
func (p *planner) free(name string) bool {
	return !p.there(name) && p.drafts[p.resolved(name)] == nil
}

// tree returns the host.
func (p *planner) tree() *tree.Tree { return p.opts.Engine.Tree }

// there reports whether a name exists.
func (p *planner) there(name string) bool {
	exists, _ := p.tree().Exists(name)
	return exists
}

// read returns the text of a file, or "" if it cannot be read.
func (p *planner) read(name string) string {
	text, err := p.tree().Open(name)
	if err != nil {
		return ""
	}
	return text.Content
}

// amendments puts the drafts together: new files, then new links, new texts, and links that go.
func (p *planner) amendments() (list []tree.Amendment) {
	for _, d := range p.order {
		if d.Kind == tree.Edit {
			d.New = fix.Edited(d.Old, d.edits)
		}
		if d.New != d.Old {
			list = append(list, d.Amendment)
		}
	}
	rank := map[tree.AmendmentKind]int{tree.Create: 0, tree.MakeLink: 1, tree.Edit: 2, tree.RemoveLink: 3}
	slices.SortStableFunc(list, func(a, b tree.Amendment) int {
		return cmp.Or(cmp.Compare(rank[a.Kind], rank[b.Kind]), strings.Compare(a.Name, b.Name))
	})
	return list
}
