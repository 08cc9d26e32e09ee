package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/lint"
)

// lookup returns the rule with that ID or name, in any case.
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

// choose returns those of offered that only names, or all when it is empty, less
// those that without names. A name is one of the catalogue and holds no blank, so
// that a list of them fits into one variable of the environment.
func choose(catalogue, offered []*lint.Rule, only, without []string) ([]*lint.Rule, error) {
	kept, err := lookupAll(catalogue, only)
	if err != nil {
		return nil, fmt.Errorf("--rule: %w", err)
	}
	if len(kept) == 0 {
		kept = offered
	}
	dropped, err := lookupAll(catalogue, without)
	if err != nil {
		return nil, fmt.Errorf("--disable: %w", err)
	}
	var chosen []*lint.Rule
	for _, r := range offered {
		if slices.Contains(kept, r) && !slices.Contains(dropped, r) {
			chosen = append(chosen, r)
		}
	}
	switch {
	case len(chosen) > 0 || len(catalogue) == 0:
	case len(offered) == len(catalogue):
		return nil, fmt.Errorf("--disable leaves no rule to run")
	default:
		return nil, fmt.Errorf("--disable and the project file leave no rule to run")
	}
	return chosen, nil
}

func lookupAll(rules []*lint.Rule, names []string) (found []*lint.Rule, err error) {
	for _, name := range strings.Fields(strings.Join(names, " ")) {
		r, err := lookup(rules, name)
		if err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	return found, nil
}
