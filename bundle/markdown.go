package bundle

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

// writer is one bundle in progress.
type writer struct {
	*Case
	bytes.Buffer
	m *masker
	// machines are the file systems to look at, and edge is what is before nginx; each is made once.
	machines []machine
	edge     *edge
}

func newWriter(c *Case) *writer {
	b := &writer{Case: c, m: newMasker(c)}
	b.machines = b.allMachines()
	b.edge = b.findEdge()
	return b
}

// markdown returns the whole text.
func (b *writer) markdown() []byte {
	title := "No sign of a 502 in these logs"
	if i := b.first(); i != nil {
		title = "502: " + i.Summary()
	}
	b.printf("# %s", prose(b.m.text(title)))
	b.printf(Mark+"%s at %s.", prose(b.Version), b.Now.UTC().Format("2006-01-02 15:04 MST"))
	if b.Unmasked {
		b.print(" Nothing is masked: it may hold addresses of visitors, query strings, cookies and tokens.\n")
	} else {
		b.print(" Addresses of visitors, query strings, cookies, tokens and e-mail addresses are masked. The same address has the same name (client-1). Read it before you send it.\n")
	}
	for n, point := range []struct {
		title string
		write func()
	}{
		{"What fails", b.whatFails}, {"When", b.whenItFails}, {"Stack and versions", b.versions},
		{"Lines of the web server", b.requestLines}, {"Lines of the kernel: killed and crashed processes", b.deathLines},
		{"Lines of PHP-FPM: workers that ended", b.signalLines}, {"Workers and memory", b.memory}, {"Edge", b.edges}, {"What changed: plugins and extensions", b.changes},
		{"What check finds in the configuration", b.findings}, {"What the logs say", b.incidents}, {"How this was made", b.about},
	} {
		if n < points {
			point.title = fmt.Sprintf("%d. %s", n+1, point.title)
		}
		b.heading(2, point.title)
		point.write()
	}
	b.Truncate(len(bytes.TrimRight(b.Bytes(), "\n")))
	b.print("\n")
	return b.Bytes()
}

// points is how many of the parts are what an engineer asks for.
const points = 9

// heading writes a heading after an empty line.
func (b *writer) heading(level int, title string) {
	b.Truncate(len(bytes.TrimRight(b.Bytes(), "\n")))
	b.printf("\n\n%s %s\n\n", strings.Repeat("#", level), title)
}

func (b *writer) print(text string) { b.WriteString(text) }

func (b *writer) printf(format string, args ...any) { fmt.Fprintf(b, format, args...) }

// instruct writes how to get what is missing: a sentence and commands to copy.
func (b *writer) instruct(why string, commands ...string) {
	b.printf("%s To copy:\n\n", why)
	b.block("sh", commands)
}

// block writes lines as a block of code, which they cannot end.
func (b *writer) block(language string, lines []string) {
	shown := make([]string, len(lines))
	for i, line := range lines {
		shown[i] = report.Visible(line)
	}
	b.print(docs.Fence(language, strings.Join(shown, "\n")) + "\n\n")
}

// table writes a table of cells that are Markdown.
func (b *writer) table(head []string, rows [][]string) {
	b.printf("| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat(" --- |", len(head)))
	for _, row := range rows {
		b.printf("| %s |\n", strings.Join(row, " | "))
	}
	b.print("\n")
}

// more says how many things are left out of a list; nothing for none.
func (b *writer) more(n int, what string) {
	if n > 0 {
		b.printf("… and %s.\n\n", report.Count(n, "more "+what))
	}
}

// code returns text as an inline code, also in a cell of a table.
func code(text string) string {
	text = strings.ReplaceAll(report.Visible(text), "|", `\|`)
	if strings.TrimSpace(text) == "" {
		return "(empty)"
	}
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if fence != "`" {
		return fence + " " + text + " " + fence
	}
	return fence + text + fence
}

// prose returns text as Markdown that shows it as it is.
func prose(text string) string {
	return strings.NewReplacer("\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "<", "&lt;", "[", "\\[", "|", "\\|", "#", "\\#", "@", "&#64;").Replace(report.Visible(text))
}

// at returns the printed place of a span; "" for none.
func (b *writer) at(s source.Span) string {
	if s.IsZero() {
		return ""
	}
	p := s.Begin()
	return fmt.Sprintf("%s:%d:%d", b.m.text(b.path(s.File)), p.Line, p.Column)
}

// day spells a date of a file, with its time.
func day(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format("2006-01-02 15:04 MST")
}

// size spells a number of bytes.
func size(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}
