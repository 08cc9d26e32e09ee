//go:build linux

package lab

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
)

// Tally holds the counts of a number of mutants, as docs/proofs.json stores them.
type Tally struct {
	Seeds       string         `json:"seeds"` // the first and the last
	Mutants     int            `json:"mutants"`
	Right       int            `json:"right"`
	FalseErrors int            `json:"false_errors"`
	Missed      map[string]int `json:"missed"`    // faults whose log line rules claim, by the rules
	Untold      int            `json:"untold"`    // faults that the files do not determine
	Uncovered   map[string]int `json:"uncovered"` // the other faults, by the server's message
}

// String returns the figures in one line, followed by what was not covered.
func (t *Tally) String() string {
	text := fmt.Sprintf("right %d, false errors %d, missed %d, untold %d, uncovered %d", t.Right, t.FalseErrors, sum(t.Missed), t.Untold, sum(t.Uncovered))
	for _, kind := range slices.Sorted(maps.Keys(t.Uncovered)) {
		text += fmt.Sprintf("\n%5d %s", t.Uncovered[kind], kind)
	}
	return text
}

// Happened counts what happened to mutants, by the names of the outcomes.
func Happened(trials []*Trial) map[string]int {
	counts := map[string]int{}
	for _, t := range trials {
		o := t.Result.Worst()
		if o == 0 && t.Result.any(func(a Answer) bool { return a.Status != 200 }) {
			o = lint.Other
		}
		counts[o.String()]++
	}
	return counts
}

func sum(counts map[string]int) (n int) {
	for _, count := range counts {
		n += count
	}
	return n
}

// Page formats the figures as Markdown.
func (t *Tally) Page() string {
	var b strings.Builder
	share := func(n int) string { return fmt.Sprintf("%.2f %%", 100*float64(n)/float64(t.Mutants)) }
	fmt.Fprintf(&b, "A mutant is a healthy stack with one or two random changes. Of %d (seeds %s) the linter predicted what the servers did for %d (%s). "+
		"It was wrong about %d, missed %d whose log line a rule claims (%s), could not know %d from the files (%s), and no rule claims the line of %d (%s).\n",
		t.Mutants, t.Seeds, t.Right, share(t.Right), t.FalseErrors, sum(t.Missed), share(sum(t.Missed)), t.Untold, share(t.Untold), sum(t.Uncovered), share(sum(t.Uncovered)))
	for _, part := range []struct {
		title  string
		counts map[string]int
	}{{"missed, by the rules that claim the line", t.Missed}, {"no rule claims the line", t.Uncovered}} {
		if len(part.counts) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n| %s | mutants |\n|---|---|\n", part.title)
		for _, kind := range slices.Sorted(maps.Keys(part.counts)) {
			fmt.Fprintf(&b, "| %s | %d |\n", cell(kind), part.counts[kind])
		}
	}
	return b.String()
}

// Matches what differs between lines of one kind.
var (
	ofTime   = regexp.MustCompile(`^(nginx:|apache2: |\[\w{3} \w{3} \d\d [\d:.]+ \d{4}\]( \[[^\]]*\])*|\d{4}/\d\d/\d\d [\d:]+|\[[^\]]+\d{4} [\d:]+\]) `)
	ofLines  = regexp.MustCompile(`\d+#\d+: (\*\d+ )?|, client: .*| in /\S+:\d+$`)
	inQuotes = regexp.MustCompile(`"[^"]*"|'[^']*'|unix:\S+|\[[0-9a-f:.]+\](:\d+)?|\d+\.\d+\.\d+\.\d+(:\d+)?`)
)

// kindOf returns a log line without what differs between hosts.
func kindOf(line string) string {
	if line == "" {
		return "nothing, and the server ended"
	}
	line = ofLines.ReplaceAllString(ofTime.ReplaceAllString(line, ""), "")
	return strings.TrimSpace(inQuotes.ReplaceAllString(line, "…"))
}
