// Package lint defines what a rule, a finding, an outcome and a report are, and
// Run, which runs rules on a linked stack.
package lint

import (
	"slices"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// Rule is a claim about what makes a host answer 502, as one value: its texts,
// its examples and its check. The page, the SARIF rule, explain and the table
// of the README are derived from it. A rule of the cause RunTime has no example and
// no check: it never runs, and names what is found in a log.
type Rule struct {
	ID   string // WP, the digit of the cause, two more digits
	Name string // kebab-case
	// Former are the names that the rule had in earlier versions. They are accepted wherever Name is.
	Former []string
	Cause  Cause
	// Outcomes are all that the rule ever reports, besides what they are with Apache.
	Outcomes Outcomes
	// Apache is set when the rule is about Apache as well as nginx, and reports the outcomes of a
	// gateway of Apache as what they are With it. A rule about Apache alone declares its own.
	Apache bool
	// Faults are the values that only this rule reports.
	Faults []Fault

	Summary string // one sentence
	Why     string // what happens in the servers; Markdown
	// Now says what to look at once it has happened; Markdown. Only a rule of the cause
	// RunTime has it: what others look at is the configuration.
	Now string
	Fix string // what to change; Markdown
	// Fixable is set when some of the findings have a safe fix.
	Fixable bool
	// Verify are commands to copy, one a line, that show whether this is the cause, and
	// whether it is gone. A word in capitals, such as SOCKET or HOST, is filled in by hand.
	Verify []string
	// Sources are the pages of the servers' own manuals that say what Why says, as addresses.
	Sources []string

	// Bad is a txtar archive, laid over one healthy stack. Its marks show where
	// the rule fires.
	Bad string
	// Good is a txtar archive on which the rule is silent, laid over the files of
	// Bad: it holds those that differ. Its header is complete by itself.
	Good string

	// Logs are the lines that the servers write when it happens.
	Logs []*servers.Signature
	// Unproven says why the outcome cannot be shown on real servers; "" for a
	// rule that they prove.
	Unproven string
	// Needs are the facts without which the rule cannot judge at all.
	Needs []host.Fact
	// Check inspects the stack and reports. It cannot fail. nil for the cause RunTime.
	Check func(*Pass)
	// Judge replaces Check in a rule about ignores: it runs after all other rules.
	Judge func(*Pass)
	// Production is set when the rule matters only in production.
	Production bool
}

// Fault is one of the reasons that the model decides between, such as stack.Nobody or
// nginxt.UnknownDirective: a place fails for one reason, and one rule reports it.
type Fault any

// Finding is one thing that is wrong, and the line that a person must edit.
type Finding struct {
	Rule    *Rule   // set by Run
	Outcome Outcome // zero: the worst of the rule
	At      source.Span
	Message string   // one sentence, lower case, no full stop
	Common  string   // what all findings of this cause share, as a sentence; "": the form of Message
	Lacks   string   // the entry that is missing at At; "" when At is the cause itself
	Log     []string // the lines that will appear in a server's log
	Notes   []Note
	Fixes   []Fix // alternatives: the first safe one is applied

	// Override is the severity that the project sets; 0: the outcome's own.
	Override Severity
	// Fingerprint identifies the finding when lines move: 16 hex digits, set
	// by Run.
	Fingerprint string
}

// Note is the other side of a finding, and Fix one way to make it go away.
type (
	Note = source.Note
	Fix  = source.Fix
)

// NotChecked is something that was not judged, and why.
type NotChecked struct {
	source.NotChecked             // At is zero when Rule lacks facts
	Rule              *Rule       // nil: it concerns a file, not a rule
	Missing           []host.Fact // the facts that the rule needs and that are unknown
}

// Report is all that a format gets.
type Report struct {
	Rules      []*Rule // all that ran or would have run, in order of ID
	Findings   []Finding
	NotChecked []NotChecked
	Files      []source.Input
	Gateways   Coverage
	Tunnels    int // of cloudflared, whose rules are among the files
	// Verdict is the worst outcome that is certain or possible. Without one it is Unknown unless
	// every gateway of PHP was judged; zero: healthy.
	Verdict Outcome
	// Ignored counts the findings that ignores hide or that Keep leaves out, Accepted those in
	// a baseline, and Older those that Since leaves out.
	Ignored, Accepted, Older int
	// Milder counts those of Ignored that Keep leaves out.
	Milder int
}

// Pass is one run of a rule on a stack.
type Pass struct {
	Stack *stack.Stack
	// Ignores are the ignores that applied; for Judge only.
	Ignores []*Ignore

	rule   *Rule
	report *Report
	all    *Report // what the other rules reported; for Judge only
	ran    map[*Rule]bool
	before int  // findings of other rules in report
	cut    bool // there are too many findings
}

// Claims reports whether f is among the Faults of the rule.
func (p *Pass) Claims(f Fault) bool { return slices.Contains(p.rule.Faults, f) }

// Ran reports whether another rule could judge everything.
func (p *Pass) Ran(r *Rule) bool {
	if p.ran == nil {
		p.ran = p.all.Ran()
	}
	return p.ran[r]
}

// Ran returns the rules that could judge everything: nothing was left unread, and no
// fact was missing.
func (rep *Report) Ran() map[*Rule]bool {
	ran := make(map[*Rule]bool, len(rep.Rules))
	for _, r := range rep.Rules {
		ran[r] = true
	}
	for _, n := range rep.NotChecked {
		switch {
		case n.Rule != nil:
			ran[n.Rule] = false
		case n.Path != "":
			return nil
		}
	}
	return ran
}

// maxFindings limits how many findings one rule reports.
const maxFindings = 100_000

// Report adds a finding. Beyond 100,000 it says once that more are left out.
func (p *Pass) Report(f Finding) {
	if n := len(p.report.Findings) - p.before; n >= maxFindings {
		if !p.cut {
			p.cut = true
			p.NotChecked(f.At, "there are more than 100,000 findings; the others are not reported")
		}
		return
	}
	f.Rule = p.rule
	if f.Outcome == 0 {
		f.Outcome = p.rule.Outcomes.Worst()
	}
	f.Notes = once(f.Notes)
	p.report.Findings = append(p.report.Findings, f)
}

// once returns notes without those that say again what an earlier one says: a rule notes
// the same line for each gateway that reads it.
func once(notes []Note) []Note {
	if len(notes) < 2 || len(notes) == 2 && notes[0] != notes[1] {
		return notes
	}
	met := make(map[Note]bool, len(notes))
	return slices.DeleteFunc(slices.Clone(notes), func(n Note) bool {
		again := met[n]
		met[n] = true
		return again
	})
}

// NotChecked records that the rule could not judge the text at at.
func (p *Pass) NotChecked(at source.Span, why string) {
	p.report.NotChecked = append(p.report.NotChecked, NotChecked{Rule: p.rule, NotChecked: source.NotChecked{At: at, Why: why}})
}

// Missing records that the rule could not judge everything without facts.
func (p *Pass) Missing(facts ...host.Fact) {
	p.report.NotChecked = append(p.report.NotChecked, lacking(p.rule, facts))
}
