package upgrade

import (
	"fmt"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/fix"
	"github.com/wp502lint/wp502lint/source"
)

// moveFolders copies files of PHP that a project has in a folder named after the old version, where
// an image gets that folder as it is: ADD docker/ / brings docker/etc/php/8.2. The new PHP-FPM does not
// read them there. It reports whether it copies one.
func (p *planner) moveFolders(after *engine.Result) (moves bool) {
	for _, s := range p.Result.Stacks {
		if !runs(s, p.From) {
			continue
		}
		there := brought(after, nameOf(s))
		for _, f := range s.Files {
			if f.File == nil || f.Role != source.RolePool && f.Role != source.RoleFPM && f.Role != source.RolePHPIni {
				continue
			}
			at, ok := editable(f.File.Span(0, 0))
			reads := renamed(f.Path, p.From, p.To)
			if !ok || reads == f.Path || there[reads] {
				continue
			}
			if name := renamed(at.File.Real, p.From, p.To); name != at.File.Real && p.free(name) {
				p.copyFolder(at.File, name)
				moves = true
			}
		}
	}
	return moves
}

// brought are the files that a project brings into the containers of a name, by their names there.
func brought(r *engine.Result, container string) map[string]bool {
	names := map[string]bool{}
	for _, s := range r.Stacks {
		for _, f := range s.Files {
			if nameOf(s) == container && f.File != nil && f.File.Image == "" {
				names[f.Path] = true
			}
		}
	}
	return names
}

// copyFolder copies one file of such a folder. What was to be changed in it is changed in the copy.
func (p *planner) copyFolder(f *source.File, name string) {
	text := f.Text
	if d := p.drafts[f.Real]; d != nil {
		text, d.edits = fix.Edited(d.Old, d.edits), nil
	}
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		if comment(line) {
			continue
		}
		lines[i] = word.ReplaceAllStringFunc(line, func(w string) string {
			if strings.HasPrefix(w, "/etc/") || strings.HasPrefix(w, "/run/") || strings.HasPrefix(w, "/var/run/") {
				return renamed(w, p.From, p.To)
			}
			return w
		})
	}
	p.create(name, strings.Join(lines, ""), f.Real)
	p.do(Step{Kind: Pools, Path: name, Text: fmt.Sprintf("%s is copied to %s", f.Name, path.Dir(name)), Why: "the image gets the folder as it is, and PHP " + p.To + " reads its own"})
}
