package mutate

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

// diff returns a unified diff from a case to the draft. Unprintable bytes are escaped.
func (d *draft) diff(from *cases.Case) string {
	var b strings.Builder
	seen := map[string]bool{}
	for _, f := range from.Files {
		seen[f.Name] = true
		if g := d.named(f.Name); g == nil {
			fmt.Fprintf(&b, "--- %s\n+++ /dev/null\n", f.Name)
		} else {
			before, after := source.File{Name: f.Name, Text: f.Text}, source.File{Name: f.Name, Text: g.text}
			_, _ = report.Diff(&b, &before, &after, report.Options{}) // writing to a builder cannot fail
		}
	}
	for _, g := range d.files {
		if !seen[g.name] && !g.gone {
			fmt.Fprintf(&b, "--- /dev/null\n+++ %s\n@@ %d lines @@\n", g.name, strings.Count(g.text, "\n"))
		}
	}
	for _, l := range d.links[len(from.Links):] {
		fmt.Fprintf(&b, "+link %s -> %s\n", l.Name, l.Target)
	}
	for _, m := range d.modes[len(from.Modes):] {
		fmt.Fprintf(&b, "+mode %04o %d:%d %s\n", m.Bits, m.UID, m.GID, m.Path)
	}
	return Escaped(b.String())
}

// Escaped escapes unprintable characters except line ends.
func Escaped(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c < ' ' && c != '\t' && c != '\n' || c >= 0x7f {
			fmt.Fprintf(&b, `\x%02x`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
