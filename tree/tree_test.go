package tree

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// build makes files, directories (a name that ends in a slash) and links
// ("-> target") below a new directory and returns it.
func build(t testing.TB, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		target, link := strings.CutPrefix(text, "-> ")
		switch {
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(at, 0o755)
		case link:
			err = os.Symlink(target, at)
		default:
			err = os.WriteFile(at, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// remember is build in memory.
func remember(files map[string]string) *Tree {
	plain := map[string]string{}
	links := map[string]string{}
	for name, text := range files {
		if target, link := strings.CutPrefix(text, "-> "); link {
			links[name] = target
		} else if !strings.HasSuffix(name, "/") {
			plain[name] = text
		}
	}
	tr := Memory(plain)
	for name, target := range links {
		tr.Link(name, target)
	}
	for name := range files {
		if strings.HasSuffix(name, "/") {
			tr.Set(name, Info{Type: Dir, Mode: 0o755})
		}
	}
	return tr
}

func open(t testing.TB, dir string) *Tree {
	t.Helper()
	tr, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

var linked = map[string]string{
	"etc/nginx/nginx.conf":              "main",
	"etc/nginx/sites-available/default": "site",
	"etc/nginx/sites-enabled/default":   "-> /etc/nginx/sites-available/default",
	"etc/nginx/sites-enabled/relative":  "-> ../sites-available/default",
	"etc/nginx/sites-enabled/chain":     "-> ./../sites-enabled//relative",
	"etc/nginx/sites-enabled/high":      "-> ../../../../../../../etc/nginx/sites-available/default",
	"etc/nginx/sites-enabled/dangling":  "-> /etc/nginx/sites-available/gone",
	"etc/nginx/sites-enabled/outside":   "-> /opt/nginx/gone",
	"etc/nginx/sites-enabled/above":     "-> ../../../../../../../etc/gone",
	"etc/nginx/sites-enabled/folder":    "-> ../sites-available",
	"etc/nginx/sites-enabled/slash":     "-> ../sites-available/",
	"etc/nginx/sites-enabled/notfolder": "-> ../nginx.conf/",
	"etc/nginx/loop":                    "-> loop",
	"etc/nginx/ping":                    "-> pong/x",
	"etc/nginx/pong":                    "-> ping",
	"etc/nginx/modules":                 "-> /usr/lib/nginx/modules",
	"etc/nginx/up":                      "-> ..",
	"usr/lib/nginx/modules/echo.conf":   "echo",
	"etc/nginx/conf.d/\xff\xfe.conf":    "latin",
	"etc/nginx/conf.d/":                 "",
	"var/run":                           "-> /run",
	"srv/in":                            "-> ../etc",
}

var openCases = []struct {
	name    string
	want    Text // Content "" if it fails
	reason  string
	is      error
	missing bool // errors.Is fs.ErrNotExist
}{
	{name: "/etc/nginx/nginx.conf", want: Text{Name: "/etc/nginx/nginx.conf", Real: "/etc/nginx/nginx.conf", Content: "main"}},
	{name: "etc/nginx/nginx.conf", want: Text{Name: "/etc/nginx/nginx.conf", Real: "/etc/nginx/nginx.conf", Content: "main"}},
	{name: "//etc/./nginx//sites-enabled/../nginx.conf", want: Text{Name: "/etc/nginx/nginx.conf", Real: "/etc/nginx/nginx.conf", Content: "main"}},
	{name: "/../../etc/nginx/nginx.conf", want: Text{Name: "/etc/nginx/nginx.conf", Real: "/etc/nginx/nginx.conf", Content: "main"}},
	{name: "/etc/nginx/sites-enabled/default", want: Text{Name: "/etc/nginx/sites-enabled/default", Real: "/etc/nginx/sites-available/default", Content: "site"}},
	{name: "/etc/nginx/sites-enabled/relative", want: Text{Name: "/etc/nginx/sites-enabled/relative", Real: "/etc/nginx/sites-available/default", Content: "site"}},
	{name: "/etc/nginx/sites-enabled/chain", want: Text{Name: "/etc/nginx/sites-enabled/chain", Real: "/etc/nginx/sites-available/default", Content: "site"}},
	{name: "/etc/nginx/sites-enabled/high", want: Text{Name: "/etc/nginx/sites-enabled/high", Real: "/etc/nginx/sites-available/default", Content: "site"}},
	{name: "/etc/nginx/sites-enabled/folder/default", want: Text{Name: "/etc/nginx/sites-enabled/folder/default", Real: "/etc/nginx/sites-available/default", Content: "site"}},
	{name: "/etc/nginx/sites-enabled/slash/default", want: Text{Name: "/etc/nginx/sites-enabled/slash/default", Real: "/etc/nginx/sites-available/default", Content: "site"}},
	{name: "/etc/nginx/modules/echo.conf", want: Text{Name: "/etc/nginx/modules/echo.conf", Real: "/usr/lib/nginx/modules/echo.conf", Content: "echo"}},
	{name: "/etc/nginx/modules/../modules/echo.conf", want: Text{Name: "/etc/nginx/modules/echo.conf", Real: "/usr/lib/nginx/modules/echo.conf", Content: "echo"}},
	// ".." after a link is the directory above its target.
	{name: "/srv/in/../etc/nginx/nginx.conf", want: Text{Name: "/etc/nginx/nginx.conf", Real: "/etc/nginx/nginx.conf", Content: "main"}},
	{name: "/etc/nginx/up/up/nginx/nginx.conf", reason: "no such file", missing: true},
	{name: "/etc/nginx/conf.d/\xff\xfe.conf", want: Text{Name: "/etc/nginx/conf.d/\xff\xfe.conf", Real: "/etc/nginx/conf.d/\xff\xfe.conf", Content: "latin"}},

	{name: "/etc/nginx/gone", reason: "no such file", missing: true},
	{name: "/gone/x", reason: "no such file", missing: true},
	{name: "/etc/nginx/modules/gone", reason: "no such file", missing: true},
	{name: "", reason: "no such file", missing: true},
	{name: "/etc/nginx/\x00", reason: "its name has a NUL byte", missing: true},
	{name: "/" + strings.Repeat("a/", 3000), reason: "its name is too long", missing: true},
	{name: "/etc/nginx/sites-enabled/dangling", reason: "broken symbolic link", missing: true},
	{name: "/etc/nginx/sites-enabled/outside", reason: "symbolic link leads outside the root (--root)", is: ErrOutside},
	{name: "/etc/nginx/sites-enabled/above", reason: "symbolic link leads outside the root (--root)", is: ErrOutside},
	{name: "/var/run/php.sock", reason: "symbolic link leads outside the root (--root)", is: ErrOutside},
	{name: "/etc/nginx/loop", reason: "more than 40 symbolic links on its path", is: ErrLoop},
	{name: "/etc/nginx/ping", reason: "more than 40 symbolic links on its path", is: ErrLoop},
	{name: "/etc/nginx/loop/x", reason: "more than 40 symbolic links on its path", is: ErrLoop},
	{name: "/etc/nginx", reason: "is a directory", is: ErrIsDir},
	{name: "/", reason: "is a directory", is: ErrIsDir},
	{name: "/etc/nginx/conf.d/..", reason: "is a directory", is: ErrIsDir},
	{name: "/etc/nginx/nginx.conf/", reason: "a part of its path is not a directory", is: ErrNotDir, missing: true},
	{name: "/etc/nginx/nginx.conf/x", reason: "a part of its path is not a directory", is: ErrNotDir, missing: true},
	{name: "/etc/nginx/sites-enabled/notfolder", reason: "a part of its path is not a directory", is: ErrNotDir, missing: true},
}

func TestOpen(t *testing.T) {
	for kind, tr := range map[string]*Tree{"disk": open(t, build(t, linked)), "memory": remember(linked)} {
		for _, listed := range []bool{false, true} {
			if listed {
				for _, dir := range []string{"/", "/etc/nginx", "/etc/nginx/sites-enabled", "/etc/nginx/conf.d", "/var"} {
					if _, err := tr.List(dir); err != nil {
						t.Fatal(err)
					}
				}
			}
			for _, c := range openCases {
				if kind == "memory" && c.is == ErrOutside && !strings.Contains(c.name, "above") {
					c.reason, c.is, c.missing = "broken symbolic link", nil, true
				}
				got, err := tr.Open(c.name)
				why := ""
				if err != nil {
					why = err.Error()
				}
				if !reflect.DeepEqual(got, c.want) || why != c.reason {
					t.Errorf("%s, listed %t: Open(%.60q) = %+v, %q\nwant %+v, %q", kind, listed, c.name, got, why, c.want, c.reason)
				}
				if c.is != nil && !errors.Is(err, c.is) {
					t.Errorf("%s: Open(%.60q): %v is no %v", kind, c.name, err, c.is)
				}
				if errors.Is(err, fs.ErrNotExist) != c.missing {
					t.Errorf("%s: Open(%.60q): errors.Is(%v, fs.ErrNotExist) = %t", kind, c.name, err, !c.missing)
				}
			}
		}
	}
}

// The same links where they were made: below the "/" of this machine.
func TestOpenLive(t *testing.T) {
	dir := build(t, map[string]string{
		"etc/nginx/sites-available/default": "site",
		"etc/nginx/sites-enabled/relative":  "-> ../sites-available/default",
		"etc/nginx/sites-enabled/above":     "-> ../../../../../../../../../../../../gone-" + "from-here",
		"etc/nginx/sites-enabled/gone":      "-> /gone-from-here/x",
	})
	enabled := filepath.Join(dir, "etc/nginx/sites-enabled")
	site := filepath.Join(dir, "etc/nginx/sites-available/default")
	if err := os.Symlink(site, enabled+"/default"); err != nil {
		t.Fatal(err)
	}
	tr := open(t, "/")
	if !tr.Live() || tr.Root() != "/" {
		t.Errorf("Live = %t, Root = %q", tr.Live(), tr.Root())
	}
	for _, name := range []string{"/default", "/relative"} {
		got, err := tr.Open(enabled + name)
		if want := (Text{Name: enabled + name, Real: site, Content: "site"}); !reflect.DeepEqual(got, want) || err != nil {
			t.Errorf("Open(%s) = %+v, %v\nwant %+v", name, got, err, want)
		}
	}
	// On the machine itself nothing is outside.
	for _, name := range []string{"/above", "/gone"} {
		if _, err := tr.Open(enabled + name); err == nil || err.Error() != "broken symbolic link" || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%s): %v", name, err)
		}
	}
}

func TestNew(t *testing.T) {
	dir := build(t, map[string]string{"file": ""})
	for name, want := range map[string]string{
		dir + "/gone": dir + "/gone: no such directory",
		dir + "/file": dir + "/file: is not a directory",
	} {
		if _, err := New(name); err == nil || err.Error() != want {
			t.Errorf("New: %v\nwant %s", err, want)
		}
	}
	if tr := open(t, dir+"/."); tr.Live() || tr.Root() != dir {
		t.Errorf("Live = %t, Root = %q, want false, %q", tr.Live(), tr.Root(), dir)
	}
	if tr := Memory(nil); tr.Live() || tr.Root() != "" {
		t.Errorf("in memory: Live = %t, Root = %q", tr.Live(), tr.Root())
	}
}

// A checkout without symbolic links has files with the target as text instead.
func TestFlattenedLink(t *testing.T) {
	flat := Memory(map[string]string{
		"/etc/php/conf":  "../shared",
		"/etc/shared/a":  "text",
		"/etc/lines":     "../shared\n",
		"/etc/sibling":   "shared",
		"/etc/loop":      "loop",
		"/etc/pool.conf": "[www]",
	})
	for name, want := range map[string]string{
		"/etc/php/conf/a":  "/etc/shared/a",
		"/etc/lines/a":     "a part of its path is not a directory",
		"/etc/loop/a":      "a part of its path is not a directory",
		"/etc/pool.conf/a": "a part of its path is not a directory",
		"/etc/sibling/a":   "/etc/shared/a",
		"/etc/php/conf":    "/etc/php/conf",
	} {
		at, err := flat.Place(name)
		got := at.Real
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("Place(%s): %s, want %s", name, got, want)
		}
	}
}
