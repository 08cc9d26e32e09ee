//go:build linux

package lab

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Odds are the figures of a number of mutants, as docs/proofs.json keeps them.
type Odds struct {
	Seeds       string         `json:"seeds"` // the first and the last
	Mutants     int            `json:"mutants"`
	Right       int            `json:"right"`
	FalseErrors int            `json:"false_errors"`
	Missed      map[string]int `json:"missed"`    // faults that a rule claims, by the rule
	Untold      int            `json:"untold"`    // what the files do not tell
	Uncovered   map[string]int `json:"uncovered"` // faults that no rule claims, by what the server says
}

// Tally counts chances.
func Tally(chances []*Chance) *Odds {
	o := &Odds{Mutants: len(chances), Missed: map[string]int{}, Uncovered: map[string]int{}}
	if n := len(chances); n > 0 {
		o.Seeds = fmt.Sprintf("%d to %d", chances[0].Seed, chances[n-1].Seed)
	}
	for _, c := range chances {
		switch c.Class {
		case Right:
			o.Right++
		case FalseError:
			o.FalseErrors++
		case Missed:
			o.Missed[c.Family]++
		case Untold:
			o.Untold++
		case Uncovered:
			o.Uncovered[kindOf(c.Line)]++
		}
	}
	return o
}

// JSON returns the figures for Figures.Mutants.
func (o *Odds) JSON() json.RawMessage {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // numbers and texts
	}
	return text
}

// String returns the figures in one line, and below it what was not covered.
func (o *Odds) String() string {
	text := fmt.Sprintf("right %d, false errors %d, missed %d, untold %d, uncovered %d", o.Right, o.FalseErrors, sum(o.Missed), o.Untold, sum(o.Uncovered))
	for _, kind := range slices.Sorted(maps.Keys(o.Uncovered)) {
		text += fmt.Sprintf("\n%5d %s", o.Uncovered[kind], kind)
	}
	return text
}

func sum(counts map[string]int) (n int) {
	for _, count := range counts {
		n += count
	}
	return n
}

// Page draws the figures as Markdown.
func (o *Odds) Page() string {
	var b strings.Builder
	share := func(n int) string { return fmt.Sprintf("%.2f %%", 100*float64(n)/float64(o.Mutants)) }
	fmt.Fprintf(&b, "A mutant is a healthy stack in which chance changed one or two things. Of %d (seeds %s) the linter foretold what the servers did for %d (%s). "+
		"It was wrong about %d, missed the fault of %d (%s), could not have known from the files in %d (%s), and has no rule for the fault of %d (%s).\n",
		o.Mutants, o.Seeds, o.Right, share(o.Right), o.FalseErrors, sum(o.Missed), share(sum(o.Missed)), o.Untold, share(o.Untold), sum(o.Uncovered), share(sum(o.Uncovered)))
	for _, part := range []struct {
		title  string
		counts map[string]int
	}{{"missed, by rule", o.Missed}, {"no rule yet, by what the server said", o.Uncovered}} {
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

// What differs from line to line of one kind.
var (
	ofTime   = regexp.MustCompile(`^(\d{4}/\d\d/\d\d [\d:]+|\[[^\]]+\d{4} [\d:]+\]) `)
	ofLines  = regexp.MustCompile(`\d+#\d+: (\*\d+ )?|, client: .*| in /\S+:\d+$`)
	inQuotes = regexp.MustCompile(`"[^"]*"|'[^']*'|unix:\S+|\[[0-9a-f:.]+\](:\d+)?|\d+\.\d+\.\d+\.\d+(:\d+)?`)
)

// kindOf returns a log line without what differs from host to host.
func kindOf(line string) string {
	if line == "" {
		return "nothing, and the server ended"
	}
	line = ofLines.ReplaceAllString(ofTime.ReplaceAllString(line, ""), "")
	return strings.TrimSpace(inQuotes.ReplaceAllString(line, "…"))
}
