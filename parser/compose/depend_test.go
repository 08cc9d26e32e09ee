package compose

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/wp502lint/wp502lint/source"
	"golang.org/x/tools/txtar"
)

// withMarks splits a text with what is inserted between « and » into the text before and
// after.
func withMarks(text string) (before, after string) {
	left, rest, _ := strings.Cut(text, "«")
	inserted, right, _ := strings.Cut(rest, "»")
	return left + right, left + inserted + right
}

// inserted returns a file with an edit that replaces nothing.
func inserted(t *testing.T, e source.Edit) string {
	t.Helper()
	if e.At.Start != e.At.End {
		t.Errorf("%q is replaced", e.At.Text())
	}
	return e.At.File.Text[:e.At.Start] + e.New + e.At.File.Text[e.At.End:]
}

// forms are other forms of a text, which no edit may change.
var forms = map[string]func(string) string{
	"":                   func(text string) string { return text },
	", CRLF":             func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
	", no end of line":   func(text string) string { return strings.TrimSuffix(text, "\n") },
	", CRLF, no end":     func(text string) string { return strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\r\n") },
	", byte order mark":  func(text string) string { return "\uFEFF" + text },
	", further comments": func(text string) string { return "# one\n\n" + text + "# two\n" },
}

// The edit is in the style of the file, and the project means the same with it, but for
// the order.
func TestDependOn(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/depend/inserted.txt")
	if err != nil || len(archive.Files) < 40 {
		t.Fatal(err, len(archive.Files))
	}
	for _, f := range archive.Files {
		for name, form := range forms {
			t.Run(f.Name+name, func(t *testing.T) {
				before, after := withMarks(form(string(f.Data)))
				p := one(before)
				edit, ok := p.DependOn("web", "php")
				if !ok {
					t.Fatalf("no edit of\n%s", before)
				}
				if got := inserted(t, edit); got != after {
					t.Fatalf("got\n%s\nwant\n%s", got, after)
				}
				q := one(after)
				for _, problem := range q.Problems {
					t.Errorf("%v: %s", problem.At.Begin(), problem.Message)
				}
				want := append(ourLines(p), "web: depends php service_started true")
				if got := ourLines(q); !equal(got, want) {
					t.Errorf("%v", difference(got, want))
				}
				if len(p.Problems) > 0 { // a depends_on without value, which Compose refuses
					before = strings.Replace(before, "depends_on:", "depends_on: []", 1)
				}
				if runtime.GOOS != "js" { // see TestSecondOpinion
					agree(t, before, after)
				}
			})
		}
	}
}

// The edit of a file without one of its lines, where there is one, orders the services and
// changes nothing else.
func TestDependOnParts(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/depend/inserted.txt")
	if err != nil {
		t.Fatal(err)
	}
	edits := 0
	for _, f := range archive.Files {
		whole, _ := withMarks(string(f.Data))
		lines := strings.SplitAfter(whole, "\n")
		for i := range lines {
			p := one(strings.Join(slices.Concat(lines[:i], lines[i+1:]), ""))
			edit, ok := p.DependOn("web", "php")
			if !ok {
				continue
			}
			edits++
			after := inserted(t, edit)
			q := one(after)
			if d := difference(ourLines(p), ourLines(q)); len(q.Problems) > len(p.Problems) || !slices.Equal(d, []string{"theirs: web: depends php service_started true"}) {
				t.Errorf("%s without line %d: %v\n%s", f.Name, i+1, d, after)
			}
		}
	}
	if edits < 100 {
		t.Errorf("only %d edits", edits)
	}
}

func equal(a, b []string) bool {
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// agree reports what compose-go reads otherwise in after than in before, but for the
// dependency.
func agree(t *testing.T, before, after string) {
	t.Helper()
	root := t.TempDir()
	load := func(text string) *types.Project {
		if err := os.WriteFile(filepath.Join(root, "compose.yaml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		p, err := theirs(root, []string{"/compose.yaml"})
		if err != nil {
			t.Fatalf("compose-go: %v\n%s", err, text)
		}
		return p
	}
	was, is := load(before), load(after)
	web := is.Services["web"]
	if d, ok := web.DependsOn["php"]; !ok || d.Condition != types.ServiceConditionStarted || !d.Required {
		t.Errorf("compose-go reads %+v", web.DependsOn)
	}
	if delete(web.DependsOn, "php"); len(web.DependsOn) == 0 {
		web.DependsOn = was.Services["web"].DependsOn
	}
	is.Services["web"] = web
	if !reflect.DeepEqual(was, is) {
		t.Errorf("compose-go reads\n%+v\nwant\n%+v", is, was)
	}
}

// A name that YAML reads as another value is in quotes.
func TestDependOnNames(t *testing.T) {
	for name, want := range map[string]string{
		"php": "php", "php-8.3_fpm": "php-8.3_fpm", "8.3": `"8.3"`, "0x1f": `"0x1f"`, "on": `"on"`, "null": `"null"`, "1e3": `"1e3"`, "2026-11-27": `"2026-11-27"`,
	} {
		text := "services:\n  web:\n    image: nginx\n  \"" + name + "\":\n    image: php:8.3-fpm\n"
		p := one(text)
		edit, ok := p.DependOn("web", name)
		if got := "\n    depends_on:\n      - " + want; !ok || edit.New != got {
			t.Errorf("%s: got %q, want %q", name, edit.New, got)
			continue
		}
		if q := one(inserted(t, edit)); len(q.Problems) > 0 || !waits(q.named(), q.Service("web"), name) {
			t.Errorf("%s: %v", name, q.Problems)
		}
	}
}

// A block at the end of a file without a final line feed would get one.
func TestDependOnEndOfFile(t *testing.T) {
	before, want := withMarks("services:\n  php:\n    image: php:8.3-fpm\n  web:\n    image: nginx«\n    depends_on:\n      - php»\n    command: |\n      nginx")
	edit, ok := one(before).DependOn("web", "php")
	if got := inserted(t, edit); !ok || got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
