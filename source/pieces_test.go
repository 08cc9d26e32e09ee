package source

import (
	"testing"
)

// A text that is put together from several places leads back to them.
func TestTextOrigin(t *testing.T) {
	site := &File{Name: "/site.template", Text: "listen 80;\npass ${PHP}:9000;\nroot /;\n"}
	env := &File{Name: "/compose.yaml", Text: "PHP: app"}
	mark := site.Span(16, 22)
	value := env.Span(5, 8)
	text := Whole(site).Replace(int(mark.Start), int(mark.End), Text{value.Text(), []Piece{{0, value, false}}})
	f := text.File("/etc/nginx/conf.d/site.conf")
	if want := "listen 80;\npass app:9000;\nroot /;\n"; f.Text != want {
		t.Fatalf("got %q, want %q", f.Text, want)
	}
	tests := []struct {
		start, end int
		want       string // the text of the origin
		file       *File
		same       bool
	}{
		{0, 6, "listen", site, true},
		{11, 15, "pass", site, true},
		{16, 19, "app", env, false},
		{16, 24, "app", env, false},
		{11, 24, "app", env, false},
		{26, 30, "root", site, true},
		{16, 16, "app", env, false},
		{26, 26, "", site, true},
		{len(f.Text), len(f.Text), "", site, true},
	}
	for _, test := range tests {
		at, same := f.Span(test.start, test.end).Origin()
		if at.Text() != test.want || at.File != test.file || same != test.same {
			t.Errorf("%d to %d, %q: got %q of %v, same %v; want %q of %s, same %v", test.start, test.end, f.Text[test.start:test.end], at.Text(), at.File, same, test.want, test.file.Name, test.same)
		}
	}
	if at, same := site.Span(0, 6).Origin(); at != site.Span(0, 6) || !same {
		t.Errorf("a file that is read from where it is: got %v, %v", at, same)
	}
}

// Parts of one file that follow each other are one piece, and lines keep their places.
func TestTextJoin(t *testing.T) {
	f := &File{Name: "/a", Text: "one\ntwo\nthree"}
	lines := Whole(f).Lines()
	if len(lines) != 3 {
		t.Fatalf("got %d lines", len(lines))
	}
	if again := Join(lines...); len(again.Pieces) != 1 || again.String != f.Text {
		t.Errorf("got %d pieces, %q", len(again.Pieces), again.String)
	}
	two := Join(lines[2], Made("\n", Span{}), lines[0]).File("/b")
	if at, same := two.Span(6, 9).Origin(); at != f.Span(0, 3) || !same {
		t.Errorf("got %v, %v", at, same)
	}
	if at, _ := two.Span(5, 6).Origin(); !at.IsZero() {
		t.Errorf("what nothing is the origin of: got %v", at)
	}
}
