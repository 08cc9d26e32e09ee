package lint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Group is findings of one cause: of one rule and severity, and alike but for the words of
// the configuration in them. After the upgrade of PHP, each of thirty sites has such a finding.
type Group struct {
	Rule     *Rule
	Severity Severity
	Findings []*Finding // in their order, at least one
}

// Groups returns findings by cause: the most severe first, and of one severity in the order of
// the first finding of each.
func Groups(findings []*Finding) (groups []*Group) {
	type key struct {
		rule     *Rule
		severity Severity
		shape    string
	}
	byKey := map[key]*Group{}
	for _, f := range findings {
		k := key{f.Rule, f.Severity(), f.shape()}
		g := byKey[k]
		if g == nil {
			g = &Group{Rule: f.Rule, Severity: k.severity}
			byKey[k], groups = g, append(groups, g)
		}
		g.Findings = append(g.Findings, f)
	}
	slices.SortStableFunc(groups, func(a, b *Group) int { return cmp.Compare(a.Severity, b.Severity) })
	return groups
}

// Files returns in how many files the findings are.
func (g *Group) Files() int {
	files := map[*source.File]bool{}
	for _, f := range g.Findings {
		if !f.At.IsZero() {
			files[f.At.File] = true
		}
	}
	return len(files)
}

// Fixable returns how many of the findings have a safe fix, and how many places these change.
func (g *Group) Fixable() (findings, edits int) {
	places := map[source.Span]bool{}
	for _, f := range g.Findings {
		if x := f.SafeFix(); x != nil {
			findings++
			for _, e := range x.Edits {
				places[e.At] = true
			}
		}
	}
	return findings, len(places)
}

// SafeFix returns the fix that is made of those that f offers; nil if none is safe.
func (f *Finding) SafeFix() *Fix {
	for i := range f.Fixes {
		if f.Fixes[i].Safe {
			return &f.Fixes[i]
		}
	}
	return nil
}

// shape returns what f has in common with other findings of the same cause: its messages without
// the words of the configuration.
func (f *Finding) shape() string {
	if f.Common != "" {
		return f.Common
	}
	parts := []string{f.Outcome.String(), shapeOf(f.Message)}
	for _, n := range f.Notes {
		if s := shapeOf(n.Message); !slices.Contains(parts, s) {
			parts = append(parts, s)
		}
	}
	if x := f.SafeFix(); x != nil {
		parts = append(parts, "fix: "+shapeOf(x.Title))
	}
	return strings.Join(parts, "\n")
}

// named are the nouns of messages that a name of the configuration follows.
var named = map[string]bool{
	"pool": true, "pools": true, "user": true, "group": true, "upstream": true, "host": true, "server": true, "container": true,
	"service": true, "zone": true, "site": true, "image": true, "file": true, "directory": true, "module": true, "account": true,
}

// shapeOf returns a message with a mark in place of each word that may come from a configuration:
// one with anything but letters in it, or after a noun that a name follows.
func shapeOf(message string) string {
	words := strings.Fields(message)
	follows := false
	for i, word := range words {
		plain := strings.TrimRight(word, ",;:.")
		if follows || strings.IndexFunc(plain, foreign) >= 0 {
			words[i] = "…" + word[len(plain):]
		}
		follows = named[plain]
	}
	return strings.Join(words, " ")
}

// foreign reports whether a word of plain English has no such character.
func foreign(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '\'' && r != '(' && r != ')'
}
