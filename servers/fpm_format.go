package servers

import (
	"slices"
	"strings"
)

// fpmFormats are the letters of access.format, each with the words that are
// allowed in the braces before it: nil for none, and anyWord for any. Those of
// needWord require one (php-src fpm_log.c; every letter tested on PHP-FPM 8.2).
var fpmFormats = map[byte][]string{
	'%': nil, 'f': nil, 'l': nil, 'm': nil, 'n': nil, 'p': nil, 'q': nil, 'r': nil, 's': nil, 'u': nil, 'P': nil, 'Q': nil, 'R': nil,
	'e': anyWord, 'o': anyWord, 't': anyWord, 'T': anyWord,
	'C': {"total", "user", "system"},
	'd': {"seconds", "mili", "miliseconds", "milli", "milliseconds", "micro", "microseconds"},
	'M': {"bytes", "kilo", "kilobytes", "mega", "megabytes"},
}

var anyWord = []string{"*"}

const needWord = "eo"

// FPMFormatError returns the first part of an access.format that PHP-FPM
// refuses, and "" for one that it accepts.
func FPMFormatError(format string) string {
	for {
		i := strings.IndexByte(format, '%')
		if i < 0 || i+1 == len(format) {
			return ""
		}
		token, word := format[i:], ""
		n := 1
		for n < len(token) && token[n] == '{' {
			end := strings.IndexByte(token[n:], '}')
			if end < 0 {
				return token
			}
			word = token[n+1 : n+end]
			n += end + 1
		}
		if n == len(token) {
			return ""
		}
		words, known := fpmFormats[token[n]]
		switch {
		case !known, word == "" && strings.IndexByte(needWord, token[n]) >= 0:
			return strings.ToValidUTF8(token[:n+1], "?")
		case word != "" && !slices.Equal(words, anyWord) && !slices.Contains(words, strings.ToLower(word)):
			return strings.ToValidUTF8(token[:n+1], "?")
		}
		format = token[n+1:]
	}
}
