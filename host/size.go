package host

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// units are the suffixes of sizes in lower case. K, M, G and T are powers of 1024, as for PHP,
// systemd and Docker; kB, MB, GB and TB are powers of 1000 (IEC 80000-13).
var units = map[string]uint64{
	"": 1, "b": 1,
	"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40,
	"ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30, "ti": 1 << 40,
	"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
	"kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12,
}

const (
	maxDecimals = 6
	sizeForm    = "%q is not a size; expected a number with a unit, such as 512MiB or 1.5GiB " +
		"(K, M, G, T and KiB, MiB, GiB, TiB are powers of 1024; kB, MB, GB, TB are powers of 1000)"
)

// ParseSize reads a number of bytes: "1073741824", "80M", "512MiB", "1.5GiB", "4GB".
// Case does not matter. The error says what is accepted.
func ParseSize(s string) (int64, error) {
	number, unit := splitSize(s)
	factor, known := units[unit]
	whole, part, dotted := strings.Cut(number, ".")
	if !known || whole == "" || strings.Contains(part, ".") || dotted && (part == "" || len(part) > maxDecimals || factor == 1) {
		if digits, negative := strings.CutPrefix(strings.TrimSpace(s), "-"); negative && digits != "" && isDigit(digits[0]) {
			return 0, fmt.Errorf("%s is negative; expected a size such as 512MiB", strings.TrimSpace(s))
		}
		return 0, fmt.Errorf(sizeForm, s)
	}
	n, err := strconv.ParseUint(whole, 10, 64)
	high, low := bits.Mul64(n, factor)
	if dotted && err == nil {
		decimals, scale := uint64(0), uint64(1)
		for _, c := range part {
			decimals, scale = 10*decimals+uint64(c-'0'), 10*scale
		}
		var carry uint64
		low, carry = bits.Add64(low, decimals*factor/scale, 0)
		high += carry
	}
	if err != nil || high > 0 || low > math.MaxInt64 {
		return 0, fmt.Errorf("%s is too large for a size; the largest is 8388607TiB", strings.TrimSpace(s))
	}
	return int64(low), nil
}

// splitSize returns the digits and points that a size starts with, and its unit in lower case.
func splitSize(s string) (number, unit string) {
	s = strings.TrimSpace(s)
	end := 0
	for end < len(s) && (isDigit(s[end]) || s[end] == '.') {
		end++
	}
	return s[:end], strings.ToLower(strings.TrimLeft(s[end:], " \t"))
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// leastMemory is the smallest size of a memory, in bytes: less is a number without its unit.
const leastMemory = 1 << 20

// ParseMemory reads the size of a memory, which is at least 1 MiB. Of a small number without a
// unit the error says which one was probably meant.
func ParseMemory(s string) (int64, error) {
	n, err := ParseSize(s)
	if err != nil || n >= leastMemory {
		return n, err
	}
	number, unit := splitSize(s)
	switch {
	case n == 0:
		return 0, fmt.Errorf("a size of 0 is not possible; expected one such as 512MiB")
	case unit != "" && unit != "b":
		return 0, fmt.Errorf("%s is less than 1MiB; expected a size such as 512MiB", strings.TrimSpace(s))
	case n <= mostGiB:
		return 0, fmt.Errorf("%s has no unit; did you mean %sGiB?", number, number)
	}
	return 0, fmt.Errorf("%s has no unit; did you mean %sMiB?", number, number)
}

// mostGiB is the largest number without a unit that is taken for GiB; 512 and 80 are MiB.
const mostGiB = 64
