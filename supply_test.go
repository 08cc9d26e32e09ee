package wp502lint_test

import (
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// recipe is a file that downloads something when it runs, or that a reader copies into a
// file that does.
type recipe struct {
	path  string
	lines []string
}

// recipes returns the workflows, the scripts, the images and the pages of the repository.
func recipes(t *testing.T) (all []recipe) {
	t.Helper()
	for name, text := range texts(t, []string{".git", ".release", "dist", "testdata", "rules"}, ".md", ".yml", ".yaml") {
		all = append(all, recipe{name, strings.Split(text, "\n")})
	}
	if len(all) < 20 {
		t.Fatalf("only %d files were found", len(all))
	}
	return all
}

// pinned is one kind of thing that is downloaded: where it is named, and how a name is
// pinned so that nobody can put something else in its place.
type pinned struct {
	kind  string
	named *regexp.Regexp // the first group is the name with its pin
	pin   *regexp.Regexp // the first group is the name without it
}

var downloads = []pinned{
	{"an action, by the hash of its commit with the version in a comment",
		regexp.MustCompile(`^\s*(?:- )?uses:\s*(.*)$`),
		regexp.MustCompile(`^(?:(\./)|([\w./-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+$|(wp502lint/wp502lint)@[0-9a-f]{40} # main$)`)},
	{"an image, by its digest",
		regexp.MustCompile(`^\s*(?:container:|image:|FROM|COPY --from=\S+[/:@]) *(\S+)`),
		regexp.MustCompile(`^([\w./-]+:[\w.-]+)(?:@sha256:[0-9a-f]{64})$|^scratch$`)},
	{"a Go program, by its version",
		regexp.MustCompile(`\bgo (?:run|install|get) (?:-\S+ +)*(\S*@[\w.-]+)`),
		regexp.MustCompile(`^(\S+)@v\d+\.\d+\.\d+$`)},
	{"a version of Go, exactly",
		regexp.MustCompile(`^\s*(?:go-version:|go: \[) *(.*)`),
		regexp.MustCompile(`^\d+\.\d+\.\d+ # as \.go-version$|^"\d+\.\d+\.\d+", "\d+\.\d+\.\d+"\]|^\$\{\{ matrix\.go \}\}$`)},
	{"an npm package, by a lock file",
		regexp.MustCompile(`\b(npm (?:install|i|exec|add)|npx|pip3? install|pipx)\b`),
		regexp.MustCompile(`^$`)},
	{"a program that a server hands to a shell",
		regexp.MustCompile(`\b((?:curl|wget)[^|]*\| *(?:sudo +)?(?:ba|z)?sh)\b`),
		regexp.MustCompile(`^$`)},
}

// Nothing that is downloaded can be replaced by its author, or by whoever has become its
// author. What is pinned in two places is the same in both.
func TestPinned(t *testing.T) {
	pins, count := map[string]string{}, map[string]int{}
	for _, file := range recipes(t) {
		for i, line := range file.lines {
			for _, d := range downloads {
				m := d.named.FindStringSubmatch(line)
				if m == nil || m[1] == readmeInstall {
					continue
				}
				count[d.kind]++
				pin := d.pin.FindStringSubmatch(m[1])
				if pin == nil {
					t.Errorf("%s:%d: %q is not pinned: %s", file.path, i+1, m[1], d.kind)
					continue
				}
				name := strings.Join(pin[1:], "")
				if old := pins[name]; name != "" && name != "./" && old != "" && old != m[1] {
					t.Errorf("%s:%d: %s, elsewhere %s", file.path, i+1, m[1], old)
				}
				pins[name] = m[1]
			}
		}
	}
	for _, d := range downloads[:4] {
		if count[d.kind] < 3 {
			t.Errorf("only %d found of: %s", count[d.kind], d.kind)
		}
	}
}

// readmeInstall is what a person types who wants the newest release.
const readmeInstall = "github.com/wp502lint/wp502lint/cmd/wp502lint@latest"

// Everything is built with one version of Go.
func TestGoVersion(t *testing.T) {
	text, err := os.ReadFile(".go-version")
	if err != nil {
		t.Fatal(err)
	}
	version := strings.TrimSpace(string(text))
	used := regexp.MustCompile(`golang:([\w.]+)-|go-version: (\d\S+)|go: \["[\d.]+", "([\d.]+)"`)
	for _, file := range recipes(t) {
		for i, line := range file.lines {
			if m := used.FindStringSubmatch(line); m != nil && m[1]+m[2]+m[3] != version {
				t.Errorf("%s:%d: Go %s, but .go-version has %s", file.path, i+1, m[1]+m[2]+m[3], version)
			}
		}
	}
}

// What SECURITY.md says: the program has no code that opens a connection, and only gittree
// can start a program.
func TestNoNetwork(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot start a program")
	}
	out, err := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./cmd/wp502lint").Output()
	if err != nil {
		t.Fatal(err)
	}
	starts := 0
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if slices.Contains([]string{"net", "net/http", "crypto/tls", "plugin"}, words[0]) {
			t.Errorf("the program contains %s", words[0])
		}
		if slices.Contains(words[1:], "os/exec") {
			starts++
			if words[0] != module+"/gittree" {
				t.Errorf("%s can start a program", words[0])
			}
		}
	}
	if starts != 1 {
		t.Errorf("%d packages can start a program", starts)
	}
}
