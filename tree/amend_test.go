package tree

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func amended(t *testing.T) (dir string, list []Amendment) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{"etc/a.conf": "a\n", "etc/b.conf": "b\n", "etc/available/x": "x\n"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("available/x", filepath.Join(dir, "etc/x")); err != nil {
		t.Skip(err)
	}
	return dir, []Amendment{
		{Kind: RemoveLink, Name: "/etc/x", Old: "available/x"},
		{Kind: Edit, Name: "/etc/a.conf", Old: "a\n", New: "A\n"},
		{Kind: Create, Name: "/etc/new.d/c.conf", New: "c\n", Like: "/etc/a.conf"},
		{Kind: MakeLink, Name: "/etc/y", New: "available/y"},
	}
}

// listed returns the texts of the files below dir, and the targets of its links.
func listed(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, name)
		if d.Type() == fs.ModeSymlink {
			all[rel], err = os.Readlink(name)
			return err
		}
		text, err := os.ReadFile(name)
		all[rel] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestAmend makes amendments in memory and on a disk, with the same result.
func TestAmend(t *testing.T) {
	dir, list := amended(t)
	root, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	// What a killed process left goes.
	stale := filepath.Join(dir, "etc", ".a.conf.0123abcd.tmp")
	if err := os.WriteFile(stale, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	over := Amended(root, list)
	for name, want := range map[string]string{"/etc/a.conf": "A\n", "/etc/b.conf": "b\n", "/etc/new.d/c.conf": "c\n"} {
		if text, err := over.Open(name); err != nil || text.Content != want {
			t.Errorf("%s in memory: %q %v", name, text.Content, err)
		}
	}
	if target, err := over.Readlink("/etc/y"); target != "available/y" || err != nil {
		t.Errorf("the new link in memory: %q %v", target, err)
	}
	if _, err := over.Open("/etc/x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the link that goes in memory: %v", err)
	}
	entries, err := over.List("/etc")
	if names := slices.Collect(func(yield func(string) bool) {
		for _, e := range entries {
			if !yield(e.Name) {
				return
			}
		}
	}); err != nil || !slices.Equal(names, []string{".a.conf.0123abcd.tmp", "a.conf", "available", "b.conf", "new.d", "y"}) {
		t.Errorf("the directory in memory: %q %v", names, err)
	}
	if err := root.Amend(list); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"etc/a.conf": "A\n", "etc/b.conf": "b\n", "etc/available/x": "x\n", "etc/new.d/c.conf": "c\n", "etc/y": "available/y"}
	if got := listed(t, dir); !maps.Equal(got, want) {
		t.Errorf("on disk: %q", got)
	}
	if info, err := os.Stat(filepath.Join(dir, "etc/new.d/c.conf")); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode of the new file: %v %v", info.Mode(), err)
	}
}

// TestAmendNothing is about roots that are not as the amendments say: nothing changes.
func TestAmendNothing(t *testing.T) {
	for name, break_ := range map[string]func(dir string) error{
		"another text":         func(dir string) error { return os.WriteFile(filepath.Join(dir, "etc/a.conf"), []byte("z\n"), 0o640) },
		"a name that is taken": func(dir string) error { return os.WriteFile(filepath.Join(dir, "etc/y"), nil, 0o640) },
		"another link": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "etc/x")), os.Symlink("b.conf", filepath.Join(dir, "etc/x")))
		},
		"a file in place of the link": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "etc/x")), os.WriteFile(filepath.Join(dir, "etc/x"), nil, 0o640))
		},
		"no file": func(dir string) error { return os.Remove(filepath.Join(dir, "etc/a.conf")) },
	} {
		t.Run(name, func(t *testing.T) {
			dir, list := amended(t)
			root, err := New(dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := break_(dir); err != nil {
				t.Fatal(err)
			}
			before := listed(t, dir)
			var failed *ReplaceError
			if err := root.Amend(list); !errors.As(err, &failed) {
				t.Errorf("got %v", err)
			}
			if got := listed(t, dir); !maps.Equal(got, before) {
				t.Errorf("changed to %q", got)
			}
			if _, err := os.Stat(filepath.Join(dir, "etc/new.d")); err == nil {
				t.Error("a directory is left")
			}
		})
	}
}
