package rules_test

import (
	"testing"

	"github.com/wp502lint/wp502lint/lint"
	. "github.com/wp502lint/wp502lint/rules"
)

// TestFormerNames has the names that rules once had: files of projects still have them.
func TestFormerNames(t *testing.T) {
	for name, want := range map[string]*lint.Rule{
		"no-nginx-user": NoWorkerUser, "nginx-duplicate-listen": ListenConflict, "NGINX-file-missing": FileMissing,
		"no-worker-user": NoWorkerUser, "listen-conflict": ListenConflict, "file-missing": FileMissing,
	} {
		if got := lint.Named(All, name); got != want {
			t.Errorf("%s is %v, want %s", name, got, want.ID)
		}
	}
}
