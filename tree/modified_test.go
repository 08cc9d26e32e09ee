package tree

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestModified(t *testing.T) {
	dir := build(t, map[string]string{"a/file": "x", "link": "-> a/file", "out": "-> ../../a"})
	when := time.Date(2026, 11, 26, 3, 12, 33, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(dir, "a/file"), when, when); err != nil {
		t.Fatal(err)
	}
	disk, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	over := Overlay(disk, map[string]string{"/a/file": "y", "/b/new": "z"})
	for name, want := range map[string]time.Time{"/a/file": when, "/link": when, "/missing": {}} {
		if got := disk.Modified(name); !got.Equal(want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if got := over.Modified("/a/file"); !got.IsZero() {
		t.Errorf("a replaced text has the date %v", got)
	}
	if disk.Modified("/a").IsZero() || over.Modified("/a").IsZero() || !over.Modified("/b").IsZero() {
		t.Error("directories")
	}
	if got := remember(map[string]string{"a": "x"}).Modified("/a"); !got.IsZero() {
		t.Errorf("in memory: %v", got)
	}
}
