package servers

import (
	"cmp"
	"strconv"
	"strings"
)

// CompareVersions returns -1 when version a, such as 8.3 or 1.25.1, certainly comes
// before b, 1 when it comes after, and 0 otherwise: 1.25 may be each 1.25.x, and ""
// each version. A part that is not a number is 0.
func CompareVersions(a, b string) int {
	for a != "" && b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		m, _ := strconv.ParseUint(x, 10, 64)
		n, _ := strconv.ParseUint(y, 10, 64)
		if m != n {
			return cmp.Compare(m, n)
		}
	}
	return 0
}

// Older reports whether version a certainly comes before b.
func Older(a, b string) bool { return CompareVersions(a, b) < 0 }
