package servers

import (
	"net/netip"
	"strings"
	"testing"
)

func TestOfCloudflare(t *testing.T) {
	for text := range strings.FieldsSeq(cloudflareRanges) {
		if p, err := netip.ParsePrefix(text); err != nil || p.Masked() != p {
			t.Errorf("%s: %v", text, err)
		}
	}
	for text, want := range map[string]bool{"173.245.48.1": true, "::ffff:104.23.255.255": true, "2606:4700::1": true, "192.0.2.1": false, "2001:db8::1": false} {
		if got := OfCloudflare(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}
