package parser_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	gonginx "github.com/tufanbarisyildirim/gonginx/config"
	gonginxparser "github.com/tufanbarisyildirim/gonginx/parser"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// gonginx and ini.v1 read every configuration of the repository as a second opinion.
// Where they differ from this package, a table gives the reason, and a file in
// testdata shows each reason separately: there nginx and PHP agree with this package.

// configs returns the files of every case and of the demo that are read in one of the
// roles, each text once, by a name for messages.
func configs(t *testing.T, roles ...source.Role) map[string]string {
	t.Helper()
	texts, seen := map[string]string{}, map[string]bool{}
	add := func(where string, tr *tree.Tree) {
		for _, f := range parser.Read(tr, []string{"/"}).Files {
			if f.File != nil && slices.Contains(roles, f.Role) && !seen[f.Text] {
				seen[f.Text] = true
				texts[where+f.Path] = f.Text
			}
		}
	}
	archives, err := filepath.Glob("../testdata/configs/*/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives (%v)", err)
	}
	for _, name := range archives {
		archive, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := cases.Parse(archive)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		add(strings.TrimPrefix(name, "../testdata/configs/")+": ", c.Tree())
	}
	demo, err := tree.New("../testdata/configs/demo")
	if err != nil {
		t.Fatal(err)
	}
	add("demo: ", demo)
	return texts
}

// verdict is how two readers differ about a text.
type verdict string

const (
	same       verdict = "same"
	weRefuse   verdict = "only we refuse"
	theyRefuse verdict = "only they refuse"
	both       verdict = "both read it, differently"
)

// difference is a reason why gonginx reads a text differently.
type difference struct {
	name    string // of the file in testdata/nginx that shows it
	verdict verdict
	text    *regexp.Regexp // matches a text with the reason
	why     string
}

var nginxDifferences = []difference{
	{"server-order", both, regexp.MustCompile(`(?s)(upstream|http)\b.*\{.*server\b`), "gonginx moves servers behind all else and sorts their parameters"},
	{"repeated-parameter", both, regexp.MustCompile(`server\s+\S+.*\s(\w+)=\S+\s+.*(\w+)=`), "gonginx keeps the parameters of a server in a map"},
	{"block-arguments", both, regexp.MustCompile(`\b(http|server|events)\s+[^\s{;]+\s*\{`), "gonginx drops arguments that these blocks do not take"},
	{"byte-order-mark", weRefuse, regexp.MustCompile(`^\x{feff}`), "gonginx takes a byte order mark into the first name, and nginx then knows no such directive"},
	{"brace-too-many", weRefuse, regexp.MustCompile(`\}`), "gonginx ends at a brace too many and drops the rest of the file"},
	{"empty-statement", weRefuse, regexp.MustCompile(`[;{}]\s*[;{]`), "gonginx passes over a statement without a word"},
	{"text-behind-quote", weRefuse, regexp.MustCompile(`["'][^\s;{)]`), "gonginx takes what touches a closing quote for one more word"},
	{"dollar-brace", weRefuse, regexp.MustCompile(`\$\{`), "gonginx goes on behind ${ to the next semicolon"},
	{"long-word", weRefuse, regexp.MustCompile(`[^\s;]{999}`), "gonginx has no limit of 4096 bytes for a word"},
	{"backslash-before-quote", both, regexp.MustCompile(`\\\\["']`), "gonginx takes the quote behind two backslashes for escaped"},
	{"nul-in-comment", both, regexp.MustCompile(`\x00`), "gonginx takes a NUL for the end of the file"},
	{"escaped-semicolon", both, regexp.MustCompile(`\\;`), "gonginx ends a directive at an escaped semicolon"},
	{"escaped-blank", both, regexp.MustCompile(`\\ `), "gonginx ends a word at an escaped blank"},
	{"backtick", both, regexp.MustCompile("`"), "gonginx takes backticks for quotes"},
	{"invalid-utf8", both, regexp.MustCompile(`\x{fffd}`), "gonginx replaces bytes that are no UTF-8"},
	{"carriage-return-in-comment", both, regexp.MustCompile(`#[^\n]*\r[^\n]`), "gonginx ends a comment at a carriage return"},
	{"brace-in-word", theyRefuse, regexp.MustCompile(`[^\s;{}]\}`), "gonginx ends a word at a closing brace"},
	{"escaped-brace", theyRefuse, regexp.MustCompile(`\\\{`), "gonginx ends a word at an escaped brace"},
	{"include-arguments", theyRefuse, regexp.MustCompile(`include\s*(;|\S+\s+[^\s;])`), "gonginx counts the arguments of an include while it parses"},
	{"lua-brace", theyRefuse, regexp.MustCompile(`_by_lua_block`), "gonginx does not know the strings of Lua"},
	{"lua-comment", theyRefuse, regexp.MustCompile(`_by_lua_block[^}]*#`), "gonginx takes the length operator of Lua for a comment"},
}

// compareNginx returns how gonginx differs about text, and both readings.
func compareNginx(text string) (v verdict, ours, theirs []string) {
	ours, refused := oursNginx(text)
	theirs, err := gonginxStream(text)
	switch {
	case refused && err != nil, !refused && err == nil && slices.Equal(ours, theirs):
		return same, ours, theirs
	case refused:
		return weRefuse, ours, theirs
	case err != nil:
		return theyRefuse, ours, []string{err.Error()}
	}
	return both, ours, theirs
}

// oursNginx returns the directives of text with their words as written.
func oursNginx(text string) (out []string, refused bool) {
	f := nginx.Parse(&source.File{Name: "x", Text: text})
	if len(f.Problems) > 0 {
		return []string{f.Problems[0].Message}, true
	}
	for d := range f.All() {
		words := []string{d.NameWord().Span().Text()}
		for _, w := range d.Args() {
			words = append(words, w.Span().Text())
		}
		out = append(out, fmt.Sprintf("%q", words))
	}
	return out, false
}

// gonginxStream is oursNginx for gonginx.
func gonginxStream(text string) (out []string, err error) {
	c, err := gonginxparser.NewStringParser(text, gonginxparser.WithSkipValidDirectivesErr()).Parse()
	if err != nil {
		return nil, err
	}
	var walk func(b gonginx.IBlock)
	walk = func(b gonginx.IBlock) {
		if b == nil {
			return
		}
		for _, d := range b.GetDirectives() {
			words := []string{d.GetName()}
			for _, p := range d.GetParameters() {
				words = append(words, p.GetValue())
			}
			out = append(out, fmt.Sprintf("%q", words))
			walk(d.GetBlock())
		}
	}
	walk(c.Block)
	return out, nil
}

// fits reports whether d explains how two readings of text differ.
func (d *difference) fits(v verdict, text string, ours, theirs []string) bool {
	if v != d.verdict || !d.text.MatchString(text) {
		return false
	}
	// This one comes with nearly every configuration, so it explains nothing else.
	return d.name != "server-order" || slices.Equal(sortedWords(ours), sortedWords(theirs))
}

// sortedWords returns the directives in an order that depends neither on their order
// nor on that of their words.
func sortedWords(lines []string) []string {
	var out []string
	for _, line := range lines {
		words := strings.Fields(strings.Trim(line, "[]"))
		slices.Sort(words)
		out = append(out, strings.Join(words, " "))
	}
	slices.Sort(out)
	return out
}

func TestGonginx(t *testing.T) {
	texts := configs(t, source.RoleNginx, source.RoleFragment)
	if len(texts) < 50 {
		t.Errorf("only %d texts were compared", len(texts))
	}
	for name, text := range texts {
		v, ours, theirs := compareNginx(text)
		if v == same {
			continue
		}
		if !slices.ContainsFunc(nginxDifferences, func(d difference) bool { return d.fits(v, text, ours, theirs) }) {
			t.Errorf("%s: %s, for no known reason: ours\n%s\ngonginx\n%s", name, v, strings.Join(ours, "\n"), strings.Join(theirs, "\n"))
		}
	}
}

// Every known difference still exists.
func TestGonginxDifferences(t *testing.T) {
	shown := map[string]bool{}
	for _, d := range nginxDifferences {
		text, err := os.ReadFile("testdata/nginx/" + d.name + ".conf")
		if err != nil {
			t.Fatal(err)
		}
		shown[d.name+".conf"] = true
		if v, ours, theirs := compareNginx(string(text)); !d.fits(v, string(text), ours, theirs) {
			t.Errorf("%s: %s is no longer so: %s, ours\n%s\ngonginx\n%s", d.name, d.why, v, strings.Join(ours, "\n"), strings.Join(theirs, "\n"))
		}
	}
	files, err := os.ReadDir("testdata/nginx")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !shown[f.Name()] {
			t.Errorf("testdata/nginx/%s shows no known difference", f.Name())
		}
	}
}
