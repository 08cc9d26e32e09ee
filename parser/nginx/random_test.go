package nginx

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// tableTokens are drawn for the body of a types block, which accepts nearly
// everything that can be read: what nginx refuses there is syntax.
var tableTokens = []string{
	"a", "b", "cc", "\\", "\\\\", "\\;", "\\{", "\\ ", "\\\n", "\\\"", "\\n", "$", "${", "$a", "${a}", "\"", "'",
	"\"x\"", "'y'", "\"a;b\"", "'{'", "\"\n\"", "#", "# c\n", "#x\r", ")", "(", "{", "}", ";", ";", ";", ";\n", ";\n",
	" ", " ", " ", " ", "\t", "\r\n", "\n", "\n", "\x00", "\xff", "\xef\xbb\xbf", "`", "=", "{2}",
}

// mildTokens are drawn for the body of a types block, so that nginx accepts
// about half of the texts.
var mildTokens = []string{
	"a b;", "a ", " b;\n", "t \"x;{\" ", " '}'\n", " ${a} ", "\\; ", " \\\n", "# c;\n", " x#y ", "u}", " ;", "u\tv;\r\n",
	"w ${x{;y;", " $a ", " \\{2} ", " (\"a\") ", "'a\\'b' ", "\"\n\" ", "c \xff\x00 d;", "e f;", "g h i;\n", "$1;",
}

// blockTokens are drawn for the body of http.
var blockTokens = []string{
	"server {", "server {\n", "location /a {", "location = /b {\n", "types {", "}", "}", "}\n", "}\n",
	"root /x;", "root \"/y z\";\n", "return 200;", "autoindex on;", "autoindex on", "index a b\\;c;\n", "listen 8080;",
	"\n", " ", ";", "{", "# c }\n", "\"", "'", "x", "t u;\n", "location /c;", "if ($uri) {", "server;",
}

func draw(r *rand.Rand, tokens []string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(tokens[r.IntN(len(tokens))])
		if r.IntN(3) == 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// TestRandomByNginx compares the reading of random texts with nginx's.
func TestRandomByNginx(t *testing.T) {
	s := realServer(t)
	r := rand.New(rand.NewPCG(502, 1))
	var accepted, refused, meaning int
	for i := range 600 {
		open, tokens, end := "events {} http { types {\n", tableTokens, "\n} }\n"
		switch i % 4 {
		case 0:
			open, tokens, end = "events {} http {\n", blockTokens, "\n}\n"
		case 1, 2:
			tokens, end = mildTokens, ";\n} }\n"
		}
		body := draw(r, tokens, 2+r.IntN(16))
		if i%4 == 1 || i%4 == 2 {
			body = "z " + body + " z"
		}
		// Template marks are covered by another test.
		text := open + strings.ReplaceAll(body, "{{", "{ {") + end
		complaint, other := s.syntax(t, text)
		f := parse(text)
		sound(t, f)
		ours := firstLine(f)
		switch {
		case strings.Contains(complaint, "is not terminated"), ours > 0 && strings.Contains(f.Problems[0].Message, "is not terminated"):
			meaning++ // nginx knows which names are not blocks; we point at the line before
		case other != "":
			// nginx stopped at this line.
			meaning++
			if line := number(other); ours > 0 && ours < line {
				t.Errorf("%q\n we: %s\nnginx: %s", text, dumpProblems(f), other)
			}
		case ours != number(complaint):
			t.Errorf("%q\n we: %s\nnginx: %s", text, dumpProblems(f), complaint)
		case ours > 0:
			refused++
		default:
			accepted++
		}
	}
	t.Logf("%d accepted, %d refused by both, %d with a mistake in meaning before", accepted, refused, meaning)
	if accepted < 40 || refused < 200 {
		t.Errorf("%d accepted and %d refused: the comparison is too thin", accepted, refused)
	}
}

// firstLine returns the line of the first syntax error, or 0 if there is none.
func firstLine(f *File) int {
	for _, p := range f.Problems {
		if p.Kind == source.Syntax {
			return p.At.Begin().Line
		}
	}
	return 0
}

// number returns the line at the start of what server.syntax returned.
func number(complaint string) int {
	n := 0
	for _, c := range complaint {
		if c < '0' || c > '9' {
			break
		}
		n = 10*n + int(c-'0')
	}
	return n
}
