package shell_test

import (
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/wp502lint/wp502lint/parser/shell"
)

// TestRealShell runs the scripts of testdata/real with the sh of this machine, and
// compares the files that they leave with those that Run finds. /r is replaced by a folder of
// its own. It needs dash and the sed of GNU, as Debian has them.
func TestRealShell(t *testing.T) {
	sh, err := filepath.EvalSymlinks("/bin/sh")
	if err != nil || filepath.Base(sh) != "dash" {
		t.Skip("/bin/sh is not dash")
	}
	if out, err := exec.Command("sed", "--version").Output(); err != nil || !strings.Contains(string(out), "GNU sed") {
		t.Skip("sed is not that of GNU")
	}
	archive, err := txtar.ParseFile("testdata/real.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range archive.Files {
		t.Run(script.Name, func(t *testing.T) {
			t.Parallel()
			text := string(script.Data)
			want := really(t, text)
			m := newMemory(map[string]string{"/r/": ""})
			follow(m, text, &shell.Env{Dir: "/r", Flavor: shell.Dash, Sh: shell.Dash})
			got := m.files()
			if !maps.Equal(got, want) {
				for _, name := range slices.Sorted(maps.Keys(both(got, want))) {
					if got[name] != want[name] {
						t.Errorf("%s:\n got %q\nwant %q", name, got[name], want[name])
					}
				}
			}
			if len(m.doubts) > 0 {
				t.Errorf("doubts: %q", m.doubts)
			}
		})
	}
}

func both(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// really runs a script, and returns the files that it leaves.
func really(t *testing.T, text string) map[string]string {
	t.Helper()
	root := t.TempDir()
	cmd := exec.Command("/bin/sh", "-c", strings.ReplaceAll(text, "/r/", root+"/"))
	cmd.Dir = root
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	out, _ := cmd.CombinedOutput()
	t.Logf("sh: %s", out)
	files := map[string]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		as := "/r" + strings.TrimPrefix(name, root)
		if d.Type()&fs.ModeSymlink != 0 {
			target, err := os.Readlink(name)
			files[as] = "-> " + strings.ReplaceAll(target, root+"/", "/r/")
			return err
		}
		data, err := os.ReadFile(name)
		files[as] = strings.ReplaceAll(string(data), root+"/", "/r/")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
