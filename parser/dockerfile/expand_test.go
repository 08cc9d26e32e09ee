package dockerfile

import (
	"reflect"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"github.com/wp502lint/wp502lint/source"
)

// values are the variables of these tests.
var values = map[string]string{"A": "one", "E": "", "P": "/a/b.c/d.tar.gz", "Q": `a"b`, "S": "b c"}

func value(name string) (string, bool) {
	v, ok := values[name]
	return v, ok
}

func TestExpand(t *testing.T) {
	for word, want := range map[string]string{
		"a": "a", "": "", "$A": "one", "${A}": "one", "$A$A": "oneone", "a$A/b": "aone/b", "$A_": "! A_", "${A}_": "one_", "$": "$", "a$/": "a$/",
		"${A:-d}": "one", "${E:-d}": "d", "${E-d}": "", "${X-d}": "d", "${X:-$A}": "one", "${X:-${Y:-z}}": "z", "${X:-$Y}": "! Y",
		"${A:+d}": "d", "${E:+d}": "", "${E+d}": "d", "${X+d}": "", "${X:?m}": "! X", "${E:?m}": "! E", "${A?m}": "one",
		"${P#*/}": "a/b.c/d.tar.gz", "${P##*/}": "d.tar.gz", "${P%.*}": "/a/b.c/d.tar", "${P%%.*}": "/a/b", "${P%/*}": "/a/b.c", "${P#?a}": "/b.c/d.tar.gz", "${P%x}": "/a/b.c/d.tar.gz",
		"${P/./-}": "/a/b-c/d.tar.gz", "${P//./-}": "/a/b-c/d-tar-gz", `${P//\//-}`: "-a-b.c-d.tar.gz", "${P/a*c/}": "//d.tar.gz",
		"'$A'": "$A", `"$A"`: "one", `\$A`: "$A", `"\$A"`: "$A", `a\ b`: "a b", `"a\b"`: `a\b`, `"a'b"`: "a'b", `'a"b'`: `a"b`, `$Q$S`: `a"bb c`, `a\`: "a",
		"$1": "! 1", "$@": "! @", "$$": "! $", "$X $Y $X": "  ! X Y",
		"${": "${", "${}": "${}", "${A": "${A", "'a": "'a", `"a`: `"a`, "${A=b}": "${A=b}", "${A:=b}": "${A:=b}", "${A:#b}": "${A:#b}", `${A#\a}`: `${A#\a}`,
	} {
		text, missing := Expand(word, value)
		got := text
		if missing != nil {
			got += "! " + strings.Join(missing, " ")
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
		if theirs, err := (shell.NewLex('\\')).ProcessWordWithMatches(word, environment{}); err == nil && theirs.Result != text {
			t.Errorf("%s: got %q, BuildKit gives %q", word, text, theirs.Result)
		}
	}
}

// environment is values for BuildKit.
type environment struct{}

func (environment) Get(name string) (string, bool) { return value(name) }
func (environment) Keys() []string                 { return nil }

func TestExpandEscape(t *testing.T) {
	f := Parse(&source.File{Text: "# escape=`\nFROM a\n"})
	if got, _ := f.Expand("c:\\a`$A\\$A", value); got != `c:\a$A\one` {
		t.Errorf("got %q", got)
	}
}

// What a variable of a body becomes leads back to the variable, all else to itself.
func TestExpandBody(t *testing.T) {
	f := Parse(&source.File{Name: "/Dockerfile", Text: "FROM a\nCOPY <<-a /b\n\tx \"$A\" $uri \\$host\n\ty\na\n"})
	body, missing := ExpandBody(f.Stages[0].Instructions[0].Heredocs[0].Body, value)
	if want := "x \"one\"  $host\ny\n"; body.String != want {
		t.Errorf("got %q, want %q", body.String, want)
	}
	if want := []string{"uri"}; !reflect.DeepEqual(missing, want) {
		t.Errorf("missing %q, want %q", missing, want)
	}
	in := body.File("/b")
	for text, want := range map[string]string{"x": "x", "one": "$A", "host": "host", "y": "y"} {
		start := strings.Index(in.Text, text)
		at, same := in.Span(start, start+len(text)).Origin()
		if at.Text() != want || at.File != f.Source || same != (text == want) {
			t.Errorf("%s: got %q, %t", text, at.Text(), same)
		}
	}
}
