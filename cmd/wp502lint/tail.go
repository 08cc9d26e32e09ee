package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/source"
)

// tail is one log that is followed: by its name, so that it goes on in the file that takes the
// place of a rotated one, or from its start where it is cut.
type tail struct {
	name string
	open func() (*os.File, error)
	pipe *pipe // in place of open
	// named is set if the user named the file.
	named bool
	// once is set for a file that does not grow.
	once bool
	done bool
	why  string // it was not read yet

	file  *os.File
	at    int64  // bytes that were read
	rest  []byte // of a line without its end; before it the lines that ready counts
	ready int    // bytes of whole lines in rest
	long  bool   // the rest of a line that is too long follows
	stats logs.Stats
	seen  bool // it was opened
	// buffer is for reads of the file; nil between two polls.
	buffer []byte
}

// longest is how many bytes of a line are waited for. The rest of it is passed over.
const longest = 64 << 10

// tailNamed returns the tail of a log that the configuration names.
func tailNamed(in *inspection, name string) *tail {
	return &tail{name: in.scene.shown(&source.File{Name: name}), open: func() (*os.File, error) { return in.openLog(in.Tree.Fresh(), name) }}
}

// tailOf returns the tail of a stream.
func tailOf(r io.Reader) *tail { return &tail{name: "-", pipe: newPipe(r)} }

// tailsIn returns the tails of the files below a folder whose names are those of logs. Files that
// come later are not followed.
func (f *follower) tailsIn(dir string) (all []*tail, err error) {
	err = logsIn(dir, func(name string) {
		all = append(all, &tail{name: name, open: func() (*os.File, error) { return os.Open(name) }, named: true, once: diagnose.Rotated(name)})
	}, func(name string, err error) error {
		f.unread = true
		f.complain("cannot read %s: %v", name, cause(err))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("cannot follow %s: %w", dir, err)
	}
	return all, nil
}

// exists reports whether the file can be opened.
func (t *tail) exists() bool {
	f, err := t.open()
	if err == nil {
		f.Close()
	}
	return err == nil
}

// poll reads what is new, and returns how many bytes that is.
func (t *tail) poll(f *follower) int64 {
	before := t.stats.Bytes
	switch {
	case t.done:
	case t.pipe != nil:
		t.seen = true
		data, ended := t.pipe.take()
		if t.long {
			i := bytes.IndexByte(data, '\n')
			t.long, data = i < 0, data[i+1:]
			if i < 0 {
				data = nil
			}
		}
		t.rest = append(t.rest, data...)
		t.lines(f, ended)
		t.done = ended
	default:
		t.pollFile(f)
	}
	return t.stats.Bytes - before
}

// pollFile reads the rest of the open file, and then the file that has its name now.
func (t *tail) pollFile(f *follower) {
	next, err := t.open()
	if err == nil && t.file != nil {
		same, cut := t.compare(next)
		if !same { // what was written to it before it was moved away
			t.grow(f)
			t.lines(f, true)
			t.file.Close()
			t.file = nil
		} else {
			next.Close()
			if cut {
				t.rewind()
			}
		}
	}
	switch {
	case err != nil && t.file == nil:
		t.fail(f, err)
		return
	case err == nil && t.file == nil:
		t.file, t.why = next, ""
		t.at, t.rest, t.ready, t.long = 0, nil, 0, false
		if !t.seen {
			t.seen = true
			f.watch.Close(t.name, logs.Stats{})
		}
		if t.packed() {
			t.once = true
			if err := f.feed(t, t.file); err != nil {
				t.fail(f, err)
			}
		}
	}
	if !t.once || !t.packed() {
		t.grow(f)
	}
	if t.once {
		t.lines(f, true)
		t.file.Close()
		t.file, t.done = nil, true
	}
}

// fail says once why a file cannot be read. One that only the configuration names may be missing:
// nothing was logged yet.
func (t *tail) fail(f *follower, why error) {
	if t.why != "" || !t.named && passedOver(why) {
		return
	}
	missing := errors.Is(why, fs.ErrNotExist)
	t.why = cause(why).Error()
	wait := ""
	if missing {
		wait = "; waiting for it"
	}
	f.complain("cannot read %s: %s%s", t.name, t.why, wait)
}

// compare reports whether the open file is next, and whether it is shorter than what was read.
func (t *tail) compare(next *os.File) (same, cut bool) {
	now, err := next.Stat()
	open, openErr := t.file.Stat()
	if err != nil || openErr != nil {
		return true, false
	}
	return os.SameFile(now, open), now.Size() < t.at
}

// rewind starts again at the beginning of a file that was cut.
func (t *tail) rewind() {
	if _, err := t.file.Seek(0, io.SeekStart); err == nil {
		t.at, t.rest, t.ready, t.long = 0, nil, 0, false
	}
}

// packed reports whether the file is compressed.
func (t *tail) packed() bool {
	var start [2]byte
	n, _ := t.file.ReadAt(start[:], 0)
	return logs.Gzipped(start[:n])
}

// grow reads the rest of the open file.
func (t *tail) grow(f *follower) {
	if info, err := t.file.Stat(); err == nil && info.Size() <= t.at {
		return
	}
	if err := f.feed(t, (*whole)(t)); err != nil {
		t.fail(f, err)
	}
}

// lines feeds the whole lines of rest, and if it has ended all of it.
func (t *tail) lines(f *follower, ended bool) {
	end := bytes.LastIndexByte(t.rest, '\n') + 1
	if len(t.rest)-end > longest {
		t.long = true
	}
	if ended || t.long {
		end = len(t.rest)
	}
	if end == 0 {
		return
	}
	text := t.rest[:end]
	t.rest = bytes.Clone(t.rest[end:])
	if err := f.feed(t, bytes.NewReader(text)); err != nil {
		t.fail(f, err)
	}
}

// whole reads the whole lines of a tail's file: the last one may still be written.
type whole tail

// Read reads up to the last end of a line, and the start of a line that is too long as a line.
func (w *whole) Read(p []byte) (n int, err error) {
	for w.ready == 0 {
		if len(w.rest) > longest {
			w.rest = append(w.rest, '\n')
			w.ready, w.long = len(w.rest), true
			break
		}
		if w.buffer == nil {
			w.buffer = make([]byte, 256<<10)
		}
		got, err := w.file.Read(w.buffer)
		if got == 0 || err != nil {
			w.buffer = nil
			return 0, io.EOF
		}
		w.at += int64(got)
		more := w.buffer[:got]
		if w.long {
			i := bytes.IndexByte(more, '\n')
			if i < 0 {
				continue
			}
			w.long, more = false, more[i+1:]
		}
		kept := len(w.rest)
		w.rest = append(w.rest, more...)
		if i := bytes.LastIndexByte(more, '\n'); i >= 0 {
			w.ready = kept + i + 1
		}
	}
	n = copy(p, w.rest[:w.ready])
	w.rest, w.ready = w.rest[n:], w.ready-n
	return n, nil
}

// pipe is a stream that another goroutine reads ahead, so that nobody waits for it.
type pipe struct {
	mu    sync.Mutex
	data  []byte
	room  *sync.Cond
	ended bool
}

// readAhead is how many bytes of a pipe wait to be taken.
const readAhead = 8 << 20

func newPipe(r io.Reader) *pipe {
	p := &pipe{}
	p.room = sync.NewCond(&p.mu)
	go p.fill(r)
	return p
}

func (p *pipe) fill(r io.Reader) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := r.Read(buffer)
		p.mu.Lock()
		for len(p.data) > readAhead {
			p.room.Wait()
		}
		p.data = append(p.data, buffer[:n]...)
		p.ended = err != nil
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// take returns what came since the last call, and whether the stream has ended.
func (p *pipe) take() (data []byte, ended bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	data, p.data = p.data, nil
	p.room.Signal()
	return data, p.ended
}
