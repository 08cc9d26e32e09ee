package cloudflare

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestOwns(t *testing.T) {
	for _, p := range Ranges.Value {
		if p.Masked() != p {
			t.Errorf("%s is not masked", p)
		}
	}
	for text, want := range map[string]bool{"173.245.48.1": true, "::ffff:104.23.255.255": true, "2606:4700::1": true, "192.0.2.1": false, "2001:db8::1": false} {
		if got := Owns(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

// Every fact that can change says where and when it was read.
func TestDated(t *testing.T) {
	for _, fact := range [][2]string{{Ranges.Read, Ranges.Page}, {Ports.Read, Ports.Page}, {ReadTimeout.Read, ReadTimeout.Page}, {BodyLimits.Read, BodyLimits.Page}, {RealIPHeaders.Read, RealIPHeaders.Page}} {
		if _, err := time.Parse(time.DateOnly, fact[0]); err != nil || !strings.HasPrefix(fact[1], "https://") {
			t.Errorf("%q, %q", fact[0], fact[1])
		}
	}
	if slices.ContainsFunc(RealIPHeaders.Value, func(name string) bool { return strings.ToLower(name) != name }) {
		t.Error("a header is not in lower case")
	}
}
