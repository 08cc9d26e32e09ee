package perf

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

// onDisk writes t into a directory, with the empty directories that servers need.
func (t Tree) onDisk(tb testing.TB, dir string) []Fault {
	tb.Helper()
	for _, empty := range []string{"run/php", "run/apache2", "var/log/nginx", "var/log/apache2", "var/log/php", "var/lib/nginx"} {
		if err := os.MkdirAll(filepath.Join(dir, empty), 0o777); err != nil {
			tb.Fatal(err)
		}
	}
	made := map[string]bool{}
	faults, err := t.Write(func(name, text string) error {
		name = filepath.Join(dir, name)
		if in := filepath.Dir(name); !made[in] {
			made[in] = true
			if err := os.MkdirAll(in, 0o777); err != nil {
				return err
			}
		}
		return os.WriteFile(name, []byte(text), 0o666)
	})
	if err != nil {
		tb.Fatal(err)
	}
	return faults
}

// inMemory returns the files of t by name.
func (t Tree) inMemory(tb testing.TB) (map[string]string, []Fault) {
	tb.Helper()
	files := map[string]string{}
	faults, err := t.Write(func(name, text string) error {
		files[name] = text
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return files, faults
}

// judge lints t as the program does.
func judge(tb testing.TB, t *tree.Tree) *lint.Report {
	tb.Helper()
	e, err := engine.Open(engine.Options{Tree: t, Paths: []string{"/etc"}})
	if err != nil {
		tb.Fatal(err)
	}
	return e.Lint(nil).Report
}

// A tree of 200 sites on disk: exactly the planted faults are found, and every
// file is opened once, even if it is included several times.
func TestHosting(t *testing.T) {
	t.Run("nginx", func(t *testing.T) { judges(t, Tree{Sites: 200}) })
	t.Run("Apache", func(t *testing.T) { judges(t, Tree{Sites: 200, Apache: true}) })
}

// judges judges a tree, and compares what is found with what was planted.
func judges(t *testing.T, host Tree) {
	dir := t.TempDir()
	faults := host.onDisk(t, dir)
	tr, err := tree.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	report := judge(t, tr)

	var got []Fault
	for _, f := range report.Findings {
		got = append(got, Fault{f.Rule.ID, f.At.File.Name, f.At.Begin().Line})
	}
	byFile := func(a, b Fault) int { return strings.Compare(a.File, b.File) }
	slices.SortFunc(got, byFile)
	slices.SortFunc(faults, byFile)
	if len(faults) != 10 || !slices.Equal(got, faults) {
		t.Errorf("found\n%v\nplanted\n%v", got, faults)
	}
	for _, n := range report.NotChecked {
		if n.Missing == nil {
			t.Errorf("not checked: %s", n.Why)
		}
	}

	files, _ := host.inMemory(t)
	distinct := 0
	for name := range files {
		if !strings.HasSuffix(name, ".disabled") && !strings.HasSuffix(name, ".so") {
			distinct++
		}
	}
	if opened := tr.Opened(); opened < distinct || float64(opened) > 1.02*float64(distinct) {
		t.Errorf("%d files were opened, and %d are there to read", opened, distinct)
	}
}

// A tree has the same text every time, and all kinds of faults.
func TestTreeIsDeterministic(t *testing.T) {
	files, faults := Tree{Sites: 120}.inMemory(t)
	again, _ := Tree{Sites: 120}.inMemory(t)
	for name, text := range files {
		if again[name] != text {
			t.Errorf("%s differs the second time", name)
		}
		if strings.Contains(text, "@") {
			t.Errorf("%s has a @ left", name)
		}
	}
	if len(faults) != 6 || len(files) != 26+2*120 {
		t.Errorf("%d files and %d faults", len(files), len(faults))
	}
	baked, _ := Tree{Sites: 120, Prefix: "/srv/t"}.inMemory(t)
	if want := "include /srv/t/etc/nginx/snippets/php.conf;"; !strings.Contains(baked["/etc/nginx/sites-enabled/site00001.conf"], want) {
		t.Errorf("the prefix is not in %q", baked["/etc/nginx/sites-enabled/site00001.conf"])
	}
}

// What a site costs in allocations does not depend on the clock.
func TestAllocations(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("on js each system call makes allocations of its own")
	}
	linking, all := allocations(t, Tree{Sites: benchSites})
	t.Logf("a site of nginx costs %.1f allocations to link and %.1f in all", linking, all)
	if linking > holdLinkAllocs || all > holdWholeAllocs {
		t.Errorf("a site of nginx costs %.1f allocations to link and %.1f in all, want at most %d and %d", linking, all, holdLinkAllocs, holdWholeAllocs)
	}
	linking, all = allocations(t, Tree{Sites: benchSites, Apache: true})
	t.Logf("a virtual host of Apache costs %.1f allocations to link and %.1f in all", linking, all)
	if all > holdApacheAllocs {
		t.Errorf("a virtual host of Apache costs %.1f allocations in all, want at most %d", all, holdApacheAllocs)
	}
}

// allocations returns the allocations per site: for linking the configuration, and
// from the disk to the text of the report.
func allocations(t *testing.T, of Tree) (linking, all float64) {
	t.Helper()
	dir := t.TempDir()
	of.onDisk(t, dir)
	tr, err := tree.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	configs, facts := parser.Read(tr, []string{"/etc"}), host.Collect(tr, host.Overrides{})
	linking = testing.AllocsPerRun(1, func() { stack.Link(configs, facts) })
	all = testing.AllocsPerRun(1, func() { whole(t, dir) })
	return linking / benchSites, all / benchSites
}
