package apache

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// TestAhead compares what is read of random programs with what is read of them line by line.
func TestAhead(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	ahead, again := 0, 0
	for range 2000 {
		files := map[string]string{"/etc/apache2/again.conf": text(r, 2)}
		for _, name := range []string{"a.conf", "b.conf", "d/1", "d/e/3"} {
			files["/etc/apache2/"+name] = text(r, 2)
		}
		src := &source.File{Name: main, Text: "LoadModule macro_module x.so\n" + text(r, 8) + "Include a.conf\n"}
		for _, f := range sameAhead(t, src, newDisk(files)).Files {
			read := f.Parsed.(*file)
			ahead += len(read.ahead)
			again += min(read.read, 2) / 2
		}
	}
	if ahead < 10_000 || again < 200 {
		t.Errorf("%d lines were read ahead, and %d files again: too few", ahead, again)
	}
}

// sameAhead fails if reading ahead changes what a configuration is, and returns that.
func sameAhead(t *testing.T, src *source.File, d *disk) *Config {
	t.Helper()
	slow := newReader(d, &Config{Main: src, Access: map[string]*Access{}})
	slow.ahead.lines.Store(allAheadLines)
	slow.file(slow.open(src), nil)
	want := whole(slow.finish())
	d.pages = true
	got := Load(src, d)
	d.pages = false
	if text := whole(got); text != want {
		t.Fatalf("%q: read ahead\n%s\nline by line\n%s", src.Text, text, want)
	}
	return got
}

// whole prints everything of a configuration.
func whole(c *Config) string {
	var b strings.Builder
	var draw func(list []*Directive)
	draw = func(list []*Directive) {
		for _, d := range list {
			fmt.Fprintf(&b, "%d %s %v %q %v %v %v %q %v %v", d.Order, d.Name, d.Section, d.Raw(), where(d.At), where(d.NameAt()), where(d.Line()), d.Maybe(), d.Unclosed, d.Use() != nil)
			if d.If != nil {
				fmt.Fprintf(&b, " if %d", d.If.Order)
			}
			for _, w := range d.Args {
				fmt.Fprintf(&b, " [%q %v %q]", w.Text, where(w.At), w.Unset())
			}
			b.WriteString(" {\n")
			draw(d.Children)
			b.WriteString("}\n")
		}
	}
	draw(c.Directives)
	draw(c.Skipped)
	for _, p := range c.Problems {
		fmt.Fprintln(&b, where(p.At), where(p.Line), p.Message, p.Late, p.Order)
	}
	for _, u := range c.Unread {
		fmt.Fprintln(&b, where(u.At), u.Why)
	}
	for _, f := range c.Files {
		fmt.Fprintln(&b, f.Name, len(f.Comments), c.Foreign(f), c.Rendered)
	}
	return b.String()
}

func where(s source.Span) string {
	if s.File == nil {
		return "-"
	}
	return fmt.Sprintf("%s:%d-%d", s.File.Name, s.Start, s.End)
}
