package tree

import (
	"errors"
	"io/fs"
	"reflect"
	"slices"
	"testing"
)

func TestOverlay(t *testing.T) {
	files := map[string]string{
		"etc/nginx/nginx.conf":              "old main",
		"etc/nginx/sites-available/default": "old site",
		"etc/nginx/sites-enabled/default":   "-> /etc/nginx/sites-available/default",
		"etc/nginx/sites-enabled/dangling":  "-> ../sites-available/soon",
		"etc/nginx/sites-enabled/kept":      "-> ../sites-available/default",
		"etc/nginx/file":                    "",
	}
	for kind, below := range map[string]*Tree{"disk": open(t, build(t, files)), "memory": remember(files)} {
		below.MaxFile = 1000
		tr := Overlay(below, map[string]string{
			"/etc/nginx/nginx.conf":             "new main",
			"/etc/nginx/sites-enabled/default":  "new site",
			"/etc/nginx/sites-enabled/dangling": "new file",
			"etc/nginx/conf.d/new.conf":         "new dir",
			"/etc/nginx/file/sub":               "below a file",
			"/\xff/./x":                         "bytes",
		})
		if tr.MaxFile != 1000 || tr.Root() != below.Root() || tr.Live() {
			t.Errorf("%s: MaxFile %d, Root %q, Live %t", kind, tr.MaxFile, tr.Root(), tr.Live())
		}
		for name, want := range map[string]Text{
			"/etc/nginx/nginx.conf":             {Name: "/etc/nginx/nginx.conf", Real: "/etc/nginx/nginx.conf", Content: "new main"},
			"/etc/nginx/sites-enabled/default":  {Name: "/etc/nginx/sites-enabled/default", Real: "/etc/nginx/sites-available/default", Content: "new site"},
			"/etc/nginx/sites-enabled/kept":     {Name: "/etc/nginx/sites-enabled/kept", Real: "/etc/nginx/sites-available/default", Content: "new site"},
			"/etc/nginx/sites-available/soon":   {Name: "/etc/nginx/sites-available/soon", Real: "/etc/nginx/sites-available/soon", Content: "new file"},
			"/etc/nginx/sites-enabled/dangling": {Name: "/etc/nginx/sites-enabled/dangling", Real: "/etc/nginx/sites-available/soon", Content: "new file"},
			"/etc/nginx/conf.d/new.conf":        {Name: "/etc/nginx/conf.d/new.conf", Real: "/etc/nginx/conf.d/new.conf", Content: "new dir"},
			"/etc/nginx/file/sub":               {Name: "/etc/nginx/file/sub", Real: "/etc/nginx/file/sub", Content: "below a file"},
			"/\xff/x":                           {Name: "/\xff/x", Real: "/\xff/x", Content: "bytes"},
		} {
			if got, err := tr.Open(name); !reflect.DeepEqual(got, want) || err != nil {
				t.Errorf("%s: Open(%q) = %+v, %v\nwant %+v", kind, name, got, err, want)
			}
			if info, err := tr.Stat(name); err != nil || info.Type != File || info.Real != want.Real {
				t.Errorf("%s: Stat(%q) = %+v, %v", kind, name, info, err)
			}
		}
		if got, err := tr.Open("/etc/nginx/gone"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: Open(gone) = %+v, %v", kind, got, err)
		}
		overlayLists(t, kind, tr)
		if got, err := below.Open("/etc/nginx/nginx.conf"); got.Content != "old main" || err != nil {
			t.Errorf("%s: below the overlay: %+v, %v", kind, got, err)
		}
	}
}

// overlayLists tests the directories of the overlay of TestOverlay.
func overlayLists(t *testing.T, kind string, tr *Tree) {
	t.Helper()
	for pattern, want := range map[string][]string{
		"/*":                         {"/etc", "/\xff"},
		"/etc/nginx/*":               {"/etc/nginx/conf.d", "/etc/nginx/file", "/etc/nginx/nginx.conf", "/etc/nginx/sites-available", "/etc/nginx/sites-enabled"},
		"/etc/nginx/*/*.conf":        {"/etc/nginx/conf.d/new.conf"},
		"/etc/nginx/sites-a*/*":      {"/etc/nginx/sites-available/default", "/etc/nginx/sites-available/soon"},
		"/etc/nginx/sites-enabled/*": {"/etc/nginx/sites-enabled/dangling", "/etc/nginx/sites-enabled/default", "/etc/nginx/sites-enabled/kept"},
	} {
		if got, err := tr.Glob(pattern); !slices.Equal(got, want) || err != nil {
			t.Errorf("%s: Glob(%s) = %q, %v\nwant %q", kind, pattern, got, err, want)
		}
	}
}

// An overlay keeps owner and mode, and overlays may be stacked.
func TestOverlayInfo(t *testing.T) {
	below := Memory(map[string]string{"a": "old", "d/x": ""})
	below.Set("a", Info{Type: File, UID: 33, GID: 34, Mode: 0o600})
	below.Set("d", Info{Type: Dir, UID: 5, Mode: 0o711})
	below.Set("sock", Info{Type: Socket, UID: 33, GID: 33, Mode: 0o660})
	tr := Overlay(Overlay(below, map[string]string{"a": "first", "b": "b"}), map[string]string{"a": "second"})
	for name, want := range map[string]Info{
		"/a":    {Real: "/a", Type: File, UID: 33, GID: 34, Mode: 0o600},
		"/b":    {Real: "/b", Type: File, UID: 0, GID: 0, Mode: 0o644},
		"/d":    {Real: "/d", Type: Dir, UID: 5, GID: 0, Mode: 0o711},
		"/sock": {Real: "/sock", Type: Socket, UID: 33, GID: 33, Mode: 0o660},
		"/":     {Real: "/", Type: Dir, UID: 0, GID: 0, Mode: 0o755},
	} {
		if got, err := tr.Stat(name); got != want || err != nil {
			t.Errorf("Stat(%s) = %+v, %v\nwant %+v", name, got, err, want)
		}
	}
	for name, want := range map[string]string{"/a": "second", "/b": "b"} {
		if got, err := tr.Open(name); got.Content != want || err != nil {
			t.Errorf("Open(%s) = %+v, %v, want %s", name, got, err, want)
		}
	}
	if _, err := tr.Open("/sock"); err == nil || err.Error() != "is a socket" {
		t.Errorf("Open(/sock): %v", err)
	}
	if n := tr.Opened(); n != 2 {
		t.Errorf("Opened = %d, want 2", n)
	}
}

func TestMemoryConflict(t *testing.T) {
	tr := Memory(map[string]string{"a": "file", "a/b": "below", "/": "root"})
	if got, err := tr.Open("/a/b"); got.Content != "below" || err != nil {
		t.Errorf("Open(/a/b) = %+v, %v", got, err)
	}
	if _, err := tr.Open("/a"); !errors.Is(err, ErrIsDir) {
		t.Errorf("Open(/a): %v", err)
	}
}
