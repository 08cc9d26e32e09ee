package deploy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/parser/dockerfile"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// The default of an ARG sees those before it only, so that none leads to itself, and one that
// doubles with each line ends.
func TestGlobals(t *testing.T) {
	given := map[string]source.Text{"G": {String: "given"}}
	for _, test := range []struct{ file, name, want string }{
		{"ARG A=1\nARG A=2$A\n", "A", "21"},
		{"ARG A=1$A\n", "A", hole.Mark},
		{"ARG A=$B\nARG B=$A\n", "B", hole.Mark},
		{"ARG A=${A:-8.3}\n", "A", "8.3"},
		{"ARG A=1 B=$A\n", "B", "1"},
		{"ARG A=1\nARG A\n", "A", "none"},
		{"ARG G=1\nARG B=$G\n", "B", "given"},
	} {
		f := &source.File{Name: "/Dockerfile", Real: "/Dockerfile", Text: test.file + "FROM x\n"}
		got, ok := globals(dockerfile.Parse(f), given)[test.name]
		if !ok {
			got = "none"
		}
		if got != test.want {
			t.Errorf("%q: %s is %q, want %q", test.file, test.name, got, test.want)
		}
	}
	text := "ARG A0=xxxxxxxx\n"
	for i := range 60 {
		text += strings.ReplaceAll(fmt.Sprintf("ARG A%d=$N$N\n", i+1), "$N", fmt.Sprintf("$A%d", i))
	}
	f := &source.File{Name: "/Dockerfile", Real: "/Dockerfile", Text: text + "FROM x\n"}
	if got := globals(dockerfile.Parse(f), nil)["A60"]; len(got) > 2*maxArgument {
		t.Errorf("a value has %d bytes", len(got))
	}
}

// What no ARG before FROM declares is empty there, with a value in the environment of Compose too.
func TestUndeclaredArgument(t *testing.T) {
	given := map[string]source.Text{"ARCH": {String: "arm64v8/"}, "GIVEN": {String: "8.2"}}
	for _, test := range []struct {
		text, word, want string
		missing          int
	}{
		{"", "${ARCH}php:8.1-fpm", "php:8.1-fpm", 0},
		{"ARG ARCH\n", "${ARCH}php:8.1-fpm", "arm64v8/php:8.1-fpm", 0},
		{"ARG OTHER\n", "${OTHER}php:8.1-fpm", "php:8.1-fpm", 0},
		{"", "php:${V}-fpm", "php:" + hole.Mark + "-fpm", 1},
		{"", "${TARGETARCH}/php:8.1-fpm", hole.Mark + "/php:8.1-fpm", 1},
		{"ARG GIVEN\n", "php:$GIVEN-fpm", "php:8.2-fpm", 0},
	} {
		f := dockerfile.Parse(&source.File{Name: "/Dockerfile", Real: "/Dockerfile", Text: test.text + "FROM x\n"})
		b := &build{file: f, args: given, globals: globals(f, given)}
		if got, missing := b.reference(test.word); got != test.want || len(missing) != test.missing {
			t.Errorf("%q, %s: got %q, missing %q, want %q", test.text, test.word, got, missing, test.want)
		}
	}
}

func TestWellFormed(t *testing.T) {
	for ref, want := range map[string]bool{
		"php:8-fpm-alpine": true, "php:8.3-fpm": true, "debian": true, "php:-fpm": false, "php:": false, "php:8-fpm-": false, "php:8.-fpm": false, "": false,
		"/nginx": false, "a//b": false,
	} {
		if got := wellFormed(ref); got != want {
			t.Errorf("%q: got %t", ref, got)
		}
	}
}
