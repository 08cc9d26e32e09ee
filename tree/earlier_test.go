package tree

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"
)

// stored returns files and links that are earlier: "-> TARGET" is a link.
func stored(texts map[string]string) (all []Stored) {
	for name, text := range texts {
		s := Stored{Name: name}
		if len(text) > 3 && text[:3] == "-> " {
			s.Link, text = true, text[3:]
		}
		s.Read = func(limit int64) (string, error) {
			if int64(len(text)) > limit {
				return "", ErrTooLarge
			}
			return text, nil
		}
		all = append(all, s)
	}
	return all
}

// names returns the entries of a directory.
func names(t *testing.T, tr *Tree, dir string) (all []string) {
	t.Helper()
	list, err := tr.List(dir)
	if err != nil {
		t.Errorf("%s: %v", dir, err)
	}
	for _, e := range list {
		all = append(all, e.Name)
	}
	return all
}

// A directory is as it was, with what is kept in it, and what is outside it as it is.
func TestEarlier(t *testing.T) {
	now := Memory(map[string]string{
		"/etc/hosts": "now", "/srv/a": "now", "/srv/new": "now", "/srv/sub/b": "now", "/srv/kept/c": "now", "/srv/dir/x": "now", "/srv/.env": "now", "/srvx/a": "now",
	})
	files := append(stored(map[string]string{
		"/srv/a": "then", "/srv/gone/d": "then", "/srv/link": "-> gone/d", "/srv/out": "-> /etc/hosts", "/srv/dir": "then",
	}), Stored{Name: "/srv/kept", Kept: true}, Stored{Name: "/srv/.env", Kept: true}, Stored{Name: "/srv/a", Kept: true}, Stored{Name: "/srv/dir/x", Kept: true}, Stored{Name: "/srv/none", Kept: true})
	then := Earlier(now, "/srv", files).Fresh()
	for name, want := range map[string]string{
		"/etc/hosts": "now", "/srv/a": "then", "/srv/gone/d": "then", "/srv/link": "then", "/srv/out": "now", "/srv/kept/c": "now", "/srv/.env": "now",
		"/srv/dir": "then", "/srvx/a": "now",
	} {
		if text, err := then.Open(name); err != nil || text.Content != want {
			t.Errorf("%s: %q (%v), want %q", name, text.Content, err, want)
		}
	}
	for _, name := range []string{"/srv/new", "/srv/sub/b", "/srv/sub", "/srv/dir/x", "/srv/none", "/srv/kept/none"} {
		if _, err := then.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for dir, want := range map[string]string{
		"/srv": "[.env a dir gone kept link out]", "/srv/kept": "[c]", "/srv/gone": "[d]", "/": "[etc srv srvx]",
	} {
		if got := fmt.Sprint(names(t, then, dir)); got != want {
			t.Errorf("%s holds %s, want %s", dir, got, want)
		}
	}
	then = Earlier(now, "/srv", files)
	then.MaxFile = 3
	if _, err := then.Open("/srv/a"); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a large text: %v", err)
	}
}

// The root itself may be as it was, and owners and modes are those of now.
func TestEarlierInfo(t *testing.T) {
	now := Memory(map[string]string{"/a": "", "/b": ""})
	now.Set("/", Info{Type: Dir, UID: 7, Mode: 0o700})
	now.Set("/a", Info{UID: 5, GID: 6, Mode: 0o750})
	files := stored(map[string]string{"/a": "x", "/run": "x", "/dir/c": "x", "/b/c": "x"})
	i := slices.IndexFunc(files, func(s Stored) bool { return s.Name == "/run" })
	files[i].Executable = true
	then := Earlier(now, "/", files)
	for name, want := range map[string]Info{
		"/a": {UID: 5, GID: 6, Mode: 0o640}, "/run": {UID: 7, Mode: 0o755}, "/dir/c": {UID: 7, Mode: 0o644}, "/dir": {Type: Dir, UID: 7, Mode: 0o755},
		"/b": {Type: Dir, UID: 7, Mode: 0o755}, "/": {Type: Dir, UID: 7, Mode: 0o700},
	} {
		want.Real = name
		if got, err := then.Stat(name); err != nil || got != want {
			t.Errorf("%s: %+v (%v), want %+v", name, got, err, want)
		}
	}
}
