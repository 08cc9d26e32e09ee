package apache

import (
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// maxInput is the size in bytes of the largest text that the fuzz target reads: a larger one
// only takes longer.
const maxInput = 4 << 10

func FuzzLoad(f *testing.F) {
	for _, row := range actings {
		f.Add(row.text)
	}
	for _, text := range programs {
		f.Add(macroModule + text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxInput {
			return
		}
		d := newDisk(files)
		d.files["/etc/apache2/again.conf"] = text
		src := &source.File{Name: main, Text: text}
		c := sameAhead(t, src, d)
		sound(t, c)
		src.Secrets()
		c.Foreign(src)
		sound(t, LoadLoose([]*source.File{{Name: "/a", Text: text}}, d))
		a := LoadAccess(&source.File{Name: "/srv/.htaccess", Text: text}, c, d)
		directives(t, a.Directives, nil)
	})
}

// sound checks what holds for every configuration.
func sound(t *testing.T, c *Config) {
	t.Helper()
	directives(t, c.Directives, nil)
	for _, d := range c.Skipped {
		directives(t, d.Children, d)
	}
	for _, p := range c.Problems {
		place(t, p.At)
		place(t, p.Line)
		if p.Message == "" {
			t.Fatal("a problem without a text")
		}
	}
	for _, u := range c.Unread {
		if place(t, u.At); u.Why == "" {
			t.Fatal("something unread without a reason")
		}
	}
	for _, f := range c.Files {
		last := int32(0)
		for _, s := range f.Comments {
			if place(t, s); s.Start < last || f.Text[s.Start] != '#' {
				t.Fatalf("comment %q at %d after %d", s.Text(), s.Start, last)
			}
			last = s.End
		}
		if f.Parsed == nil {
			t.Fatal("a file without its secrets")
		}
	}
}

func place(t *testing.T, s source.Span) {
	t.Helper()
	if s.File == nil || s.Start < 0 || s.End < s.Start || int(s.End) > len(s.File.Text) {
		t.Fatalf("a place at %d-%d", s.Start, s.End)
	}
}

func directives(t *testing.T, list []*Directive, parent *Directive) {
	t.Helper()
	for _, d := range list {
		place(t, d.At)
		place(t, d.NameAt())
		place(t, d.Line())
		if d.Parent != parent {
			t.Fatalf("%s is in another section", d.Name)
		}
		for _, w := range d.Args {
			if place(t, w.At); d.Use() == nil && w.At.Start >= w.At.End {
				t.Fatalf("word %q of %s is written nowhere", w.Text, d.Name)
			}
		}
		directives(t, d.Children, d)
	}
}
