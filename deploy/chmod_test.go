package deploy

import (
	"io/fs"
	"testing"
)

// The wanted modes are those that chmod of coreutils 9.1 gives under umask 0022.
func TestSymbolicMode(t *testing.T) {
	for _, tt := range []struct {
		mode fs.FileMode
		text string
		dir  bool
		want fs.FileMode
	}{
		{0o755, "g=u", true, 0o775},
		{0o644, "g=u", false, 0o664},
		{0o640, "o=g", false, 0o644},
		{0o754, "g+o,o=", false, 0o750},
		{0o700, "go=u-w", true, 0o755},
		{0o644, "u+x,go-r", false, 0o700},
		{0o644, "ug+rw-x", false, 0o664},
		{0o755, "a-w+w", false, 0o777},
		{0o600, "a+rX", false, 0o644},
		{0o600, "a+rX", true, 0o755},
		{0o444, "+w", false, 0o644},
		{0o666, "-w", false, 0o466},
		{0o777, "=r", false, 0o444},
		{0o755, "g+s", true, 0o755 | fs.ModeSetgid},
	} {
		if got, ok := symbolic(tt.mode, tt.text, tt.dir); !ok || got != tt.want {
			t.Errorf("chmod %s of %o: %o, want %o", tt.text, tt.mode, got, tt.want)
		}
	}
	if _, ok := symbolic(0o644, "rw", false); ok {
		t.Error("chmod rw has no operator")
	}
}
