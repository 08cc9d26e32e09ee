package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/rules"
)

// chosenRules returns the rules that words choose, each once: IDs, IDs without WP, names, and
// patterns of either, also several in a word, with commas or blanks between.
func chosenRules(catalogue []*lint.Rule, words []string) (chosen []*lint.Rule, err error) {
	for _, value := range words {
		if len(splitWords([]string{value})) == 0 {
			return nil, fmt.Errorf("%q names no rule; \"wp502lint rules\" lists all rules", value)
		}
	}
	for _, word := range splitWords(words) {
		found, err := matching(catalogue, word)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			if !slices.Contains(chosen, r) {
				chosen = append(chosen, r)
			}
		}
	}
	return chosen, nil
}

func splitWords(words []string) []string {
	return strings.FieldsFunc(strings.Join(words, " "), func(c rune) bool { return c == ',' || c == ' ' || c == '\t' || c == '\n' })
}

func isPattern(word string) bool { return strings.ContainsAny(word, "*?[") }

// matching returns the rules that one word chooses.
func matching(catalogue []*lint.Rule, word string) (found []*lint.Rule, err error) {
	if !isPattern(word) {
		if r := ruleCalled(catalogue, word); r != nil {
			return []*lint.Rule{r}, nil
		}
		return nil, errors.New(lint.Unnamed(catalogue, word))
	}
	lower := strings.ToLower(word)
	for _, r := range catalogue {
		matches, err := r.Matches(lower)
		if err != nil {
			return nil, fmt.Errorf("invalid pattern %q: a [ without its ]", word)
		}
		if matches {
			found = append(found, r)
		}
	}
	if found == nil {
		return nil, fmt.Errorf("no rule matches %q; \"wp502lint rules\" lists all rules", word)
	}
	return found, nil
}

// ruleCalled returns the rule with that ID, with or without WP, or name; nil for none.
func ruleCalled(catalogue []*lint.Rule, word string) *lint.Rule {
	if r := lint.Named(catalogue, word); r != nil {
		return r
	}
	return lint.Named(catalogue, "WP"+word)
}

// chosenFor returns the rules that the values of a flag of check choose.
func chosenFor(catalogue []*lint.Rule, flag string, values []string) ([]*lint.Rule, error) {
	values = present(values)
	found, err := chosenRules(catalogue, values)
	if err == nil {
		return found, nil
	}
	for _, word := range splitWords(values) {
		if _, err := matching(catalogue, word); err == nil {
			continue
		}
		if only, err := matching(rules.RunTime, word); err == nil {
			which := only[0].ID
			if isPattern(word) {
				which = "the rules that match " + word
			}
			return nil, fmt.Errorf("--%s: check does not run %s, which only a log shows; use diagnose", flag, which)
		}
		break
	}
	return nil, fmt.Errorf("--%s: %w", flag, err)
}
