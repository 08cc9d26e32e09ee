package main

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/lint"
)

// lookup returns the rule with that ID or name, in upper or lower case.
func lookup(rules []*lint.Rule, name string) (*lint.Rule, error) {
	if r := lint.Named(rules, name); r != nil {
		return r, nil
	}
	hint := typo.DidYouMean(name, lint.Names(rules))
	switch {
	case strings.Contains(name, ","):
		hint = "; name one at a time"
	case hint == "":
		hint = `; "wp502lint rules" lists them`
	}
	return nil, fmt.Errorf("there is no rule %q%s", name, hint)
}

// lookupAll returns the rules with names. Names may be separated by blanks, so that one
// environment variable holds several.
func lookupAll(rules []*lint.Rule, flag string, names []string) (found []*lint.Rule, err error) {
	for _, name := range strings.Fields(strings.Join(names, " ")) {
		r, err := lookup(rules, name)
		if err != nil {
			return nil, fmt.Errorf("--%s: %w", flag, err)
		}
		found = append(found, r)
	}
	return found, nil
}
