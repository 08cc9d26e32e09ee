package logs

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/wp502lint/wp502lint/servers"
)

// FuzzParse parses any line: what it says is from the line and the table.
func FuzzParse(f *testing.F) {
	for _, s := range servers.Signatures() {
		f.Add(s.Example)
	}
	files, _ := filepath.Glob("testdata/forms/*.log")
	for _, file := range files {
		log, _ := os.ReadFile(file)
		for line := range strings.Lines(string(log)) {
			f.Add(line)
		}
		f.Add(string(log))
	}
	f.Fuzz(func(t *testing.T, line string) {
		// An object may name its status twice.
		if len(line) < maxLine && !strings.Contains(line, "\n") && !strings.Contains(line, `status`) {
			quick := worker{o: Options{Now: now}}
			sameLine(t, &quick, line)
			sameLine(t, &quick, line)
		}
		e, ok := Parse(line, Options{Now: now})
		if !ok {
			return
		}
		if len(e.Text) > MaxText {
			t.Error("long:", len(e.Text))
		}
		switch {
		case e.Row == nil && !failing(e.Request.Status):
			t.Error("an access line of status", e.Request.Status)
		case e.Row != nil && len(e.values) != len(table().groups[e.Row]):
			t.Error("groups:", e.Row.Name, e.values)
		}
		if e.Clock == NoClock && !e.Time.IsZero() {
			t.Error("a time without a clock:", e.Time)
		}
	})
}

// FuzzRead reads any log, whole and a byte at a time: both say the same, and the numbers are
// those of the log.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/forms/*.log")
	for _, file := range files {
		log, _ := os.ReadFile(file)
		f.Add(log)
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(log)
		z.Close()
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, log []byte) {
		if len(log) > 1<<20 || unpacking(log) != "" {
			return
		}
		events, s, err := all(bytes.NewReader(log), Options{Now: now})
		if int64(len(events)) != s.Events || s.Access > s.Lines*64 {
			t.Error(len(events), s)
		}
		packed := Gzipped(log)
		if !packed {
			lines := int64(bytes.Count(log, []byte{'\n'}))
			if len(log) > 0 && log[len(log)-1] != '\n' {
				lines++
			}
			if err != nil || s.Bytes != int64(len(log)) || s.Lines != lines {
				t.Error(err, s, lines)
			}
		}
		last := 0
		for _, e := range events {
			if e.At.Line < last || int64(e.At.Line) > s.Lines || len(e.Text) > MaxText {
				t.Error(e.At, last, s.Lines, len(e.Text))
			}
			last = e.At.Line
		}
		if packed || len(log) > 4<<10 {
			return
		}
		var slow io.Reader = iotest.OneByteReader(bytes.NewReader(log))
		_, bytewise, err := all(slow, Options{Now: now})
		if err != nil || bytewise.Lines != s.Lines || bytewise.Bytes != s.Bytes {
			t.Error(err, bytewise, s)
		}
	})
}
