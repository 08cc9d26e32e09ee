package stack

import (
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// index finds the parsed form of a file.
type index struct {
	nginx    map[*source.File]*nginx.File
	sections map[*source.File][]*fpm.Section
}

// Around returns the names of the blocks that enclose at, outermost first (the
// server_name of a server, the name of a pool), and the decoded words of the
// directive at at. It returns nothing for a place outside every directive, and
// for a file that is not part of the stack.
func (s *Stack) Around(at source.Span) (blocks, words []string) {
	if s.configs == nil {
		return nil, nil
	}
	if s.index == nil {
		s.index = newIndex(s.configs)
	}
	if f := s.index.nginx[at.File]; f != nil {
		return aroundNginx(f, at)
	}
	return aroundPool(s.index.sections[at.File], at)
}

func newIndex(c *parser.Configs) *index {
	x := &index{map[*source.File]*nginx.File{}, map[*source.File][]*fpm.Section{}}
	for _, n := range c.Nginx {
		for _, f := range n.Files {
			x.nginx[f.Source] = f
		}
	}
	for _, m := range c.Masters {
		for _, s := range append([]*fpm.Section{m.Global}, m.Pools...) {
			for i := range s.Entries {
				f := s.Entries[i].KeyAt.File
				if list := x.sections[f]; len(list) == 0 || list[len(list)-1] != s {
					x.sections[f] = append(list, s)
				}
			}
		}
	}
	return x
}

// aroundNginx finds the innermost directive that covers at.
func aroundNginx(f *nginx.File, at source.Span) (blocks, words []string) {
	var found nginx.Directive
	next := f.Directives()
	for next != nil {
		inner := nginx.Directive{}
		for d := range next {
			if whole := d.Whole(); whole.Start <= at.Start && at.Start < whole.End {
				inner = d
				break
			}
		}
		if inner.IsZero() {
			break
		}
		found, next = inner, inner.Children()
	}
	if found.IsZero() {
		return nil, nil
	}
	words = append(words, found.Name())
	for _, w := range found.Args() {
		words = append(words, w.String())
	}
	return found.Path(), words
}

// aroundPool finds the entry or the header of a section that covers at.
func aroundPool(sections []*fpm.Section, at source.Span) (blocks, words []string) {
	for _, s := range sections {
		for _, h := range s.Headers {
			if h == at {
				return nil, []string{s.Name}
			}
		}
		for _, e := range s.Entries {
			if e.KeyAt.File == at.File && e.KeyAt.Start <= at.Start && at.Start <= e.Value.At.End {
				return []string{s.Name}, []string{e.Key, e.Index, e.Value.Text}
			}
		}
	}
	return nil, nil
}
