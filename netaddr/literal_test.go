package netaddr

import (
	"strings"
	"testing"
)

func TestLiteral(t *testing.T) {
	for host, want := range map[string]string{
		"9000": "0.0.35.40", "127.1": "127.0.0.1", "127.01.0.1": "127.1.0.1", "0x7f.0.0.1": "127.0.0.1", "4294967295": "255.255.255.255", "127.65535": "127.0.255.255",
		"1.2.3.4": "1.2.3.4", "::1": "::1", "0": "0.0.0.0",
		"": "", "4294967296": "", "127.0.0.256": "", "127.0.0.08": "", "256.1": "", "1.2.3.4.5": "", "1..2": "", "php": "", "127.0.0.1.": "", "0x": "",
	} {
		addr, ok := Literal(host)
		got := ""
		if ok {
			got = addr.String()
		}
		if got != want {
			t.Errorf("Literal(%q) = %q, want %q", host, got, want)
		}
	}
}

func TestNotHostName(t *testing.T) {
	label := strings.Repeat("a", 63)
	for host, want := range map[string]bool{
		"app": false, "app.": false, "app.example.com.": false, "_app._tcp.example.com": false, "app-.example": false, "app.0": false, "bücher.example": false,
		label + ".b": false, strings.Repeat(label+".", 3) + strings.Repeat("b", 61): false,
		"app..": true, ".app": true, "app..example": true, "a..0": true, ".": true, "a" + label: true, strings.Repeat(label+".", 3) + strings.Repeat("b", 62): true,
		"a b": true, "*.app": true, "300.1.1.1": true, "app.invalid": true,
	} {
		if got := NotHostName(host); got != want {
			t.Errorf("NotHostName(%q) = %v", host, got)
		}
	}
}
