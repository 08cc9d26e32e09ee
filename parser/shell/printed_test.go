package shell_test

import (
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"
)

// printed returns a script as the printer of mvdan.cc/sh writes it.
func printed(t *testing.T, text string) string {
	t.Helper()
	file, err := syntax.NewParser().Parse(strings.NewReader(text), "")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := syntax.NewPrinter().Print(&out, file); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
