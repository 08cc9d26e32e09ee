package site

import (
	"errors"
	"html/template"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/rules"
)

// built is the site of this repository, by path.
var built = sync.OnceValues(func() (map[string]string, error) {
	files := map[string]string{}
	in := Input{Rules: rules.Explained(), Files: os.DirFS("../..")}
	err := Build(in, func(name string, text []byte) error {
		if files[name] != "" {
			return errors.New("two files are " + name)
		}
		files[name] = string(text)
		return nil
	})
	return files, err
})

func siteOf(t *testing.T) map[string]string {
	t.Helper()
	files, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

var (
	linked = regexp.MustCompile(`(<\w+) (?:[^<>]*[ "])?(?:href|src)="([^"]*)"`)
	ids    = regexp.MustCompile(` id="([^"]*)"`)
)

// Every link of a page leads to a page or a file of the site, and to an ID there; only links
// that a reader follows leave the site.
func TestLinks(t *testing.T) {
	files := siteOf(t)
	links, anchors := 0, 0
	for name, text := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		for _, m := range linked.FindAllStringSubmatch(text, -1) {
			tag, to := m[1], m[2]
			if strings.HasPrefix(to, "https://") && tag == "<a" {
				continue
			}
			links++
			to, anchor, _ := strings.Cut(to, "#")
			target := name
			if to != "" {
				target = path.Join(path.Dir(name), to)
			}
			if strings.HasSuffix(to, "/") {
				target = path.Join(target, "index.html")
			}
			page, ok := files[target]
			if !ok {
				t.Errorf("%s: the link to %s leads nowhere", name, m[2])
				continue
			}
			if anchor == "" {
				continue
			}
			anchors++
			if !slices.ContainsFunc(ids.FindAllStringSubmatch(page, -1), func(id []string) bool { return id[1] == anchor }) {
				t.Errorf("%s: the link to %s: no such anchor", name, m[2])
			}
		}
	}
	if links < 3000 || anchors < 1000 {
		t.Errorf("only %d links and %d anchors", links, anchors)
	}
}

// A link of a source that leads nowhere is an error, and one to a file without a page leads
// to the repository.
func TestLink(t *testing.T) {
	b := &builder{Input: Input{Files: fstest.MapFS{"LICENSE": {}, "docs/CI.md": {}, "testdata/a/b": {}}}}
	for to, want := range map[string]string{
		"rules/WP201.md":       "../../rules/WP201/",
		"rules/WP201.md#why":   "../../rules/WP201/#why",
		"../README.md#use":     "../../guides/manual/#use",
		"../CHANGELOG.md":      "../../changelog/",
		"MACHINES.md":          "../../guides/machines/",
		"../LICENSE":           "https://github.com/wp502lint/wp502lint/blob/main/LICENSE",
		"../testdata/a":        "https://github.com/wp502lint/wp502lint/tree/main/testdata/a",
		"#here":                "#here",
		"https://example.com/": "https://example.com/",
	} {
		if got, err := b.link(to, "docs/CI.md", "guides/ci/"); got != want || err != nil {
			t.Errorf("%s is %s, %v, want %s", to, got, err, want)
		}
	}
	if got, err := b.link("../NOWHERE", "docs/CI.md", "guides/ci/"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %s and %v, want an error", got, err)
	}
}

// A policy of a page forbids scripts and styles within it, and everything from elsewhere.
func TestPagesHaveNoScripts(t *testing.T) {
	inline := regexp.MustCompile(`<style|<script>|<script (?:[^>]* )?src="https?:| style="| on\w+="|javascript:`)
	pages := 0
	for name, text := range siteOf(t) {
		if path.Ext(name) != ".html" {
			continue
		}
		pages++
		if !strings.Contains(text, `http-equiv="Content-Security-Policy" content="default-src 'self'`) {
			t.Errorf("%s has no policy", name)
		}
		if m := inline.FindString(text); m != "" {
			t.Errorf("%s has %s", name, m)
		}
	}
	if pages < 2*len(rules.All) {
		t.Errorf("only %d pages", pages)
	}
}

// A rule has a page at its ID, and one at its name that leads there.
func TestRulePages(t *testing.T) {
	files := siteOf(t)
	for _, r := range rules.Explained() {
		for name, want := range map[string]string{
			"rules/" + r.ID + "/index.html":   `<span class="name">` + r.Name + `</span></h1>`,
			"rules/" + r.Name + "/index.html": `content="0; url=../` + r.ID + `/"`,
			"rules/index.html":                `<a href="` + r.ID + `/">`,
		} {
			if !strings.Contains(files[name], want) {
				t.Errorf("%s has no %s", name, want)
			}
		}
	}
}

// The table of the rules says what an outcome is with Apache, for a rule about both alone.
func TestOutcomes(t *testing.T) {
	var table string
	b := &builder{templates: template.Must(template.ParseFS(templateFiles, "templates/*.html")), write: func(_ string, text []byte) error {
		table += string(text)
		return nil
	}}
	for _, apache := range []bool{true, false} {
		b.Rules = append(b.Rules, &lint.Rule{ID: "WP201", Outcomes: lint.Outcomes{lint.BadGateway: "a", lint.None: "b"}, Apache: apache})
	}
	if err := b.put("rules/", "rules", page{Data: b.groups()}); err != nil {
		t.Fatal(err)
	}
	rest := ` <span class="when">a</span></li><li><span class="note">note</span> <code>none</code> <span class="when">b</span></li></ul>`
	for _, want := range []string{"<code>502</code> or <code>503</code>" + rest, "</span> <code>502</code>" + rest} {
		if strings.Count(table, want) != 1 {
			t.Errorf("the table has %q not once:\n%s", want, table)
		}
	}
}

// The index of the documentation names every guide.
func TestGuidesAreListed(t *testing.T) {
	files := siteOf(t)
	guides := 0
	for name := range files {
		dir, _ := path.Split(name)
		if guide, ok := strings.CutPrefix(dir, "guides/"); ok && guide != "" {
			guides++
			if !strings.Contains(files["guides/index.html"], `<a href="../guides/`+guide+`">`) {
				t.Errorf("docs/README.md does not list the guide %s", guide)
			}
		}
	}
	if guides < 5 {
		t.Errorf("only %d guides", guides)
	}
}

// A site stops at the first error of its sink.
func TestBuildFails(t *testing.T) {
	full := errors.New("no space")
	in := Input{Rules: rules.Explained(), Files: os.DirFS("../..")}
	if err := Build(in, func(string, []byte) error { return full }); !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
}

// The first page needs parts of the README, and says which is missing.
func TestFirstPage(t *testing.T) {
	readme := "\n## Install\n\nget it\n\n## Use\n\ngo run ./cmd/wp502lint a\n\n<!-- demo -->\n```text\na:1:1: error: b\n  |\n\nsecond\n\n1 error\n```\n"
	if got, err := section(readme, "Install"); strings.TrimSpace(got) != "get it" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := section(readme, "Instal"); err == nil {
		t.Error("a missing section gives no error, want one")
	}
	want := "```sh\ngo run ./cmd/wp502lint a\n```\n\n```text\na:1:1: error: b\n  |\n\n…\n\n1 error\n```\n"
	if got, err := firstRun(readme); got != want || err != nil {
		t.Errorf("got\n%s\n%v\nwant\n%s", got, err, want)
	}
	if _, err := firstRun("no run"); err == nil {
		t.Error("a missing run gives no error, want one")
	}
}

// The marks of examples are elements of their own: what is wrong, and notes.
func TestMarks(t *testing.T) {
	files := siteOf(t)
	for name, want := range map[string]string{
		"rules/WP201/index.html": `<span class="mark">#                    ^<span>no pool listens on /run/php/php8.1-fpm.sock`,
		"rules/WP106/index.html": `<span class="mark note"><span>pm.max_children = 2 fits`,
		"rules/WP001/index.html": `<span class="mark"># ^<span>unexpected`,
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s has no %s", name, want)
		}
	}
}
