package report

import (
	"fmt"
	"unicode/utf16"

	"github.com/wp502lint/wp502lint/source"
)

// The hash by which code scanning tracks an alert when lines move, as
// codeql-action's src/fingerprints.ts computes it: a rolling hash over the first
// hashed UTF-16 units from the start of the line that are neither blank nor tab,
// with every line end as LF, one endOfFile after the text and zeros after that.
const (
	hashed           = 100
	base      uint64 = 37
	endOfFile        = 0xffff
)

// lineHashes returns the hash of each line of f that is in wanted, each with
// its ordinal among equal ones in the file. A CR alone ends a line here, as in
// code scanning, although not for a server or another format. A line whose hash covers
// a secret has none, since it would be a way to guess the secret: code scanning then
// computes it itself.
func lineHashes(f *source.File, wanted map[int]bool) map[int]string {
	h := &lineHash{wanted: wanted, count: map[uint64]int{}, out: make(map[int]string, len(wanted)), start: true, top: 1}
	hidden, some := f.Secret(0)
	for range hashed {
		h.top *= base
	}
	previous := rune(0)
	for i, r := range f.Text {
		if some && int(hidden.End) <= i {
			hidden, some = f.Secret(i)
		}
		h.secret = some && int(hidden.Start) <= i
		switch {
		case r == ' ' || r == '\t':
		case r == '\n' && previous == '\r':
		case r == '\r':
			h.add('\n')
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			h.add(uint64(high))
			h.add(uint64(low))
		default:
			h.add(uint64(r))
		}
		previous = r
	}
	h.secret = false
	h.add(endOfFile)
	for range hashed {
		h.add(0)
	}
	return h.out
}

type lineHash struct {
	wanted map[int]bool
	count  map[uint64]int
	out    map[int]string

	ring  [hashed]uint64 // the units in the hash
	lines [hashed]int    // the line that starts at the unit; 0: none
	i     int            // the oldest unit
	sum   uint64
	top   uint64 // base to the power of hashed
	line  int
	start bool // the next unit starts a line

	secret bool // the next unit is part of a secret
	hidden int  // for how many further units one of a secret is in the hash
}

// add takes the next unit of the text, and records the hash of the line that starts at
// the oldest one.
func (h *lineHash) add(unit uint64) {
	if line := h.lines[h.i]; line != 0 {
		h.lines[h.i] = 0
		h.count[h.sum]++
		if h.wanted[line] && h.hidden == 0 {
			h.out[line] = fmt.Sprintf("%x:%d", h.sum, h.count[h.sum])
		}
	}
	if h.hidden = max(0, h.hidden-1); h.secret {
		h.hidden = hashed
	}
	if h.start {
		h.line++
		h.lines[h.i] = h.line
	}
	h.start = unit == '\n'
	h.sum = base*h.sum + unit - h.top*h.ring[h.i]
	h.ring[h.i] = unit
	h.i = (h.i + 1) % hashed
}
