package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Text writes r for people: each finding with its line, then what was not
// checked, then one summary line. The first line of a finding has a fixed form
// that editors and .github/problem-matcher.json rely on.
func Text(w io.Writer, r *lint.Report, o Options) error {
	t := newText(w, o)
	for i := range r.Findings {
		t.finding(&r.Findings[i])
	}
	if !o.Quiet {
		t.summary(r)
	}
	return t.Flush()
}

// text is one report in progress. Write errors stay in the Writer until Flush.
type text struct {
	*bufio.Writer
	o Options
	palette
	secrets secrets
}

func newText(w io.Writer, o Options) *text {
	return &text{Writer: bufio.NewWriter(w), o: o, palette: palette(o.Color), secrets: secrets{}}
}

func (t *text) print(parts ...string) {
	for _, part := range parts {
		t.WriteString(part)
	}
}

func (t *text) printf(format string, args ...any) { fmt.Fprintf(t, format, args...) }

func (t *text) finding(f *lint.Finding) {
	say := t.about(f)
	severity := f.Severity()
	t.print(
		t.paint(bold, t.place(f.At)+":"), " ",
		t.paint(severityStyles[severity], severity.String()+":"), " ",
		t.paint(bold, say(f.Message)), " [", f.Rule.ID, " ", f.Rule.Name, "]\n")
	if t.o.Quiet {
		return
	}
	gutter := t.frame(f.At, severityStyles[severity])
	for _, d := range append(t.details(f, say), detail{"help", "wp502lint explain " + f.Rule.ID}) {
		t.print(gutter, t.paint(blue, "="), " ", t.paint(bold, d.kind+":"), " ", d.text, "\n")
	}
	t.print("\n")
}

// about returns a function that makes a sentence of f printable: without secrets
// and control characters.
func (t *text) about(f *lint.Finding) func(string) string {
	mask := t.secrets.of(f)
	return func(s string) string { return Visible(mask(s)) }
}

// detail is one line below the first line of a finding.
type detail struct {
	kind string // note, log, fix, help
	text string
}

// details returns the notes, log lines and fixes of f, as say makes them printable.
func (t *text) details(f *lint.Finding, say func(string) string) (all []detail) {
	for _, n := range f.Notes {
		if n.At.IsZero() {
			all = append(all, detail{"note", say(n.Message)})
		} else {
			all = append(all, detail{"note", t.place(n.At) + ": " + say(n.Message)})
		}
	}
	for _, line := range f.Log {
		all = append(all, detail{"log", string(author(f.Rule, line)) + " will write: " + say(line)})
	}
	hinted := !t.o.Fix
	for _, x := range f.Fixes {
		flag := ""
		if x.Safe && !hinted {
			flag, hinted = " (--fix)", true
		}
		all = append(all, detail{"fix", say(x.Title) + flag})
	}
	return all
}

// place returns file:line:column; "-:0:0" without a file.
func (t *text) place(at source.Span) string {
	if at.IsZero() {
		return "-:0:0"
	}
	p := at.Begin()
	return t.file(at.File) + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// file returns the printed path of f.
func (t *text) file(f *source.File) string { return Visible(t.o.path(f)) }

// frame prints the line that at is on and returns the blanks below its number.
func (t *text) frame(at source.Span, s style) (gutter string) {
	if at.IsZero() {
		return "   "
	}
	line := at.Begin().Line
	number := strconv.Itoa(line)
	gutter = strings.Repeat(" ", len(number)+1)
	if at.File.Withheld {
		return gutter
	}
	shown, carets := frame(at, at.File.Line(line))
	bar := t.paint(blue, "|")
	t.print(gutter, bar, "\n")
	t.print(t.paint(blue, number), " ", bar, " ", shown, "\n")
	first := strings.IndexByte(carets, '^')
	t.print(gutter, bar, " ", carets[:first], t.paint(s, carets[first:]), "\n")
	return gutter
}

// author returns the server that writes line, as the rule's patterns tell.
func author(r *lint.Rule, line string) servers.Server {
	if len(r.Logs) == 0 {
		return "the server"
	}
	by := r.Logs[0].By
	if !slices.ContainsFunc(r.Logs, func(s *servers.Signature) bool { return s.By != by }) {
		return by
	}
	for _, l := range r.Logs {
		if l.Matches(line) {
			return l.By
		}
	}
	return by
}
