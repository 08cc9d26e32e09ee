package report

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/lint"
)

// SARIF has at most what code scanning takes, the most severe of all, and says what it
// leaves out.
func TestSARIFLimits(t *testing.T) {
	f := file("/nginx.conf", strings.Repeat("x;\n", sarifResults+3))
	findings := func(n int, message string) (list []lint.Finding) {
		for i := range n {
			list = append(list, lint.Finding{Rule: mismatch, Outcome: lint.None, At: f.Span(3*i, 3*i+1), Message: message})
		}
		list[n-1].Outcome = lint.BadGateway
		return list
	}
	for _, test := range []struct {
		name     string
		findings []lint.Finding
		want     int
	}{
		{"as many as fit", findings(sarifResults, "short"), sarifResults},
		{"more", findings(sarifResults+3, "short"), sarifResults},
		{"long ones", findings(20, strings.Repeat("x", sarifTexts/10)), 9},
	} {
		said := ""
		o := options
		o.Notice = func(why string) { said += why }
		text := render(t, SARIF, &lint.Report{Findings: test.findings, Rules: []*lint.Rule{mismatch}}, o)
		if got := strings.Count(text, `"ruleId"`); got != test.want {
			t.Errorf("%s: %d results, want %d", test.name, got, test.want)
		}
		if got := strings.Count(text, `"level": "error"`); got != 2 {
			t.Errorf("%s: %d levels of errors, want that of the rule and of the only one", test.name, got)
		}
		left := ""
		if n := len(test.findings) - test.want; n > 0 {
			left = fmt.Sprintf("%d findings of the least severity left out of this SARIF report", n)
		}
		if !strings.HasPrefix(said, left) || !strings.Contains(text, left) || left == "" && said != "" {
			t.Errorf("%s: said %q, want %q", test.name, said, left)
		}
	}
}

// A list is written as encoding/json would, without being one in memory.
func TestLists(t *testing.T) {
	type object struct {
		Name  string `json:"name"`
		Empty list   `json:"empty"`
		Some  list   `json:"some"`
		None  int    `json:"none,omitempty"`
	}
	number := func(i int) map[string]int { return map[string]int{"n": i} }
	want := `{
  "name": "a<b",
  "empty": [],
  "some": [
    {
      "n": 1
    },
    {
      "n": 2
    }
  ]
}
`
	if got := render(t, func(w io.Writer, _ *lint.Report, _ Options) error {
		return WriteJSON(w, object{Name: "a<b", Empty: listOf([]int{}, number), Some: listOf([]int{1, 2}, number)})
	}, nil, options); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
