package diagnose

import (
	"math"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/logs"
)

// position is where a line is in a log, of which logrotate moved the older parts to other files.
type position struct {
	log  string // the file of the newest part
	part int64  // 0 for the newest, and less the older it is
	line int
}

// rotatedName matches what logrotate adds to the names of older parts: .1, .2.gz, -20261128,
// -20261128-1796000000.gz.
var rotatedName = lazyregexp.New(`^(.*?)(?:\.(\d{1,9})|-(\d{8})(?:-(\d{1,10}))?)?(\.(?:gz|bz2|xz|zst|lz4))?$`)

// Rotated reports whether a file has a name that logrotate gives to the older parts of logs: nothing
// writes to it any more.
func Rotated(name string) bool { return positionOf(logs.Place{File: name}).part < 0 }

func positionOf(at logs.Place) position {
	m := rotatedName.FindStringSubmatch(at.File)
	if m == nil || m[1] == "" || strings.HasSuffix(m[1], "/") {
		return position{at.File, 0, at.Line}
	}
	log, number, date, more, packed := m[1], m[2], m[3], m[4], m[5]
	part := int64(0)
	switch {
	case number != "":
		part = -integer(number)
	case date != "":
		part = (integer(date)-1e8)*1e10 + integer(more)
	case packed != "":
		part = math.MinInt64
	}
	return position{log, part, at.Line}
}

// integer returns the value of a few decimal digits; 0 for none.
func integer(digits string) int64 {
	n, _ := strconv.ParseInt(digits, 10, 64) // "" is 0
	return n
}

// keepLast keeps at if it is the last line of its log so far.
func keepLast(lines map[string]position, at position) {
	if last, known := lines[at.log]; !known || at.after(last) {
		lines[at.log] = at
	}
}

// after reports whether p follows q in the same log.
func (p position) after(q position) bool {
	return p.log == q.log && (p.part > q.part || p.part == q.part && p.line > q.line)
}
