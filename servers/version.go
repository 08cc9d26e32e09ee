package servers

import "strings"

// CompareVersions returns -1 when version a, such as 8.3 or 1.25.1, certainly comes
// before b, 1 when it comes after, and 0 otherwise: 1.25 may be each 1.25.x, and ""
// each version. A part that is not a number is 0.
func CompareVersions(a, b string) int {
	for a != "" && b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		if m, n := digits(x), digits(y); m < n {
			return -1
		} else if m > n {
			return 1
		}
	}
	return 0
}

// Older reports whether version a certainly comes before b.
func Older(a, b string) bool { return CompareVersions(a, b) < 0 }

// digits reads a part of a version.
func digits(text string) (n int) {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0
		}
		n = n*10 + int(text[i]-'0')
	}
	return n
}
