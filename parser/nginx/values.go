package nginx

import (
	"math"
	"strings"
	"time"
)

// Size reads a number of bytes as nginx does: digits, and K or M in either case
// (nginx ngx_parse.c, ngx_parse_size).
func Size(s string) (bytes int64, ok bool) { return scaled(s, 20) }

// Offset reads a number of bytes that may also have the unit G (nginx ngx_parse.c,
// ngx_parse_offset).
func Offset(s string) (bytes int64, ok bool) { return scaled(s, 30) }

func scaled(s string, most uint) (int64, bool) {
	if s == "" {
		return 0, false
	}
	shift := uint(0)
	switch s[len(s)-1] {
	case 'k', 'K':
		shift = 10
	case 'm', 'M':
		shift = 20
	case 'g', 'G':
		shift = 30
	}
	if shift > most {
		return 0, false
	}
	if shift > 0 {
		s = s[:len(s)-1]
	}
	n, ok := Number(s)
	return n << shift, ok && n <= math.MaxInt64>>shift
}

// Number reads a decimal number without a sign (nginx ngx_string.c, ngx_atoi).
func Number(s string) (n int64, ok bool) {
	for i := range len(s) {
		c := int64(s[i]) - '0'
		if c < 0 || c > 9 || n > (math.MaxInt64-c)/10 {
			return 0, false
		}
		n = n*10 + c
	}
	return n, s != ""
}

// timeUnits are the units of a time in milliseconds, largest first; each may be
// used once, in this order.
var timeUnits = []struct {
	name string
	ms   int64
}{
	{"y", 365 * 24 * 3600e3}, {"M", 30 * 24 * 3600e3}, {"w", 7 * 24 * 3600e3}, {"d", 24 * 3600e3}, {"h", 3600e3}, {"m", 60e3}, {"s", 1e3}, {"ms", 1},
}

// Duration reads the time of a directive measured in milliseconds, such as a
// timeout: numbers with units up to weeks; a number without a unit is in seconds
// (nginx ngx_parse.c, ngx_parse_time). A time of more than 292 years becomes the
// longest time.Duration.
func Duration(s string) (total time.Duration, ok bool) {
	ms, ok := parseTime(s, 2, len(timeUnits), 1)
	return time.Duration(min(ms, math.MaxInt64/int64(time.Millisecond))) * time.Millisecond, ok
}

// Seconds reports whether s is a valid time of a directive measured in seconds, with
// months and years and without milliseconds.
func Seconds(s string) bool {
	_, ok := parseTime(s, 0, len(timeUnits)-1, 1000)
	return ok
}

// parseTime reads a time with the units from index first to last. The result is in
// units of base milliseconds.
func parseTime(s string, first, last int, base int64) (total int64, ok bool) {
	unit := first // the next unit allowed
	for s != "" {
		digits := 0
		for digits < len(s) && '0' <= s[digits] && s[digits] <= '9' {
			digits++
		}
		n, good := int64(0), digits == 0 // s5 is 5 seconds
		if digits > 0 {
			n, good = Number(s[:digits])
			ok = true
		}
		name, rest := unitOf(s[digits:])
		if name == "" && digits == 0 {
			return 0, false
		}
		if name == "" {
			name = "s"
			if digits == len(s) {
				unit = first // the last number needs no unit, whatever precedes it
			}
		}
		for unit < last && timeUnits[unit].name != name {
			unit++
		}
		if !good || unit == last {
			return 0, false
		}
		each := timeUnits[unit].ms / base
		if n > (math.MaxInt64-total)/each {
			return 0, false
		}
		total += n * each
		unit++
		for s = rest; s != "" && s[0] == ' '; s = s[1:] {
		}
	}
	return total, ok
}

// unitOf cuts the unit from the start of s.
func unitOf(s string) (name, rest string) {
	for _, u := range timeUnits {
		if strings.HasPrefix(s, u.name) && len(u.name) > len(name) {
			name = u.name
		}
	}
	return name, s[len(name):]
}
