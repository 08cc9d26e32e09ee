package bundle

import (
	"strconv"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

// mostFindings is how many findings are listed.
const mostFindings = 100

// findings writes what check found.
func (b *writer) findings() {
	r := b.report()
	if len(r.Files) == 0 {
		b.instruct("No configuration was read.", "wp502lint diagnose --bundle case.md --root / /var/log/nginx/error.log")
		return
	}
	if len(r.Findings) == 0 {
		b.printf("Nothing, in %s.\n", report.Count(len(r.Files), "file"))
		return
	}
	for i := range r.Findings[:min(len(r.Findings), mostFindings)] {
		b.finding(&r.Findings[i])
	}
	b.print("\n")
	b.more(len(r.Findings)-mostFindings, "finding")
}

// finding writes one finding with its notes.
func (b *writer) finding(f *lint.Finding) {
	files := []*source.File{f.At.File}
	for _, n := range f.Notes {
		files = append(files, n.At.File)
	}
	say := func(text string) string { return prose(b.m.text(b.m.secrets(text, files...))) }
	b.printf("- %s: %s %s \\[%s %s\\]\n", f.Severity(), code(b.orNowhere(f.At)), say(f.Message), f.Rule.ID, f.Rule.Name)
	for _, n := range f.Notes {
		b.print("  - ")
		if !n.At.IsZero() {
			b.printf("%s ", code(b.at(n.At)))
		}
		b.printf("%s\n", say(n.Message))
	}
}

func (b *writer) orNowhere(s source.Span) string {
	if s.IsZero() {
		return "-"
	}
	return b.at(s)
}

// incidents writes what the logs say, the most likely cause first.
func (b *writer) incidents() {
	if b.Diagnosis == nil || len(b.Diagnosis.Incidents) == 0 {
		b.print("No line shows a failure.\n")
		return
	}
	for n, i := range b.Diagnosis.Incidents {
		if n == mostLines {
			b.more(len(b.Diagnosis.Incidents)-mostLines, "incident")
			break
		}
		b.incident(i)
	}
	for _, missing := range b.Diagnosis.Missing {
		b.printf("- To be more certain, add %s\n", prose(missing))
	}
	if b.Diagnosis.Dropped > 0 {
		b.printf("\n%s\n", report.Dropped(b.Diagnosis))
	}
}

func (b *writer) incident(i *diagnose.Incident) {
	b.heading(3, prose(b.m.text(i.Summary())))
	switch {
	case i.Number > 0:
		b.printf("- Cause %d of a 502: %s\n", i.Number, lint.Cause(i.Number))
	case i.Number == 0:
		b.print("- Not a 502\n")
	}
	b.printf("- Requests: %d", i.Count)
	if !i.First.IsZero() {
		b.printf(", from %s to %s, %s", i.First.Format(time.DateTime), i.Last.Format(time.DateTime), state(i))
	}
	b.printf("\n- How it is known: %s\n", i.Sure)
	if i.Rule != nil {
		b.printf("- Rule: [%s %s](%s)\n", i.Rule.ID, i.Rule.Name, docs.URL(i.Rule))
	}
	for _, p := range i.Places {
		b.printf("- %s: %s\n", code(b.at(p.At)), prose(b.m.text(b.m.secrets(p.Message, p.At.File))))
	}
	for _, p := range i.Named {
		b.printf("- %s: the log names this line\n", code(b.m.text(p.File)+":"+decimal(p.Line)))
	}
	b.print("\n")
	var shown []string
	for _, l := range i.Lines {
		shown = append(shown, b.m.line(l)+"   ("+b.source(l)+")")
	}
	b.block("", shown)
	if fix := i.Fix(); fix != "" {
		b.printf("Fix: %s\n\n", fix)
	}
}

// about says how the bundle was made.
func (b *writer) about() {
	b.printf("wp502lint %s", prose(b.Version))
	if b.Report != nil {
		b.printf(" with %s", report.Count(len(b.Report.Rules), "rule"))
	}
	b.print(".\n\n")
	if b.Guessed && len(b.report().Files) > 0 {
		b.print("The configuration was found in the current directory. It may not be that of the host that wrote the logs.\n\n")
	}
	b.print("The logs that were read:\n\n")
	if b.Diagnosis == nil {
		return
	}
	var rows [][]string
	for _, f := range b.Diagnosis.Files {
		from, to := "", ""
		if !f.First.IsZero() {
			from, to = f.First.Format(time.DateTime), f.Last.Format(time.DateTime)
		}
		rows = append(rows, []string{code(b.m.text(f.Name)), decimal(int(f.Lines)), decimal(int(f.Events)), from, to})
	}
	b.table([]string{"Log", "Lines", "Relevant", "First", "Last"}, rows[:min(len(rows), mostRows)])
	b.more(len(rows)-mostRows, "log")
	b.print(strings.Join(report.Moved(b.Diagnosis, func(name string) string { return code(b.m.text(name)) }), " ") + "\n")
}

func decimal(n int) string { return strconv.Itoa(n) }
