//go:build !js

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain gives the scripts two programs: wp502lint itself, and words, the
// same with rules that look for words, so that a script about flags does not
// depend on a real rule.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"wp502lint": main,
		"words": func() {
			os.Exit(command{os.Stdin, os.Stdout, os.Stderr, wordRules, nil}.main(os.Args[1:]))
		},
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE") == "1",
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"status": status},
		Condition:           condition,
	})
}

// status is the script command "status N PROGRAM [ARG...]": exec, with the exit
// status that is expected.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N PROGRAM [ARG...]")
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if want := args[0]; strconv.Itoa(got) != want {
		ts.Fatalf("exit status %d, want %s", got, want)
	}
}

// condition evaluates [full] (a device that is always full exists), [root] (permissions have
// no effect) and [shell:NAME] (the shell exists, which CI requires of those that it installs).
func condition(name string) (bool, error) {
	if shell, ok := strings.CutPrefix(name, "shell:"); ok {
		_, err := exec.LookPath(shell)
		if err != nil && os.Getenv("WP502LINT_LAB") == "1" && shell != "pwsh" {
			return false, err
		}
		return err == nil, nil
	}
	switch name {
	case "full":
		return exists("/dev/full"), nil
	case "root":
		return os.Getuid() == 0, nil
	}
	return false, fmt.Errorf("no condition is called %s", name)
}
