package perf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// BenchmarkHostile is a complete run on each host, project file, baseline and report that
// could keep a linter busy. docs/PERFORMANCE.md says how long each takes.
func BenchmarkHostile(b *testing.B) {
	const n = 100_000
	for _, bomb := range append(bombs(), machineBombs...) {
		bench(b, bomb.name, func() func() {
			t := bomb.tree(n)
			return func() { printed(b, t, engine.Options{}, report.Text) }
		})
	}
	for _, p := range projects {
		bench(b, "project "+p.name, func() func() {
			t, text := dead(n/50), p.text()
			return func() { underProject(b, t, text) }
		})
	}
	bench(b, "baseline", func() func() {
		t, text := dead(n/50), baseline(2*n)
		return func() { accepted(b, t, text) }
	})
	bench(b, "deep folders on a disk", func() func() {
		t := deep(b)
		return func() { printed(b, t, engine.Options{}, report.Text) }
	})
	for _, d := range diffs {
		bench(b, "diff "+d.name, func() func() {
			t := d.tree(n)
			return func() { differences(b, t) }
		})
	}
	for _, name := range report.Names() {
		bench(b, "report "+name, func() func() {
			r := lintedBy(b, deadLocations(n), engine.Options{})
			return func() { written(b, r, report.Formats[name]) }
		})
	}
}

// bench runs what prepare returns.
func bench(b *testing.B, name string, prepare func() (run func())) {
	b.Run(name, func(b *testing.B) {
		run := prepare()
		b.ReportAllocs()
		for b.Loop() {
			run()
		}
	})
}

// Whatever a stranger wrote, the work grows no faster than its size.
func TestHostile(t *testing.T) {
	const n = 2_000
	for _, bomb := range bombs() {
		t.Run(bomb.name, func(t *testing.T) {
			host := bomb.tree(n)
			var r *lint.Report
			size := 0
			bytes := allocated(func() { r, size = printed(t, host, engine.Options{}, report.Text) })
			written := 0
			for _, f := range r.Files {
				if f.File != nil {
					written += len(f.Text)
				}
			}
			if limit := 800*written + 200<<20; bytes > limit {
				t.Errorf("%d bytes were allocated, want at most %d", bytes, limit)
			}
			if opened, limit := host.Opened(), len(r.Files)+20; opened > limit {
				t.Errorf("%d files were opened, want at most %d", opened, limit)
			}
			if found, limit := len(r.Findings)+len(r.NotChecked), 3*n+11_000; found > limit {
				t.Errorf("%d findings and places that were not checked, want at most %d", found, limit)
			}
			if limit := 5_000*n + 1<<20; size > limit {
				t.Errorf("the report has %d bytes, want at most %d", size, limit)
			}
		})
	}
}

// Nor does the work for what containers are made of.
func TestHostileMachines(t *testing.T) {
	for _, bomb := range machineBombs {
		t.Run(bomb.name, func(t *testing.T) {
			host := bomb.tree(1_000)
			if bytes, limit := allocated(func() { printed(t, host, engine.Options{}, report.Text) }), 400<<20; bytes > limit {
				t.Errorf("%d bytes were allocated, want at most %d", bytes, limit)
			}
		})
	}
}

func TestHostileProjects(t *testing.T) {
	host := dead(100)
	for _, p := range projects {
		t.Run(p.name, func(t *testing.T) {
			text := p.text()
			var c *project.Config
			var problems []project.Problem
			if bytes, limit := allocated(func() { c, problems = underProject(t, host, text) }), 200<<20; bytes > limit {
				t.Errorf("%d bytes were allocated, want at most %d", bytes, limit)
			}
			if len(problems) > 101 || c != nil && len(c.Ignores) > 1000 {
				t.Errorf("%d problems, and this is set: %+v", len(problems), c)
			}
		})
	}
}

func TestHostileBaseline(t *testing.T) {
	const n = 100_000
	host, text := dead(100), baseline(n)
	gone := 0
	if bytes, limit := allocated(func() { gone = accepted(t, host, text) }), 2000*n; bytes > limit {
		t.Errorf("%d bytes were allocated, want at most %d", bytes, limit)
	}
	if gone != n {
		t.Errorf("%d are gone, want %d", gone, n)
	}
}

// A folder on a disk may be deeper than the longest name.
func TestDeepFolders(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("node takes whole paths only, which cannot be longer than the longest name")
	}
	host := deep(t)
	var r *lint.Report
	if bytes, limit := allocated(func() { r, _ = printed(t, host, engine.Options{}, report.Text) }), 100<<20; bytes > limit {
		t.Errorf("%d bytes were allocated, want at most %d", bytes, limit)
	}
	if !slices.ContainsFunc(r.NotChecked, func(n lint.NotChecked) bool { return strings.Contains(n.Why, "too long") }) {
		t.Errorf("nothing says that the folder is too deep: %v", r.NotChecked)
	}
}

func TestHostileDiffs(t *testing.T) {
	const n = 2_000
	for _, d := range diffs {
		t.Run(d.name, func(t *testing.T) {
			host, size := d.tree(n), 0
			if bytes, limit := allocated(func() { size = differences(t, host) }), 300<<20; bytes > limit {
				t.Errorf("%d bytes were allocated, want at most %d", bytes, limit)
			}
			if limit := 200 * n; size == 0 || size > limit {
				t.Errorf("the differences have %d bytes, want at most %d", size, limit)
			}
		})
	}
}

// Every format takes any number of findings, and SARIF keeps what code scanning takes.
func TestManyFindings(t *testing.T) {
	const n = 26_000
	r := lintedBy(t, deadLocations(n), engine.Options{})
	for _, name := range report.Names() {
		size := 0
		if bytes, limit := allocated(func() { size = written(t, r, report.Formats[name]) }), 30_000*n; bytes > limit {
			t.Errorf("%s: %d bytes were allocated, want at most %d", name, bytes, limit)
		}
		if limit := 3000 * n; size < n || size > limit {
			t.Errorf("%s: %d bytes were written, want at most %d", name, size, limit)
		}
	}
	var sarif bytes.Buffer
	if err := report.SARIF(&sarif, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(sarif.String(), `"ruleIndex"`); got != 25_000 {
		t.Errorf("SARIF has %d results", got)
	}
}

// diffs are hosts whose fixes a stranger wrote to keep a linter busy.
var diffs = []bomb{
	{"of a large file", func(n int) *tree.Tree {
		return inSite("server { listen 80; location ~ \\.php$ { fastcgi_pass unix:/run/php/ww.sock; } }\n" + numbered(n, "# "+strings.Repeat("x", 145)+" #\n"))
	}},
	{"of equal lines", func(n int) *tree.Tree {
		return inSite("server { listen 80; location ~ \\.php$ { fastcgi_pass unix:/run/php/ww.sock; } }\n" + fill(n, "#\n"))
	}},
	{"of many fixes", func(n int) *tree.Tree {
		return inSite("server { listen 80; " + numbered(n, "location /# { fastcgi_pass unix:/run/php/ww.sock; }\n") + " }")
	}},
	{"with secrets", func(n int) *tree.Tree {
		return inSite("server { listen 80; location ~ \\.php$ { fastcgi_pass unix:/run/php/ww.sock;\n" + numbered(n, "fastcgi_param DB_PASSWORD s3cret-word-#;\n") + "} }\n")
	}},
}

// differences fixes a host and returns how many bytes the differences have.
func differences(tb testing.TB, t *tree.Tree) int {
	tb.Helper()
	e, err := engine.Open(engine.Options{Tree: t})
	if err != nil {
		tb.Fatal(err)
	}
	w := counter{}
	for _, c := range e.Mend(e.Lint(nil)).Changes {
		if _, err := report.Diff(&w, c.Before, c.After, report.Options{}); err != nil {
			tb.Fatal(err)
		}
	}
	return w.size
}

// deep returns a folder on a disk with a folder in it, and so on 10,000 times.
func deep(tb testing.TB) *tree.Tree {
	tb.Helper()
	top := tb.TempDir()
	must := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	at, err := os.OpenRoot(top)
	must(err)
	for range 10_000 {
		must(at.Mkdir("d", 0o777))
		next, err := at.OpenRoot("d")
		must(err)
		must(at.Close())
		at = next
	}
	must(at.Close())
	tb.Cleanup(func() { // os.RemoveAll opens all of them at once
		at, err := os.OpenRoot(top)
		must(err)
		defer at.Close()
		for at.Rename("d/d", "e") == nil {
			must(at.Remove("d"))
			must(at.Rename("e", "d"))
		}
	})
	t, err := tree.New(top)
	must(err)
	return t
}

func deadLocations(n int) *tree.Tree {
	return inSite("server { listen 80; " + numbered(n, "location /# { fastcgi_pass unix:/run/php/no#.sock; }\n") + " }")
}

// allocated returns how many bytes f allocates.
func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// lintedBy lints a host as o says.
func lintedBy(tb testing.TB, t *tree.Tree, o engine.Options) *lint.Report {
	tb.Helper()
	return lintedWith(tb, t, o).Report
}

func lintedWith(tb testing.TB, t *tree.Tree, o engine.Options) *engine.Result {
	tb.Helper()
	o.Tree = t
	e, err := engine.Open(o)
	if err != nil {
		tb.Fatal(err)
	}
	return e.Lint(nil)
}

// printed lints a host and returns the report, and how many bytes it has in a format.
func printed(tb testing.TB, t *tree.Tree, o engine.Options, format report.Format) (r *lint.Report, size int) {
	tb.Helper()
	r = lintedBy(tb, t, o)
	return r, written(tb, r, format)
}

// written returns how many bytes a report has in a format.
func written(tb testing.TB, r *lint.Report, format report.Format) (size int) {
	tb.Helper()
	w := counter{}
	if err := format(&w, r, report.Options{Layout: report.Full}); err != nil {
		tb.Fatal(err)
	}
	return w.size
}

// counter counts what is written.
type counter struct{ size int }

func (c *counter) Write(p []byte) (int, error) {
	c.size += len(p)
	return io.Discard.Write(p)
}

// underProject lints a host under a project file.
func underProject(tb testing.TB, t *tree.Tree, text string) (*project.Config, []project.Problem) {
	tb.Helper()
	c, problems := project.Read(&source.File{Name: "/" + project.FileName, Text: text}, rules.All)
	if c != nil {
		c.Nginx, c.FPM = nil, nil
		lintedBy(tb, t, engine.Options{Project: c})
	}
	return c, problems
}

// baseline returns a baseline of n findings that are in no host.
func baseline(n int) string {
	b := &project.Baseline{Version: 1}
	for i := range n {
		b.Findings = append(b.Findings, project.Accepted{Fingerprint: fmt.Sprint(i), Rule: rules.SocketMismatch.ID})
	}
	text, err := json.Marshal(b)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// accepted lints a host with a baseline, and returns how many of its findings are gone.
func accepted(tb testing.TB, t *tree.Tree, text string) (gone int) {
	tb.Helper()
	b, err := project.ReadBaseline(text)
	if err != nil {
		tb.Fatal(err)
	}
	return len(lintedWith(tb, t, engine.Options{Baseline: b}).Gone)
}
