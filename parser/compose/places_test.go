package compose

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/internal/pieces"
	"github.com/wp502lint/wp502lint/source"
)

// values calls with for each Value and Text in v.
func values(v reflect.Value, with func(source.Text, source.Span)) {
	switch v.Kind() {
	case reflect.Pointer:
		if _, file := v.Interface().(*source.File); !file && !v.IsNil() {
			values(v.Elem(), with)
		}
	case reflect.Slice:
		for i := range v.Len() {
			values(v.Index(i), with)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			values(it.Value(), with)
		}
	case reflect.Struct:
		switch x := v.Interface().(type) {
		case Value:
			with(x.From(), x.At)
			return
		case source.Text:
			with(x, source.Span{})
			return
		case source.Span:
			with(source.Text{}, x)
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				values(v.Field(i), with)
			}
		}
	}
}

// checkPlaces reports texts whose pieces are not what they are made from.
func checkPlaces(t testing.TB, p *Project) {
	t.Helper()
	values(reflect.ValueOf(p), func(text source.Text, at source.Span) {
		if at.File != nil && (at.Start < 0 || at.Start > at.End || int(at.End) > len(at.File.Text)) {
			t.Errorf("%q is at %d to %d", text.String, at.Start, at.End)
		}
		pieces.Check(t, text)
	})
}

func TestPlaces(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, archive := range archives {
		root := unpack(t, archive)
		checkPlaces(t, Load(disk(root), startOf(t, root), nil))
	}
}

// at describes a place: line:column and the text there.
func at(s source.Span) string {
	if s.IsZero() {
		return "nowhere"
	}
	b := s.Begin()
	return fmt.Sprintf("%s:%d:%d %q", strings.TrimPrefix(s.File.Name, "/app/"), b.Line, b.Column, s.Text())
}

const valuePlaces = `
-- app/.env --
# the tag
TAG="1.27"
DIR=./conf
-- app/compose.yaml --
services:
  web: &web
    image: "nginx:${TAG}"
    command: sh -c 'echo "a b"'
    volumes:
      - ./a:/b:ro
      - ${DIR}/x:/y
      - ${NOPE:-./d}:/z
      - {type: bind, source: './é', target: /t}
    environment:
      - A=one
      - "B=${UNSET}x"
      - TAG
    links: [ php:app ]
    ports: [ "80:80" ]
    depends_on: [php]
  php:
    <<: *web
    image: >-
      php:
      fpm
    links: !!seq []
    depends_on: []
    user: ! "é"
configs:
  c:
    content: | # the site
      server {
        listen ${PORT:-80};

      }
`

// A value has the place that a person edits.
func TestValuePlaces(t *testing.T) {
	p := Load(memory(valuePlaces), []string{"/app/compose.yaml"}, nil)
	for _, problem := range p.Problems {
		t.Errorf("%s: %s", at(problem.At), problem.Message)
	}
	web, php := p.Services[0], p.Services[1]
	tests := []struct {
		name string
		at   source.Span
		want string
	}{
		{"service", web.At, `compose.yaml:2:3 "web"`},
		{"image", web.Image.At, `compose.yaml:3:13 "nginx:${TAG}"`},
		{"variable", web.Image.Var, `.env:2:6 "1.27"`},
		{"word", web.Command.Exec[0].At, `compose.yaml:4:14 "sh"`},
		{"quoted word", web.Command.Exec[2].At, `compose.yaml:4:21 "echo \"a b\""`},
		{"source", web.Mounts[0].Source.At, `compose.yaml:6:9 "./a"`},
		{"target", web.Mounts[0].Target.At, `compose.yaml:6:13 "/b"`},
		{"source with variable", web.Mounts[1].Source.Var, `.env:3:5 "./conf"`},
		{"target after variable", web.Mounts[1].Target.At, `compose.yaml:7:18 "/y"`},
		{"default", web.Mounts[2].Source.At, `compose.yaml:8:17 "./d"`},
		{"single quotes", web.Mounts[3].Source.At, `compose.yaml:9:31 "./é"`},
		{"after a wide letter", web.Mounts[3].Target.At, `compose.yaml:9:45 "/t"`},
		{"list variable", web.Environment.Values["A"].At, `compose.yaml:11:11 "one"`},
		{"variable alone", web.Environment.Values["TAG"].At, `compose.yaml:13:9 "TAG"`},
		{"its value", web.Environment.Values["TAG"].Var, `.env:2:6 "1.27"`},
		{"link", web.Links[0].At, `compose.yaml:14:14 "php:app"`},
		{"port", web.Ports[0].At, `compose.yaml:15:15 "80:80"`},
		{"dependency", web.DependsOn[0].At, `compose.yaml:16:18 "php"`},
		{"folded", php.Image.At, "compose.yaml:20:7 \"php:\\n      fpm\""},
		{"after a tag", php.User.At, `compose.yaml:24:14 "é"`},
		{"merged", php.Mounts[0].At, `compose.yaml:6:9 "./a:/b:ro"`},
	}
	for _, test := range tests {
		if got := at(test.at); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	if got := web.Environment.Values["B"]; got.Text != "x" || len(got.Unknown) != 1 || got.Unknown[0] != "UNSET" || got.Known() {
		t.Errorf("a variable without value: got %+v", got)
	}
}

// A text in a block leads back to its lines in the file.
func TestBlockPlaces(t *testing.T) {
	p := Load(memory(valuePlaces), []string{"/app/compose.yaml"}, nil)
	content := p.Configs["c"].Content.File("/etc/site.conf")
	if want := "server {\n  listen 80;\n\n}\n"; content.Text != want {
		t.Fatalf("got %q, want %q", content.Text, want)
	}
	for text, want := range map[string]string{"server": `compose.yaml:28:7 "server"`, "80": `compose.yaml:29:24 "80"`, "}": `compose.yaml:31:7 "}"`} {
		i := strings.Index(content.Text, text)
		origin, same := content.Span(i, i+len(text)).Origin()
		if got := at(origin); got != want || !same {
			t.Errorf("%s: got %s, same %v; want %s", text, got, same, want)
		}
	}
}

// A comment can hold an ignore mark; a # in a text is not one.
func TestComments(t *testing.T) {
	p := Load(memory(`
-- app/.env --
# one
A=1
-- app/compose.yaml --
# two
services: # three
  web: # four#
    image: "a#b" # five
    command: x#y
    environment: # six
      A: 'x # y'
      B: | # seven
        # text
        z # text

    # eight
      C: plain
        # nine
    ports: [ # ten
      80 ] #eleven
#twelve`), []string{"/app/compose.yaml"}, nil)
	var got []string
	for _, f := range p.Files {
		for _, c := range f.Comments {
			got = append(got, strings.TrimLeft(c.Text(), "# "))
		}
	}
	if want := "two three four# five six seven eight nine ten eleven twelve one"; strings.Join(got, " ") != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
}
