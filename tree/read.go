package tree

import (
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// chunk is the size of the read buffers. Nearly every configuration file fits
// into one.
const chunk = 64 << 10

var buffers = sync.Pool{New: func() any { return new([chunk]byte) }}

// patience is how long a read may wait. No file on a disk waits at all; some
// files of a kernel, such as /proc/kmsg, wait for ever.
const patience = time.Second

var errSilent = &failure{text: "gives no data", is: []error{ErrNotRegular}}

// readAll is readFrom for a file that may wait.
func readAll(f *os.File, size, limit int64) (string, error) {
	if size == 0 {
		// It fails for a file that cannot wait, which needs no deadline.
		_ = f.SetReadDeadline(time.Now().Add(patience))
	}
	return readFrom(f, size, limit)
}

// readFrom reads a file of about size bytes and stops with errTooLong beyond
// limit. A size of 0 means unknown: the files of /proc have none. The string has
// no spare capacity.
func readFrom(f io.Reader, size, limit int64) (string, error) {
	if size > limit {
		return "", errTooLong
	}
	buf := buffers.Get().(*[chunk]byte)
	defer buffers.Put(buf)
	n, whole, err := fill(f, buf[:], size)
	if err != nil {
		return "", err
	}
	if whole {
		if int64(n) > limit {
			return "", errTooLong
		}
		return string(buf[:n]), nil
	}
	var text strings.Builder
	text.Grow(int(max(size, int64(n))))
	for {
		text.Write(buf[:n])
		if int64(text.Len()) > limit {
			return "", errTooLong
		}
		if whole {
			return text.String(), nil
		}
		if n, whole, err = fill(f, buf[:], size-int64(text.Len())); err != nil {
			return "", err
		}
	}
}

// fill reads until buf is full or the file ends: whole reports the end. After
// size bytes it assumes the end, which saves the read that returns nothing.
func fill(f io.Reader, buf []byte, size int64) (n int, whole bool, err error) {
	for n < len(buf) {
		m, err := f.Read(buf[n:])
		n += m
		switch {
		case errors.Is(err, io.EOF):
			return n, true, nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			return n, false, errSilent
		case err != nil:
			return n, false, err
		case size > 0 && int64(n) == size:
			return n, true, nil
		}
	}
	return n, false, nil
}
