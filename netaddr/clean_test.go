package netaddr

import (
	"path"
	"testing"
)

func FuzzClean(f *testing.F) {
	for _, name := range []string{"", "/", "/a", "/a/", "a", ".", "/.", "/..", "/a//b", "/a/./b", "/a/../b", "/a/.b", "a/b", "//", "/a.b/c"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if got, want := Clean(name), path.Clean(name); got != want {
			t.Errorf("Clean(%q) = %q, want %q", name, got, want)
		}
		if got, want := Dir(name), path.Dir(name); got != want {
			t.Errorf("Dir(%q) = %q, want %q", name, got, want)
		}
	})
}
