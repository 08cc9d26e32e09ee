package lint

import "iter"

// Outcome is what happens if nothing is changed. The zero Outcome of a Finding
// is the worst of its rule.
type Outcome uint8

// The outcomes, worst first.
const (
	// NginxRefuses: nginx does not start.
	NginxRefuses Outcome = iota + 1
	// FPMRefuses: PHP-FPM does not start.
	FPMRefuses
	// BadGateway: the next PHP request through this place is a 502.
	BadGateway
	// Sometimes: a 502 under load, at a reload, after a reboot or on a retry.
	Sometimes
	// Other: a failure with another status, such as 504, 500 or 403.
	Other
	// None: not a failure by itself; it hides or prolongs one.
	None
	// Unknown is only a verdict: nothing wrong was found, and not everything was judged.
	Unknown
)

var outcomeNames = [...]string{
	NginxRefuses: "nginx-refuses",
	FPMRefuses:   "fpm-refuses",
	BadGateway:   "502",
	Sometimes:    "502-sometimes",
	Other:        "other",
	None:         "none",
	Unknown:      "unknown",
}

// String returns the name of o in reports, and "healthy" for the zero Outcome.
func (o Outcome) String() string {
	if o == 0 {
		return "healthy"
	}
	return outcomeNames[o]
}

// Severity returns how severe o is. It is derived, never chosen.
func (o Outcome) Severity() Severity {
	switch o {
	case NginxRefuses, FPMRefuses, BadGateway:
		return Error
	case Sometimes:
		return Warning
	default:
		return Info
	}
}

// Outcomes are the outcomes that a rule may report, each with a short clause
// that says when; "" for all others.
type Outcomes [None + 1]string

// Always is the clause of the only outcome of a rule.
const Always = "always"

// All returns the outcomes, worst first, each with its clause.
func (o *Outcomes) All() iter.Seq2[Outcome, string] {
	return func(yield func(Outcome, string) bool) {
		for outcome, when := range o {
			if when != "" && !yield(Outcome(outcome), when) {
				return
			}
		}
	}
}

// Worst returns the worst of the outcomes, and zero when there is none.
func (o *Outcomes) Worst() Outcome {
	for outcome := range o.All() {
		return outcome
	}
	return 0
}

// Severity is how severe a finding is.
type Severity uint8

// The severities, most severe first.
const (
	Error Severity = iota + 1
	Warning
	Info
)

var severityNames = [...]string{Error: "error", Warning: "warning", Info: "note"}

// String returns error, warning or note.
func (s Severity) String() string { return severityNames[s] }

// AtRunTime is the clause of the only outcome of a rule of the cause RunTime: a
// log shows that it happened.
const AtRunTime = "at run time"

// Cause is one of the five causes of a 502, an unreadable input, missing
// evidence, or what no configuration shows. It is the digit after WP in a
// rule's ID.
type Cause uint8

// The causes.
const (
	Input    Cause = iota // the configuration as text
	Died                  // a worker died, or its response broke, mid-request
	Address               // nginx connects to the wrong address, or lacks permission
	Stopped               // PHP-FPM is not running: its config refuses to start
	Proxy                 // nginx refuses to start, or a proxy cannot reach its origin
	Edge                  // Cloudflare or a tunnel cannot reach the origin
	Evidence              // the log line that would show the cause is missing
	RunTime               // what only a log shows; such a rule has no check
)

var causeTexts = [...]string{
	Input:    "the configuration as text",
	Died:     "the PHP-FPM worker died, or its response broke, mid-request",
	Address:  "nginx connects to the wrong address, or lacks permission",
	Stopped:  "PHP-FPM is not running: its configuration refuses to start",
	Proxy:    "nginx refuses to start, or a proxy cannot reach its origin",
	Edge:     "Cloudflare or a tunnel cannot reach the origin",
	Evidence: "the log line that would show the cause is missing",
	RunTime:  "what only a log shows",
}

// String returns the cause in words.
func (c Cause) String() string { return causeTexts[c] }
