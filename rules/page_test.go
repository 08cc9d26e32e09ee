package rules_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
	. "github.com/wp502lint/wp502lint/rules"
)

// The first screen of a page, which has 24 lines of 80 columns, says what to see and what to
// check, and where the files of the configuration have the fault, how it is fixed.
func TestFirstScreen(t *testing.T) {
	const screen = 24
	for _, r := range Explained() {
		var b strings.Builder
		if err := report.Page(&b, docs.Page(r, Explained()), report.Options{}); err != nil {
			t.Fatal(err)
		}
		first := folded(b.String())[:screen-1]
		wanted := []string{"What you see", "Check it now", folded("    " + r.Verify[0])[0]}
		if r.Cause != lint.RunTime {
			wanted = append(wanted, "Fix")
		}
		for _, want := range wanted {
			if !slices.Contains(first, want) {
				t.Errorf("%s: no line %q in\n%s", r.ID, want, strings.Join(first, "\n"))
			}
		}
	}
}

// A page says in words how an example is set up and what it answers, and has no marks of tests.
func TestNoNotation(t *testing.T) {
	notation := regexp.MustCompile(`(?m)^(?:(?:nginx|apache|fpm) refuses$|(?:GET|HEAD|POST|PUT) \S+ -> |(?:memory|today|link|mode|bytes) \S+|frame: )|^(?:[#;] *)?[-^].* WP\d{3} `)
	for _, r := range Explained() {
		if found := notation.FindString(docs.Page(r, Explained())); found != "" {
			t.Errorf("the page of %s has the notation %q", r.ID, found)
		}
	}
	for _, text := range []string{"fpm refuses", "apache refuses", "frame: apache", "GET / -> 502", "GET / -> source", "memory 4GiB", "mode 0660 a:a /x", "#   ^^^ WP201 no pool", "; -0 WP106 a note", "^etc/a.conf WP804 nothing"} {
		if !notation.MatchString(text) {
			t.Errorf("%q is not found", text)
		}
	}
}

// folded returns the lines of a text as a terminal of 80 columns shows them.
func folded(text string) (lines []string) {
	for line := range strings.SplitSeq(text, "\n") {
		for ; utf8.RuneCountInString(line) > 80; line = string([]rune(line)[80:]) {
			lines = append(lines, string([]rune(line)[:80]))
		}
		lines = append(lines, line)
	}
	return lines
}
