package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Text writes r for people: the findings, the most severe first, each with its line, then what
// was not checked, then one summary line. Findings of one cause are one block. The first line
// of a finding has a fixed form that editors and .github/problem-matcher.json rely on.
func Text(w io.Writer, r *lint.Report, o Options) error {
	t := reportText(w, r, o)
	all := bySeverity(r.Findings)
	t.findings(all.list())
	if !o.Quiet {
		t.summary(r)
	}
	return t.Flush()
}

// fixFlag returns the flag that makes the safe fixes of r.
func fixFlag(r *lint.Report, o Options) string {
	files := map[*source.File]bool{}
	for i := range r.Findings {
		if x := r.Findings[i].SafeFix(); x != nil {
			for _, e := range x.Edits {
				files[e.At.File] = true
			}
		}
	}
	if o.MostFixed > 0 && len(files) > o.MostFixed {
		return "--fix=all"
	}
	return "--fix"
}

// text is one report in progress. Write errors stay in the Writer until Flush.
type text struct {
	*bufio.Writer
	o Options
	palette
	secrets secrets
	fix     string // the flag that makes the safe fixes
}

func newText(w io.Writer, o Options) *text {
	return &text{Writer: bufio.NewWriter(w), o: o, palette: palette(o.Color), secrets: secrets{}, fix: "--fix"}
}

// reportText returns a text about r.
func reportText(w io.Writer, r *lint.Report, o Options) *text {
	t := newText(w, o)
	t.fix = fixFlag(r, o)
	return t
}

func (t *text) print(parts ...string) {
	for _, part := range parts {
		t.WriteString(part)
	}
}

func (t *text) printf(format string, args ...any) { fmt.Fprintf(t, format, args...) }

// finding writes a finding in full, and returns how many lines that took.
func (t *text) finding(f *lint.Finding) (lines int) {
	say := t.about(f)
	t.first(f, say)
	gutter, framed := t.frame(f.At, severityStyles[f.Severity()])
	details := append(t.details(f, say), t.help(f.Rule))
	for _, d := range details {
		t.detail(gutter, d)
	}
	return 1 + framed + len(details)
}

// first writes the first line of a finding.
func (t *text) first(f *lint.Finding, say func(string) string) {
	severity := f.Severity()
	t.print(
		t.paint(bold, t.place(f.At)+":"), " ",
		t.paint(severityStyles[severity], severity.String()+":"), " ",
		t.paint(bold, say(f.Message)), " [", t.link(docs.URL(f.Rule), f.Rule.ID+" "+f.Rule.Name), "]\n")
}

func (t *text) detail(gutter string, d detail) {
	t.print(gutter, t.paint(blue, "="), " ", t.paint(bold, d.kind+":"), " ", d.text, "\n")
}

// help says where a rule is explained.
func (t *text) help(r *lint.Rule) detail {
	how := "wp502lint explain " + r.ID
	if !t.o.Terminal {
		how += " or " + docs.URL(r)
	}
	return detail{"help", how}
}

// link returns text as a link of a terminal (OSC 8), and as it is elsewhere.
func (t *text) link(url, text string) string {
	if !t.o.Terminal {
		return text
	}
	return "\x1b]8;;" + url + "\x1b\\" + text + "\x1b]8;;\x1b\\"
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
		all = append(all, detail{"log", author(f, line) + " will write: " + say(line)})
	}
	hinted := !t.o.Fix
	for _, x := range f.Fixes {
		flag := ""
		if x.Safe && !hinted {
			flag, hinted = " ("+t.fix+")", true
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

// frame prints the line that at is on and returns the blanks below its number, and how many
// lines it printed.
func (t *text) frame(at source.Span, s style) (gutter string, lines int) {
	if at.IsZero() {
		return "   ", 0
	}
	line := at.Begin().Line
	number := strconv.Itoa(line)
	gutter = strings.Repeat(" ", len(number)+1)
	if at.File.Withheld {
		return gutter, 0
	}
	shown, carets := frame(at, at.File.Line(line))
	bar := t.paint(blue, "|")
	t.print(gutter, bar, "\n")
	t.print(t.paint(blue, number), " ", bar, " ", shown, "\n")
	first := strings.IndexByte(carets, '^')
	t.print(gutter, bar, " ", carets[:first], t.paint(s, carets[first:]), "\n")
	return gutter, 3
}

// numbered finds the number with which Apache starts a message (httpd http_log.h, APLOGNO).
var numbered = lazyregexp.New(`\bAH\d{5}:`)

// author returns the server that writes a line of a finding, as its number or the rule's patterns tell:
// a line without either is of the server that writes the others.
func author(f *lint.Finding, line string) string {
	if len(f.Rule.Logs) == 0 {
		return "the server"
	}
	by := f.Rule.Logs[0].By
	told, ok := writer(f.Rule, line)
	for i := 0; !ok && i < len(f.Log); i++ {
		told, ok = writer(f.Rule, f.Log[i])
	}
	if ok {
		by = told
	}
	if by == servers.Apache {
		return "Apache"
	}
	return string(by)
}

// writer returns the server that a line alone tells.
func writer(r *lint.Rule, line string) (by servers.Server, ok bool) {
	if numbered.MatchString(line) {
		return servers.Apache, true
	}
	one := r.Logs[0].By
	if !slices.ContainsFunc(r.Logs, func(s *servers.Signature) bool { return s.By != one }) {
		return one, true
	}
	i := slices.IndexFunc(r.Logs, func(s *servers.Signature) bool { return s.Matches(line) })
	if i < 0 {
		return "", false
	}
	return r.Logs[i].By, true
}
