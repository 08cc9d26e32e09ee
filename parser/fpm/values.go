package fpm

import (
	"io/fs"
	"strings"

	"github.com/wp502lint/wp502lint/parser/ini"
)

// Seconds reads a time as PHP-FPM 8.2 does (fpm_conf_set_time): the last character is
// the unit, s m h or d, and only the digits before the first other character take
// effect, so 1m30s is one second. ok is false if PHP-FPM refuses s.
func Seconds(s string) (seconds int64, ok bool) {
	if s == "" {
		return 0, false
	}
	unit := int32(1)
	switch last := s[len(s)-1]; {
	case last == 's':
	case last == 'm':
		unit = 60
	case last == 'h':
		unit = 60 * 60
	case last == 'd':
		unit = 24 * 60 * 60
	case last < '0' || last > '9':
		return 0, false
	}
	return int64(unit * ini.Atoi(s)), true
}

// Int reads a number as PHP-FPM 8.2 does (fpm_conf_set_integer): digits after at most
// one minus sign. An empty text is 0. ok is false if PHP-FPM refuses s.
func Int(s string) (n int64, ok bool) {
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && (i > 0 || s[i] != '-') {
			return 0, false
		}
	}
	return int64(ini.Atoi(s)), true
}

// Bool reads a boolean as PHP-FPM 8.2 does (fpm_conf_set_boolean): On, ON and "on" are
// valid, "On" is not, since the parser has already replaced bare words by "1" or "". ok
// is false if PHP-FPM refuses s.
func Bool(s string) (b, ok bool) {
	switch s {
	case "1", "yes", "true", "on":
		return true, true
	case "", "0", "no", "none", "false", "off":
		return false, true
	}
	return false, false
}

// Mode reads the permissions of listen.mode as PHP-FPM does: strtoul(3) with base 8,
// which accepts a sign and silently stops at the first character that is not an octal
// digit (php-src fpm_unix.c; measured on PHP-FPM 8.2: -1 is the mode 0777). ok is false
// if it stops before the end.
func Mode(s string) (mode fs.FileMode, ok bool) {
	n, i := 0, 0
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		i++
	}
	for ; i < len(s) && s[i] >= '0' && s[i] <= '7'; i++ {
		n = (n<<3 | int(s[i]-'0')) & 0o7777
	}
	if negative {
		n = -n
	}
	return fs.FileMode(n & 0o777), i == len(s)
}
