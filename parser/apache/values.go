package apache

import "strings"

// Number reads a number as strtol of the C library does: blanks, a sign, and digits up to any
// other character, from which on rest is. Without a digit it is 0 and rest is text; a number that
// does not fit 64 bits is the greatest that does.
func Number(text string) (n int64, rest string, digits, fits bool) {
	rest = strings.TrimLeft(text, " \t\n\v\f\r")
	negative := strings.HasPrefix(rest, "-")
	if negative || strings.HasPrefix(rest, "+") {
		rest = rest[1:]
	}
	const most = 1<<63 - 1
	fits = true
	for rest != "" && '0' <= rest[0] && rest[0] <= '9' {
		digit := int64(rest[0] - '0')
		if n > (most-digit)/10 {
			n, fits = most, false
		} else if fits {
			n = n*10 + digit
		}
		rest, digits = rest[1:], true
	}
	if negative {
		n = -n
	}
	if !digits {
		rest = text
	}
	return n, rest, digits, fits
}

// Int reads an int as atoi of the C library does on Linux, with 32 bits.
func Int(text string) int {
	return int(int32(Long(text)))
}

// Long reads a long as atol does, with 64 bits.
func Long(text string) int64 {
	n, _, _, _ := Number(text)
	return n
}

// Duration reads a time in microseconds, in unit if it has none of its own: h, mi, s or ms, and
// whatever follows (httpd server/util.c, ap_timeout_parameter_parse).
func Duration(text, unit string) (microseconds int64, ok bool) {
	n, rest, _, fits := Number(text)
	if rest == "" {
		rest = unit
	}
	factor := int64(0)
	switch {
	case rest[0] == 's':
		factor = 1_000_000
	case rest[0] == 'h':
		factor = 3_600_000_000
	case strings.HasPrefix(rest, "ms"):
		factor = 1000
	case strings.HasPrefix(rest, "mi"):
		factor = 60_000_000
	}
	if factor == 0 || !fits || n < 0 || n > (1<<63-1)/factor {
		return 0, false
	}
	return n * factor, true
}
