package bundle

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/servers"
)

// The bundle says how to find out what is not known.
func TestNothingKnown(t *testing.T) {
	var text, archive bytes.Buffer
	c := &Case{Now: time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)}
	if err := Markdown(&text, c); err != nil {
		t.Fatal(err)
	}
	if err := Zip(&archive, c); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(text.String(), "To copy:\n"); n < points {
		t.Errorf("%d of %d points are asked for:\n%s", n, points, text.String())
	}
	if !bytes.Contains(archive.Bytes(), []byte(Name)) || !strings.Contains(text.String(), Mark) {
		t.Error("a bundle is not known as one")
	}
}

// No line of a log ends its block of code, or is Markdown.
func TestHostileLine(t *testing.T) {
	line := diagnose.Line{Sample: logs.Sample{At: logs.Place{File: "a`|b\n# c", Line: 1}, Text: "x ```\n# heading\n````` \x1b[31m"}, By: servers.Kernel, Sign: servers.OOMKill}
	var text bytes.Buffer
	if err := Markdown(&text, &Case{Kept: &diagnose.Kept{Deaths: []diagnose.Dated{{Line: line}}}, Diagnosis: &diagnose.Diagnosis{Files: []diagnose.File{{Name: "a`|b\n# c"}}}}); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"\n# heading", "\n# c", "\x1b"} {
		if strings.Contains(text.String(), bad) {
			t.Errorf("%q is in\n%s", bad, text.String())
		}
	}
	if !strings.Contains(text.String(), "\n``````\n") {
		t.Errorf("the fence is too short:\n%s", text.String())
	}
}
