package lint

import (
	"iter"

	"github.com/wp502lint/wp502lint/servers"
)

// Outcome is what happens if nothing is changed. The zero Outcome of a Finding
// is the worst of its rule.
type Outcome uint8

// The outcomes, worst first.
const (
	// NginxRefuses: nginx does not start.
	NginxRefuses Outcome = iota + 1
	// ApacheRefuses: Apache does not start.
	ApacheRefuses
	// FPMRefuses: PHP-FPM does not start.
	FPMRefuses
	// BadGateway: the next PHP request through this place is a 502.
	BadGateway
	// Unavailable: the next PHP request through this place is a 503, which is what Apache
	// answers where nginx answers 502.
	Unavailable
	// SourceSent: the text of PHP files is sent to visitors with 200, passwords included.
	SourceSent
	// Sometimes: a 502 under load, at a reload, after a reboot or on a retry.
	Sometimes
	// SometimesUnavailable: what Apache answers where nginx answers Sometimes: a 503.
	SometimesUnavailable
	// Other: a failure with another status, such as 504, 500 or 403.
	Other
	// None: not a failure by itself; it hides or prolongs one.
	None
	// Unknown is only a verdict: nothing wrong was found, and not everything was judged.
	Unknown
)

var outcomeNames = [...]string{
	NginxRefuses:         "nginx-refuses",
	ApacheRefuses:        "apache-refuses",
	FPMRefuses:           "fpm-refuses",
	BadGateway:           "502",
	Unavailable:          "503",
	SourceSent:           "source",
	Sometimes:            "502-sometimes",
	SometimesUnavailable: "503-sometimes",
	Other:                "other",
	None:                 "none",
	Unknown:              "unknown",
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
	case NginxRefuses, ApacheRefuses, FPMRefuses, BadGateway, Unavailable, SourceSent:
		return Error
	case Sometimes, SometimesUnavailable:
		return Warning
	default:
		return Info
	}
}

// withApache are the outcomes that are others if Apache is the web server: it answers 503
// for a pool that it cannot reach or that closes the connection
// (httpd modules/proxy/mod_proxy_fcgi.c, proxy_fcgi_handler and fcgi_do_request; measured on
// Apache 2.4).
var withApache = map[Outcome]Outcome{
	NginxRefuses: ApacheRefuses,
	BadGateway:   Unavailable,
	Sometimes:    SometimesUnavailable,
}

// With returns what o, as nginx shows it, is if server is the web server in its place.
func (o Outcome) With(server servers.Server) Outcome {
	if other, ok := withApache[o]; ok && server == servers.Apache {
		return other
	}
	return o
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

// admit reports whether a rule with these outcomes may report another: it is one of them, or what
// one of them is with Apache.
func (o *Outcomes) admit(reported Outcome) bool {
	for outcome := range o.All() {
		if reported == outcome || reported == outcome.With(servers.Apache) {
			return true
		}
	}
	return false
}

// Possible returns the outcomes that the rule may report: those that it declares and, if it is
// about Apache too, what these are with Apache, under the same condition.
func (r *Rule) Possible() Outcomes {
	all := r.Outcomes
	for outcome, when := range r.Outcomes.All() {
		if o := r.WithApache(outcome); o != 0 {
			all[o] = when
		}
	}
	return all
}

// WithApache returns what a declared outcome of the rule is with Apache; zero if it is the
// same, if the rule declares it by itself, or if it is not about Apache.
func (r *Rule) WithApache(outcome Outcome) Outcome {
	o := outcome.With(servers.Apache)
	if !r.Apache || o == outcome || r.Outcomes[o] != "" {
		return 0
	}
	return o
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
// evidence, what no configuration shows, or that PHP never gets the request.
// It is the digit after WP in a rule's ID.
type Cause uint8

// The causes.
const (
	Input     Cause = iota // the configuration as text
	Died                   // a worker died, or its response broke, mid-request
	Address                // the web server connects to the wrong address, or lacks permission
	Stopped                // PHP-FPM is not running: its config refuses to start
	Proxy                  // the web server refuses to start, or a proxy cannot reach its origin
	Edge                   // Cloudflare or a tunnel cannot reach the origin
	Evidence               // the log line that would show the cause is missing
	RunTime                // what only a log shows; such a rule has no check
	Unhandled              // PHP never gets the request: its text is sent, or nothing handles it
)

var causeTexts = [...]string{
	Input:     "the configuration as text",
	Died:      "the PHP-FPM worker died, or its response broke, mid-request",
	Address:   "the web server connects to the wrong address, or lacks permission",
	Stopped:   "PHP-FPM is not running: its configuration refuses to start",
	Proxy:     "the web server refuses to start, or a proxy cannot reach its origin",
	Edge:      "Cloudflare or a tunnel cannot reach the origin",
	Evidence:  "the log line that would show the cause is missing",
	RunTime:   "what only a log shows",
	Unhandled: "PHP never gets the request: its text is sent, or nothing handles it",
}

// String returns the cause in words.
func (c Cause) String() string { return causeTexts[c] }
