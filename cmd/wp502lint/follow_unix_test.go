//go:build unix

package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Ctrl-C ends following with the exit status of what was seen.
func TestFollowUntilInterrupted(t *testing.T) {
	program := build(t)
	for text, want := range map[string]int{failedAt(1, "a"): exitFindings, "nothing\n": exitClean} {
		if _, _, got := interrupted(t, program, newLog(t, text).name); got != want {
			t.Errorf("exit status %d, want %d", got, want)
		}
	}
}

// interrupted follows logs until it waits for more, and returns what was said and the exit status.
func interrupted(t *testing.T, program string, args ...string) (said, complaints string, status int) {
	t.Helper()
	c := exec.Command(program, append([]string{"diagnose", "--follow"}, args...)...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	stdout, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		said += lines.Text() + "\n"
		if strings.HasSuffix(lines.Text(), "Ctrl-C ends it") {
			if err := c.Process.Signal(os.Interrupt); err != nil {
				t.Error(err)
			}
		}
	}
	_ = c.Wait() // the status is what matters
	return said, stderr.String(), c.ProcessState.ExitCode()
}

// The logs that a configuration names are followed where its own root has them, and what is not a
// file is passed over: a FIFO would wait for a writer.
func TestFollowNamed(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"etc/nginx/nginx.conf": "error_log /var/log/nginx/error.log;\nevents {}\nhttp { access_log /var/log/pipe.log; }\n",
		"data/error.log":       failedAt(1, "a"),
	} {
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{
		os.MkdirAll(filepath.Join(root, "var/log"), 0o777), os.Symlink("/data", filepath.Join(root, "var/log/nginx")),
		syscall.Mkfifo(filepath.Join(root, "var/log/pipe.log"), 0o666),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	said, complaints, status := interrupted(t, build(t), "--root", root)
	if status != exitFindings || !strings.Contains(said, "/run/a.sock") || complaints != "" {
		t.Errorf("exit status %d\n%s%s", status, said, complaints)
	}
}
