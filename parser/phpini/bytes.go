package phpini

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
)

// Bool reads a boolean as PHP does (php-src Zend/zend_ini.c, zend_ini_parse_bool). The
// ini parser has already replaced the bare words On by "1" and Off by "".
func Bool(s string) bool {
	switch strings.ToLower(s) {
	case "true", "yes", "on":
		return true
	}
	n, err := strconv.Atoi(strings.TrimSpace(s))
	return err == nil && n != 0
}

// Bytes reads a size as PHP 8.2 does (zend_ini_parse_quantity, signed). n is the value
// that PHP uses. ok is false if PHP warns that s is not a valid quantity. PHP then
// uses what it could parse, unless the setting rejects that value: memory_limit =
// 256MB would be 256 bytes, so PHP keeps the default.
func Bytes(s string) (n int64, ok bool) {
	s = strings.Trim(s, " \t\n\r\v\f")
	if s == "" {
		return 0, true
	}
	digits := s
	negative := s[0] == '-'
	if negative || s[0] == '+' {
		digits = s[1:]
	}
	if digits == "" || !isDigit(digits[0]) {
		return 0, false
	}
	digits, base, ok := radix(digits)
	if base == 0 {
		return 0, ok
	}
	magnitude, rest, overflow := number(digits, base)
	if len(rest) == len(digits) {
		return 0, false
	}
	overflow = overflow || magnitude > 1<<63 || magnitude == 1<<63 && !negative
	if n = int64(magnitude); negative && !overflow {
		n = -n
	}
	rest = strings.TrimLeft(rest, " \t\n\r\v\f")
	if rest == "" {
		return n, !overflow
	}
	shift := strings.IndexByte(" kmg", rest[len(rest)-1]|0x20)
	if shift <= 0 {
		return n, false
	}
	result := n << (10 * shift)
	return result, len(rest) == 1 && !overflow && result>>(10*shift) == n
}

// radix splits off the prefix 0x, 0o or 0b. base is 0 if no number follows. A number
// with a leading 0 and no other prefix is octal.
func radix(digits string) (rest string, base int, ok bool) {
	if digits[0] != '0' {
		return digits, 10, true
	}
	if len(digits) == 1 {
		return digits, 0, true
	}
	switch c := digits[1] | 0x20; {
	case isDigit(digits[1]):
		return digits, 8, true
	case c == 'g' || c == 'm' || c == 'k':
		return digits, 10, true
	case c == 'x':
		base = 16
	case c == 'o':
		base = 8
	case c == 'b':
		base = 2
	}
	rest = digits[2:]
	if base == 0 || rest == "" || strings.IndexByte(" \t\n\r\v\f+-", rest[0]) >= 0 {
		return digits, 0, false
	}
	if len(rest) > 1 && rest[0] == '0' && strings.IndexByte("xob", rest[1]|0x20) >= 0 {
		return digits, 0, false // a second prefix, or text that looks like one
	}
	return rest, base, true
}

// number is strtoul: it saturates on overflow and reports it.
func number(s string, base int) (n uint64, rest string, overflow bool) {
	end := strings.IndexFunc(s, func(c rune) bool {
		digit := strings.IndexRune("0123456789abcdef", unicode.ToLower(c))
		return digit < 0 || digit >= base
	})
	if end < 0 {
		end = len(s)
	}
	n, err := strconv.ParseUint(s[:end], base, 64)
	return n, s[end:], errors.Is(err, strconv.ErrRange)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
