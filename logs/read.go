package logs

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"
)

// ahead is how many chunks may wait for an earlier one.
const ahead = 4

// Read reads one log, which may be compressed by gzip, and yields the lines that matter in their
// order; name is what the events say of the file. An error is that of r or of the
// compression; what was read before it is kept. It keeps a few chunks of the log in memory, however
// long the log and its lines are. Other goroutines read from r, but not after Read has returned.
// What is short may be what somebody pasted: its lines may have been cut and wrapped.
func Read(r io.Reader, name string, o Options, yield func(*Event)) (Stats, error) {
	in := bufio.NewReaderSize(r, 4<<10) // larger reads pass it by
	text, err := unpacked(in)
	if err != nil {
		return Stats{}, err
	}
	p := &pipeline{source: &source{r: text, live: o.Live}, order: make(chan *chunk, ahead), stop: make(chan struct{})}
	defer p.end()
	for range min(2, runtime.GOMAXPROCS(0)) {
		p.workers.Go(func() { p.work(&worker{o: o}) })
	}
	var s Stats
	for c := range p.order {
		<-c.done
		s.add(c, name, &o, yield)
		c.recycle()
	}
	return s, p.source.err
}

// gzipped is how a file of gzip begins.
const gzipped = "\x1f\x8b"

// packings are the commands that make text of other files, by how those begin (the formats of xz,
// zstd, lz4 and bzip2, and the byte order marks of Unicode). bzip2 is not read since a few bytes of
// it may be a text without end.
var packings = []struct{ start, command string }{
	{"\xfd7zXZ", "xzcat"},
	{"\x28\xb5\x2f\xfd", "zstdcat"},
	{"\x04\x22\x4d\x18", "lz4cat"},
	{"BZh", "bzcat"},
	{"\xff\xfe", "iconv -f UTF-16 -t UTF-8"},
	{"\xfe\xff", "iconv -f UTF-16 -t UTF-8"},
}

// longest is the length of the longest start.
const longest = 5

// unpacked returns the text of a log that may be compressed. The error tells the command for a
// form that is not read.
func unpacked(in *bufio.Reader) (io.Reader, error) {
	start, _ := in.Peek(longest)
	if Gzipped(start) {
		return gzip.NewReader(bufio.NewReaderSize(in, chunkSize))
	}
	if command := unpacking(start); command != "" {
		return nil, fmt.Errorf("this form is not read; convert it: %s FILE | wp502lint diagnose -", command)
	}
	return in, nil
}

// Gzipped reports whether a file that begins so is compressed by gzip.
func Gzipped(start []byte) bool { return bytes.HasPrefix(start, []byte(gzipped)) }

// unpacking returns the command that makes text of a file that begins so; "" for one that is read.
func unpacking(start []byte) string {
	for _, p := range packings {
		if bytes.HasPrefix(start, []byte(p.start)) {
			return p.command
		}
	}
	return ""
}

// pipeline reads chunks and looks for events in several of them at once.
type pipeline struct {
	mu      sync.Mutex
	source  *source
	order   chan *chunk // in the order of the log
	stop    chan struct{}
	workers sync.WaitGroup
}

// work takes chunk after chunk from the source.
func (p *pipeline) work(w *worker) {
	for {
		c := p.next()
		if c == nil {
			return
		}
		w.run(c)
		close(c.done)
	}
}

// next returns the next chunk, which it announces; nil at the end.
func (p *pipeline) next() *chunk {
	p.mu.Lock()
	defer p.mu.Unlock()
	ended := p.source.ended
	c := p.source.next()
	if c != nil {
		select {
		case p.order <- c:
		case <-p.stop:
			return nil
		}
	}
	if p.source.ended && !ended {
		close(p.order)
	}
	return c
}

// end waits for the workers, also when yield panics.
func (p *pipeline) end() {
	close(p.stop)
	p.workers.Wait()
}

// add adds what is in a chunk, and yields its events.
func (s *Stats) add(c *chunk, name string, o *Options, yield func(*Event)) {
	for _, e := range c.events {
		if o.outside(e) {
			s.Outside++
			continue
		}
		s.Events++
		e.At.File = name
		e.At.Line += int(s.Lines)
		yield(e)
	}
	more := Stats{
		Bytes: c.size, Lines: c.lines, Access: c.access, Strange: c.strange, Samples: c.samples,
		First: c.first, Last: c.last, LastServed: c.served, ServedLine: s.Lines + c.servedLine,
	}
	for i := range more.Samples {
		more.Samples[i].At = Place{name, more.Samples[i].At.Line + int(s.Lines)}
	}
	s.Add(more)
}

// outside reports whether the options leave an event out.
func (o *Options) outside(e *Event) bool {
	if e.Clock != Zoned && e.Clock != Local {
		return false
	}
	return !o.Since.IsZero() && e.Time.Before(o.Since) || o.late(e.Time)
}

// late reports whether a time is after those that the options take.
func (o *Options) late(t time.Time) bool { return !o.Until.IsZero() && t.After(o.Until) }
