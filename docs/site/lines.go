package site

import (
	"slices"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/servers"
)

// LogLines is the table with which the search finds the rules of a pasted log line.
type LogLines struct {
	Rules map[string]Named `json:"rules"` // by ID
	// Lines are in the order in which a line is compared with them: the first that matches wins.
	Lines []LogLine `json:"lines"`
}

// Named is what a result of the search says of a rule.
type Named struct {
	Name     string `json:"name"`
	Summary  string `json:"summary"`
	Severity string `json:"severity"`
}

// LogLine is one form of log line.
type LogLine struct {
	Expression string `json:"expression"` // of JavaScript, for the flag u
	Example    string `json:"example"`
	// Rules are the IDs of the rules that it may be, the most likely first and those that only
	// a log shows last; empty for a line that is of no rule.
	Rules []string `json:"rules"`
}

// Lines returns the table for rules.
func Lines(known []*lint.Rule) (*LogLines, error) {
	out := &LogLines{Rules: map[string]Named{}}
	for _, r := range known {
		out.Rules[r.ID] = Named{r.Name, docs.Sentence(r.Summary), r.Outcomes.Worst().Severity().String()}
	}
	for _, s := range servers.Signatures() {
		expression, err := JavaScript(s.Expression())
		if err != nil {
			return nil, err
		}
		line := LogLine{Expression: expression, Example: s.Example, Rules: []string{}}
		for _, r := range explaining(s) {
			if slices.Contains(known, r) {
				line.Rules = append(line.Rules, r.ID)
			}
		}
		out.Lines = append(out.Lines, line)
	}
	return out, nil
}

// explaining returns the rules that a line may be. The first is the one that diagnose names for
// the line alone, unless only a log shows that one.
func explaining(s *servers.Signature) []*lint.Rule {
	all := slices.Clone(rules.Naming(s))
	first := diagnosed(s.Example)
	if first == nil {
		return all
	}
	i := slices.Index(all, first)
	switch {
	case i < 0 && first.Cause == lint.RunTime:
		return append(all, first)
	case i >= 0 && first.Cause == lint.RunTime:
		return all
	case i >= 0:
		all = slices.Delete(all, i, i+1)
	}
	return slices.Insert(all, 0, first)
}

// diagnosed returns the rule that diagnose names for a line alone; nil for none.
func diagnosed(line string) *lint.Rule {
	event, ok := logs.Parse(line, logs.Options{})
	if !ok {
		return nil
	}
	var evidence diagnose.Evidence
	evidence.Add(&event)
	for _, incident := range diagnose.Run(&evidence, &diagnose.Config{}).Incidents {
		if incident.Rule != nil {
			return incident.Rule
		}
	}
	return nil
}
