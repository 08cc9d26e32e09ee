package nginx

import (
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

const site = `http {
    upstream php { server unix:/run/php.sock; } # pool
    server {
        listen 80 ;
        server_name "example.org" www.example.org;
        location ~ \.php$ # php
        {
            fastcgi_pass php;
        }
    }
}
`

func find(t *testing.T, f *File, name string) Directive {
	t.Helper()
	for d := range f.All() {
		if d.Name() == name {
			return d
		}
	}
	t.Fatalf("there is no %s", name)
	return Directive{}
}

func TestSpans(t *testing.T) {
	f := parse(site)
	for _, row := range []struct{ what, got, want string }{
		{"leaf, header", find(t, f, "listen").Span().Text(), "listen 80"},
		{"leaf, whole", find(t, f, "listen").Whole().Text(), "listen 80 ;"},
		{"leaf, terminator", find(t, f, "listen").Terminator().Text(), ";"},
		{"leaf, closing brace", find(t, f, "listen").Close().Text(), ""},
		{"block, header", find(t, f, "location").Span().Text(), `location ~ \.php$`},
		{"block, terminator", find(t, f, "location").Terminator().Text(), "{"},
		{"block, closing brace", find(t, f, "location").Close().Text(), "}"},
		{"block, whole", find(t, f, "upstream").Whole().Text(), "upstream php { server unix:/run/php.sock; }"},
		{"word as written", find(t, f, "server_name").Arg(0).Span().Text(), `"example.org"`},
		{"word as meant", find(t, f, "server_name").Arg(0).String(), "example.org"},
		{"first comment", f.Source.Comments[0].Text(), "# pool"},
		{"second comment", f.Source.Comments[1].Text(), "# php"},
	} {
		if row.got != row.want {
			t.Errorf("%s: got %q, want %q", row.what, row.got, row.want)
		}
	}
	if got, want := find(t, f, "fastcgi_pass").Arg(0).Span().Begin(), (source.Position{Line: 8, Column: 26}); got != want {
		t.Errorf("fastcgi_pass's argument is at %v, want %v", got, want)
	}
}

func TestMissingSigns(t *testing.T) {
	f := parse("server { listen 80 # c\n}\nhttp { events {} ")
	listen, http := find(t, f, "listen"), find(t, f, "http")
	if got, want := listen.Terminator(), f.Source.Span(18, 18); got != want {
		t.Errorf("the terminator of listen is %v, want %v", got, want)
	}
	if got, want := listen.Whole().Text(), "listen 80"; got != want {
		t.Errorf("the whole of listen is %q, want %q", got, want)
	}
	if !http.Close().IsZero() {
		t.Errorf("http is closed at %v", http.Close())
	}
	if got, want := http.Whole().Text(), "http { events {} "; got != want {
		t.Errorf("the whole of http is %q, want %q", got, want)
	}
}

func TestWalk(t *testing.T) {
	f := parse(site)
	names := func(seq func(func(Directive) bool)) string {
		var all []string
		for d := range seq {
			all = append(all, d.Name())
		}
		return strings.Join(all, " ")
	}
	for _, row := range []struct{ what, got, want string }{
		{"top level", names(f.Directives()), "http"},
		{"all", names(f.All()), "http upstream server server listen server_name location fastcgi_pass"},
		{"children of http", names(find(t, f, "http").Children()), "upstream server"},
		{"children of a leaf", names(find(t, f, "listen").Children()), ""},
	} {
		if row.got != row.want {
			t.Errorf("%s: got %q, want %q", row.what, row.got, row.want)
		}
	}
	if got, want := f.Count(), 8; got != want {
		t.Errorf("Count is %d, want %d", got, want)
	}
	d := find(t, f, "fastcgi_pass")
	if got, want := d.Path(), []string{"http", "server example.org", `location ~ \.php$`}; !slices.Equal(got, want) {
		t.Errorf("Path is %q, want %q", got, want)
	}
	if got := d.Parent().Parent().Parent().Parent(); !got.IsZero() {
		t.Errorf("the parent of http is %q", got.Name())
	}
	if a, b := find(t, f, "listen"), find(t, f, "listen"); a != b {
		t.Error("two handles of one directive differ")
	}
}

func TestArguments(t *testing.T) {
	d := find(t, parse(`a b 'c'  "d e";`), "a")
	var got []string
	for i, w := range d.Args() {
		if w != d.Arg(i) {
			t.Errorf("argument %d differs from Arg(%d)", i, i)
		}
		got = append(got, w.String())
	}
	if want := []string{"b", "c", "d e"}; !slices.Equal(got, want) {
		t.Errorf("the arguments are %q, want %q", got, want)
	}
	if d.NumArgs() != 3 || !d.Arg(3).IsZero() || !d.Arg(-1).IsZero() {
		t.Errorf("NumArgs is %d; Arg(3) is %q, Arg(-1) is %q", d.NumArgs(), d.Arg(3), d.Arg(-1))
	}
	if d.NameWord().Quoted() || !d.Arg(1).Quoted() || !d.Arg(2).Quoted() {
		t.Error("Quoted is wrong")
	}
}

func TestZero(t *testing.T) {
	var d Directive
	if !d.IsZero() || d.File() != nil || d.Name() != "" || d.NumArgs() != 0 || !d.Arg(0).IsZero() ||
		!d.NameWord().IsZero() || d.HasBlock() || !d.Parent().IsZero() || !d.Span().IsZero() ||
		!d.Whole().IsZero() || !d.Terminator().IsZero() || !d.Close().IsZero() || !d.Lua().IsZero() || d.Data() || d.Path() != nil {
		t.Error("the zero Directive is something")
	}
	for c := range d.Children() {
		t.Errorf("the zero Directive has a child %q", c.Name())
	}
	var w Word
	if w.String() != "" || !w.Span().IsZero() || w.Quoted() {
		t.Error("the zero Word is something")
	}
}
