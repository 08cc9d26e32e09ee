package tree

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var globbed = map[string]string{
	"g/a.inc": "", "g/b.inc": "", "g/.b.inc": "", "g/B.inc": "", "g/a-b/x.inc": "", "g/a/x.inc": "", "g/.git/x.inc": "",
	"g/a[": "", "g/[a]": "", "g/a*b": "", "g/a\\b": "", "g/]": "", "g/-": "", "g/!": "", "g/^": "",
	"g/\xff\xfe.inc": "", "g/\xc3\xa9.inc": "", "g/sp ace": "", "g/x/y/z.conf": "", "g/x/w/z.conf": "",
	"g/dangling.inc": "-> gone", "g/loop.inc": "-> loop.inc", "g/dirlink": "-> a", "g/filelink": "-> a.inc",
	"g/10.conf": "", "g/9.conf": "", "g/file/x": "", "g/empty/": "",
}

var globCases = []struct {
	pattern string
	want    []string // below /g/
}{
	{"a.inc", []string{"a.inc"}},
	{"gone", nil},
	{"*.inc", []string{"B.inc", "a.inc", "b.inc", "dangling.inc", "loop.inc", "\xc3\xa9.inc", "\xff\xfe.inc"}},
	{"?.inc", []string{"B.inc", "a.inc", "b.inc"}},
	{"??.inc", []string{"\xc3\xa9.inc", "\xff\xfe.inc"}},
	{"[!b].inc", []string{"B.inc", "a.inc"}},
	{"[^b].inc", []string{"B.inc", "a.inc"}},
	{"[ab].inc", []string{"a.inc", "b.inc"}},
	{"[a-c].inc", []string{"a.inc", "b.inc"}},
	{"[B-a].inc", []string{"B.inc", "a.inc"}},
	{"[c-a].inc", nil},
	{"[[:upper:]].inc", []string{"B.inc"}},
	{"[[:lower:]B].inc", []string{"B.inc", "a.inc", "b.inc"}},
	{"[![:alpha:]]", []string{"!", "-", "]", "^"}},
	{"[]]", []string{"]"}},
	{"[!]]", []string{"!", "-", "^", "a", "x"}},
	{"[a-]", []string{"-", "a"}},
	{"[-a]", []string{"-", "a"}},
	{"[]-]", []string{"-", "]"}},
	{"[\\]x]", []string{"]", "x"}},
	{"[\\-]", []string{"-"}},
	{"[.]b.inc", nil},
	{".b*.inc", []string{".b.inc"}},
	{".*", []string{".", "..", ".b.inc", ".git"}},
	{"\\.b.inc", []string{".b.inc"}},
	{"*b.inc", []string{"b.inc"}},
	{"*/x.inc", []string{"a-b/x.inc", "a/x.inc", "dirlink/x.inc"}},
	{"*/*.inc", []string{"a-b/x.inc", "a/x.inc", "dirlink/x.inc"}},
	{".*/x.inc", []string{".git/x.inc"}},
	{"x/*/z.conf", []string{"x/w/z.conf", "x/y/z.conf"}},
	{"*/y/*", []string{"x/y/z.conf"}},
	{"a[", []string{"a["}},
	{"a[b", nil},
	{"[a]", []string{"a"}},
	{"\\[a\\]", []string{"[a]"}},
	{"\\[*", []string{"[a]"}},
	{"a\\*b", []string{"a*b"}},
	{"a\\\\*", []string{"a\\b"}},
	{"a\\\\b", []string{"a\\b"}},
	{"?.conf", []string{"9.conf"}},
	{"*.conf", []string{"10.conf", "9.conf"}},
	{"dang*", []string{"dangling.inc"}},
	{"dangling.inc", []string{"dangling.inc"}},
	{"loop.i*", []string{"loop.inc"}},
	{"sp\\ ace", []string{"sp ace"}},
	{"sp*", []string{"sp ace"}},
	{"**.conf", []string{"10.conf", "9.conf"}},
	{"*a*", []string{"[a]", "a", "a*b", "a-b", "a.inc", "a[", "a\\b", "dangling.inc", "sp ace"}},
	{"empty/*", nil},
	{"gone/*", nil},
	{"a.inc/*", nil},
	{"a*/", []string{"a-b/", "a/"}},
	{"a/", []string{"a/"}},
	{"d*/", []string{"dirlink/"}},
	{"x/../a.*", []string{"x/../a.inc"}},
	{"x/./y/*", []string{"x/./y/z.conf"}},
	{"[a-c", nil},
	{"[[:nope:]]", nil},
	{"{a,b}.inc", nil},
	{"~", nil},
}

func TestGlob(t *testing.T) {
	for kind, tr := range map[string]*Tree{"disk": open(t, build(t, globbed)), "memory": remember(globbed)} {
		for _, c := range globCases {
			if kind == "disk" && runtime.GOOS == "js" && !utf8.ValidString(strings.Join(c.want, "")) {
				continue // node writes invalid UTF-8 as U+FFFD
			}
			got, err := tr.Glob("/g/" + c.pattern)
			if want := under("/g/", c.want); !slices.Equal(got, want) || err != nil {
				t.Errorf("%s: Glob(/g/%q) = %q, %v\nwant %q", kind, c.pattern, got, err, want)
			}
		}
	}
}

// Doubled slashes are one, wherever they are.
func TestGlobSlashes(t *testing.T) {
	tr := remember(globbed)
	for pattern, want := range map[string]string{
		"/g//x/y/*": "/g/x/y/z.conf", "/g/x/y//*": "/g/x/y/z.conf", "/g/x/*//z.conf": "/g/x/w/z.conf /g/x/y/z.conf",
		"//g/x/y/*": "/g/x/y/z.conf", "//*/x/y/z.conf": "/g/x/y/z.conf", "/g/a//": "/g/a/", "/g//10.conf": "/g/10.conf", "//g": "/g",
	} {
		if got, err := tr.Glob(pattern); err != nil || strings.Join(got, " ") != want {
			t.Errorf("Glob(%s) = %q, %v, want %s", pattern, got, err, want)
		}
	}
}

func under(dir string, names []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, dir+name)
	}
	return all
}

// A name that is escaped matches itself and nothing else.
func TestEscapeGlob(t *testing.T) {
	tr := remember(globbed)
	for name := range globbed {
		name = "/" + strings.TrimSuffix(name, "/")
		if got, err := tr.Glob(EscapeGlob(name)); err != nil || !slices.Equal(got, []string{name}) {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
}

// The table above, according to the C library of this machine.
func TestGlobAgainstLibc(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot start a program")
	}
	python, err := exec.LookPath("python3")
	if err != nil && os.Getenv("WP502LINT_LAB") == "1" {
		t.Fatal(err)
	} else if err != nil {
		t.Skip(err)
	}
	dir := build(t, globbed)
	var patterns []string
	for _, c := range globCases {
		patterns = append(patterns, c.pattern)
	}
	got := libc(t, python, dir+"/g/", patterns)
	for i, c := range globCases {
		if want := under(dir+"/g/", c.want); !slices.Equal(got[i], want) {
			t.Errorf("glob(3) of %q gives %q\nwe say %q", c.pattern, got[i], want)
		}
	}
}

const script = `
import ctypes, sys
class G(ctypes.Structure):
    _fields_ = [("n", ctypes.c_size_t), ("v", ctypes.POINTER(ctypes.c_char_p)), ("rest", ctypes.c_byte * 256)]
c = ctypes.CDLL(None)
for line in sys.stdin:
    g = G()
    r = c.glob(bytes.fromhex(line), 0, None, ctypes.byref(g))
    print(*[g.v[i].hex() for i in range(g.n)] if r == 0 else [])
`

// libc returns the results of glob(3) for the patterns below dir.
func libc(t *testing.T, python, dir string, patterns []string) [][]string {
	t.Helper()
	cmd := exec.Command(python, "-c", script)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	var in strings.Builder
	for _, p := range patterns {
		fmt.Fprintln(&in, hex.EncodeToString([]byte(dir+p)))
	}
	cmd.Stdin = strings.NewReader(in.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for line := range strings.Lines(string(out)) {
		var names []string
		for _, field := range strings.Fields(line) {
			name, err := hex.DecodeString(field)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, string(name))
		}
		all = append(all, names)
	}
	if len(all) != len(patterns) {
		t.Fatalf("%d answers to %d patterns", len(all), len(patterns))
	}
	return all
}

func TestGlobLimits(t *testing.T) {
	files := map[string]string{}
	for i := range 30 {
		files[fmt.Sprintf("d/%02d/%02d", i, i)] = ""
	}
	tr := remember(files)
	tr.MaxMatches = 10
	for _, c := range []struct {
		pattern string
		want    int
	}{{"/d/*", 10}, {"/d/*/*", 9}, {"/d/0*", 10}} {
		got, err := tr.Glob(c.pattern)
		if limited := errors.Is(err, ErrLimit); len(got) != c.want || limited != (c.pattern != "/d/0*") {
			t.Errorf("Glob(%s) = %d names, %v, want %d", c.pattern, len(got), err, c.want)
		}
	}
	if got, err := tr.Glob("/d/\x00*"); got != nil || err == nil {
		t.Errorf("Glob with NUL = %q, %v", got, err)
	}
	if got, err := tr.Glob("/" + strings.Repeat("*", maxName)); got != nil || err == nil {
		t.Errorf("Glob of a long pattern = %q, %v", got, err)
	}
	long := "/d/" + strings.Repeat("*a", 2000)
	if got, err := tr.Glob(long); len(got) != 0 || err != nil {
		t.Errorf("Glob of many stars = %q, %v", got, err)
	}
}

// No pattern lists anything outside the root.
func TestGlobStaysInside(t *testing.T) {
	out := build(t, map[string]string{"secret": ""})
	dir := build(t, map[string]string{"a/x": "", "out": "-> " + out, "up": "-> ../../../../../../.."})
	tr := open(t, dir)
	for pattern, want := range map[string][]string{
		"/*":       {"/a", "/out", "/up"},
		"/*/*":     {"/a/x", "/up/a", "/up/out", "/up/up"},
		"/out/*":   nil,
		"/../../*": {"/../../a", "/../../out", "/../../up"},
		out + "/*": nil,
		"//a///*":  {"/a/x"},
		"a/*":      {"/a/x"},
		"":         nil,
		"/":        {"/"},
	} {
		got, err := tr.Glob(pattern)
		if errors.Is(err, ErrOutside) {
			err = nil
		}
		if !slices.Equal(got, want) || err != nil {
			t.Errorf("Glob(%s) = %q, %v\nwant %q", pattern, got, err, want)
		}
	}
}
