package lint

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/servers"
)

var (
	idForm   = lazyregexp.New(`^WP([0-9])[0-9]{2}$`)
	nameForm = lazyregexp.New(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	fileForm = lazyregexp.New(`(?m)^-- .+ --$`)
)

// written are the servers whose lines a check may predict.
var written = []servers.Server{servers.Nginx, servers.Apache, servers.FPM, servers.Cloudflared}

// reserved is an ID that no rule gets: it would be mistaken for the name of the
// program.
const reserved = "WP502"

// Validate returns every way in which rules break the form of a rule, joined
// into one error; nil when there is none.
func Validate(rules []*Rule) error {
	var errs []error
	ids, names := map[string]bool{}, map[string]bool{}
	for _, r := range rules {
		for _, fault := range faults(r) {
			errs = append(errs, fmt.Errorf("rule %s %s: %s", r.ID, r.Name, fault))
		}
		if ids[r.ID] {
			errs = append(errs, fmt.Errorf("rule %s: the ID is given twice", r.ID))
		}
		ids[r.ID] = true
		for _, name := range append([]string{r.Name}, r.Former...) {
			if names[name] {
				errs = append(errs, fmt.Errorf("rule %s: the name %s is given twice", r.ID, name))
			}
			names[name] = true
		}
	}
	return errors.Join(errs...)
}

func faults(r *Rule) []string {
	var out []string
	add := func(bad bool, fault string) {
		if bad {
			out = append(out, fault)
		}
	}
	digit := idForm.FindStringSubmatch(r.ID)
	add(digit == nil, "the ID is not WP and three digits")
	add(digit != nil && digit[1] != fmt.Sprint(uint8(r.Cause)), "the first digit of the ID is not its cause")
	add(r.ID == reserved, "the ID is the name of the product")
	add(!nameForm.MatchString(r.Name), "the name is not kebab-case")
	add(slices.ContainsFunc(r.Former, func(name string) bool { return !nameForm.MatchString(name) }), "a former name is not kebab-case")
	add(r.Outcomes.Worst() == 0 || r.Outcomes[0] != "", "it has no outcome, or one that is none of the ten")
	add(r.Apache && r.Possible() == r.Outcomes, "it is about Apache too, and no outcome is another there")
	add(int(r.Cause) >= len(causeTexts), "the cause is none of the nine")
	add(r.Summary == "" || strings.Contains(r.Summary, "\n"), "the summary is not one line")
	add(strings.TrimSpace(r.Why) == "", "nothing says why")
	add(strings.TrimSpace(r.Fix) == "", "nothing says how to fix it")
	add(len(r.Verify) == 0, "no command verifies it")
	add(slices.ContainsFunc(r.Verify, func(command string) bool {
		return strings.TrimSpace(command) == "" || strings.Contains(command, "\n")
	}), "a command that verifies is not one line")
	add(len(r.Sources) == 0 && r.Cause != Input, "no page of a manual says so")
	for _, source := range r.Sources {
		at, err := url.Parse(source)
		add(err != nil || at.Scheme != "https" || at.Host == "", "the source "+source+" is not an https address")
	}
	add(needsLog(r) && len(r.Logs) == 0, "no log line, although it ends in a 502, a 503 or a refusal and is not unproven")
	if r.Cause == RunTime {
		add(r.Bad != "" || r.Good != "" || r.Check != nil || r.Judge != nil, "it has examples or a check, and only a log shows it")
		add(strings.TrimSpace(r.Now) == "", "nothing says what to look at")
	} else {
		add(!fileForm.MatchString(r.Bad), "the bad example holds no file")
		add(strings.TrimSpace(r.Good) == "", "the good example is empty")
		add(r.Check == nil && r.Judge == nil, "it checks nothing")
		add(r.Now != "", "it says what to look at, and a check looks")
	}
	for i, row := range r.Logs {
		switch {
		case !slices.Contains(servers.Signatures(), row):
			add(true, fmt.Sprintf("log line %d is not a row of servers.Signatures", i+1))
		case r.Cause != RunTime && !slices.Contains(written, row.By):
			add(true, fmt.Sprintf("log %s is written by no server that a check reads", row.Name))
		}
		add(slices.Index(r.Logs, row) != i, fmt.Sprintf("log line %d is named twice", i+1))
	}
	return out
}

// needsLog reports whether a server logs an outcome of r. No server does when Apache sends the
// text of a PHP file, which it takes for a file like any other (measured on Apache 2.4).
func needsLog(r *Rule) bool {
	for outcome := range r.Outcomes.All() {
		if outcome.Severity() < Info && outcome != SourceSent {
			return r.Unproven == ""
		}
	}
	return false
}
