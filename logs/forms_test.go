package logs

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// now is today in the tests.
var now = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// TestForms reads a log of each form in which people have them, and compares what was read with
// the file beside it. UPDATE=1 writes those files.
func TestForms(t *testing.T) {
	files, err := filepath.Glob("testdata/forms/*.log")
	if err != nil || len(files) < 50 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			log, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(file, ".log") + ".want"
			got := drawn(t, log)
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, _ := os.ReadFile(golden)
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// drawn reads a log and writes what is in it.
func drawn(t *testing.T, log []byte) string {
	t.Helper()
	var b strings.Builder
	s, err := Read(bytes.NewReader(log), "log", Options{Now: now}, func(e *Event) { b.WriteString(drawnEvent(e)) })
	if err != nil {
		t.Error(err)
	}
	if s.Bytes != int64(len(log)) {
		t.Errorf("%d bytes of %d", s.Bytes, len(log))
	}
	fmt.Fprintf(&b, "lines %d, events %d, access %d, strange %d\n", s.Lines, s.Events, s.Access, s.Strange)
	for _, sample := range s.Samples {
		fmt.Fprintf(&b, "strange %d: %s\n", sample.At.Line, sample.Text)
	}
	for _, at := range []struct {
		name string
		time time.Time
	}{{"first", s.First}, {"last", s.Last}, {"served", s.LastServed}} {
		if !at.time.IsZero() {
			fmt.Fprintf(&b, "%s %s\n", at.name, at.time.Format(time.RFC3339Nano))
		}
	}
	return b.String()
}

// drawnEvent writes an event.
func drawnEvent(e *Event) string {
	var b strings.Builder
	name := fmt.Sprint("access ", e.Request.Status)
	if e.Row != nil {
		name = e.Row.Name
	}
	fmt.Fprintf(&b, "%d %s", e.At.Line, name)
	switch e.Clock {
	case Zoned, Local:
		fmt.Fprintf(&b, " %s %s", e.Time.Format(time.RFC3339Nano), map[Clock]string{Zoned: "zoned", Local: "local"}[e.Clock])
	case Boot:
		fmt.Fprintf(&b, " %s since boot", e.Time.Sub(time.Time{}))
	}
	if e.Writer != "" {
		fmt.Fprintf(&b, " writer=%s", e.Writer)
	}
	if e.Row != nil {
		for _, group := range table().groups[e.Row] {
			if v := e.Field(group); v != "" {
				fmt.Fprintf(&b, " %s=%s", group, v)
			}
		}
	}
	if e.Request != (Request{}) {
		fmt.Fprintf(&b, " %+v", e.Request)
	}
	fmt.Fprintf(&b, "\n\t%q\n", e.Text)
	return b.String()
}
