package nginx

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestDepthLimit(t *testing.T) {
	f := parse("user x; " + rep("a{", maxDepth) + "b{ c; }")
	want := fmt.Sprintf("1:%d limit blocks are nested more than 200 deep; the rest of the file was not looked at", 8+2*maxDepth+2)
	if got := dumpProblems(f); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got, want := f.Count(), maxDepth+2; got != want {
		t.Errorf("%d directives were kept, want %d", got, want)
	}
	if got := dumpProblems(parse("user x; " + rep("a{", maxDepth) + rep("}", maxDepth))); got != "" {
		t.Errorf("200 blocks: got %s", got)
	}
}

func TestProblemLimit(t *testing.T) {
	f := parse("user x;\n" + rep("}\n", 500))
	if got, want := len(f.Problems), maxProblems+1; got != want {
		t.Fatalf("%d problems, want %d", got, want)
	}
	want := "502:1 limit the file has more than 100 syntax errors; the others are not reported"
	if got := dumpProblems(f); !strings.HasSuffix(got, want) {
		t.Errorf("got %s\nwant the last to be %s", got, want)
	}
}

// hostile are pieces that, when repeated, cost a careless reader far more time than
// their length.
var hostile = []string{
	"{", "}", ";", "a{", "a{;", "a;", "a ", "#\n", "# ", "\"", "'", "\"\n", "'\n\"\n", "\"a\"b;", "\"a\"#;", "\"a\"# ",
	"\"\n\"x", "\\\"\n\"", "\"\\\"\n", "\\", "${", "$", "a{1}", "a{1} ", "b a{1}", "{1}", "location\n", "location / ${ ",
	"location\na;", "listen\nserver {", "server\n", "map a b{", "map{ a{b", "x_by_lua_block{", "x_by_lua_block{\n}{", "x_by_lua_block{[[\n}\n",
	"x_by_lua_block{--[==[", "x_by_lua_block{'\n", "{{", "<%\n", "\x00", "\xff\"\xff\"\xff", "if(\"a\")", "{\"\n",
	"\"" + rep("a", 4095), "\"" + rep("a\n", 2100), "\"" + rep("a", 5000) + "\";", "#" + rep("c", 5000) + "\n",
}

func TestHostileInput(t *testing.T) {
	const size = 200_000
	for _, piece := range hostile {
		for _, prefix := range []string{"", "http {", "http { types {"} {
			text := prefix + rep(piece, size/len(piece))
			start := time.Now()
			f := parse(text)
			// The slowest takes about 10 ms, and 3 s under the race detector on a
			// busy machine; one pass per line would take minutes.
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("%q repeated after %q took %v", piece, prefix, took)
			}
			if len(f.Problems) > maxProblems+2 {
				t.Errorf("%q repeated after %q: %d problems", piece, prefix, len(f.Problems))
			}
		}
	}
}
