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
