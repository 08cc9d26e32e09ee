package logs

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// all reads a log and returns what is in it.
func all(r io.Reader, o Options) ([]*Event, Stats, error) {
	var events []*Event
	s, err := Read(r, "error.log", o, func(e *Event) { events = append(events, e) })
	return events, s, err
}

// eventLine returns a line of nginx that is an event, and quietLine one that is none.
func eventLine(i int) string {
	return fmt.Sprintf(`2026/11/26 13:19:19 [error] 8#8: *%d recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 203.0.113.7, server: blog.example, request: "GET /%d HTTP/1.1", upstream: "fastcgi://127.0.0.1:9000", host: "blog.example"`, i, i)
}

func quietLine(i int) string {
	return fmt.Sprintf(`203.0.113.9 - - [26/Nov/2026:13:19:20 +0000] "GET /item-%d/ HTTP/1.1" 200 %d "-" "Mozilla/5.0 (X11; Linux x86_64)"`, i, i)
}

// TestOrder reads a log of many chunks: events come in their order, with their lines.
func TestOrder(t *testing.T) {
	var b strings.Builder
	var want []int
	for i := 1; i <= 40_000; i++ {
		if i%7 == 0 {
			b.WriteString(eventLine(i) + "\n")
			want = append(want, i)
		} else {
			b.WriteString(quietLine(i) + "\n")
		}
	}
	for name, r := range map[string]io.Reader{"whole": strings.NewReader(b.String()), "halves": iotest.HalfReader(strings.NewReader(b.String())),
		"late end": iotest.DataErrReader(strings.NewReader(b.String())), "lines": &lineReader{text: b.String()}} {
		events, s, err := all(r, Options{})
		if err != nil || len(events) != len(want) || s.Lines != 40_000 || s.Access != 40_000-int64(len(want)) || s.Bytes != int64(b.Len()) {
			t.Fatal(name, err, len(events), s)
		}
		for i, e := range events {
			if e.At != (Place{"error.log", want[i]}) || e.Request.URI != fmt.Sprintf("/%d", want[i]) {
				t.Fatal(name, i, e.At, e.Request.URI)
			}
		}
	}
}

// lineReader gives one line at a time, as a program that writes a log does.
type lineReader struct{ text string }

func (r *lineReader) Read(p []byte) (int, error) {
	if r.text == "" {
		return 0, io.EOF
	}
	n := copy(p, r.text[:strings.IndexByte(r.text, '\n')+1])
	r.text = r.text[n:]
	return n, nil
}

// TestReaders reads small logs a byte at a time and from readers that fail.
func TestReaders(t *testing.T) {
	text := eventLine(1) + "\n" + quietLine(2) + "\n" + eventLine(3)
	events, s, err := all(iotest.OneByteReader(strings.NewReader(text)), Options{})
	if err != nil || len(events) != 2 || s.Lines != 3 || s.Bytes != int64(len(text)) {
		t.Error(err, len(events), s)
	}
	broken := errors.New("broken")
	events, s, err = all(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)), Options{})
	if !errors.Is(err, broken) || len(events) != 2 || s.Lines != 3 {
		t.Error(err, len(events), s)
	}
	if _, _, err = all(stuck{}, Options{}); !errors.Is(err, io.ErrNoProgress) {
		t.Error(err)
	}
	for _, text := range []string{"", "\n", "\x1f", "x"} {
		if events, s, err := all(strings.NewReader(text), Options{}); err != nil || len(events) != 0 || s.Bytes != int64(len(text)) {
			t.Error(text, err, events, s)
		}
	}
}

// stuck is a reader that never gives anything.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

// TestLive reads from a program that goes on: what it wrote is yielded before it writes more.
func TestLive(t *testing.T) {
	r, w := io.Pipe()
	seen, done := make(chan int), make(chan error)
	go func() {
		_, err := Read(r, "-", Options{Live: true}, func(e *Event) { seen <- e.At.Line })
		done <- err
	}()
	for i := 1; i <= 3; i++ {
		io.WriteString(w, eventLine(i)+"\n")
		select {
		case line := <-seen:
			if line != i {
				t.Fatal(line)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("no event")
		}
	}
	w.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestGzip reads compressed logs: of several members, cut, and broken.
func TestGzip(t *testing.T) {
	pack := func(text string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		io.WriteString(z, text)
		z.Close()
		return b.Bytes()
	}
	one, two := pack(eventLine(1)+"\n"+quietLine(2)+"\n"), pack(eventLine(3)+"\n")
	events, s, err := all(bytes.NewReader(append(bytes.Clone(one), two...)), Options{})
	if err != nil || len(events) != 2 || s.Lines != 3 {
		t.Error(err, len(events), s)
	}
	var long strings.Builder
	for i := range 50_000 {
		long.WriteString(eventLine(i*7919) + "\n")
	}
	packed := pack(long.String())
	events, s, err = all(bytes.NewReader(packed[:len(packed)/2]), Options{})
	if !errors.Is(err, io.ErrUnexpectedEOF) || len(events) < 1000 || s.Events != int64(len(events)) {
		t.Error(err, len(events), s.Events)
	}
	packed[len(packed)-6] ^= 1
	if events, _, err = all(bytes.NewReader(packed), Options{}); !errors.Is(err, gzip.ErrChecksum) || len(events) != 50_000 {
		t.Error(err, len(events))
	}
	if _, _, err = all(bytes.NewReader(one[:5]), Options{}); err == nil {
		t.Error("no error for a cut head")
	}
	if _, _, err = all(strings.NewReader("\x1f\x8bnothing"), Options{}); err == nil {
		t.Error("no error for a broken head")
	}
}

// TestLongLines reads lines that are longer than what is kept, and than the memory for a chunk.
func TestLongLines(t *testing.T) {
	for _, n := range []int{MaxText, maxLine, chunkSize - 1, chunkSize, chunkSize + 1, 3*chunkSize + 17, 10 << 20} {
		long := eventLine(2) + strings.Repeat("x", n)
		text := eventLine(1) + "\n" + long + "\n" + eventLine(3) + "\n" + strings.Repeat("\x00", n) + eventLine(4) + "\n"
		events, s, err := all(strings.NewReader(text), Options{})
		if err != nil || s.Lines != 4 || s.Bytes != int64(len(text)) || len(events) != 4 {
			t.Fatal(n, err, s, len(events))
		}
		for i, e := range events {
			if e.At.Line != i+1 || len(e.Text) > MaxText {
				t.Error(n, e.At, len(e.Text))
			}
		}
	}
}

// TestPanic stops when the caller does.
func TestPanic(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	log := bytes.Repeat([]byte(eventLine(1)+"\n"), 20_000)
	Read(bytes.NewReader(log), "log", Options{}, func(*Event) { panic("enough") })
}

// TestSinceUntil leaves out events by their time.
func TestSinceUntil(t *testing.T) {
	text := "2026/11/26 13:00:00 " + eventLine(1)[20:] + "\n2026/11/26 14:00:00 " + eventLine(2)[20:] + "\n2026/11/26 15:00:00 " + eventLine(3)[20:] + "\n" + eventLine(4)[20:] + "\n"
	at := time.Date(2026, 11, 26, 14, 0, 0, 0, time.UTC)
	events, s, err := all(strings.NewReader(text), Options{Since: at, Until: at})
	if err != nil || len(events) != 2 || events[0].At.Line != 2 || events[1].At.Line != 4 || s.Events != 2 {
		t.Error(err, events, s)
	}
	const served = `203.0.113.7 - - [26/Nov/2026:%d:00:00 +0000] "GET / HTTP/1.1" 200 5` + "\n"
	text = fmt.Sprintf(served, 13) + strings.Repeat(fmt.Sprintf(served, 15), maxEdge+1)
	if _, s, err = all(strings.NewReader(text), Options{Until: at}); err != nil || s.ServedLine != 1 || !s.LastServed.Equal(at.Add(-time.Hour)) {
		t.Error(err, s)
	}
}

// stream is a long log that is made while it is read.
type stream struct {
	block []byte
	left  int64
	at    int
}

func (s *stream) Read(p []byte) (int, error) {
	if s.left <= 0 {
		return 0, io.EOF
	}
	n := copy(p, s.block[s.at:])
	s.at = (s.at + n) % len(s.block)
	s.left -= int64(n)
	return n, nil
}

// TestMemory reads 256 MiB of each kind of log in a few MiB of memory.
func TestMemory(t *testing.T) {
	for name, block := range map[string][]byte{
		"access": repeated(1<<20, accessForm), "errors": repeated(1<<20, quietForm), "events": repeated(1<<20, eventForm), "one line": bytes.Repeat([]byte("x"), 1<<20),
	} {
		size := int64(256 << 20)
		if name == "events" || testing.Short() {
			size = 32 << 20
		}
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		peak := uint64(0)
		watch := &watched{stream{block: block, left: size}, &peak, 0}
		s, err := Read(watch, name, Options{Now: now}, func(*Event) {})
		runtime.ReadMemStats(&after)
		if err != nil || s.Bytes < size {
			t.Error(name, err, s)
		}
		if peak > before.HeapAlloc+32<<20 {
			t.Errorf("%s: %d MiB of memory", name, (peak-before.HeapAlloc)>>20)
		}
	}
}

// watched is a stream that looks at the memory in use from time to time.
type watched struct {
	stream
	peak  *uint64
	reads int
}

func (w *watched) Read(p []byte) (int, error) {
	if w.reads++; w.reads%64 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		*w.peak = max(*w.peak, m.HeapAlloc)
	}
	return w.stream.Read(p)
}

// A folder of many small logs takes no more memory than one log.
func TestManyLogs(t *testing.T) {
	const count = 1000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range count {
		if _, s, err := all(strings.NewReader("a line\n"), Options{}); err != nil || s.Lines != 1 {
			t.Fatal(s, err)
		}
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / count; each > chunkSize {
		t.Errorf("%d bytes for each log", each)
	}
}

// Forms that are not read name the command that makes text of them.
func TestPacked(t *testing.T) {
	for start, command := range map[string]string{"\xfd7zXZ\x00": "xzcat", "\x28\xb5\x2f\xfd": "zstdcat", "\x04\x22\x4d\x18": "lz4cat", "\xff\xfea\x00": "iconv", "BZh91AY&SY": "bzcat"} {
		if _, _, err := all(strings.NewReader(start), Options{}); err == nil || !strings.Contains(err.Error(), command) {
			t.Errorf("%q: %v", start, err)
		}
	}
}
