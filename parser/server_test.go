package parser

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// program finds a real server. Without one it skips the test, or fails it where all
// programs are required.
func program(t *testing.T, name string) string {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot start a program")
	}
	binary, err := exec.LookPath(name)
	if err != nil {
		binary, err = exec.LookPath("/usr/sbin/" + name)
	}
	if err != nil {
		if os.Getenv("WP502LINT_LAB") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return binary
}

// onDisk writes files below a new directory. A text that starts with "-> " is a
// symbolic link, and a name that ends in a slash a directory.
func onDisk(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		full := filepath.Join(dir, name)
		target, link := strings.CutPrefix(text, "-> ")
		err := os.MkdirAll(filepath.Dir(full), 0o755)
		switch {
		case strings.HasSuffix(name, "/"):
			err = errors.Join(err, os.MkdirAll(full, 0o755))
		case link:
			err = errors.Join(err, os.Symlink(target, full))
		default:
			err = errors.Join(err, os.WriteFile(full, []byte(text), 0o644))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// readLive reads one file of this machine.
func readLive(t *testing.T, name string) *Configs {
	t.Helper()
	machine, err := tree.New("/")
	if err != nil {
		t.Fatal(err)
	}
	return Read(machine, []string{name})
}

// nginxIncludes are main files, each with its directory. The included files contain a
// line that may be repeated.
var nginxIncludes = []struct {
	name, include string
	files         map[string]string
	want          string // the files that nginx reads, or its error
}{
	{"relative", "include sub/a.inc;", map[string]string{"sub/a.inc": "env A;"}, "sub/a.inc"},
	{"absolute", "include $DIR/sub/a.inc;", map[string]string{"sub/a.inc": "env A;"}, "sub/a.inc"},
	{"up", "include sub/../a.inc;", map[string]string{"sub/x": "", "a.inc": "env A;"}, "a.inc"},
	{"up from a link", "include link/../a.inc;", map[string]string{"link": "-> far/away", "far/away/": "", "far/a.inc": "env A;"}, "far/a.inc"},
	{"nested, from the main directory", "include sub/a.inc;", map[string]string{"sub/a.inc": "include b.inc;", "b.inc": "env B;"}, "b.inc sub/a.inc"},
	{"nested, not from the own directory", "include sub/a.inc;", map[string]string{"sub/a.inc": "include b.inc;", "sub/b.inc": "env B;"}, "refuses b.inc"},
	{"missing", "include a.inc;", nil, "refuses a.inc"},
	{"missing directory", "include gone/a.inc;", nil, "refuses gone/a.inc"},
	{"glob without a match", "include *.inc;", nil, ""},
	{"glob in a missing directory", "include gone/*.inc;", nil, ""},
	{"negated set", "include [!b].inc;", map[string]string{"a.inc": "env A;", "b.inc": "x"}, "a.inc"},
	{"negated set with a caret", "include [^b].inc;", map[string]string{"a.inc": "env A;", "b.inc": "x"}, "a.inc"},
	{"range", "include [a-c].inc;", map[string]string{"a.inc": "env A;", "c.inc": "env C;", "d.inc": "x"}, "a.inc c.inc"},
	{"question mark", "include ?.inc;", map[string]string{"a.inc": "env A;", "bb.inc": "x"}, "a.inc"},
	{"star and dot files", "include *.inc;", map[string]string{"a.inc": "env A;", ".b.inc": "x"}, "a.inc"},
	{"explicit dot", "include .b*.inc;", map[string]string{"a.inc": "x", ".b.inc": "env B;"}, ".b.inc"},
	{"star in a directory", "include */x.inc;", map[string]string{"d/x.inc": "env D;", ".git/x.inc": "x"}, "d/x.inc"},
	{"open bracket", "include a[;", map[string]string{"a[": "env A;"}, "a["},
	{"escaped star", `include \*.inc;`, map[string]string{"*.inc": "env A;", "b.inc": "x"}, "*.inc"},
	{"in double quotes", `include "a.inc";`, map[string]string{"a.inc": "env A;"}, "a.inc"},
	{"in single quotes", `include '*.inc';`, map[string]string{"a.inc": "env A;", "b.inc": "env B;"}, "a.inc b.inc"},
	{"with a blank", `include "a b.inc";`, map[string]string{"a b.inc": "env A;"}, "a b.inc"},
	{"empty", `include "";`, nil, "refuses a directory"},
	{"directory", "include d;", map[string]string{"d/": ""}, "refuses a directory"},
	{"directory with a slash", "include d/;", map[string]string{"d/": ""}, "refuses a directory"},
	{"directory in a glob", "include *.d;", map[string]string{"a.d": "env A;", "b.d/": ""}, "refuses a directory"},
	{"file with a slash", "include a.inc/;", map[string]string{"a.inc": "env A;"}, "refuses a.inc/"},
	{"link", "include l.inc;", map[string]string{"a.inc": "env A;", "l.inc": "-> a.inc"}, "l.inc"},
	{"linked directory", "include l/*.inc;", map[string]string{"d/a.inc": "env A;", "l": "-> d"}, "l/a.inc"},
	{"dangling link", "include l.inc;", map[string]string{"l.inc": "-> gone"}, "refuses l.inc"},
	{"dangling link in a glob", "include *.inc;", map[string]string{"a.inc": "env A;", "l.inc": "-> gone"}, "refuses l.inc"},
	{"link to itself", "include l.inc;", map[string]string{"l.inc": "-> l.inc"}, "refuses l.inc"},
	{"same file twice", "include a.inc; include a.inc; include ./a.inc;", map[string]string{"a.inc": "env A;"}, "a.inc"},
	{"itself", "include nginx.conf;", nil, "refuses a cycle"},
	{"cycle of two", "include a.inc;", map[string]string{"a.inc": "include b.inc;", "b.inc": "include a.inc;"}, "refuses a cycle"},
	{"cycle through a glob", "include *.inc;", map[string]string{"a.inc": "env A;", "b.inc": "include *.inc;"}, "a.inc b.inc"},
	{"too many braces", "include a.inc;", map[string]string{"a.inc": "env A; }"}, "refuses a brace"},
	{"too few braces", "include a.inc;", map[string]string{"a.inc": "http {"}, "refuses a brace"},
}

// refusals are nginx's errors and those of this package.
var refusals = []struct{ nginx, ours *regexp.Regexp }{
	{regexp.MustCompile(`open\(\) "(.*)" failed \((2: No such|20: Not a|40: Too many levels)`), regexp.MustCompile(`nginx cannot open (.*): (?:no such file|too many levels)`)},
	{regexp.MustCompile(`(a directory\))`), regexp.MustCompile(`(is a directory)`)},
	{regexp.MustCompile(`(Too many open files)`), regexp.MustCompile(`(includes itself .* open files)\n`)},
	{regexp.MustCompile(`(unexpected "}"|unexpected end of file)`), regexp.MustCompile(`(unexpected "}"|unexpected end of file)`)},
}

func TestNginxIncludesAgainstNginx(t *testing.T) {
	binary := program(t, "nginx")
	for _, test := range nginxIncludes {
		t.Run(test.name, func(t *testing.T) {
			dir := onDisk(t, test.files)
			main := filepath.Join(dir, "nginx.conf")
			text := strings.ReplaceAll(test.include, "$DIR", dir) + "\nevents {}\n"
			if err := os.WriteFile(main, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			if got := askNginx(t, binary, dir, main); got != wanted(test.want) {
				t.Errorf("nginx: got %q, want %q", got, wanted(test.want))
			}
			if got := askOurs(readLive(t, main), dir); got != wanted(test.want) {
				t.Errorf("ours: got %q, want %q", got, wanted(test.want))
			}
		})
	}
}

// wanted is the index of the refusal that a case expects, or the files.
func wanted(want string) string {
	switch want {
	case "refuses a directory":
		return "refusal 1"
	case "refuses a cycle":
		return "refusal 2"
	case "refuses a brace":
		return "refusal 3"
	}
	if name, ok := strings.CutPrefix(want, "refuses "); ok {
		return "refusal 0 " + strings.TrimSuffix(name, "/")
	}
	return want
}

func askNginx(t *testing.T, binary, dir, main string) string {
	t.Helper()
	command := fmt.Sprintf("ulimit -n 64; exec '%s' -T -e stderr -p '%s' -c '%s' -g 'pid %s/pid;'", binary, dir, main, dir)
	out, err := exec.Command("sh", "-c", command).CombinedOutput()
	if err != nil {
		for i, r := range refusals {
			if m := r.nginx.FindStringSubmatch(string(out)); m != nil {
				return refusal(i, dir, m)
			}
		}
		return string(out)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^# configuration file (.*):$`).FindAllStringSubmatch(string(out), -1) {
		names = append(names, m[1])
	}
	return listed(dir, names)
}

func askOurs(c *Configs, dir string) string {
	said := describe(c)
	for i, r := range refusals {
		if m := r.ours.FindStringSubmatch(said); m != nil {
			return refusal(i, dir, m)
		}
	}
	var names []string
	for _, f := range c.Nginx[0].Files {
		names = append(names, f.Source.Name)
	}
	return listed(dir, names)
}

func refusal(i int, dir string, m []string) string {
	if i > 0 {
		return fmt.Sprintf("refusal %d", i)
	}
	name := strings.Join(m[1:2], "")
	if name == "" {
		name = strings.Join(m[2:], "")
	}
	return "refusal 0 " + strings.TrimSuffix(strings.TrimPrefix(name, dir+"/"), "/")
}

// listed returns the names without dir and without the main file, sorted, each once.
func listed(dir string, names []string) string {
	var inside []string
	for _, name := range names {
		if i := strings.LastIndexByte(name, '/'); strings.Contains(name, "/./") || strings.Contains(name, "/../") {
			if real, err := filepath.EvalSymlinks(name[:i]); err == nil {
				name = real + name[i:]
			}
		}
		if name = strings.TrimPrefix(name, dir+"/"); name != "nginx.conf" {
			inside = append(inside, name)
		}
	}
	slices.Sort(inside)
	return strings.Join(slices.Compact(inside), " ")
}

// fpmIncludes are main files of PHP-FPM. $DIR is their directory.
var fpmIncludes = []struct {
	name, text string
	files      map[string]string
	want       string // the pools, or PHP-FPM's error
}{
	{"absolute", "include=$DIR/*.pool", map[string]string{"a.pool": "A", "b.pool": "B"}, "A B"},
	{"in the order of names", "include=$DIR/*.pool", map[string]string{"9.pool": "N", "10.pool": "T"}, "T N"},
	{"relative to the prefix", "include=../..$DIR/*.pool", map[string]string{"a.pool": "A"}, "A"},
	{"in quotes", `include="$DIR/*.pool"`, map[string]string{"a.pool": "A"}, "A"},
	{"glob without a match", "include=$DIR/*.none\n[www]", nil, "www"},
	{"plain without a match", "include=$DIR/none\n[www]", nil, "www"},
	{"plain in a missing directory", "include=$DIR/gone/none\n[www]", nil, "www"},
	{"glob in a missing directory", "include=$DIR/gone/*.pool\n[www]", nil, "refuses a missing directory"},
	{"relative glob in a missing directory", "include=wp502lint-gone/*.pool\n[www]", nil, "refuses a missing directory"},
	{"backslash", `include=$DIR/\d/*.pool`, map[string]string{"d/a.pool": "A"}, "A"},
	{"backslash in a name", `include=$DIR/d/\a.pool`, map[string]string{"d/a.pool": "A"}, "A"},
	{"backslash in a missing directory", "include=$DIR/\\gone/*.pool\n[www]", nil, "refuses a missing directory"},
	{"glob below a glob", "include=$DIR/*/x.pool", map[string]string{"a/x.pool": "A", "b/y.pool": "B"}, "A"},
	{"glob below a glob without a match", "include=$DIR/*/x/*.pool\n[www]", map[string]string{"a/y": ""}, "www"},
	{"glob below a missing directory", "include=$DIR/gone/*/x.pool\n[www]", nil, "refuses a missing directory"},
	{"glob in a file", "include=$DIR/f/*.pool\n[www]", map[string]string{"f": ""}, "www"},
	{"directory", "include=$DIR/d\n[www]", map[string]string{"d/": ""}, "www"},
	{"directory in a glob", "include=$DIR/*.pool", map[string]string{"a.pool": "A", "b.pool/": ""}, "A"},
	{"dot files", "include=$DIR/*.pool", map[string]string{"a.pool": "A", ".b.pool": "B"}, "A"},
	{"link", "include=$DIR/*.pool", map[string]string{"a.pool": "-> real", "real": "A"}, "A"},
	{"dangling link", "include=$DIR/*.pool", map[string]string{"a.pool": "A", "b.pool": "-> gone"}, "refuses to open"},
	{"dangling link by name", "include=$DIR/b.pool\n[www]", map[string]string{"b.pool": "-> gone"}, "refuses to open"},
	{"itself", "[www]\ninclude=$DIR/php-fpm.conf", nil, "refuses the depth"},
	{"five deep", "include=$DIR/1", map[string]string{"1": "include=$DIR/2", "2": "include=$DIR/3", "3": "include=$DIR/4", "4": "A"}, "A"},
	{"six deep", "include=$DIR/1", map[string]string{"1": "include=$DIR/2", "2": "include=$DIR/3", "3": "include=$DIR/4", "4": "include=$DIR/5", "5": "A"}, "refuses the depth"},
	{"twice", "include=$DIR/a.pool\ninclude=$DIR/*.pool", map[string]string{"a.pool": "A"}, "A"},
}

var fpmRefusals = map[string][2]string{
	"refuses a missing directory": {"Unable to globalize", "PHP-FPM cannot search"},
	"refuses to open":             {"failed to open configuration file", "PHP-FPM cannot open"},
	"refuses the depth":           {"failed to include more than 5 files", "failed to include more than 5 files"},
}

const fpmPool = "user = root\ngroup = root\nlisten = /run/$pool.sock\npm = static\npm.max_children = 1\n"

func TestFPMIncludesAgainstFPM(t *testing.T) {
	binary := program(t, "php-fpm8.2")
	for _, test := range fpmIncludes {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{}
			for name, text := range test.files {
				if len(text) == 1 {
					text = "[" + text + "]\n" + fpmPool
				}
				files[name] = text
			}
			dir := onDisk(t, files)
			for name, text := range files {
				if strings.Contains(text, "$DIR") {
					write(t, filepath.Join(dir, name), strings.ReplaceAll(text, "$DIR", dir))
				}
			}
			main := filepath.Join(dir, "php-fpm.conf")
			text := "[global]\nerror_log = " + dir + "/log\n" + strings.ReplaceAll(test.text, "$DIR", dir)
			write(t, main, strings.ReplaceAll(text, "[www]", "[www]\n"+fpmPool)+"\n")
			if got := askFPM(t, binary, main); got != test.want {
				t.Errorf("PHP-FPM: got %q, want %q", got, test.want)
			}
			if got := poolsOf(readLive(t, main)); got != test.want {
				t.Errorf("ours: got %q, want %q", got, test.want)
			}
		})
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func askFPM(t *testing.T, binary, main string) string {
	t.Helper()
	out, err := exec.Command(binary, "-n", "-R", "-tt", "-y", main).CombinedOutput()
	if err != nil {
		for want, texts := range fpmRefusals {
			if strings.Contains(string(out), texts[0]) {
				return want
			}
		}
		return string(out)
	}
	var pools []string
	for _, m := range regexp.MustCompile(`(?m)NOTICE: \[(.*)\]$`).FindAllStringSubmatch(string(out), -1) {
		if m[1] != "global" {
			pools = append(pools, m[1])
		}
	}
	return strings.Join(pools, " ")
}

func poolsOf(c *Configs) string {
	var pools []string
	for _, m := range c.Masters {
		for _, p := range m.Problems {
			for want, texts := range fpmRefusals {
				if p.Kind == source.Include && strings.Contains(p.Message, texts[1]) {
					return want
				}
			}
		}
		for _, p := range m.Pools {
			pools = append(pools, p.Name)
		}
	}
	return strings.Join(pools, " ")
}
