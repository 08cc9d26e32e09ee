package logs

import (
	"testing"
	"time"
	_ "time/tzdata" // the machine may have none
)

// TestTimes reads the time of lines, whose forms say what is missing.
func TestTimes(t *testing.T) {
	berlin := time.FixedZone("Europe/Berlin", 3600)
	const child = `WARNING: [pool www] child 7 exited on signal 11 (SIGSEGV) after 1.5 seconds from start`
	for _, of := range []struct {
		prefix, want string
		clock        Clock
	}{
		{"[26-Nov-2026 13:19:21] ", "2026-11-26T13:19:21+01:00", Local},
		{"[26-Nov-2026 13:19:21 UTC] ", "2026-11-26T13:19:21Z", Zoned},
		{"[26-Nov-2026 13:19:21 Europe/Berlin] ", "2026-11-26T13:19:21+01:00", Zoned},
		{"[26-Nov-2026 13:19:21 Asia/Tokyo] ", "2026-11-26T13:19:21+09:00", Zoned},
		{"[26-Nov-2026 13:19:21 Asia/Nowhere] ", "2026-11-26T13:19:21+01:00", Local},
		{"[26-Nov-2026 13:19:21 ../etc/passwd] ", "2026-11-26T13:19:21+01:00", Local},
		{"[26-Nov-2026 13:19:21 +09:00] ", "2026-11-26T13:19:21+09:00", Zoned},
		{"[29-Feb-2026 13:19:21] ", "", NoClock},
		{"[00-Nov-2026 13:19:21] ", "", NoClock},
		{"[26-Nov-2026 24:19:21] ", "", NoClock},
		{"[26-Xxx-2026 13:19:21] ", "", NoClock},
		{"Nov 27 13:19:21 web1 php-fpm[1]: ", "2026-11-27T13:19:21+01:00", Local},
		{"Nov 28 12:59:59 web1 php-fpm[1]: ", "2026-11-28T12:59:59+01:00", Local},
		{"Nov 28 13:00:01 web1 php-fpm[1]: ", "2025-11-28T13:00:01+01:00", Local}, // Now is 13:00 there
		{"Dec 24 13:19:21 web1 php-fpm[1]: ", "2025-12-24T13:19:21+01:00", Local},
		{"Feb 29 13:19:21 web1 php-fpm[1]: ", "2024-02-29T13:19:21+01:00", Local},
		{"Feb 30 13:19:21 web1 php-fpm[1]: ", "", NoClock},
		{"Nov  1 13:19:21.5 web1 php-fpm[1]: ", "2026-11-01T13:19:21.5+01:00", Local},
		{"Nov 26 2025 13:19:21 web1 php-fpm[1]: ", "2025-11-26T13:19:21+01:00", Local},
		{"2026-11-26T13:19:21.25-05:30 web1 php-fpm[1]: ", "2026-11-26T13:19:21.25-05:30", Zoned},
		{"2026-11-26 13:19:21 web1 php-fpm[1]: ", "2026-11-26T13:19:21+01:00", Local},
		{"2026-11-26 13:19:21 +0000 web1 php-fpm[1]: ", "2026-11-26T13:19:21Z", Zoned},
		{"Thu 2026-11-26 13:19:21 CET web1 php-fpm[1]: ", "2026-11-26T13:19:21+01:00", Local},
		{"1795699189.622679 web1 php-fpm[1]: ", "2026-11-26T13:19:49.622679Z", Zoned},
		{"[  12.000001] web1 php-fpm[1]: ", "0001-01-01T00:00:12.000001Z", Boot},
		{"2026-11-26T10:00:00Z [26-Nov-2026 13:19:21] ", "2026-11-26T10:00:00Z", Zoned},
		{"Nov 26 10:00:00 web1 php-fpm[1]: [26-Nov-2026 13:19:21] ", "2026-11-26T13:19:21+01:00", Local},
		{"[  12.000001] [26-Nov-2026 13:19:21] ", "2026-11-26T13:19:21+01:00", Local},
		{"", "", NoClock},
	} {
		e, ok := Parse(of.prefix+child, Options{Zone: berlin, Now: now})
		got := ""
		if e.Clock != NoClock {
			got = e.Time.Format(time.RFC3339Nano)
		}
		if !ok || e.Clock != of.clock || got != of.want || e.Field("pid") != "7" {
			t.Errorf("%s: %v %s %d %s", of.prefix, ok, got, e.Clock, e.Text)
		}
	}
	if e, _ := Parse("Nov 26 13:19:21 web1 php-fpm[1]: "+child, Options{}); e.Clock != NoClock {
		t.Error("a year without today:", e.Time)
	}
}
