package tree

import (
	"os"
	"path/filepath"
	"testing"
)

// A fresh view sees a directory that has replaced another, also below an overlay;
// the older view may still remember the old one.
func TestFreshSeesWhatChanged(t *testing.T) {
	root := t.TempDir()
	put := func(dir, text string) {
		t.Helper()
		if err := os.Mkdir(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, dir, "a.conf"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("sites", "old")
	disk, err := New(root)
	if err != nil {
		t.Fatal(err)
	}
	view := Overlay(disk, map[string]string{"/sites/b.conf": "unsaved"})
	for _, name := range []string{"/sites/a.conf", "/sites/b.conf"} {
		if _, err := view.Open(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(filepath.Join(root, "sites"), filepath.Join(root, "gone")); err != nil {
		t.Fatal(err)
	}
	put("sites", "new")
	fresh := view.Fresh()
	for name, want := range map[string]string{"/sites/a.conf": "new", "/sites/b.conf": "unsaved"} {
		if got, err := fresh.Open(name); err != nil || got.Content != want {
			t.Errorf("%s: %q (%v), want %q", name, got.Content, err, want)
		}
	}
	if list, err := fresh.List("/"); err != nil || len(list) != 2 {
		t.Errorf("the root holds %v (%v), want gone and sites", list, err)
	}
}

// What one view has read does not reduce the limit of the next.
func TestFreshCountsAnew(t *testing.T) {
	tr := Memory(map[string]string{"/a": "12345678"})
	tr.MaxTotal = 8
	for range 3 {
		tr = tr.Fresh()
		if _, err := tr.Open("/a"); err != nil {
			t.Error(err)
		}
	}
	if _, err := tr.Open("/a"); err == nil {
		t.Error("a view has no limit any more")
	}
	if tr.Opened() != 3 {
		t.Errorf("%d files were opened, want 3", tr.Opened())
	}
}
