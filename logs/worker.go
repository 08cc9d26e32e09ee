package logs

import (
	"bytes"
	"strings"
	"time"
)

// worker looks for events in chunks. It is for one goroutine.
type worker struct {
	o    Options
	memo map[message]match
	long bool // the line is so long that an event must not hold on to it
	// date is the last date of nginx that was read, and stamp what it is.
	date string
	stamp
	tally
}

// tally is what is in some lines of a log. Places count from the first of them.
type tally struct {
	lines, access, strange int64
	samples                []Sample
	events                 []*Event
	first, last, served    time.Time
	servedLine             int64 // that of served
}

// maxSamples is how many samples are kept of a log.
const maxSamples = 5

// run looks for events in a chunk.
func (w *worker) run(c *chunk) {
	w.tally = tally{}
	if c.paste {
		w.paste(string(c.data))
	} else {
		for rest := c.data; len(rest) > 0; {
			line := rest
			if end := bytes.IndexByte(rest, '\n'); end >= 0 {
				line, rest = rest[:end], rest[end+1:]
			} else {
				rest = nil
			}
			w.lines++
			if len(line) > 0 && line[0] == 0 { // the start of a file that was cut while a program wrote to it
				line = bytes.TrimLeft(line, "\x00")
			}
			w.line(line[:min(len(line), maxLine)])
		}
	}
	w.times(c.data)
	c.tally = w.tally
}

var clientMark = []byte(", client: ")

// line looks at one line as little as it takes to see that it says nothing, which is so for most
// lines of most logs.
func (w *worker) line(line []byte) {
	if level := nginxLevel(line); level != 0 {
		w.nginx(level, line)
		return
	}
	switch status := quickStatus(line); {
	case status == 0:
	case !failing(status):
		w.access++
		return
	default:
		w.look(string(line))
		return
	}
	var set rowSet
	t := table()
	t.needles.scan(line, &set)
	if !set.within(&t.silent) || mayBeBrief(line) || bytes.Contains(line, httpMark) || odd(line) {
		w.look(string(line))
	}
}

// odd reports whether a line is an object of JSON of which only the whole tells what it is: the
// status may have another name, and the journal writes a text that is not UTF-8 as numbers.
func odd(line []byte) bool {
	if len(line) == 0 || line[0] != '{' {
		return false
	}
	for _, mark := range [...]string{"tatus", "response_code", `"MESSAGE":[`, `"MESSAGE": [`, `"MESSAGE" : [`} {
		if bytes.Contains(line, []byte(mark)) {
			return true
		}
	}
	return false
}

// look takes the prefixes of a line away and records what it is.
func (w *worker) look(text string) {
	w.long = len(text) > 2*MaxText
	h := strip(text, &w.o)
	if !strings.Contains(h.text, "\n") {
		w.record(&h)
		return
	}
	for part := range strings.SplitSeq(h.text, "\n") {
		if strings.TrimSpace(part) != "" {
			inner := h.within(part, &w.o)
			w.record(&inner)
		}
	}
}

// record counts a line, and keeps it if it is an event.
func (w *worker) record(h *head) {
	e, v := w.event(h)
	switch v {
	case isAccess, isFailure:
		w.access++
	case isStrange:
		w.suspect([]byte(h.text))
	}
	if v == isFailure || v == isRow {
		if e.At.Line = int(w.lines); w.long {
			*e, _ = e.Clip(MaxText)
		}
		w.events = append(w.events, e)
	}
}

// suspect counts a line that looks like a failure and matches no known row.
func (w *worker) suspect(text []byte) {
	if w.strange++; len(w.samples) < maxSamples {
		w.samples = append(w.samples, Sample{Place{Line: int(w.lines)}, clipped(string(text))})
	}
}
