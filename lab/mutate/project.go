package mutate

import (
	"fmt"
	"math/rand/v2"
	"path"
	"regexp"
	"strings"

	"github.com/wp502lint/wp502lint/internal/cases"
)

// Project changes one thing, or now and then two, in the files of a project that
// describes containers, as a person may who edits it. Equal seeds and projects give equal mutants.
func Project(name string, c *cases.Case, seed uint64) *Mutant {
	for try := uint64(0); ; try++ {
		d := &draft{Rand: rand.New(rand.NewPCG(seed, try)), links: c.Links, modes: c.Modes}
		for _, f := range c.Files {
			d.files = append(d.files, &draftFile{name: f.Name, text: f.Text})
		}
		d.edit()
		if d.IntN(4) == 0 {
			d.edit()
		}
		diff := d.diff(c)
		if diff == "" || d.tooCostly() {
			if try == 1000 {
				panic("nothing can be changed in " + name)
			}
			continue
		}
		return &Mutant{Stack: name, Seed: seed, Case: d.archive(c), Changes: d.changes, Diff: diff}
	}
}

// edit is a change to a project: one match of a pattern is replaced.
type edit struct {
	weight int
	in     fileKind
	match  *regexp.Regexp
	with   []string // one of these templates, see regexp.Expand
}

// fileKind is what a file of a project is.
type fileKind uint8

const (
	anyFile fileKind = iota
	composeFile
	manifest
	dockerfile
	nginxFile
	poolFile
	apacheFile
)

// kind determines the kind of a file by its name and its text.
func (f *draftFile) kind() fileKind {
	switch ext := path.Ext(f.name); {
	case strings.Contains(f.name, "Dockerfile"):
		return dockerfile
	case (ext == ".yaml" || ext == ".yml") && strings.Contains(f.text, "kind:"):
		return manifest
	case ext == ".yaml" || ext == ".yml":
		return composeFile
	case section.MatchString(f.text):
		return poolFile
	case strings.Contains(f.text, "server {") || strings.Contains(f.text, "http {"):
		return nginxFile
	}
	return anyFile
}

// section matches the header of a section of PHP-FPM.
var section = regexp.MustCompile(`(?m)^\s*\[\w+\]`)

// edit applies one edit to a project.
func (d *draft) edit() {
	if what := d.editWith(edits, func(f *draftFile, e edit) bool {
		return e.in == anyFile || e.in == f.kind() || f.kind() == manifest && e.in >= nginxFile
	}); what != "" {
		d.changes = append(d.changes, what)
	}
}

// editWith applies one edit: a random match in the files that an edit is for.
func (d *draft) editWith(edits []edit, isFor func(*draftFile, edit) bool) string {
	type found struct {
		*draftFile
		at []int
	}
	for range 100 {
		e := weighted(d, edits, func(e edit) int { return e.weight })
		var all []found
		for _, f := range d.files {
			if f.gone || !isFor(f, e) {
				continue
			}
			for _, at := range e.match.FindAllStringSubmatchIndex(f.text, -1) {
				all = append(all, found{f, at})
			}
		}
		if len(all) == 0 {
			continue
		}
		one := pick(d, all)
		old := one.text[one.at[0]:one.at[1]]
		new := string(e.match.ExpandString(nil, pick(d, e.with), one.text, one.at))
		if new == old {
			continue
		}
		what := fmt.Sprintf("%s: %q becomes %q", one.draftFile.at(one.at[0]), old, new)
		one.replace(one.at[0], one.at[1], new)
		return what
	}
	return ""
}
