package ini

import "strings"

// text builds a decoded text from its parts. While the parts are adjacent in the
// source, it is a substring of the source and nothing is copied.
type text struct {
	source   string
	from, to int
	copied   bool
	buf      []byte
}

// raw adds source[from:to].
func (t *text) raw(from, to int) {
	switch {
	case from == to:
	case t.copied:
		t.buf = append(t.buf, t.source[from:to]...)
	case t.from == t.to:
		t.from, t.to = from, to
	case t.to == from:
		t.to = to
	default:
		t.add(t.source[from:to])
	}
}

// add adds a text that is not in the source.
func (t *text) add(s string) {
	if !t.copied {
		t.copied = true
		t.buf = append(t.buf, t.source[t.from:t.to]...)
	}
	t.buf = append(t.buf, s...)
}

// escaped adds source[from:to], the inside of double quotes: \" \\ and \$ become the
// second character, any other backslash stays.
func (t *text) escaped(from, to int) {
	for from < to {
		n := strings.IndexByte(t.source[from:to], '\\')
		if n < 0 {
			break
		}
		i := from + n
		if i+1 < to && strings.IndexByte(`"\$`, t.source[i+1]) >= 0 {
			t.raw(from, i)
			t.raw(i+1, i+2)
		} else {
			t.raw(from, min(i+2, to))
		}
		from = min(i+2, to)
	}
	t.raw(from, to)
}

func (t *text) String() string {
	if t.copied {
		return string(t.buf)
	}
	return t.source[t.from:t.to]
}
