package fpm

import (
	"io/fs"
	"strings"
)

// Mode reads the permissions of listen.mode as PHP-FPM does: strtoul(3) with
// base 8, which takes a sign, stops at the first character that is no octal
// digit and says nothing about it (php-src fpm_unix.c; measured on PHP-FPM 8.2:
// -1 is the mode 0777). ok is false when it stops before the end.
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
