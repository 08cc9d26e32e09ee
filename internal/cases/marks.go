package cases

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	// drawn is a mark under its text. The ID distinguishes it from a banner.
	drawn = regexp.MustCompile(`^[#;][ \t]*(\^+|-+)[ \t]+(WP\d{3})(?:[ \t]+(.*))?$`)
	// placed is a mark with a place in numbers: LINE:COLUMN-COLUMN, LINE:COLUMN
	// for a place between two bytes, LINE:COLUMN-LINE:COLUMN, the name of a
	// file of the frame, or 0 for no place. End columns are exclusive and lines
	// are those of the file without marks.
	placed = regexp.MustCompile(`^(?:[#;] )?(\^|-)([0-9a-zA-Z/.][^\s]*) (WP\d{3})(?: (.*))?$`)
)

// strip removes the marks from a file that starts at a line of the archive.
func strip(text, file string, line int) (plain string, marks []Mark, err error) {
	var b strings.Builder
	b.Grow(len(text))
	for l := range strings.Lines(text) {
		m := readMark(strings.TrimRight(l, "\r\n"))
		if m == nil {
			b.WriteString(l)
		} else {
			if b.Len() == 0 && m.drawn {
				return "", nil, fmt.Errorf("line %d: a mark at the top of %s is under no line", line, file)
			}
			m.File, m.Line = file, line
			marks = append(marks, m.Mark)
		}
		line++
	}
	return b.String(), marks, nil
}

type fileMark struct {
	Mark
	drawn bool
}

// readMark returns the mark in a line; nil for any other line.
func readMark(line string) *fileMark {
	if line == "" || line[0] != '#' && line[0] != ';' {
		return nil
	}
	if m := drawn.FindStringSubmatch(line); m != nil {
		return &fileMark{Mark{Note: m[1][0] == '-', Rule: m[2], Text: m[3]}, true}
	}
	if m := placed.FindStringSubmatch(line); m != nil {
		return &fileMark{Mark{Note: m[1] == "-", Rule: m[3], Text: m[4]}, false}
	}
	return nil
}
