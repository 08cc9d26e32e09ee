package wp502lint_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The program built for js/wasm says about the demo what the one built for this
// machine says. It runs under node, with the loader that Go brings.
func TestWASM(t *testing.T) {
	want, wantStatus := lintDemo(t, demoArgs(t)[0]...)
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("WP502LINT_LAB") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "wp502lint.wasm")
	build := exec.Command("go", "build", "-o", program, "./cmd/wp502lint")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	loader := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec_node.js")
	cmd := exec.Command(node, append([]string{loader, program}, demoArgs(t)[0]...)...)
	// The loader has room for 12 KiB of arguments and environment together.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	got, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if status := cmd.ProcessState.ExitCode(); status != wantStatus || !bytes.Equal(got, want) {
		t.Errorf("under node: exit status %d\n%s\nwant %d\n%s", status, got, wantStatus, want)
	}
}
