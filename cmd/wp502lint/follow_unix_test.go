//go:build unix

package main

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Ctrl-C ends following with the exit status of what was seen.
func TestFollowUntilInterrupted(t *testing.T) {
	program := build(t)
	for text, want := range map[string]int{failedAt(1, "a"): exitFindings, "nothing\n": exitClean} {
		c := exec.Command(program, "diagnose", "--follow", newLog(t, text).name)
		stdout, err := c.StdoutPipe()
		if err == nil {
			err = c.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			if strings.HasSuffix(lines.Text(), "Ctrl-C ends it") {
				if err := c.Process.Signal(os.Interrupt); err != nil {
					t.Error(err)
				}
			}
		}
		_ = c.Wait() // the status is what matters
		if got := c.ProcessState.ExitCode(); got != want {
			t.Errorf("exit status %d, want %d", got, want)
		}
	}
}
