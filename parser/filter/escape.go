package filter

import (
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// Sequences is the set of sequences that a backslash starts.
type Sequences uint8

// The sets of sequences.
const (
	Echo         Sequences = iota // echo, and %b of printf
	Format                        // the format of printf
	DollarQuoted                  // $'…' of bash
)

// Unescape replaces the Sequences that start with a backslash.
func Unescape(t source.Text, s Sequences) source.Text {
	var parts []source.Text
	text, at := t.String, 0
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		value, length := sequenceAt(text[i+1:], s)
		if length == 0 {
			i++
			continue
		}
		parts = append(parts, t.Slice(at, i), source.Made(value, hole.Place(t, i, i+1+length)))
		i += length
		at = i + 1
	}
	return hole.Join(append(parts, t.Slice(at, len(text)))...)
}

// sequenceAt returns what the sequence after a backslash represents, and its length; 0 if
// there is no such sequence.
func sequenceAt(text string, s Sequences) (value string, length int) {
	switch c := text[0]; c {
	case 'a':
		return "\a", 1
	case 'b':
		return "\b", 1
	case 'e':
		return "\x1b", 1
	case 'f':
		return "\f", 1
	case 'n':
		return "\n", 1
	case 'r':
		return "\r", 1
	case 't':
		return "\t", 1
	case 'v':
		return "\v", 1
	case '\\':
		return `\`, 1
	case '"', '\'':
		if s != Echo {
			return string(c), 1
		}
	case 'x':
		return number(text, 1, 2, 16)
	case '0', '1', '2', '3', '4', '5', '6', '7':
		if s == Echo {
			if c == '0' {
				return number(text, 1, 3, 8)
			}
			return "", 0
		}
		return number(text, 0, 3, 8)
	}
	return "", 0
}

// number reads the digits of a byte from start.
func number(text string, start, most, base int) (value string, length int) {
	end := start
	for end < len(text) && end-start < most {
		if _, err := strconv.ParseUint(text[end:end+1], base, 8); err != nil {
			break
		}
		end++
	}
	n, err := strconv.ParseUint(text[start:end], base, 16)
	if err != nil || n == 0 {
		return "", 0
	}
	return string([]byte{byte(n)}), end
}

// maxRounds limits how often Printf uses its format.
const maxRounds = 1000

// Printf is printf: it uses a format as often as it takes to use all values.
func Printf(format source.Text, values []source.Text) source.Text {
	var parts []source.Text
	for round := 0; round < maxRounds && (round == 0 || len(values) > 0); round++ {
		before := len(values)
		parts, values = formatted(parts, format, values)
		if len(values) == before {
			break
		}
	}
	return hole.Join(parts...)
}

// formatted adds the values by a format once, and returns those that are left.
func formatted(parts []source.Text, pattern source.Text, values []source.Text) (_, left []source.Text) {
	text, at := pattern.String, 0
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			if text[i] == '\\' {
				i++
			}
			continue
		}
		end := i + 1
		for end < len(text) && strings.IndexByte("-+ #0123456789.", text[end]) >= 0 {
			end++
		}
		if end == len(text) {
			break
		}
		parts = append(parts, Unescape(pattern.Slice(at, i), Format))
		at = end + 1
		if text[end] == '%' {
			parts = append(parts, pattern.Slice(end, end+1))
			i = end
			continue
		}
		value := source.Text{}
		if len(values) > 0 {
			value, values = values[0], values[1:]
		}
		parts = append(parts, converted(value, text[i+1:end], text[end], hole.Place(pattern, i, end+1)))
		i = end
	}
	return append(parts, Unescape(pattern.Slice(min(at, len(text)), len(text)), Format)), values
}

// converted returns a value as a directive of printf prints it.
func converted(value source.Text, flags string, verb byte, at source.Span) source.Text {
	switch {
	case flags != "":
	case verb == 's':
		return value
	case verb == 'b':
		return Unescape(value, Echo)
	case verb == 'd', verb == 'i', verb == 'u':
		if value.String == "" {
			return source.Made("0", at)
		}
		return value
	case verb == 'c' && value.String != "":
		return value.Slice(0, 1)
	}
	return hole.New(at)
}
