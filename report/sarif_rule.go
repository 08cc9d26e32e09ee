package report

import (
	"fmt"
	"strings"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/lint"
)

// longest is how many code points of a description code scanning accepts.
const longest = 1024

// problemSeverities are code scanning's own words for a severity.
var problemSeverities = [...]string{lint.Error: "error", lint.Warning: "warning", lint.Info: "recommendation"}

// descriptor returns r with everything that code scanning shows of a rule.
func descriptor(r *lint.Rule, all []*lint.Rule) *sarif.ReportingDescriptor {
	severity := r.Outcomes.Worst().Severity()
	tags, when := []string{"reliability", fmt.Sprintf("cause/%d", r.Cause)}, ""
	for outcome, clause := range r.Outcomes.All() {
		name := outcome.String()
		tags = append(tags, "outcome/"+name)
		if other := r.WithApache(outcome); other != 0 {
			tags = append(tags, "outcome/"+other.String())
			name += " or " + other.String()
		}
		when += fmt.Sprintf("\n%s (%s): %s", outcome.Severity(), name, clause)
	}
	precision := "very-high"
	if r.Unproven != "" {
		precision = "high"
	}
	d := describe(r.ID, docs.Sentence(r.Summary), r.Why, docs.Sentence(r.Summary)+"\n"+when+"\n\n"+r.Why+"\n\n"+r.Fix).
		WithName(r.Name).
		WithHelpURI(docs.URL(r)).
		WithMarkdownHelp(docs.Linked(r, docs.Page(r, all))).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(severity.String()))
	d.Properties = sarif.Properties{
		"tags":             tags,
		"precision":        precision,
		"problem.severity": problemSeverities[severity],
	}
	return d
}

const notCheckedID = "not-checked"

func notCheckedDescriptor() *sarif.ReportingDescriptor {
	const short = "A file, or a place in one, that was not looked at, or PHP locations that were not judged."
	const full = "What is wrong there is in no report: the file could not be read, or what it says cannot be known from the files alone."
	return describe(notCheckedID, short, full, full).WithHelpURI(docs.Home())
}

// describe returns a descriptor with every text that the schema or code scanning
// requires. An empty one would be written as null.
func describe(id, short, full, help string) *sarif.ReportingDescriptor {
	paragraph, _, _ := strings.Cut(strings.TrimSpace(full), "\n\n")
	return sarif.NewRule(id).
		WithDescription(shorten(short)).
		WithFullDescription(sarif.NewMultiformatMessageString(shorten(paragraph))).
		WithTextHelp(valid(help))
}

// shorten returns text cut to what code scanning accepts.
func shorten(text string) string {
	text = valid(text)
	if columns(text, longest) == len(text) {
		return text
	}
	return text[:columns(text, longest-1)] + cut
}
