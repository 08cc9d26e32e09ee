package lint

import "github.com/wp502lint/wp502lint/source"

// ignores returns ignores with their places in the project, once each. A comment that is
// not in the project is left out.
func (s *surfacer) ignores(ignores []*Ignore) (all []*Ignore) {
	met := map[source.Span]bool{}
	for _, i := range ignores {
		if i.Covers != nil || i.At.IsZero() {
			all = append(all, i)
			continue
		}
		at, _ := s.place(i.At)
		if at.IsZero() || met[at] {
			continue
		}
		met[at] = true
		moved := *i
		moved.At = at
		if made(i.At.File) && !i.Garbled {
			s.lines(&moved, i)
		}
		all = append(all, &moved)
	}
	return all
}

// lines sets the lines of the project that the comment i in a text applies to.
func (s *surfacer) lines(moved, i *Ignore) {
	f, whole := i.At.File, s.whole(i.At.File) != nil
	line := func(of int) int {
		at, _ := s.place(f.Line(of).Head())
		if at.File != moved.At.File {
			return moved.At.Begin().Line
		}
		return at.Begin().Line
	}
	switch {
	case i.Line > 0:
		moved.Line = line(i.Line)
		if i.Top && !whole {
			moved.lines = []int{moved.Line, line(1)}
		}
	case !whole: // not all of the file that the text is a part of
		for of := range f.Lines() {
			moved.lines = append(moved.lines, line(of+1))
		}
	}
}
