package logs

import (
	"bytes"
	"iter"
	"time"
)

// maxEdge is how many lines at each end of a chunk are read for what is slow to read.
const maxEdge = 64

// times reads the times of the first and the last line of a chunk that has one, and of the last
// answer of PHP that the options do not leave out.
func (w *worker) times(data []byte) {
	w.first = w.firstTime(bytes.Lines(data))
	w.last = w.firstTime(backwards(data))
	if w.access > 0 && !w.o.late(w.first) {
		w.served, w.servedLine = w.lastServed(data)
	}
}

// backwards returns the lines of data, the last one first.
func backwards(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for rest := bytes.TrimRight(data, "\n"); len(rest) > 0; {
			i := bytes.LastIndexByte(rest, '\n')
			if !yield(rest[i+1:]) {
				return
			}
			rest = rest[:max(i, 0)]
		}
	}
}

// firstTime returns the time of the first of some lines that has one.
func (w *worker) firstTime(lines iter.Seq[[]byte]) time.Time {
	asked := 0
	for line := range lines {
		h := strip(string(line[:min(len(line), maxLine)]), &w.o)
		if h.clock == NoClock || h.clock == Boot {
			h.access(&w.o)
		}
		if h.clock == Zoned || h.clock == Local {
			return h.time
		}
		if asked++; asked == maxEdge {
			break
		}
	}
	return time.Time{}
}

// lastServed returns the time of the last answer of PHP in an access log, and its line in the
// chunk; zero for none.
func (w *worker) lastServed(data []byte) (at time.Time, number int64) {
	asked := 0
	number = w.lines + 1
	for line := range backwards(data) {
		number--
		line = line[:min(len(line), maxLine)]
		if nginxLevel(line) != 0 {
			continue
		}
		open, end, status := requestAt(line)
		if status >= 400 || status > 0 && !served(line[open+1:end]) {
			continue
		}
		h := strip(string(line), &w.o)
		r, ok := h.access(&w.o)
		if w.o.late(h.time) {
			continue
		}
		if ok && r.Status < 400 && served(r.URI) && (h.clock == Zoned || h.clock == Local) {
			return h.time, number
		}
		if asked++; asked == maxEdge {
			break
		}
	}
	return time.Time{}, 0
}
