package rules_test

import (
	"os/exec"
	"strings"
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

// Commands that verify one cause tell it from any other.
func TestVerifyIsOfOneRule(t *testing.T) {
	of := map[string]string{}
	for _, rule := range Explained() {
		commands := strings.Join(rule.Verify, "\n")
		if other := of[commands]; other != "" {
			t.Errorf("%s and %s have the same commands:\n%s", other, rule.ID, commands)
		}
		of[commands] = rule.ID
	}
}

// PHP-FPM writes what happens to a worker to its error_log alone, whatever the unit says: the
// journal has only what it refuses at startup (measured on PHP-FPM 8.2).
func TestVerifyLooksForWorkersInTheLogOfFPM(t *testing.T) {
	for _, rule := range Explained() {
		for _, command := range rule.Verify {
			if !strings.HasPrefix(command, "journalctl -u UNIT") {
				continue
			}
			for _, line := range []string{"exited", "terminating", "Reloading", "max_children", "dropped", "timed out"} {
				if strings.Contains(command, line) {
					t.Errorf("%s: %s looks for %q in the journal", rule.ID, command, line)
				}
			}
		}
	}
}
