package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/lint"
)

// GitHub discards the whole summary of a step when it exceeds 1,048,576 bytes
// (actions/runner, CreateStepSummaryCommand). The findings have at most
// tableSize bytes, what was not checked the rest of summarySize, and other
// programs of the same step the remainder.
const (
	summarySize = 1_000_000
	tableSize   = 800_000
)

// GitHubSummary writes r as GitHub Flavored Markdown for the page of a workflow
// run: the closing line of Text, a table of the findings, the most severe first,
// and one of what was not checked. Append it to the file that GITHUB_STEP_SUMMARY
// names, which may hold summaries of other programs.
func GitHubSummary(w io.Writer, r *lint.Report, o Options) error {
	o.Color = false
	p := &page{text: reportText(w, r, o), room: tableSize}
	places, rules := byKind(r.NotChecked)
	gaps := p.gaps(places)
	p.printf("### wp502lint\n\n%s\n", markdown.Replace(p.verdict(r, rules, len(gaps))))

	var rows []string
	all := bySeverity(r.Findings)
	for _, g := range lint.Groups(all.list()) {
		if len(g.Findings) < alike {
			rows = append(rows, collect(g.Findings, p.row)...)
		} else {
			rows = append(rows, p.groupRow(g))
		}
	}
	p.table("| severity | place | rule | message |\n|---|---|---|---|\n", rows, "row")
	p.room += summarySize - tableSize
	p.table("| not checked | why |\n|---|---|\n", collect(gaps, func(g gap) string {
		return fmt.Sprintf("| %s | %s |\n", markdown.Replace(g.where), markdown.Replace(g.why))
	}), "place")
	return p.Flush()
}

// page is a summary in progress.
type page struct {
	*text
	room int // bytes left for rows
}

// table prints as many of rows as fit, and how many do not. Without rows it
// prints nothing.
func (p *page) table(head string, rows []string, noun string) {
	if len(rows) == 0 {
		return
	}
	p.printf("\n%s", head)
	left := 0
	for _, row := range rows {
		if len(row) > p.room {
			left++
			continue
		}
		p.room -= len(row)
		p.printf("%s", row)
	}
	if left > 0 {
		p.printf("\n%s more: GitHub takes no larger summary; the reports of this run have all\n", Count(left, noun))
	}
}

func (p *page) row(f *lint.Finding) string { return p.cells(f, "", p.about(f)(f.Message)) }

// groupRow returns one row for findings of one cause.
func (p *page) groupRow(g *lint.Group) string {
	f, message := g.Findings[0], p.shared(g)
	if f.Common == "" {
		message = p.about(f)(f.Message) + "; " + message
	}
	return p.cells(f, fmt.Sprintf(" and %s more", grouped(len(g.Findings)-1)), message)
}

// cells returns the row of f, with what follows its place, and a message.
func (p *page) cells(f *lint.Finding, more, message string) string {
	where := ""
	if !f.At.IsZero() {
		where = p.place(f.At)
	}
	return fmt.Sprintf("| %s | %s | [%s %s](%s) | %s |\n",
		f.Severity(), markdown.Replace(where+more), f.Rule.ID, f.Rule.Name, docs.URL(f.Rule), markdown.Replace(message))
}

// markdown escapes text for a cell of a table. A backslash does not keep GitHub
// from reading mathematics between two dollars; an element around a dollar does
// (docs.github.com, Writing mathematical expressions).
var markdown = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "|", `\|`, "[", `\[`, "]", `\]`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;", "$", "<span>$</span>",
)
