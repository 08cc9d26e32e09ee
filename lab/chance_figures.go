//go:build linux

package lab

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Odds are the figures of a number of mutants, as docs/proofs.json keeps them.
type Odds struct {
	Mutants     int            `json:"mutants"`
	Right       int            `json:"right"`
	FalseErrors int            `json:"false_errors"`
	Missed      int            `json:"missed"`    // of faults that a rule claims
	Untold      int            `json:"untold"`    // what the files do not tell
	Uncovered   map[string]int `json:"uncovered"` // faults that no rule claims, by the rule that would
}

// Tally counts chances.
func Tally(chances []*Chance) *Odds {
	o := &Odds{Mutants: len(chances), Uncovered: map[string]int{}}
	for _, c := range chances {
		switch c.Class {
		case Right:
			o.Right++
		case FalseError:
			o.FalseErrors++
		case Missed:
			o.Missed++
		case Untold:
			o.Untold++
		case Uncovered:
			o.Uncovered[c.Family]++
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

// String returns the figures in one line.
func (o *Odds) String() string {
	sum := 0
	var by []string
	for _, id := range slices.Sorted(maps.Keys(o.Uncovered)) {
		sum += o.Uncovered[id]
		by = append(by, fmt.Sprintf("%s %d", id, o.Uncovered[id]))
	}
	return fmt.Sprintf("right %d, false errors %d, missed %d, untold %d, uncovered %d: %s", o.Right, o.FalseErrors, o.Missed, o.Untold, sum, strings.Join(by, ", "))
}
