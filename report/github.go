package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/lint"
)

// annotations is how many of each kind GitHub accepts from one step
// (actions/toolkit, docs/problem-matchers.md; 50 from all steps of a job).
const annotations = 10

// kinds are the workflow commands that create an annotation.
var kinds = [...]string{lint.Error: "error", lint.Warning: "warning", lint.Info: "notice"}

// GitHub writes r for the log of a GitHub workflow, where a workflow command
// becomes an annotation of its line in the pull request: errors first, then
// warnings and notes, then a notice if not everything was judged. Findings beyond
// GitHub's limit follow as plain text, then the closing lines of Text.
//
// GitHub looks a file up in the repository, so an annotation has the URI of the
// Options. Its log shows no path with a message, so the message starts with the
// printed path. The annotation keeps only the first 4096 UTF-16 units of a
// message (actions/runner, ExecutionContext.cs); the log has all of it.
func GitHub(w io.Writer, r *lint.Report, o Options) error {
	o.Color = false
	commands := reportText(raw(w), r, o)
	all := bySeverity(r.Findings)
	unjudged := Unjudged(&r.Gateways)
	limits := [...]int{lint.Error: annotations, lint.Warning: annotations, lint.Info: annotations}
	if unjudged != "" {
		limits[lint.Info]--
	}
	for severity, findings := range all {
		for _, f := range findings[:min(len(findings), limits[severity])] {
			commands.printf("::%s %s::%s\n", kinds[severity], commands.properties(f), data.Replace(commands.annotation(f)))
		}
	}
	if unjudged != "" {
		commands.printf("::notice title=wp502lint::%s\n", data.Replace(unjudged))
	}
	if err := commands.Flush(); err != nil {
		return err
	}
	t := reportText(&Log{W: raw(w)}, r, o)
	var left severities
	for severity, findings := range all {
		left[severity] = findings[min(len(findings), limits[severity]):]
	}
	t.unannotated(left)
	if !o.Quiet {
		t.summary(r)
	}
	return t.Flush()
}

// severities are findings by severity, each list in the order of the report.
type severities [lint.Info + 1][]*lint.Finding

// list returns all findings, the most severe first.
func (s *severities) list() []*lint.Finding { return slices.Concat(s[:]...) }

// bySeverity returns the findings of each severity.
func bySeverity(findings []lint.Finding) (all severities) {
	for i := range findings {
		f := &findings[i]
		all[f.Severity()] = append(all[f.Severity()], f)
	}
	return all
}

// unannotated prints the findings beyond the limit of annotations.
func (t *text) unannotated(left severities) {
	findings := left.list()
	if len(findings) == 0 {
		return
	}
	t.printf("%s more without an annotation: GitHub takes %d of a kind from a step\n\n", strings.Join(t.counts(left), ", "), annotations)
	t.findings(findings)
}

// The characters with a meaning in workflow commands, escaped (actions/runner,
// ActionCommand.cs). The parser reads %25 last.
var (
	data     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// properties returns the place and the title of f. GitHub refuses columns when
// the annotation covers several lines. The line after a last line end is not a
// line of the file.
func (t *text) properties(f *lint.Finding) string {
	title := "title=" + property.Replace(f.Rule.ID+" "+f.Rule.Name)
	if f.At.IsZero() {
		return title
	}
	begin, finish := f.At.Begin(), f.At.Finish()
	last, columns := finish.Line, ""
	if finish.Line == begin.Line {
		columns = fmt.Sprintf("col=%d,endColumn=%d,", begin.Column, finish.Column)
	} else if finish.Column == 1 {
		last--
	}
	return fmt.Sprintf("file=%s,line=%d,endLine=%d,%s%s",
		property.Replace(Visible(bare(t.o.uri(f.At.File)))), begin.Line, last, columns, title)
}

// annotation returns the message of f, with its details on lines of their own.
func (t *text) annotation(f *lint.Finding) string {
	say := t.about(f)
	lines := []string{say(f.Message)}
	if !f.At.IsZero() {
		lines[0] = t.place(f.At) + ": " + lines[0]
	}
	for _, d := range append(t.details(f, say), detail{"help", docs.URL(f.Rule)}) {
		lines = append(lines, d.kind+": "+d.text)
	}
	return strings.Join(lines, "\n")
}
