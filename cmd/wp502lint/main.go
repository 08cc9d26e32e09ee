// Command wp502lint is a linter: it reads nginx and Apache configurations and PHP-FPM
// pools together and says what will answer 502 Bad Gateway.
package main

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/rules"
)

// The exit statuses. A problem with the run wins over findings.
const (
	exitClean    = 0
	exitFindings = 1
	exitTrouble  = 2
)

func main() {
	collectLate()
	keepBrokenPipes()
	os.Exit(command{os.Stdin, os.Stdout, os.Stderr, rules.All, rules.RunTime}.main(os.Args[1:]))
}

// command is one run of the program: its input, its outputs and its rules.
type command struct {
	stdin   io.Reader
	stdout  io.Writer
	stderr  io.Writer
	rules   []*lint.Rule
	runTime []*lint.Rule // those that only a log shows: they have pages and never run
}

// errFindings ends a successful run with findings.
var errFindings = errors.New("findings")

// errSaid ends a run whose problem is already on stderr.
var errSaid = errors.New("trouble")

// main runs the program with the arguments after its name and returns the exit
// status.
func (c command) main(args []string) int {
	out := bufio.NewWriterSize(c.stdout, 1<<16)
	err := run(app(c.guard(out)), args)
	if flushed := out.Flush(); flushed != nil {
		err = fmt.Errorf("cannot write the report: %w", flushed)
	}
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, errFindings):
		return exitFindings
	case !errors.Is(err, errSaid):
		c.complain("%v", err)
	}
	return exitTrouble
}

// complain writes one line about the run itself.
func (c command) complain(format string, args ...any) {
	fmt.Fprintf(c.stderr, "wp502lint: %s\n", report.Visible(fmt.Sprintf(format, args...)))
}

// guard returns stdout, and c with a stderr, on which no text is a workflow command in a
// step of a GitHub workflow.
func (c command) guard(stdout io.Writer) (io.Writer, command) {
	if os.Getenv("GITHUB_ACTIONS") != "true" {
		return stdout, c
	}
	c.stderr = &report.Log{W: c.stderr}
	return &report.Log{W: stdout, Token: rand.Text()}, c
}
