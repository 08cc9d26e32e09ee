package logs

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// maxTexts bounds the texts that literals multiplies out of one expression.
const maxTexts = 16

// literals returns texts of which each match of an expression has at least one; nil if the
// expression tells none. It prefers long ones: few other lines have them.
func literals(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return literals(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return literals(re.Sub[0])
		}
		return nil
	case syntax.OpConcat:
		return ofConcat(re.Sub)
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			found := literals(sub)
			if found == nil {
				return nil
			}
			all = append(all, found...)
		}
		return all
	}
	if all := texts(re); shortest(all) > 0 {
		return all
	}
	return nil
}

// ofConcat returns the best literals of expressions that follow one another.
func ofConcat(subs []*syntax.Regexp) (best []string) {
	eachRun(subs, func(all []string) {
		if worth(all) > worth(best) {
			best = all
		}
	})
	return best
}

// eachRun calls f with the texts of each run of expressions that has few, and with the literals
// of each of the other expressions.
func eachRun(subs []*syntax.Regexp, f func([]string)) {
	run := []string{""}
	for _, sub := range subs {
		all := texts(sub)
		switch {
		case all == nil:
			f(run)
			f(literals(sub))
			run = []string{""}
		case len(run)*len(all) > maxTexts:
			f(run)
			run = all
		default:
			run = product(run, all)
		}
	}
	f(run)
}

// texts returns all texts that an expression matches; nil if they are many.
func texts(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return []string{""}
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return []string{string(re.Rune)}
		}
	case syntax.OpCharClass:
		var all []string
		for i := 0; i+1 < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				if all = append(all, string(r)); len(all) > 4 {
					return nil
				}
			}
		}
		return all
	case syntax.OpCapture:
		return texts(re.Sub[0])
	case syntax.OpQuest:
		if all := texts(re.Sub[0]); all != nil {
			return append(slices.Clip(all), "")
		}
	case syntax.OpConcat, syntax.OpAlternate:
		return textsOfAll(re)
	}
	return nil
}

// textsOfAll is texts for expressions in a row or in place of one another.
func textsOfAll(re *syntax.Regexp) []string {
	var all []string
	if re.Op == syntax.OpConcat {
		all = []string{""}
	}
	for _, sub := range re.Sub {
		found := texts(sub)
		if found == nil {
			return nil
		}
		if re.Op == syntax.OpConcat {
			all = product(all, found)
		} else {
			all = append(all, found...)
		}
		if len(all) > maxTexts {
			return nil
		}
	}
	return all
}

// worth returns how good literals are for telling lines apart: those that most lines have are
// worse than others of any length.
func worth(all []string) int {
	n := shortest(all) * len(frequent)
	for _, s := range all {
		if n > 0 && strings.Contains(frequent, s) {
			return shortest(all)
		}
	}
	return n
}

// product returns each of the texts of a followed by each of those of b.
func product(a, b []string) []string {
	all := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			all = append(all, x+y)
		}
	}
	return all
}

// shortest returns the length of the shortest text; 0 for none.
func shortest(all []string) int {
	if len(all) == 0 {
		return 0
	}
	n := len(all[0])
	for _, s := range all {
		n = min(n, len(s))
	}
	return n
}
