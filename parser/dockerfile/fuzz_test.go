package dockerfile

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

func FuzzParse(f *testing.F) {
	names, err := filepath.Glob("testdata/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // the directory of found inputs
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 8<<10 {
			return
		}
		in := &source.File{Name: "/Dockerfile", Text: text}
		parsed := Parse(in)
		check := checker{t, in}
		check.inOrder(in.Comments)
		var ats []source.Span
		for _, i := range parsed.all() {
			ats = append(ats, i.At)
			check.instruction(i)
		}
		check.inOrder(ats)
		if len(ats) > len(text) || len(parsed.Problems) > maxProblems+1 {
			t.Errorf("%d instructions, %d problems", len(ats), len(parsed.Problems))
		}
		for _, p := range parsed.Problems {
			check.within(p.At, in.Span(0, len(text)))
		}
	})
}

// checker checks places in a file.
type checker struct {
	*testing.T
	file *source.File
}

// within checks that a place is part of another one.
func (c checker) within(at, whole source.Span) {
	if at.File != c.file || at.Start > at.End || at.Start < whole.Start || at.End > whole.End {
		c.Errorf("%q: %d to %d is not in %d to %d", c.file.Text, at.Start, at.End, whole.Start, whole.End)
	}
}

// inOrder checks that places follow each other.
func (c checker) inOrder(list []source.Span) {
	last := int32(0)
	for _, at := range list {
		c.within(at, c.file.Span(int(last), len(c.file.Text)))
		last = at.End
	}
}

func (c checker) instruction(in *Instruction) {
	c.within(in.At, c.file.Span(0, len(c.file.Text)))
	var list []source.Span
	for _, f := range in.Flags {
		list = append(list, f.At)
		if !f.Value.At.IsZero() {
			c.within(f.Value.At, f.At)
		}
	}
	for _, w := range in.Words {
		list = append(list, w.At)
		Expand(w.Text, unset)
	}
	for _, p := range in.Pairs {
		list = append(list, p.Name.At)
		if p.HasValue {
			list = append(list, p.Value.At)
		}
	}
	if s := in.Shell; !s.IsZero() {
		list = append(list, s.At)
		c.script(s)
	}
	for _, at := range list {
		c.within(at, in.At)
	}
	c.inOrder(list)
	c.heredocs(in)
	if in.Nested != nil {
		c.within(in.Nested.At, in.At)
		c.instruction(in.Nested)
	}
}

func (c checker) script(s Script) {
	if len(s.Text) != len(s.At.Text()) {
		c.Errorf("%q: a script of %d bytes at %d bytes", c.file.Text, len(s.Text), len(s.At.Text()))
	}
	for _, p := range s.joined().Pieces {
		c.within(p.From, s.At)
	}
}

func (c checker) heredocs(in *Instruction) {
	var list []source.Span
	for _, h := range in.Heredocs {
		c.within(h.Mark, in.At)
		list = append(list, h.At)
		for _, p := range h.Body.Pieces {
			c.within(p.From, h.At)
		}
		ExpandBody(h.Body, unset)
	}
	c.inOrder(list)
	in.Command()
	if s := in.Script(); !s.IsZero() {
		c.script(s)
	}
}
