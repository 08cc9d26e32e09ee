//go:build linux

package lab

import (
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/servers"
)

// rowsWritten collects the rows of servers.Signatures of which a server wrote a line. Many
// goroutines may use one.
type rowsWritten struct {
	mu   sync.Mutex
	rows map[*servers.Signature]string // and the first line of each
	met  map[string]bool               // lines, without what differs between runs
}

// seenRows are what the servers wrote in all tests until now.
var seenRows = rowsWritten{rows: map[*servers.Signature]string{}, met: map[string]bool{}}

// tryAndSee is TryCase, and collects what the servers write.
func tryAndSee(c *cases.Case, p Programs, stage string) (*Result, error) {
	r, err := TryCase(c, p, stage)
	if err == nil {
		for _, lines := range r.Lines {
			seenRows.lines(lines)
		}
	}
	return r, err
}

// tryOnce is tryAndSee for a case that several proofs need: what was tried before is not tried again.
func tryOnce(c *cases.Case, p Programs, stage string) (*Result, error) {
	key := fmt.Sprintf("%v %s %+v", p.Names(), stage, *c)
	if known, ok := tries.Load(key); ok {
		return known.(*Result), nil
	}
	r, err := tryAndSee(c, p, stage)
	if err == nil {
		tries.Store(key, r)
	}
	return r, err
}

var tries sync.Map // of *Result, by what was tried

// lines adds lines of a server.
func (w *rowsWritten) lines(lines []string) {
	for _, line := range lines {
		if text := undated(line); w.isNew(text) {
			w.found(servers.SignatureOf(line), text)
		}
	}
}

func (w *rowsWritten) isNew(text string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	known := w.met[text]
	w.met[text] = true
	return !known
}

func (w *rowsWritten) found(row *servers.Signature, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.rows[row]; !ok {
		w.rows[row] = text
	}
}

// Servers write the lines of all rows that are measured. It is the last test: the others let
// the servers write.
func TestMeasured(t *testing.T) {
	needServers(t)
	if os.Getenv("WP502LINT_LAB") != "1" || flag.Lookup("test.run").Value.String() != "" {
		t.Skip("only in the lab, and with all other tests")
	}
	for _, row := range servers.Signatures() {
		line := seenRows.rows[row]
		switch {
		case line == "" && row.Proof == servers.Measured:
			t.Errorf("no server wrote a line of %s", row.Name)
		case line != "" && row.Proof != servers.Measured:
			t.Logf("%s is measured: %s", row.Name, line)
		}
	}
}
