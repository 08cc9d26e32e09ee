package lint

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/servers"
)

var (
	idForm    = lazyregexp.New(`^WP([0-9])[0-9]{2}$`)
	nameForm  = lazyregexp.New(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	fileForm  = lazyregexp.New(`(?m)^-- .+ --$`)
	logGroups = []string{"", "path", "addr", "pool"}
)

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
		if names[r.Name] {
			errs = append(errs, fmt.Errorf("rule %s: the name %s is given twice", r.ID, r.Name))
		}
		ids[r.ID], names[r.Name] = true, true
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
	add(r.Outcomes.Worst() == 0 || r.Outcomes[0] != "", "it has no outcome, or one that is none of the six")
	add(int(r.Cause) >= len(causeTexts), "the cause is none of the seven")
	add(r.Summary == "" || strings.Contains(r.Summary, "\n"), "the summary is not one line")
	add(strings.TrimSpace(r.Why) == "", "nothing says why")
	add(strings.TrimSpace(r.Fix) == "", "nothing says how to fix it")
	add(!fileForm.MatchString(r.Bad), "the bad example holds no file")
	add(strings.TrimSpace(r.Good) == "", "the good example is empty")
	add(r.Check == nil && r.Judge == nil, "it checks nothing")
	add(needsLog(r) && len(r.Logs) == 0, "no log line, although it ends in a 502 and is not unproven")
	for _, l := range r.Logs {
		out = append(out, logFaults(l)...)
	}
	return out
}

func needsLog(r *Rule) bool {
	return r.Outcomes.Worst() <= Sometimes && r.Unproven == ""
}

func logFaults(l servers.Log) []string {
	text := l.Expression()
	if l.By != servers.Nginx && l.By != servers.FPM {
		return []string{fmt.Sprintf("log %q is written by no server", text)}
	}
	re, err := regexp.Compile(text)
	switch {
	case err != nil:
		return []string{fmt.Sprintf("log %q: %v", text, err)}
	case strings.Contains(text+l.Example, "\n"):
		return []string{fmt.Sprintf("log %q is more than one line", text)}
	case re.MatchString(""):
		return []string{fmt.Sprintf("log %q matches every line", text)}
	case !re.MatchString(l.Example):
		return []string{fmt.Sprintf("log %q does not match its example %q", text, l.Example)}
	}
	var out []string
	for _, name := range re.SubexpNames() {
		if !slices.Contains(logGroups, name) {
			out = append(out, fmt.Sprintf("log %q: the group %s is none of path, addr, pool", text, name))
		}
	}
	return out
}
