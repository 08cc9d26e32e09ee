//go:build linux

package lab

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/cases"
)

// diff returns a unified diff from a case to the draft. Bytes that a terminal
// does not show are escaped.
func (d *draft) diff(from *cases.Case) string {
	var b strings.Builder
	seen := map[string]bool{}
	for _, f := range from.Files {
		seen[f.Name] = true
		if g := d.named(f.Name); g == nil {
			fmt.Fprintf(&b, "--- %s\n+++ /dev/null\n", f.Name)
		} else if g.text != f.Text {
			fmt.Fprintf(&b, "--- %s\n+++ %s\n%s", f.Name, f.Name, unified(f.Text, g.text))
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
	return b.String()
}

// unified compares two texts. What they have in common at both ends is left
// out but for one line, and between there are few lines.
func unified(from, to string) string {
	a, b := strings.SplitAfter(from, "\n"), strings.SplitAfter(to, "\n")
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	start := max(0, head-1)
	end := max(0, tail-1)
	a, b = a[start:len(a)-end], b[start:len(b)-end]
	var out strings.Builder
	fmt.Fprintf(&out, "@@ -%d,%d +%d,%d @@\n", start+1, len(a), start+1, len(b))
	if len(a)*len(b) > 1_000_000 {
		return out.String() + "(all of it)\n"
	}
	for _, line := range compare(a, b) {
		if text := strings.TrimSuffix(line, "\n"); len(text) > 1 || text != " " {
			out.WriteString(escaped(text) + "\n")
		}
	}
	return out.String()
}

// compare returns the lines of both with a sign in front, after the longest
// sequence that they have in common.
func compare(a, b []string) (out []string) {
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, " "+a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			out = append(out, "-"+a[i])
			i++
		default:
			out = append(out, "+"+b[j])
			j++
		}
	}
	return slices.Clip(out)
}

// escaped escapes what is not seen.
func escaped(line string) string {
	var b strings.Builder
	for i := range len(line) {
		if c := line[i]; c < ' ' && c != '\t' || c >= 0x7f {
			fmt.Fprintf(&b, `\x%02x`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
