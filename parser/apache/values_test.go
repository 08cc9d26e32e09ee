package apache

import (
	"math"
	"testing"
)

func TestNumber(t *testing.T) {
	for _, test := range []struct {
		text         string
		n            int64
		rest         string
		digits, fits bool
		short        int // what Int makes of it
	}{
		{"", 0, "", false, true, 0},
		{"x", 0, "x", false, true, 0},
		{" 12ms", 12, "ms", true, true, 12},
		{"-5", -5, "", true, true, -5},
		{"+5", 5, "", true, true, 5},
		{"--5", 0, "--5", false, true, 0},
		{"4294967297", 1<<32 + 1, "", true, true, 1},
		{"9223372036854775807", math.MaxInt64, "", true, true, -1},
		{"9223372036854775808s", math.MaxInt64, "s", true, false, -1},
	} {
		n, rest, digits, fits := Number(test.text)
		if n != test.n || rest != test.rest || digits != test.digits || fits != test.fits {
			t.Errorf("Number(%q) = %d, %q, %v, %v", test.text, n, rest, digits, fits)
		}
		if n := Int(test.text); n != test.short {
			t.Errorf("Int(%q) = %d", test.text, n)
		}
	}
}

func TestDuration(t *testing.T) {
	for _, test := range []struct {
		text string
		us   int64
		ok   bool
	}{
		{"5", 5_000, true}, {"5ms", 5_000, true}, {"5s", 5_000_000, true}, {"5sec", 5_000_000, true}, {"5mi", 300_000_000, true},
		{"5h", 18_000_000_000, true}, {"5m", 0, false}, {"5d", 0, false}, {"-1", 0, false}, {"x", 0, false}, {"", 0, true},
		{"9223372036854775807", 0, false}, {"9223372036854775808ms", 0, false},
	} {
		if us, ok := Duration(test.text, "ms"); us != test.us || ok != test.ok {
			t.Errorf("Duration(%q) = %d, %v", test.text, us, ok)
		}
	}
}
