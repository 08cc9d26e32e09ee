package diagnose

import (
	"testing"

	"github.com/wp502lint/wp502lint/logs"
)

// The parts of a log are known by their names, and in order.
func TestRotated(t *testing.T) {
	for _, parts := range [][]string{ // of one log, oldest first
		{"/log/error.log.10.gz", "/log/error.log.2.gz", "/log/error.log.1", "/log/error.log"},
		{"error_log-20251231.xz", "error_log-20261127-1795910400.gz", "error_log-20261128-1795996800", "error_log"},
		{"messages.gz", "messages"},
	} {
		last := positionOf(logs.Place{File: parts[0], Line: 7})
		for _, name := range parts[1:] {
			at := positionOf(logs.Place{File: name, Line: 3})
			if !at.after(last) || last.after(at) {
				t.Errorf("%s does not follow %v", name, last)
			}
			last = at
		}
		for i, name := range parts {
			if want := i < len(parts)-1; Rotated(name) != want {
				t.Errorf("Rotated(%s) is %t", name, !want)
			}
		}
	}
	for _, name := range []string{"-", "", "error.log", "php8.3-fpm.log", "site-2026.log", "/log/.1", "fpm-8.3.log", "error-2026112.log"} {
		if p := positionOf(logs.Place{File: name, Line: 3}); p != (position{name, 0, 3}) {
			t.Errorf("%q is %v", name, p)
		}
	}
	if a, b := positionOf(logs.Place{File: "a.log.1"}), positionOf(logs.Place{File: "b.log"}); b.after(a) || a.after(b) {
		t.Error("two logs have an order")
	}
}
