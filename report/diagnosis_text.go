package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// DiagnosisText writes d for people: the most likely cause with its evidence, the line of the
// configuration, the fix and how to verify it; then the other incidents, a line each.
func DiagnosisText(w io.Writer, d *diagnose.Diagnosis, o Options) error {
	var all bytes.Buffer
	t := newText(&all, o)
	t.diagnosis(d)
	t.Flush() // into memory
	_, err := w.Write(append(bytes.TrimRight(all.Bytes(), "\n"), '\n'))
	return err
}

func (t *text) diagnosis(d *diagnose.Diagnosis) {
	if !d.Bad() {
		t.print(nothingWrong(d), "\n")
		t.next(d)
		t.strange(d)
		return
	}
	t.incident(d.Incidents[0])
	t.others(d.Incidents[1:])
	for _, says := range Moved(d, Visible) {
		t.print(says, "\n\n")
	}
	t.strange(d)
	for i, missing := range d.Missing {
		if i == 0 {
			t.print(t.paint(bold, "To be more certain, add:"), "\n")
		}
		t.print("  ", missing, "\n")
	}
}

// next writes what to do about the first failure that is not a 502 and whose cause a server before
// PHP shows: Apache, which answers with another status than nginx, or Cloudflare.
func (t *text) next(d *diagnose.Diagnosis) {
	for _, i := range d.Incidents {
		if fix := i.Fix(); (i.Web == servers.Apache || i.OfEdge()) && fix != "" {
			t.print("\n")
			t.paragraphs("Next", fix)
			t.verify(i)
			return
		}
	}
}

// verify writes the commands that show the cause of an incident.
func (t *text) verify(i *diagnose.Incident) {
	commands := i.Verify()
	if len(commands) == 0 {
		return
	}
	t.print(t.paint(bold, "Verify:"), "\n")
	for _, c := range commands {
		t.print("  ", Visible(c), "\n")
	}
	t.print("\n")
}

// nothingWrong says that no line is a sign of a 502, and what other failures there were.
func nothingWrong(d *diagnose.Diagnosis) string {
	var lines, outside int64
	for _, f := range d.Files {
		lines, outside = lines+f.Lines, outside+f.Outside
	}
	if lines == 1 && len(d.Incidents) == 0 && d.Files[0].Events == 0 && d.Files[0].Name == diagnose.Pasted {
		return "not known: this line is not one that a server writes about a failed request; name the log, or paste its lines"
	}
	line := fmt.Sprintf("no sign of a 502 in %s", Count(int(lines), "line"))
	if len(d.Files) != 1 || d.Files[0].Name != diagnose.Pasted {
		line += fmt.Sprintf(" of %s", Count(len(d.Files), "log"))
	}
	if outside > 0 {
		line += fmt.Sprintf("; left out for their time (--since, --until): %s about failures", Count(int(outside), "line"))
	}
	var also []string
	for _, i := range d.Incidents {
		also = append(also, short(i))
	}
	if len(also) > 0 {
		line += "; not a 502: " + strings.Join(also, "; ")
	}
	return Visible(line)
}

// short returns an incident in a few words.
func short(i *diagnose.Incident) string {
	if i.Count == 0 {
		return i.Summary()
	}
	return fmt.Sprintf("%s × %s", grouped(i.Count), i.Summary())
}

// incident writes the first incident in full.
func (t *text) incident(i *diagnose.Incident) {
	t.print(t.paint(red, headline(i)), "\n", t.paint(bold, Visible(docs.Sentence(i.Summary()))))
	if r := i.Rule; r != nil {
		t.print(" [", r.ID, " ", r.Name, "]")
	}
	t.print("\n")
	if says, r := i.Alternative(); says != "" {
		t.print("Or: ", Visible(says), ".")
		if r != nil {
			t.print(" [", r.ID, " ", r.Name, "]")
		}
		t.print("\n")
	}
	t.print("\n")
	t.evidence(i)
	t.lines(i)
	t.remedy(i)
	t.verify(i)
	if i.Rule != nil {
		t.print("More: wp502lint explain ", i.Rule.ID, "\n\n")
	}
}

// remedy writes what to change: what check would change by itself, and the text of the rule.
func (t *text) remedy(i *diagnose.Incident) {
	for _, f := range i.Findings {
		for _, x := range f.Fixes {
			if x.Safe {
				t.print(t.paint(bold, "Fix:"), " ", t.about(&f)(x.Title), " (", Visible(cmp.Or(t.o.Mend, "wp502lint check --fix")), ")\n\n")
				return
			}
		}
	}
	if fix := i.Fix(); fix != "" {
		t.paragraphs("Fix", fix)
	}
}

// headline returns how many requests failed, when, and which of the five causes it is.
func headline(i *diagnose.Incident) string {
	var b strings.Builder
	switch {
	case i.Count > 0 && i.Status > 0:
		fmt.Fprintf(&b, "%s failed with %d", Count(i.Count, "request"), i.Status)
		if i.Web == servers.Apache && i.Status == 503 && i.Number != 0 {
			b.WriteString(" (what nginx answers with 502)")
		}
	case i.Count > 0:
		fmt.Fprintf(&b, "%s", Count(i.Count, "time"))
	default:
		b.WriteString("A cause of 502s")
		if i.Web == servers.Apache && i.Number > 0 && i.Number <= 3 {
			b.WriteString(" (503 in Apache)")
		}
	}
	switch {
	case i.First.IsZero():
	case i.First.Equal(i.Last):
		fmt.Fprintf(&b, " at %s", i.First.Format(time.DateTime))
	default:
		fmt.Fprintf(&b, " from %s to %s", i.First.Format(time.DateTime), i.Last.Format(lastForm(i)))
		if rate := i.Last.Sub(i.First).Minutes(); rate >= 1 && i.Count > 1 {
			fmt.Fprintf(&b, ", %.1f a minute", float64(i.Count)/rate)
		}
	}
	if i.Over != nil {
		b.WriteString(map[bool]string{true: ", over now", false: ", still going on"}[*i.Over])
	}
	if i.Number > 0 {
		fmt.Fprintf(&b, ": %s", i.In(causeText(i.Number)))
	}
	return b.String()
}

// lastForm leaves the date out where it is that of the first line.
func lastForm(i *diagnose.Incident) string {
	if i.First.Format(time.DateOnly) == i.Last.Format(time.DateOnly) {
		return time.TimeOnly
	}
	return time.DateTime
}

// causeText returns one of the five causes in words. What it may follow from is left out: that
// PHP-FPM is not running does not mean that it refuses its configuration.
func causeText(n int) string {
	says, _, _ := strings.Cut(lint.Cause(n).String(), ":")
	return fmt.Sprintf("cause %d, %s", n, says)
}

// evidence writes the log lines that show an incident, and what they have in common.
func (t *text) evidence(i *diagnose.Incident) {
	t.print(t.paint(bold, "Evidence"), " (", i.Sure.String(), "):\n")
	for _, l := range i.Lines {
		t.print("  ", Visible(place(l)), clip(Visible(unqueried(l.Text))), "\n")
	}
	for _, known := range []struct {
		name string
		list []string
	}{{"Pools", i.Pools}, {"Sites", i.Sites}, {"Shared objects that crashed", i.Objects}} {
		if len(known.list) > 0 {
			t.print("  ", known.name, ": ", Visible(strings.Join(known.list, ", ")), "\n")
		}
	}
	if len(i.URLs) > 0 {
		t.print("  URLs:")
		for n, u := range i.URLs {
			t.print(map[bool]string{true: ",", false: ""}[n > 0], " ", Visible(u.Path), fmt.Sprintf(" (%d)", u.Count))
		}
		t.print("\n")
	}
	t.print("\n")
}

// place returns where a line is, to print before it; "" for a pasted line.
func place(l diagnose.Line) string {
	if l.At.File == diagnose.Pasted {
		return ""
	}
	return fmt.Sprintf("%s:%d: ", l.At.File, l.At.Line)
}

// clip cuts a long line of a log.
func clip(line string) string {
	if n := columns(line, widest); n < len(line) {
		return line[:n] + cut
	}
	return line
}

// lines writes the lines of the configuration, the first with its text.
func (t *text) lines(i *diagnose.Incident) {
	files := make([]*source.File, 0, len(i.Places))
	for _, n := range i.Places {
		files = append(files, n.At.File)
	}
	say := func(message string) string { return Visible(t.secrets.mask(message, files...)) }
	for n, p := range i.Places {
		switch {
		case n == 0:
			t.print(t.paint(bold, t.place(p.At)+":"), " ", say(p.Message), "\n")
			t.frame(p.At, red)
		case n < 5:
			t.print("   ", t.paint(blue, "="), " ", t.paint(bold, "note:"), " ", t.place(p.At), ": ", say(p.Message), "\n")
		}
	}
	for _, p := range i.Named {
		if len(i.Places) == 0 {
			t.print(Visible(fmt.Sprintf("%s:%d", p.File, p.Line)), ": the log names this line\n")
		}
	}
	if len(i.Places)+len(i.Named) > 0 {
		t.print("\n")
	}
}

// paragraphs writes a text, filled to the width of a terminal.
func (t *text) paragraphs(title, body string) {
	t.print(fill(Visible(strings.Join(strings.Fields(body), " ")), t.paint(bold, title+":")+" ", "  ", 96), "\n\n")
}

// maxOthers is how many of the other incidents are written.
const maxOthers = 12

// others writes the other incidents, a line each.
func (t *text) others(list []*diagnose.Incident) {
	for n, i := range list {
		switch {
		case n == 0 || (i.Number == 0) != (list[n-1].Number == 0):
			title := "Also:"
			if i.Number == 0 {
				title = "Not a 502:"
			}
			t.print(t.paint(bold, title), "\n")
		}
		if n == maxOthers && len(list) > maxOthers+1 {
			t.printf("  and %d more; --format json lists them\n", len(list)-n)
			break
		}
		line := "  " + short(i)
		if !i.First.IsZero() {
			line += " (" + i.First.Format(time.DateTime) + ")"
		}
		if i.Rule != nil {
			line += " [" + i.Rule.ID + "]"
		}
		t.print(Visible(line), "\n")
	}
	if len(list) > 0 {
		t.print("\n")
	}
}

// Dropped says how many lines were met beyond a limit, and what became of them.
func Dropped(d *diagnose.Diagnosis) string {
	return "Limit reached: of " + Count(d.Dropped, "further line") + ", those about requests are counted without their time, and those about processes are left out."
}

// strange says how many lines look like failures and were not understood.
func (t *text) strange(d *diagnose.Diagnosis) {
	var lines, unknown int64
	var samples []string
	for _, f := range d.Files {
		lines, unknown = lines+f.Lines, unknown+f.Strange
		for _, s := range f.Samples {
			samples = append(samples, fmt.Sprintf("  %s:%d: %s", s.At.File, s.At.Line, unqueried(s.Text)))
		}
	}
	if d.Dropped > 0 {
		t.print(Dropped(d), "\n")
	}
	if unknown == 0 {
		return
	}
	t.printf("Not understood: %s of %s:\n", grouped(int(unknown)), Count(int(lines), "line"))
	for _, s := range samples[:min(len(samples), 3)] {
		t.print(clip(Visible(s)), "\n")
	}
	t.print("\n")
}
