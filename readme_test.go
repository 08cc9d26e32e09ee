package wp502lint_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The marks between which the README has the output of its first command.
const (
	demoBegin = "<!-- demo -->\n"
	demoEnd   = "<!-- /demo -->"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// demoArgs are the arguments of the one command of the README that lints the
// demo.
func demoArgs(t *testing.T) []string {
	t.Helper()
	lines := regexp.MustCompile(`(?m)^go run \./cmd/wp502lint (.+)$`).FindAllStringSubmatch(readme(t), -1)
	if len(lines) != 1 {
		t.Fatalf("the README has %d commands that run the program, want 1", len(lines))
	}
	return strings.Fields(lines[0][1])
}

// lintDemo builds the program and returns what it prints and its exit status.
func lintDemo(t *testing.T, args ...string) (stdout []byte, status int) {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot start a program")
	}
	program := filepath.Join(t.TempDir(), "wp502lint")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/wp502lint").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var stderr bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stderr = &stderr
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "WP502LINT_") && !strings.HasPrefix(variable, "CLICOLOR") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	stdout, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if stderr.Len() > 0 {
		t.Errorf("on stderr:\n%s", stderr.String())
	}
	return stdout, cmd.ProcessState.ExitCode()
}

// The output in the README is what the command above it prints.
func TestReadmeRun(t *testing.T) {
	out, status := lintDemo(t, demoArgs(t)...)
	if status != 1 {
		t.Errorf("exit status %d, want 1", status)
	}
	text := readme(t)
	before, rest, ok := strings.Cut(text, demoBegin)
	got, after, closed := strings.Cut(rest, demoEnd)
	if !ok || !closed {
		t.Fatalf("README.md lacks %s or %s", demoBegin, demoEnd)
	}
	want := "```text\n" + string(out) + "```\n"
	if got == want {
		return
	}
	if os.Getenv("UPDATE") == "1" {
		if err := os.WriteFile("README.md", []byte(before+demoBegin+want+demoEnd+after), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the run in README.md is stale; UPDATE=1 go test . writes it anew. It has\n%s\nwant\n%s", got, want)
}

func TestReadmeTests(t *testing.T) {
	if n := strings.Count(readme(t), "\ngo test "); n != 1 {
		t.Errorf("the README has %d commands that run tests, want 1", n)
	}
}

// Every flag that the README names is in the help.
func TestReadmeFlags(t *testing.T) {
	help, _ := lintDemo(t, "check", "--help")
	for _, flag := range regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(readme(t), -1) {
		if !regexp.MustCompile(flag + `\b`).Match(help) {
			t.Errorf("the README names %s, which the help does not have", flag)
		}
	}
}

// Every file that a page links to is there.
func TestLinks(t *testing.T) {
	pages := []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/PERFORMANCE.md", "docs/CI.md", "docs/LAB.md", "deploy/ansible/README.md"}
	link := regexp.MustCompile(`\]\(([^)#]+)[^)]*\)`)
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
			}
		}
	}
}

// What is said about the demo for code scanning is valid, and points at files
// of the repository. WP502LINT_SARIF names a report to look at instead.
func TestSARIF(t *testing.T) {
	var text []byte
	if name := os.Getenv("WP502LINT_SARIF"); name != "" {
		var err error
		if text, err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	} else {
		text, _ = lintDemo(t, append(demoArgs(t), "--format", "sarif")...)
	}
	name, err := filepath.Abs("report/testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(document); err != nil {
		t.Errorf("%v", err)
	}
	var report struct {
		Runs []struct {
			Results []struct {
				RuleID    string
				Locations []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
			}
		}
	}
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Runs) != 1 || len(report.Runs[0].Results) == 0 {
		t.Fatalf("want one run with results:\n%s", text)
	}
	for _, result := range report.Runs[0].Results {
		uri := result.Locations[0].PhysicalLocation.ArtifactLocation.URI
		if _, err := os.Stat(uri); err != nil || filepath.IsAbs(uri) {
			t.Errorf("%s points at %q: %v", result.RuleID, uri, err)
		}
	}
}
