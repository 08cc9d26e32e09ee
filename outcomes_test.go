package wp502lint_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/wp502lint/wp502lint/lint"
)

// verdictLists are the texts that list every verdict: for each, the pattern of the list.
var verdictLists = map[string]string{
	"README.md":  `(?s)\n\*\*The verdict\*\* is the worst that will happen: .*?\n\n`,
	"action.yml": `(?s)What will happen - .*?\n    value:`,
	"deploy/ansible/plugins/modules/check.py": `(?s)\n    - The worst that will happen, .*?\n  returned:`,
	"docs/report.schema.json":                 `"The worst outcome of all findings, .*"`,
}

// A list of the verdicts has each one: the outcomes that are errors or warnings, healthy and
// unknown.
func TestVerdictsAreListed(t *testing.T) {
	names := []string{lint.Outcome(0).String(), lint.Unknown.String()}
	for o := lint.NginxRefuses; o < lint.Unknown; o++ {
		if o.Severity() < lint.Info {
			names = append(names, o.String())
		}
	}
	for file, pattern := range verdictLists {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		list := regexp.MustCompile(pattern).Find(text)
		if list == nil {
			t.Errorf("%s lists no verdicts", file)
		}
		for _, name := range names {
			if !regexp.MustCompile(`(?:^|[^\w-])` + name + `(?:[^\w-]|$)`).Match(list) {
				t.Errorf("%s does not list %s in\n%s", file, name, list)
			}
		}
	}
}
