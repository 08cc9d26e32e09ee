package nginx

import (
	"math"
	"time"
)

// Size reads a number of bytes as nginx does: digits, and K or M in either case
// (nginx ngx_parse.c, ngx_parse_size).
func Size(s string) (bytes int64, ok bool) { return scaled(s, 20) }

// Offset reads a number of bytes that may have the unit G as well (nginx
// ngx_parse.c, ngx_parse_offset).
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

// timeUnits are the units of a time, largest first; each may be used once, in
// this order.
var timeUnits = []struct {
	name string
	d    time.Duration
}{
	{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond},
}

// Duration reads a time of a directive that counts milliseconds, such as a
// timeout: numbers with units, and seconds for a number without one (nginx
// ngx_parse.c, ngx_parse_time).
func Duration(s string) (total time.Duration, ok bool) {
	unit := 0 // the next that may be used
	for s != "" {
		digits := 0
		for digits < len(s) && '0' <= s[digits] && s[digits] <= '9' {
			digits++
		}
		n, good := Number(s[:digits])
		letters := digits
		for letters < len(s) && 'a' <= s[letters] && s[letters] <= 'z' {
			letters++
		}
		name := s[digits:letters]
		if name == "" {
			name = "s"
			if digits == len(s) {
				unit = 0 // the last number needs no unit, whatever came before
			}
		}
		for unit < len(timeUnits) && timeUnits[unit].name != name {
			unit++
		}
		if !good || unit == len(timeUnits) || n > int64((math.MaxInt64-total)/timeUnits[unit].d) {
			return 0, false
		}
		total += time.Duration(n) * timeUnits[unit].d
		unit++
		for s = s[letters:]; s != "" && s[0] == ' '; s = s[1:] {
		}
		ok = true
	}
	return total, ok
}
