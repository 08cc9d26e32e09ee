package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// verdict returns the closing line: how many findings there are, or that none is, and
// how much was not judged.
func (t *text) verdict(r *lint.Report, rules []lint.NotChecked, places int) string {
	return joined(t.found(r), leftOut(r), unknown(rules, " not checked: %s unknown%s"), suffix(Count(places, "place"), places, " not checked"))
}

// found counts the findings, or says where none is, and what was not judged.
func (t *text) found(r *lint.Report) string {
	c := &r.Gateways
	if len(r.Findings) > 0 {
		return joined(t.counted(r), t.fixable(r.Findings), Unjudged(c))
	}
	none, gateways := "no problems found", Count(c.PHP, phpLocation)
	if where := containers(c.Containers); where != "" {
		gateways += " in " + where
	}
	if r.Accepted+r.Older > 0 {
		none = "nothing new"
	}
	switch {
	case c.Complete() && c.PHP == 0:
		return t.paint(green, none) + " in " + Count(read(r.Files), "file") + "; nothing passes requests to PHP"
	case c.Complete():
		return t.paint(green, none) + " in " + gateways + ", " + Count(read(r.Files), "file") + " read"
	case c.Judged == 0:
		return t.paint(yellow, Unjudged(c))
	case c.Judged == c.PHP:
		return t.paint(yellow, none) + " in " + gateways + "; " + Unjudged(c)
	}
	return fmt.Sprintf("%s in %d of %s; %d not judged: %s", t.paint(yellow, none), c.Judged, gateways, c.PHP-c.Judged, reasons(c))
}

// fewContainers is how many containers the closing line names.
const fewContainers = 4

// containers returns how many containers there are, and their names if they are few; "" for
// none.
func containers(names []string) string {
	if len(names) == 0 || len(names) > fewContainers {
		return suffix(Count(len(names), "container"), len(names), "")
	}
	return Count(len(names), "container") + " (" + Visible(strings.Join(names, ", ")) + ")"
}

// phpLocation is a gateway of PHP in the words of a user.
const phpLocation = "PHP location"

// counted returns how many findings of each severity there are, and in how many of the files those
// of the first.
func (t *text) counted(r *lint.Report) string {
	all := bySeverity(r.Findings)
	parts := t.counts(all)
	parts[0] += " in " + places(all.list(), r.Files)
	if where := containers(r.Gateways.Containers); where != "" {
		parts[0] += " and " + where
	}
	return strings.Join(parts, ", ")
}

// fixable counts the findings that --fix removes.
func (t *text) fixable(findings []lint.Finding) string {
	n := 0
	for i := range findings {
		if findings[i].SafeFix() != nil {
			n++
		}
	}
	if !t.o.Fix || n == 0 {
		return ""
	}
	return grouped(n) + " fixable with " + t.fix
}

// places returns in how many of the files the findings are that are as severe as the first.
func places(findings []*lint.Finding, files []source.Input) string {
	all, worst := read(files), &lint.Group{}
	for _, f := range findings {
		if f.Severity() == findings[0].Severity() {
			worst.Findings = append(worst.Findings, f)
		}
	}
	if n := worst.Files(); n > 0 && n < all {
		return fmt.Sprintf("%s of %s", grouped(n), Count(all, "file"))
	}
	return Count(all, "file")
}

// Unjudged returns how many PHP locations were not judged and why, on one line; "" if all
// were.
func Unjudged(c *lint.Coverage) string {
	switch left := c.PHP - c.Judged; {
	case c.Complete():
		return ""
	case c.PHP == 0:
		return "no " + phpLocation + " judged: " + reasons(c)
	case left == 0:
		return "more " + phpLocation + "s may exist: " + reasons(c)
	case left == c.PHP:
		return Count(c.PHP, phpLocation) + " not judged: " + reasons(c)
	default:
		return fmt.Sprintf("%d of %s not judged: %s", left, Count(c.PHP, phpLocation), reasons(c))
	}
}

// fewReasons is how many reasons a sentence has at most.
const fewReasons = 2

// reasons returns the most frequent reasons, each with how many places it is about,
// unless that is all of them, and the next step.
func reasons(c *lint.Coverage) string {
	var parts []string
	shown := c.Reasons[:min(len(c.Reasons), fewReasons)]
	for i, r := range shown {
		part := Visible(r.Why)
		if r.Count > 0 && r.Count < c.PHP-c.Judged {
			part = fmt.Sprintf("%d %s", r.Count, part)
		}
		if same := i+1 < len(shown) && shown[i+1].Next == r.Next; r.Next != "" && !same {
			part += " (" + Visible(r.Next) + ")"
		}
		parts = append(parts, part)
	}
	if more := len(c.Reasons) - len(shown); more > 0 {
		parts = append(parts, Count(more, "other reason"))
	}
	return strings.Join(parts, ", ")
}

// leftOut counts the findings that are not reported.
func leftOut(r *lint.Report) string {
	return joined(
		suffix(Count(r.Older, "older finding"), r.Older, " left out"),
		suffix(fmt.Sprint(r.Accepted), r.Accepted, " in the baseline"), suffix(fmt.Sprint(r.Ignored), r.Ignored, " ignored"),
	)
}

// joined returns the parts that are not empty as one line.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "; ")
}
