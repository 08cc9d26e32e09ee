package nginx

import (
	"math"
	"testing"
	"time"
)

func TestSize(t *testing.T) {
	for _, c := range []struct {
		text         string
		size, offset int64 // -1: refused
	}{
		{"0", 0, 0},
		{"4096", 4096, 4096},
		{"16k", 16384, 16384},
		{"16K", 16384, 16384},
		{"2m", 2 << 20, 2 << 20},
		{"2M", 2 << 20, 2 << 20},
		{"1g", -1, 1 << 30},
		{"", -1, -1},
		{"k", -1, -1},
		{"-1", -1, -1},
		{"1.5k", -1, -1},
		{"16kb", -1, -1},
		{"16 k", -1, -1},
		{"9223372036854775807", 1<<63 - 1, 1<<63 - 1},
		{"9223372036854775808", -1, -1},
		{"9007199254740992k", -1, -1},
	} {
		size, ok := Size(c.text)
		if !ok {
			size = -1
		}
		offset, ok := Offset(c.text)
		if !ok {
			offset = -1
		}
		if size != c.size || offset != c.offset {
			t.Errorf("%q is %d as a size and %d as an offset, want %d and %d", c.text, size, offset, c.size, c.offset)
		}
	}
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"60":              time.Minute,
		"60s":             time.Minute,
		"1m":              time.Minute,
		"1m 30s":          90 * time.Second,
		"1m30s":           90 * time.Second,
		"1m30":            90 * time.Second,
		"1 2":             3 * time.Second,
		"1s ":             time.Second,
		" 1s":             -1,
		"30 1m":           -1,
		"1ms 5":           5001 * time.Millisecond,
		"s5":              5 * time.Second,
		"m":               -1,
		"5 m":             -1,
		"99999999999":     math.MaxInt64 / time.Millisecond * time.Millisecond,
		"500ms":           500 * time.Millisecond,
		"1s500ms":         1500 * time.Millisecond,
		"1d":              24 * time.Hour,
		"2w":              14 * 24 * time.Hour,
		"0":               0,
		"":                -1,
		"s":               -1,
		"1.5s":            -1,
		"1y":              -1,
		"1M":              -1,
		"30s1m":           -1,
		"1s1s":            -1,
		"1x":              -1,
		"-1":              -1,
		"99999999999999w": -1,
	} {
		got, ok := Duration(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
}

func TestSeconds(t *testing.T) {
	for text, want := range map[string]bool{"30": true, "1M": true, "1y 2M": true, "2M1y": false, "5ms": false, "": false, "s": false, "1d12h": true, "99999999999999999999": false} {
		if got := Seconds(text); got != want {
			t.Errorf("Seconds(%q) = %v, want %v", text, got, want)
		}
	}
}
