package shell_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/wp502lint/wp502lint/internal/pieces"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/parser/shell"
	"github.com/wp502lint/wp502lint/source"
)

// checked is a machine that checks what it is told.
type checked struct {
	*memory
	t *testing.T
}

func (c checked) span(s source.Span) {
	if s.IsZero() {
		return
	}
	if s.Start < 0 || s.Start > s.End || int(s.End) > len(s.File.Text) {
		c.t.Fatalf("span %d to %d of %d bytes", s.Start, s.End, len(s.File.Text))
	}
}

func (c checked) Write(name string, text source.Text, at source.Span) {
	c.span(at)
	c.text(text)
	if !strings.HasPrefix(name, "/") || strings.Contains(name, hole.Mark) {
		c.t.Fatalf("the name %q is written", name)
	}
	c.memory.Write(name, text, at)
}

func (c checked) text(t source.Text) {
	pieces.Check(c.t, t)
	hole.Settle(t)
}

func (c checked) Doubt(name string, at source.Span, words string) {
	c.span(at)
	c.memory.Doubt(name, at, words)
}

func (c checked) Start(p shell.Program) bool {
	c.span(p.At)
	for _, a := range p.Args {
		c.text(a)
	}
	return c.memory.Start(p)
}

// FuzzRun: whatever the script, Run ends, and all places are valid.
func FuzzRun(f *testing.F) {
	archive, err := txtar.ParseFile("testdata/real.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, script := range archive.Files {
		f.Add(string(script.Data), uint8(0))
	}
	for _, tt := range runs {
		f.Add(tt.script, uint8(3))
	}
	f.Fuzz(func(t *testing.T, text string, flavor uint8) {
		m := checked{newMemory(stock), t}
		file := &source.File{Name: "/Dockerfile", Real: "/Dockerfile", Text: "RUN " + text + "\n"}
		env := &shell.Env{
			Vars: map[string]source.Text{"KNOWN": hole.Plain("a b"), "PARTLY": hole.Plain("a" + hole.Mark)}, Open: flavor&8 != 0, Dir: "/r",
			Args: []source.Text{hole.Plain("sh"), hole.Plain("x")}, Flavor: shell.Flavor(flavor & 3), Sh: shell.Flavor(flavor >> 4 & 3), Exit: flavor&4 != 0,
		}
		r := shell.Run(shell.Script{Text: text, At: file.Span(4, 4+len(text))}, env, m)
		m.span(r.FailedAt)
		for _, p := range r.Problems {
			m.span(p.At)
		}
	})
}

// Scripts that are made to take for ever, or much memory.
func TestHostile(t *testing.T) {
	deep := strings.Repeat("(", 200_000)
	tests := map[string]string{
		"endless loop":    "while true; do X=x$X; done",
		"growing value":   "X=xxxxxxxx; for i in 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3; do X=$X$X$X; done; echo $X > /r/a",
		"growing file":    "echo aaaaaaaaaa > /r/a; for i in 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9; do cat /r/a /r/a /r/a > /r/b; cat /r/b > /r/a; done",
		"recursion":       "f() { f; f; }; f",
		"own source":      "echo '. /r/a; . /r/a' > /r/a; . /r/a",
		"own script":      "echo 'sh /r/a; sh /r/a' > /r/a; sh /r/a",
		"nesting":         deep,
		"nested words":    strings.Repeat("if ", 300_000),
		"substitutions":   strings.Repeat("$(", 100_000),
		"nested loops":    strings.Repeat("for i in 1 2 3 4 5 6 7 8 9; do ", 12) + "echo $i;" + strings.Repeat(" done;", 12),
		"a long chain":    strings.Repeat("true && ", 100_000) + "true",
		"a chain":         strings.Repeat("true && ", 4_999) + "true",
		"a long pipeline": strings.Repeat("cat | ", 50_000) + "cat",
		"sed loop":        "echo a > /r/a; sed ':a;s/a/aa/;ta' /r/a > /r/b",
		"sed growth":      "echo a > /r/a; sed ':a;G;h;ba' /r/a > /r/b",
		"undecided":       strings.Repeat("if grep x /none; then A=$A; fi\n", 30_000),
		"braces":          "echo {1..9}{1..9}{1..9}{1..9}{1..9}{1..9}{1..9} {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}",
		"backslashes":     "echo " + strings.Repeat(`\a`, 100_000) + " > /r/a",
		"many words":      "echo " + strings.Repeat("a ", 100_000) + " > /r/a",
		"trims":           "X=" + strings.Repeat("a", 100_000) + "; echo ${X%%a*b} > /r/a",
		"tests":           "[ " + strings.Repeat("! ", 100_000) + "a ]",
		"parentheses":     "[ " + strings.Repeat(`\( `, 100_000) + "a ]",
		"many doubts":     "awk x " + strings.Repeat("/etc/a/b ", 100_000),
	}
	for name, script := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMemory(map[string]string{"/r/": ""})
			follow(m, script, &shell.Env{Dir: "/r", Flavor: shell.Bash, Sh: shell.Dash})
		})
	}
}

// The syntax tree is what is written: printed, and read again, the scripts of the tests
// stay the same.
func TestPrintedBack(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/real.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range archive.Files {
		m, again := newMemory(map[string]string{"/r/": ""}), newMemory(map[string]string{"/r/": ""})
		env := &shell.Env{Dir: "/r", Flavor: shell.Dash, Sh: shell.Dash}
		follow(m, string(script.Data), env)
		follow(again, printed(t, string(script.Data)), env)
		if got, want := report(again, map[string]string{}, &shell.Result{}), report(m, map[string]string{}, &shell.Result{}); got != want {
			t.Errorf("%s: printed back:\n%s\nas written:\n%s", script.Name, got, want)
		}
	}
}
