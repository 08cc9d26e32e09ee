package rules_test

import (
	"os/exec"
	"testing"

	. "github.com/wp502lint/wp502lint/rules"
)

// A shell can read the commands that verify a cause.
func TestVerifyIsShell(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	for _, rule := range Explained() {
		for _, command := range rule.Verify {
			if out, err := exec.Command(shell, "-n", "-c", command).CombinedOutput(); err != nil {
				t.Errorf("%s: %s\n%s", rule.ID, command, out)
			}
		}
	}
}
