package servers

import "testing"

func TestCompareVersions(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"7.4", "8.0", -1},
		{"8.0", "7.4", 1},
		{"8.3", "8.3", 0},
		{"8.9", "8.10", -1},
		{"1.25.1", "1.25.10", -1},
		{"1.25.10", "1.25.9", 1},
		{"1.25", "1.25.3", 0},
		{"1.25.3", "1", 0},
		{"1.24", "1.25.3", -1},
		{"", "8.0", 0},
		{"8.0", "", 0},
		{"8.x", "8.0", 0},
	} {
		if got := CompareVersions(tt.a, tt.b); got != tt.want {
			t.Errorf("CompareVersions(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got, want := Older(tt.a, tt.b), tt.want < 0; got != want {
			t.Errorf("Older(%q, %q) = %v, want %v", tt.a, tt.b, got, want)
		}
	}
}
