package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// build builds the program as in a release, executable for every account.
func build(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot start a program")
	}
	program := filepath.Join(openFolder(t), "wp502lint")
	if out, err := exec.Command("go", "build", "-tags", "urfave_cli_no_docs", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// openFolder returns a new folder that every account may search.
func openFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// skip skips a test that this machine cannot run, and fails it where CI requires it.
func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("WP502LINT_LAB") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}
