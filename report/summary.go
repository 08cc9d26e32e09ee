package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// few is how many lines of what was not checked are printed without --verbose.
const few = 3

// flags are the flags that give a fact.
var flags = map[string][]string{
	"memory":        {"--memory", "--facts"},
	"users":         {"--facts"},
	"groups":        {"--facts"},
	"hosts":         {"--facts"},
	"reserve":       {"--reserve"},
	"worker-memory": {"--worker-memory", "--facts"},
}

func (t *text) summary(r *lint.Report) {
	places, rules := byKind(r.NotChecked)
	gaps := t.gaps(places)
	shown := gaps
	if !t.o.Verbose && len(gaps) > few {
		shown = gaps[:few]
	}
	for _, g := range shown {
		t.printf("%s: not checked: %s\n", g.where, g.why)
	}
	if n := len(gaps) - len(shown); n > 0 {
		t.printf("and %d more not checked (--verbose)\n", n)
	}
	if t.o.Verbose {
		t.files(r.Files)
	}
	if len(gaps) > 0 || t.o.Verbose && len(r.Files) > 0 {
		t.printf("\n")
	}
	t.printf("%s\n", t.verdict(r, rules, len(gaps)))
}

// byKind separates places that were not checked from rules that did not run.
func byKind(all []lint.NotChecked) (places, rules []lint.NotChecked) {
	for _, n := range all {
		if len(n.Missing) > 0 {
			rules = append(rules, n)
		} else {
			places = append(places, n)
		}
	}
	return places, rules
}

// gap is a place that was not checked, and a reason.
type gap struct{ where, why string }

// gaps returns each place and reason once, however many rules it affects.
func (t *text) gaps(places []lint.NotChecked) (all []gap) {
	seen := map[gap]bool{}
	for _, n := range places {
		g := t.gap(n)
		if !seen[g] {
			seen[g] = true
			all = append(all, g)
		}
	}
	return all
}

func (t *text) gap(n lint.NotChecked) gap {
	where := ""
	switch {
	case !n.At.IsZero():
		where = t.place(n.At)
	case n.Path != "":
		where = t.file(unloaded(n.Path))
	case n.Rule != nil:
		where = n.Rule.ID + " " + n.Rule.Name
	}
	return gap{where, Visible(t.secrets.mask(n.Why, n.At.File))}
}

func (t *text) files(files []source.Input) {
	for _, f := range files {
		file := f.File
		if file == nil {
			file = unloaded(f.Path)
		}
		t.printf("%s: %s\n", t.file(file), f.Role)
	}
}

func suffix(text string, n int, more string) string {
	if n == 0 {
		return ""
	}
	return text + more
}

// unknown counts rules that did not run and names the missing facts.
func unknown(rules []lint.NotChecked, format string) string {
	if len(rules) == 0 {
		return ""
	}
	var facts, known []string
	distinct := map[*lint.Rule]bool{}
	for _, n := range rules {
		distinct[n.Rule] = true
		for _, m := range n.Missing {
			facts = append(facts, string(m))
		}
	}
	slices.Sort(facts)
	facts = slices.Compact(facts)
	for _, f := range facts {
		for _, flag := range flags[f] {
			if !slices.Contains(known, flag) {
				known = append(known, flag)
			}
		}
	}
	hint := ""
	if len(known) > 0 {
		hint = " (" + strings.Join(known, ", ") + ")"
	}
	return Count(len(distinct), "rule") + fmt.Sprintf(format, strings.Join(facts, ", "), hint)
}

// counts returns "1 error" and "2 warnings", most severe first.
func (t *text) counts(all severities) (parts []string) {
	for s, findings := range all {
		if n := len(findings); n > 0 {
			severity := lint.Severity(s)
			parts = append(parts, t.paint(severityStyles[severity], Count(n, severity.String())))
		}
	}
	return parts
}

// read returns how many files were read.
func read(files []source.Input) int {
	n := 0
	for _, f := range files {
		if f.File != nil {
			n++
		}
	}
	return n
}

// Count returns "1 file" or "2,000 files".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return grouped(n) + " " + noun + "s"
}

// grouped returns a number with a comma between thousands.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
