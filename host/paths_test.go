package host

import (
	"testing"

	"github.com/wp502lint/wp502lint/tree"
)

func TestRealDir(t *testing.T) {
	files := tree.Memory(map[string]string{"/lab/run/.keep": ""})
	files.Link("/lab/varrun", "run")
	files.Link("/run/php/current.sock", "php8.3-fpm.sock")
	p := &Paths{tree: files}
	for name, want := range map[string]string{
		"/lab/varrun":     "/lab/run",
		"/lab/varrun/php": "/lab/run/php",
		"/lab/run":        "/lab/run",
		"/run/php":        "/run/php",
		"/run/none":       "/run/none",
	} {
		if got := p.RealDir(name); got != want {
			t.Errorf("RealDir(%s) = %s, want %s", name, got, want)
		}
	}
	if got, want := p.Leads("/run/php/current.sock"), "/run/php/php8.3-fpm.sock"; got != want {
		t.Errorf("Leads(current.sock) = %s, want %s", got, want)
	}
	if got := (*Paths)(nil).RealDir("/run"); got != "/run" {
		t.Errorf("RealDir of nothing known = %s", got)
	}
}
