package apache

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// dump prints directives: their names, decoded words, and what is inside.
func dump(list []*Directive) string {
	var b strings.Builder
	for i, d := range list {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(d.Name)
		for _, w := range d.Args {
			fmt.Fprintf(&b, " [%s]", w.Text)
			if w.Unset() != "" {
				fmt.Fprintf(&b, "?%s", w.Unset())
			}
		}
		if d.Maybe() != "" {
			b.WriteString(" maybe")
		}
		if d.Section {
			b.WriteString(" { " + dump(d.Children) + " }")
		}
	}
	return b.String()
}

// dumpProblems prints problems with the position of what is to be edited and the line that
// Apache reports.
func dumpProblems(list []Problem) string {
	var lines []string
	for _, p := range list {
		at, line := p.At.Begin(), p.Line.Begin()
		lines = append(lines, fmt.Sprintf("%s:%d:%d (%d) %s", p.At.File.Name, at.Line, at.Column, line.Line, p.Message))
	}
	return strings.Join(lines, "\n")
}

const main = "/etc/apache2/apache2.conf"

func load(text string, files map[string]string) *Config {
	return Load(&source.File{Name: main, Text: text}, newDisk(files))
}

func TestLines(t *testing.T) {
	for _, row := range []struct{ name, text, want, problems string }{
		{"words", `A b "c d" 'e f' "g\"h" "i\\j" k\l m"n o`, `a [b] [c d] [e f] [g"h] [i\j] [k\l] [m"n] [o]`, ""},
		{"open quote", `A "b c`, `a [b c]`, ""},
		{"glued", `A "b"c'd' ""`, `a [b] [c'd'] []`, ""},
		{"backslashes", `A \\a "\'" '\'' "\\"x`, `a [\a] [\'] ['] [\] [x]`, ""},
		{"blanks", "A\vb\fc\td\r\n", `a [b] [c] [d]`, ""},
		{"joined", "A b\\\nc \\\r\n d\nE f", `a [bc] [d]; e [f]`, ""},
		{"joined by an empty line", "A b\\\\\n\nc", `a [bc]`, ""},
		{"nothing of a line left", "\\\\\n\n#c\nA", `a`, ""},
		{"not joined", "A b\\ \nC", `a [b\]; c`, ""},
		{"comment joined", "# a \\\nB c\nD", `d`, ""},
		{"number sign later", "A # b", `a [#] [b]`, ""},
		{"section", "<A b > c> d\n E\n</a>\n", `a [b] [>] [c] { e }`, ""},
		{"section without words", "<A>\n</A> b", `a {  }`, ""},
		{"name with sign", "A> b", `a [b]`, ""},
		{"not closed", "<A b>\n<C>\nD\n", `a [b] { c { d } }`, main + ":1:1 (1) <C> was not closed, <A> was not closed"},
		{"wrong end", "<A b>\n</C>\n", `a [b] {  }`, main + ":2:1 (2) Expected </A> but saw </C>\n" + main + ":1:1 (1) <A> was not closed"},
		{"end without start", "A\n</C>", `a`, main + ":2:1 (2) </C> without matching <C> section"},
		{"end with words", "<A b>\n</A c>\n", `a [b] {  }`, main + ":2:1 (2) </A> directive missing closing '>'"},
		{"empty name", "\"\" A\n\"\nB", `b`, ""},
		{"NUL", "A b\x00c\nD", `a [b]; d`, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := load(row.text, nil)
			if got := dump(c.Directives); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
			if got := dumpProblems(c.Problems); got != row.problems {
				t.Errorf("problems: got\n%s\nwant\n%s", got, row.problems)
			}
		})
	}
}

func TestSpans(t *testing.T) {
	text := "# one\n  Define V \"w x\"\n<A b\\\nc \"d\" ${V}> e\n  B f \\\n\tg\\\nh\n</A>\n"
	c := load(text, nil)
	var got []string
	var walk func(list []*Directive)
	walk = func(list []*Directive) {
		for _, d := range list {
			line := fmt.Sprintf("%q %q line %d:", d.At.Text(), d.NameAt().Text(), d.Line().Begin().Line)
			for _, w := range d.Args {
				line += fmt.Sprintf(" %q", w.At.Text())
			}
			got = append(got, line)
			walk(d.Children)
		}
	}
	walk(c.Directives)
	want := strings.Join([]string{
		`"Define V \"w x\"" "Define" line 2: "V" "\"w x\""`,
		`"<A b\\\nc \"d\" ${V}> e" "<A" line 4: "b\\\nc" "\"d\"" "${V}" "${V}"`,
		`"B f \\\n\tg\\\nh" "B" line 7: "f" "g\\\nh"`,
	}, "\n")
	if got := strings.Join(got, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(c.Main.Comments) != 1 || c.Main.Comments[0].Text() != "# one" {
		t.Errorf("comments: %v", c.Main.Comments)
	}
}
