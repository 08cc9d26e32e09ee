package logs

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

const (
	// chunkSize is how much of a log is read at once: it fits into the cache of a processor.
	chunkSize = 256 << 10
	// maxLine is how many bytes of a line are looked at.
	maxLine = 64 << 10
	// maxPaste is the size up to which a log may be what somebody pasted: its lines may have been
	// wrapped.
	maxPaste = 64 << 10
	// patience is how often a reader may give nothing.
	patience = 100
)

// source cuts a log into chunks of whole lines.
type source struct {
	r      io.Reader
	live   bool   // what a slow reader has given is not held up
	rest   []byte // what follows the last line of the last chunk
	offset int64  // how much was read
	ended  bool
	err    error // of r, but for its end
}

// buffers are those of chunks. All logs share them: a pool of each log would keep its memory for
// two more collections, and a folder may have many logs.
var buffers = sync.Pool{New: func() any { b := make([]byte, chunkSize); return &b }}

// chunk is some lines of a log, and what is in them.
type chunk struct {
	data  []byte
	size  int64 // how much was read for it
	paste bool  // its lines may have been wrapped
	done  chan struct{}
	tally
}

// recycle takes the memory of a chunk back.
func (c *chunk) recycle() {
	data := c.data[:cap(c.data)]
	c.data = nil
	buffers.Put(&data)
}

// next returns the next lines; nil at the end of the log. A log that is not live is read far enough
// first to see whether it is so short that somebody may have pasted it.
func (s *source) next() *chunk {
	if s.ended {
		return nil
	}
	buf := *buffers.Get().(*[]byte)
	c := &chunk{done: make(chan struct{})}
	n := copy(buf, s.rest) // no line ends in it
	for end := 0; !s.ended && c.data == nil; {
		if n == len(buf) {
			n = shorten(buf)
		}
		read := s.read(buf[n:])
		c.size += int64(read)
		if i := bytes.LastIndexByte(buf[n:n+read], '\n'); i >= 0 {
			end = n + i + 1
		}
		n += read
		if end > 0 && (s.live || s.offset > 0 || n > maxPaste) {
			s.rest = append(s.rest[:0], buf[end:n]...)
			c.data = buf[:end]
		}
	}
	if s.ended {
		c.data = buf[:n]
		if n == 0 && c.size == 0 {
			c.recycle()
			return nil
		}
	}
	c.paste = s.ended && s.offset == 0 && c.size <= maxPaste && !s.live
	s.offset += c.size
	return c
}

// read reads once, or until there is something to read. It ends the log on any error.
func (s *source) read(p []byte) int {
	for range patience {
		n, err := s.r.Read(p)
		if err != nil {
			s.ended = true
			if !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				s.err = err
			}
			return n
		}
		if n > 0 {
			return n
		}
	}
	s.ended, s.err = true, io.ErrNoProgress
	return 0
}

// shorten makes room in a buffer that is full of one line: it keeps what is looked at. Zeros at
// its start are those of a file that was cut while a program wrote to it.
func shorten(buf []byte) int {
	if line := bytes.TrimLeft(buf, "\x00"); len(line) < len(buf) {
		return copy(buf, line)
	}
	return maxLine
}
