package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// The most that one package of the project may allocate at program start: for
// the declared expressions of log lines, the small tables that every run uses,
// and expressions that are not compiled yet.
const (
	maxStartAllocs = 100
	maxStartBytes  = 16 << 10
)

// A table that not every run uses is built on first use: a run on one site
// takes a few milliseconds, including the start.
func TestStart(t *testing.T) {
	cmd := exec.Command(build(t), "--version")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ours := 0
	for line := range strings.Lines(string(out)) {
		m := regexp.MustCompile(`^init (github\.com/wp502lint/\S+) .* (\d+) bytes, (\d+) allocs`).FindStringSubmatch(line)
		if m == nil {
			continue
		}
		ours++
		var bytes, allocs int
		fmt.Sscan(m[2]+" "+m[3], &bytes, &allocs)
		if bytes > maxStartBytes || allocs > maxStartAllocs {
			t.Errorf("%s allocates %d bytes, %d times, when the program starts; at most %d and %d", m[1], bytes, allocs, maxStartBytes, maxStartAllocs)
		}
	}
	if ours == 0 || strings.Contains(string(out), "blackfriday") {
		t.Errorf("the packages that start are\n%s", out)
	}
}
