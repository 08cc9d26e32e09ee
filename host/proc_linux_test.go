package host

import (
	"maps"
	"testing"
)

func TestFigures(t *testing.T) {
	text := "Name:\tphp-fpm8.2\nPid:\t12\nVmRSS:\t    2048 kB\nUid:\t0\t0\t0\t0\nodd\nPss:   3 kB\nHuge:  99999999999999999999 kB\n"
	got := figures(text)
	if want := map[string]int64{"Pid": 12, "VmRSS": 2 << 20, "Pss": 3 << 10}; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
