package deploy

import "testing"

func TestDownloaded(t *testing.T) {
	tests := []struct {
		url, to string
		into    bool
		want    string
	}{
		{"https://example.com/x/run.sh?v=1", "/", true, "/run.sh"},
		{"https://example.com/x/run.sh", "/usr/bin/run", false, "/usr/bin/run"},
		{"https://example.com/x.git#v1", "/src", true, "/src"},
		{"git@example.com:x/y", "/src", true, "/src"},
	}
	for _, tt := range tests {
		if got := downloaded(tt.url, tt.to, tt.into); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.url, got, tt.want)
		}
	}
}
