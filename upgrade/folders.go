package upgrade

import (
	"fmt"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/fix"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// moveFolders copies files of PHP that a project has in a folder named after the old version, where
// an image gets that folder as it is: ADD docker/ / brings docker/etc/php/8.2. The new PHP-FPM does not
// read them there. It reports whether it copies one.
func (p *planner) moveFolders(after *engine.Result) (moves bool) {
	for _, s := range p.Result.Stacks {
		if !runs(s, p.From) {
			continue
		}
		there := map[string]bool{}
		for _, now := range after.Stacks {
			if nameOf(now) == nameOf(s) {
				there = brought(now)
			}
		}
		for _, f := range s.Files {
			if f.File == nil || f.Role != source.RolePool && f.Role != source.RoleFPM && f.Role != source.RolePHPIni {
				continue
			}
			at, ok := editable(f.File.Span(0, 0))
			reads := renamed(f.Path, p.From, p.To)
			if !ok || reads == f.Path || there[reads] {
				continue
			}
			if name := renamed(at.File.Real, p.From, p.To); name != at.File.Real && !p.there(name) && !p.creates(name) {
				p.copyFolder(at.File, name)
				moves = true
			}
		}
	}
	return moves
}

// brought are the files that a project brings into a container, by their names there.
func brought(s *stack.Stack) map[string]bool {
	names := map[string]bool{}
	for _, f := range s.Files {
		if f.File != nil && f.File.Image == "" {
			names[f.Path] = true
		}
	}
	return names
}

// copyFolder copies one file. What was to be changed in it is changed in the copy.
func (p *planner) copyFolder(f *source.File, name string) {
	text := f.Text
	if d := p.drafts[f.Real]; d != nil {
		text, d.edits = fix.Edited(d.Old, d.edits), nil
	}
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		if l := strings.TrimSpace(line); l == "" || l[0] == ';' || l[0] == '#' {
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
