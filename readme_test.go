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

// demos are the runs of the README: the names of the marks around the output of each, in the
// order of the commands, with the exit status.
var demos = []struct {
	name   string
	status int
}{{"demo", 1}, {"demo-apache", 1}, {"demo-compose", 1}, {"machines", 0}, {"line", 1}, {"line-host", 1}}

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// demoArgs are the arguments of the commands of the README that run the program on demos.
func demoArgs(t *testing.T) (all [][]string) {
	t.Helper()
	lines := regexp.MustCompile(`(?m)^go run \./cmd/wp502lint (.+)$`).FindAllStringSubmatch(readme(t), -1)
	if len(lines) != len(demos) {
		t.Fatalf("the README has %d commands that run the program, want %d", len(lines), len(demos))
	}
	for _, line := range lines {
		var args []string
		for _, word := range regexp.MustCompile(`'[^']*'|\S+`).FindAllString(line[1], -1) {
			args = append(args, strings.Trim(word, "'"))
		}
		all = append(all, args)
	}
	return all
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

// The outputs in the README are what the commands above them print.
func TestReadmeRun(t *testing.T) {
	for i, args := range demoArgs(t) {
		demo := demos[i]
		out, status := lintDemo(t, args...)
		if status != demo.status {
			t.Errorf("%s: exit status %d, want %d", demo.name, status, demo.status)
		}
		text := readme(t)
		before, rest, ok := strings.Cut(text, "<!-- "+demo.name+" -->\n")
		got, after, closed := strings.Cut(rest, "<!-- /"+demo.name+" -->")
		if !ok || !closed {
			t.Fatalf("README.md lacks the marks of %s", demo.name)
		}
		want := "```text\n" + string(out) + "```\n"
		switch {
		case got == want:
		case os.Getenv("UPDATE") == "1":
			text = before + "<!-- " + demo.name + " -->\n" + want + "<!-- /" + demo.name + " -->" + after
			if err := os.WriteFile("README.md", []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		default:
			t.Errorf("the run of %s in README.md is stale; UPDATE=1 go test . writes it anew. It has\n%s\nwant\n%s", demo.name, got, want)
		}
	}
}

func TestReadmeTests(t *testing.T) {
	if n := strings.Count(readme(t), "\ngo test "); n != 1 {
		t.Errorf("the README has %d commands that run tests, want 1", n)
	}
}

// Every flag that the README names is in the help.
func TestReadmeFlags(t *testing.T) {
	help, _ := lintDemo(t, "check", "--help")
	for _, command := range []string{"diagnose", "upgrade"} {
		more, _ := lintDemo(t, command, "--help")
		help = append(help, more...)
	}
	others := regexp.MustCompile(`(?m)^(?:docker|journalctl|kubectl) .* \| |^  (?:curl|ss|nginx) .*$|^\| (?:macOS|containers).*$`) // the flags of other programs
	for _, flag := range regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(others.ReplaceAllString(readme(t), ""), -1) {
		if !regexp.MustCompile(flag + `\b`).Match(help) {
			t.Errorf("the README names %s, which the help does not have", flag)
		}
	}
}

// Every file that a page links to exists.
func TestLinks(t *testing.T) {
	pages := []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/PERFORMANCE.md", "docs/CI.md", "docs/LAB.md", "docs/MACHINES.md", "docs/UPGRADE.md", "docs/INSTALL.md", "docs/TROUBLESHOOTING.md", "docs/README.md", "deploy/ansible/README.md"}
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
	if name := os.Getenv("WP502LINT_SARIF"); name != "" {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		checkSARIF(t, text)
		return
	}
	for _, args := range demoArgs(t)[:2] {
		text, _ := lintDemo(t, append(args, "--format", "sarif")...)
		checkSARIF(t, text)
	}
}

func checkSARIF(t *testing.T, text []byte) {
	t.Helper()
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
