//go:build linux

package lab

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lab/mutate"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// Class is the result of comparing a prediction with what happened.
type Class string

// The classes.
const (
	Right      Class = "right"
	FalseError Class = "false error" // a certain outcome that did not happen
	Missed     Class = "missed"      // a fault whose log line a rule claims, but which was not reported
	Uncovered  Class = "uncovered"   // a fault whose log line no rule claims
	Untold     Class = "untold"      // a fault that cannot be known from the files
)

// Trial is one mutant with the linter's report and the observed result.
type Trial struct {
	*mutate.Mutant
	Report *lint.Report
	Result *Result
	Class  Class
	// Line is the log line of the worst outcome; "" if there was no fault.
	Line string
	// Claims are the rules with a log expression that matches the line.
	// Or, if the text of a script was sent, which no line tells, those that may say so.
	Claims []*lint.Rule
}

// Judge compares what the linter reports about a mutant with what happened.
//
// A prediction is right here if it is right in every comparison of verdicts: the worst
// predicted outcome happened (either refusal if both servers refuse), or no certain
// outcome is predicted and the host is healthy or answers with another status.
func Judge(m *mutate.Mutant, healthy, model *stack.Stack, report *lint.Report, result *Result, rules []*lint.Rule) *Trial {
	t := &Trial{Mutant: m, Report: report, Result: result, Class: Right}
	truth := result.Worst()
	t.blame(truth, rules)
	predicted := report.Verdict
	if t.refusesWrongly() || predicted.Severity() == lint.Error && truth == 0 {
		t.Class = FalseError
		if predicted == lint.BadGateway && (unreached(healthy, model) || result.any(func(a Answer) bool { return a.Own })) {
			t.Class = Untold
		}
		return t
	}
	if truth == 0 || predicted == truth || len(result.Refusals) == 2 && predicted == lint.FPMRefuses {
		return t
	}
	if predicted.Severity() == lint.Warning && truth == lint.BadGateway.With(result.web()) && slices.ContainsFunc(report.Findings, func(f lint.Finding) bool { return slices.Contains(t.Claims, f.Rule) }) {
		return t // each request is sent once
	}
	switch {
	case t.outside() || t.notChecked() || truth == lint.BadGateway.With(result.web()) && untold(model) || lookedUp.MatchString(t.Line):
		t.Class = Untold
	case len(t.Claims) > 0:
		t.Class = Missed
	default:
		t.Class = Uncovered
	}
	return t
}

// serious matches lines that say why something failed. PHP's messages about php.ini
// do not stop it.
var serious = regexp.MustCompile(`\[(\w+:)?(emerg|alert|crit|error)\]|ERROR:|ALERT:|PHP: .* in Unknown|Fatal|neither served`)

// mild matches lines of Apache, before it refuses, that are not the reason. All others are.
var mild = regexp.MustCompile(`^$|^AH0055[78]:|AH0011[12]\b|^Syntax OK$|:(warn|notice|info)\] `)

// tells reports whether a line may say why the outcome is as it is.
func tells(truth lint.Outcome, line string) bool {
	if truth == lint.ApacheRefuses {
		return !mild.MatchString(line)
	}
	return serious.MatchString(line)
}

// blame finds the line of the worst outcome and the rules that claim it: the first
// line with a claim, or else the last that says why something failed. Apache says why in the
// first, and what follows from it in others.
func (t *Trial) blame(truth lint.Outcome, rules []*lint.Rule) {
	by := t.Result.web()
	if truth == lint.FPMRefuses {
		by = servers.FPM
	}
	switch truth {
	case 0:
		return
	case lint.SourceSent: // nothing is logged
		for _, r := range rules {
			if r.Outcomes[truth] != "" {
				t.Claims = append(t.Claims, r)
			}
		}
		return
	}
	for _, line := range inOneLine(t.Result.Lines[by]) {
		if !tells(truth, line) {
			continue
		}
		if t.Line == "" || by != servers.Apache {
			t.Line = line
		}
		for _, r := range rules {
			if slices.ContainsFunc(r.Logs, func(s *servers.Signature) bool { return s.By == by && s.Matches(line) }) {
				t.Claims = append(t.Claims, r)
			}
		}
		if t.Claims != nil {
			return
		}
	}
}

// inOneLine returns lines of which those are one that Apache writes in two: the place of an error,
// and what it is (httpd server/main.c, ap_log_error with AH00526).
func inOneLine(lines []string) (out []string) {
	for _, line := range lines {
		if n := len(out); n > 0 && strings.HasPrefix(out[n-1], "AH00526:") && strings.HasSuffix(out[n-1], ":") {
			out[n-1] += " " + line
		} else {
			out = append(out, line)
		}
	}
	return out
}

// Family returns the IDs of the rules that claim the line of a trial.
func (t *Trial) Family() string {
	var ids []string
	for _, r := range t.Claims {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids, " ")
}

// untold reports whether a gateway has an address that the files do not determine.
func untold(model *stack.Stack) bool {
	return slices.ContainsFunc(model.Gateways, func(g *stack.Gateway) bool {
		return g.Why != "" || slices.ContainsFunc(g.Peers, func(p *stack.Peer) bool { return p.Fault == stack.Untold })
	})
}

// lookedUp matches a name that a name server may know.
var lookedUp = regexp.MustCompile(`host not found in (upstream )?"[^"]*[.$][^"]*"`)

// named matches the path in a log line.
var named = regexp.MustCompile(`["'(]/*(/[^/"']+)[^"']*["')]`)

// outside reports whether the fault is a path below a directory that the host of the
// mutant does not have: a repository may omit it, so the linter cannot know whether it exists.
func (t *Trial) outside() bool {
	return slices.ContainsFunc(named.FindAllStringSubmatch(t.Line, -1), func(m []string) bool {
		return !slices.ContainsFunc(t.Case.Files, func(f cases.File) bool { return strings.HasPrefix(f.Name, m[1]+"/") })
	})
}

// placeIn matches the place that a server gives for a fault: the end of the directive.
var placeIn = regexp.MustCompile(`([^/ ]+):(\d+)$`)

// variable matches a variable of Apache, which its log has as it is written where nothing sets it.
var variable = regexp.MustCompile(`\$\{\w+\}`)

// notChecked reports whether the linter lists that line, or the variable in it, as not checked, or
// could not check for a fault of this kind somewhere.
func (t *Trial) notChecked() bool {
	unset := variable.FindString(t.Line)
	if slices.ContainsFunc(t.Report.NotChecked, func(n lint.NotChecked) bool {
		return strings.Contains(n.Why, "includes itself") || n.Rule != nil && slices.Contains(t.Claims, n.Rule) && !n.At.IsZero() ||
			unset != "" && strings.Contains(n.Why, unset)
	}) {
		return true
	}
	m := placeIn.FindStringSubmatch(t.Line)
	return m != nil && slices.ContainsFunc(t.Report.NotChecked, func(n lint.NotChecked) bool {
		end, _ := strconv.Atoi(m[2]) // digits
		return !n.At.IsZero() && filepath.Base(n.At.File.Name) == m[1] && n.At.Begin().Line <= end && end < n.At.Begin().Line+4
	})
}

// refusesWrongly reports whether a predicted refusal of any server did not happen.
func (t *Trial) refusesWrongly() bool {
	return t.wrongly(lint.NginxRefuses, servers.Nginx) || t.wrongly(lint.ApacheRefuses, servers.Apache) || t.wrongly(lint.FPMRefuses, servers.FPM)
}

// wrongly reports whether a predicted refusal of a server did not happen.
func (t *Trial) wrongly(o lint.Outcome, by servers.Server) bool {
	_, refused := t.Result.Refusals[by]
	return !refused && slices.ContainsFunc(t.Report.Findings, func(f lint.Finding) bool { return f.Outcome == o })
}

// String describes a trial in full: the mutant, the diff, the prediction and what happened.
func (t *Trial) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n%s", strings.ToUpper(string(t.Class)), t.Mutant, t.Diff)
	fmt.Fprintf(&b, "predicted %s\n", t.Report.Verdict)
	for _, f := range t.Report.Findings {
		if f.Outcome < lint.Other || t.Class != Right {
			at := "-"
			if !f.At.IsZero() {
				at = fmt.Sprintf("%s:%d", f.At.File.Name, f.At.Begin().Line)
			}
			fmt.Fprintf(&b, "  %s %s %s %s\n", f.Rule.ID, f.Outcome, at, mutate.Escaped(f.Message))
		}
	}
	fmt.Fprintf(&b, "happened %s %q, which %q claim\n", t.Result.Worst(), t.Line, t.Family())
	for _, a := range t.Result.Answers {
		if !a.all(200) {
			fmt.Fprintf(&b, "  %s%s %s\n", a.Request.Endpoint, a.Request.Host, a)
		}
	}
	for _, l := range slices.Concat(tail(t.Result.Lines[servers.Nginx], 4), tail(t.Result.Lines[servers.Apache], 4), tail(t.Result.Lines[servers.FPM], 4)) {
		fmt.Fprintf(&b, "  | %s\n", mutate.Escaped(l))
	}
	return b.String()
}

// Count summarizes trials.
func Count(trials []*Trial) *Tally {
	t := &Tally{Mutants: len(trials), Missed: map[string]int{}, Uncovered: map[string]int{}}
	if n := len(trials); n > 0 {
		t.Seeds = fmt.Sprintf("%d to %d", trials[0].Seed, trials[n-1].Seed)
	}
	for _, trial := range trials {
		switch trial.Class {
		case Right:
			t.Right++
		case FalseError:
			t.FalseErrors++
		case Missed:
			t.Missed[trial.Family()]++
		case Untold:
			t.Untold++
		case Uncovered:
			t.Uncovered[kindOf(trial.Line)]++
		}
	}
	return t
}

// tail returns the last n lines that are more than notices.
func tail(lines []string, n int) []string {
	lines = slices.DeleteFunc(slices.Clone(lines), func(l string) bool {
		return strings.Contains(l, "[notice]") || strings.Contains(l, "NOTICE:")
	})
	return lines[max(0, len(lines)-n):]
}

// requestsTo returns the requests for stacks: one for each place where a site passes
// requests to PHP and each address of the site.
func requestsTo(stacks ...*stack.Stack) []Request {
	var out []Request
	add := func(site *stack.Site, path string) {
		for _, l := range site.Listens {
			if l.Endpoint.Network == 0 || l.UDP || l.SSL {
				continue
			}
			r := Request{Endpoint: l.Endpoint, Host: nameOf(site), Path: path}
			if len(site.Names) == 0 {
				r.Host = ""
			}
			if !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	for _, s := range stacks {
		for _, site := range s.Sites {
			add(site, "/index.php")
		}
		for _, g := range s.Gateways {
			if path := pathOf(s, g); path != "" && g.Site != nil {
				add(g.Site, path)
			}
		}
	}
	return out
}

// pathOf returns a path for which nginx chooses the location of a gateway, if that is
// a prefix location.
func pathOf(s *stack.Stack, g *stack.Gateway) string {
	args := strings.TrimPrefix(locationOf(s, g), "location ")
	modifier, path, two := strings.Cut(args, " ")
	switch {
	case !two:
		path = modifier
	case modifier == "=":
		return path
	case modifier != "^~":
		return ""
	}
	if strings.HasPrefix(path, "/") && strings.IndexFunc(path, func(r rune) bool { return r <= ' ' || r >= 0x7f }) < 0 {
		return strings.TrimSuffix(path, "/") + "/index.php"
	}
	return ""
}

// unreached reports whether a gateway of a mutant is in a regular expression location
// that the healthy stack does not have, or that is not for .php: no request is known to reach it.
func unreached(healthy, model *stack.Stack) bool {
	known := map[string]bool{}
	for _, g := range healthy.Gateways {
		known[locationOf(healthy, g)] = true
	}
	return slices.ContainsFunc(model.Gateways, func(g *stack.Gateway) bool {
		where := locationOf(model, g)
		return pathOf(model, g) == "" && (!known[where] || !strings.Contains(where, "php"))
	})
}

// locationOf returns the innermost location of a gateway as written.
func locationOf(s *stack.Stack, g *stack.Gateway) string {
	blocks, _ := s.Around(g.At)
	for _, b := range slices.Backward(blocks) {
		if strings.HasPrefix(b, "location ") {
			return b
		}
	}
	return ""
}
