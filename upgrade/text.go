package upgrade

import (
	"bufio"
	"fmt"
	"io"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

// Text writes a plan for people.
func Text(w io.Writer, p *Plan, o Print) error {
	b := bufio.NewWriter(w)
	t := printer{b, &o, "  ", func(s string) string { return s }}
	t.plan(p, "", "\n")
	return b.Flush()
}

// Markdown writes a plan for a pull request or a ticket.
func Markdown(w io.Writer, p *Plan, o Print) error {
	b := bufio.NewWriter(w)
	t := printer{b, &o, "- ", func(s string) string { return "`" + s + "`" }}
	t.plan(p, "## ", "\n\n")
	return b.Flush()
}

// printer writes the parts of a plan.
type printer struct {
	*bufio.Writer
	print *Print
	item  string              // before one of a list
	code  func(string) string // of a path or a command
}

// plan writes p with a mark before each heading.
func (t printer) plan(p *Plan, heading, after string) {
	title := func(format string, args ...any) { fmt.Fprint(t, heading, fmt.Sprintf(format, args...), after) }
	if p.Refused != "" {
		title("PHP %s to %s: nothing is done", p.From, p.To)
		fmt.Fprintln(t, report.Visible(p.Refused))
		return
	}
	title("PHP %s to %s", p.From, p.To)
	t.steps(p, func(k Kind) bool { return k != Tell })
	if len(p.Files) > 0 {
		fmt.Fprintln(t)
		verb := "change"
		if t.print.Written {
			verb = "were changed"
		}
		title("%s %s", count(len(p.Files), "file"), verb)
		for _, a := range p.Files {
			fmt.Fprintf(t, "%s%s %s\n", t.item, actions[a.Kind], t.code(report.Visible(t.print.path(&source.File{Name: a.Name}))))
		}
	}
	if len(p.Commands) > 0 {
		fmt.Fprintln(t)
		title("Commands, in this order")
		t.commands(p.Commands)
		fmt.Fprintln(t)
		title("To go back, once the files are as before")
		t.commands(p.Back)
	}
	t.told(p, title)
	t.gate(p, title)
}

func (t printer) steps(p *Plan, among func(Kind) bool) {
	for _, s := range p.Steps {
		if !among(s.Kind) {
			continue
		}
		fmt.Fprint(t, t.item)
		if !s.At.IsZero() {
			fmt.Fprint(t, t.code(fmt.Sprintf("%s:%d", report.Visible(t.print.path(s.At.File)), s.At.Begin().Line)), ": ")
		}
		fmt.Fprint(t, report.Visible(s.Text))
		if s.Why != "" {
			fmt.Fprint(t, ", since "+report.Visible(s.Why))
		}
		fmt.Fprintln(t)
	}
}

func (t printer) commands(list []Command) {
	for i, c := range list {
		mark := fmt.Sprintf("%2d. ", i+1)
		fmt.Fprint(t, mark, t.code(c.Line))
		if c.Why != "" {
			fmt.Fprint(t, "   # ", c.Why)
		}
		fmt.Fprintln(t)
	}
}

// told writes what the plan leaves to people.
func (t printer) told(p *Plan, title func(string, ...any)) {
	for _, s := range p.Steps {
		if s.Kind == Tell {
			fmt.Fprintln(t)
			title("To know")
			t.steps(p, func(k Kind) bool { return k == Tell })
			return
		}
	}
}

// gate writes what is wrong with the host after the plan: first what the plan brings.
func (t printer) gate(p *Plan, title func(string, ...any)) {
	brought := map[string]bool{}
	for i := range p.Brought {
		brought[identity(&p.Brought[i])] = true
	}
	var new, old []*lint.Finding
	for i := range p.After {
		f := &p.After[i]
		switch {
		case f.Severity() == lint.Info:
		case brought[identity(f)]:
			new = append(new, f)
		default:
			old = append(old, f)
		}
	}
	for _, part := range []struct {
		name string
		list []*lint.Finding
	}{{"What the plan brings", new}, {"What is wrong before and after", old}} {
		if len(part.list) == 0 {
			continue
		}
		fmt.Fprintln(t)
		title("%s", part.name)
		for _, f := range part.list {
			fmt.Fprintf(t, "%s%s: %s: %s [%s]\n", t.item, t.code(fmt.Sprintf("%s:%d", report.Visible(t.print.path(f.At.File)), f.At.Begin().Line)), f.Severity(), report.Visible(f.Message), f.Rule.ID)
		}
	}
	if len(new)+len(old) == 0 && len(p.Files) > 0 {
		fmt.Fprintf(t, "\nThe host has no error and no warning after the plan.\n")
	}
}
