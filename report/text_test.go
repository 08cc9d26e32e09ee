package report

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

func TestFrame(t *testing.T) {
	for _, c := range []struct {
		name, text       string
		start, end       int
		shown, caretLine string
	}{
		{"word", "user www;", 5, 8, "user www;", "     ^^^"},
		{"nothing", "user www;", 5, 5, "user www;", "     ^"},
		{"tabs", "\tuser\twww;", 6, 9, "\tuser\twww;", "\t    \t^^^"},
		{"code points", "größe ä;", 8, 10, "größe ä;", "      ^"},
		{"several lines", "a {\nb\n}\n", 2, 7, "a {", "  ^"},
		{"line end", "a\nb", 1, 2, "a", " ^"},
		{"CRLF", "a\r\nb", 1, 1, "a", " ^"},
		{"empty", "", 0, 0, "", "^"},
		{"behind the last line end", "a\n", 2, 2, "", "^"},
		{"control characters", "a\x1b[0m b", 6, 7, `a\x1b[0m b`, "         ^"},
		{"no UTF-8", "\xff\xfe b", 1, 2, `\xff\xfe b`, "    ^^^^"},
		{"secret", "fastcgi_param KEY secret; # x", 18, 24, "fastcgi_param KEY …; # x", "                  ^"},
		{"inside a secret", "fastcgi_param KEY secret; # x", 20, 22, "fastcgi_param KEY …; # x", "                  ^"},
	} {
		f := file("/a", c.text)
		if strings.Contains(c.text, "secret") {
			f.Parsed = marked{f, []string{"secret"}}
		}
		line := f.Position(c.start).Line
		shown, carets := frame(f.Span(c.start, c.end), f.Line(line))
		if shown != c.shown || carets != c.caretLine {
			t.Errorf("%s\ngot\n%s\n%s\nwant\n%s\n%s", c.name, shown, carets, c.shown, c.caretLine)
		}
	}
}

func TestFrameCuts(t *testing.T) {
	f := file("/a", strings.Repeat("x", 1000)+"HERE"+strings.Repeat("y", 1000))
	for _, c := range []struct{ start, end int }{{0, 4}, {1000, 1004}, {1000, 2004}, {2003, 2004}, {2004, 2004}} {
		shown, carets := frame(f.Span(c.start, c.end), f.Line(1))
		if n := utf8.RuneCountInString(shown); n > widest+2*len(cut) {
			t.Errorf("%v: %d columns", c, n)
		}
		i := strings.IndexByte(carets, '^')
		got := []rune(shown + " ")[i]
		if want := []rune(f.Text + " ")[c.start]; got != want {
			t.Errorf("%v: the carets start at %q, want %q\n%s\n%s", c, got, want, shown, carets)
		}
	}
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain ä 😀":                   "plain ä 😀",
		"\x1b[31m\a\x00":              `\x1b[31m\x07\x00`,
		"a\r\n\tb":                    `a\r\n\tb`,
		"\u202e\u00a0\ufeff\u2028":    `\u202e\u00a0\ufeff\u2028`,
		"\U000e0001":                  `\U000e0001`,
		"\xff\xc3(\xed\xa0\x80\ufffd": `\xff\xc3(\xed\xa0\x80` + "\ufffd",
	} {
		if got := Visible(in); got != want {
			t.Errorf("Visible(%q)\ngot  %s\nwant %s", in, got, want)
		}
	}
}

func TestAuthor(t *testing.T) {
	r := &lint.Rule{Logs: []*servers.Signature{
		{Log: servers.Log{By: servers.Nginx, Pattern: "^a"}}, {Log: servers.Log{By: servers.FPM, Pattern: "^b"}},
	}}
	refused := "(111)Connection refused: AH00957: FCGI: attempt to connect to 127.0.0.1:9000 (127.0.0.1:9000) failed"
	for line, want := range map[string]string{"a": "nginx", "b": "php-fpm", "c": "nginx", refused: "Apache"} {
		if got := author(&lint.Finding{Rule: r}, line); got != want {
			t.Errorf("%q is written by %s, want %s", line, got, want)
		}
	}
	if got := author(&lint.Finding{Rule: r, Log: []string{refused, "c"}}, "c"); got != "Apache" {
		t.Errorf("the second line of Apache is written by %s", got)
	}
	r.Logs = []*servers.Signature{{Log: servers.Log{By: servers.Apache, Pattern: "^d"}}}
	if got := author(&lint.Finding{Rule: r}, "d"); got != "Apache" {
		t.Errorf("a line of Apache without a number is written by %s", got)
	}
	if got := author(&lint.Finding{Rule: &lint.Rule{}}, "a"); got != "the server" {
		t.Errorf("got %s", got)
	}
}

var caretLine = regexp.MustCompile(`^ +\| [ \t]*\^+$`)

// FuzzText writes any text and any place in it in every format: nothing panics,
// and every text stays on its lines.
func FuzzText(f *testing.F) {
	for _, text := range []string{"", "user www;\r\n", "\xff\t\x1b[31m", "fastcgi_param KEY 'a", "env[KEY] = \"a\nb", strings.Repeat("ä", 300)} {
		f.Add(text, 0, 3)
	}
	f.Fuzz(func(t *testing.T, words string, start, end int) {
		if len(words) > 2<<10 {
			return
		}
		in := file("/"+words, words)
		n := len(words) + 1
		start, end = ((start%n)+n)%n, ((end%n)+n)%n
		if end < start {
			start, end = end, start
		}
		r := &lint.Report{Findings: []lint.Finding{{
			Rule: mismatch, Outcome: lint.BadGateway, At: in.Span(start, end), Message: words,
			Notes: []lint.Note{{At: in.Span(start, start), Message: words}}}}}
		for _, name := range Names() {
			if out := render(t, Formats[name], r, Options{}); !utf8.ValidString(out) {
				t.Errorf("%s is no UTF-8: %q", name, out)
			}
		}
		lines := strings.Split(render(t, Text, r, Options{}), "\n")
		if len(lines) != 9 || !firstLine.MatchString(lines[0]) || !caretLine.MatchString(lines[3]) {
			t.Errorf("the text has %d lines:\n%q", len(lines), lines)
		}
	})
}

// The closing line names the containers if they are few.
func TestContainers(t *testing.T) {
	for want, names := range map[string][]string{
		"":                            nil,
		"1 container (web)":           {"web"},
		"4 containers (web, a, b, c)": {"web", "a", "b", "c"},
		"5 containers":                {"web", "a", "b", "c", "d"},
		"1 container (web\\u202e)":    {"web\u202e"},
	} {
		if got := containers(names); got != want {
			t.Errorf("%v: got %q, want %q", names, got, want)
		}
	}
}

// alikeReport has n findings of one cause and, of each of the other causes, one.
func alikeReport(n, others int) *lint.Report {
	r := &lint.Report{}
	for i := range n + others {
		f := file(fmt.Sprintf("/etc/site%d.conf", i), "fastcgi_pass unix:/a;\n")
		finding := lint.Finding{Rule: mismatch, Outcome: lint.BadGateway, At: f.Span(13, 20), Message: fmt.Sprintf("no pool listens on /run/%d.sock", i), Common: "the sockets moved",
			Fixes: []lint.Fix{{Title: "pass to unix:/b", Safe: true, Edits: []source.Edit{{At: f.Span(13, 20), New: "unix:/b"}}}}}
		if i >= n {
			finding.Common = fmt.Sprint("cause ", i)
		}
		r.Findings = append(r.Findings, finding)
		r.Files = append(r.Files, source.Input{File: f})
	}
	return r
}

// One cause is one block, many causes are few lines, and what is left out is counted.
func TestGrouped(t *testing.T) {
	for _, c := range []struct {
		n, others, most int
		layout          Layout
		want            []string
	}{
		{3, 0, 22, Grouped, []string{"\netc/site2.conf:1:14: error"}},
		{4, 0, 14, Grouped, []string{"4 errors of one cause in 4 files: the sockets moved (--fix changes 4 places)\netc/site0.conf:1:14: error", "site3.conf:1:14: error"}},
		{30, 0, 27, Grouped, []string{"30 errors of one cause in 30 files: ", "more of this cause (--output-format concise lists all)\n"}},
		{3000, 300, 200, Grouped, []string{"3,000 errors of one cause", "more (--output-format full prints all)", "3,300 errors in 3,300 files; 3,300 fixable with --fix=all\n"}},
		{60, 0, 27, Grouped, []string{"60 errors of one cause in 60 files: the sockets moved (--fix=all changes 60 places)", "60 fixable with --fix=all"}},
		{30, 3, 35, Concise, []string{"site29.conf:1:14: error", "site32.conf:1:14: error"}},
		{30, 0, 212, Full, []string{"site29.conf:1:14: error"}},
	} {
		o := options
		o.Layout, o.MostFixed = c.layout, 50
		text := render(t, Text, alikeReport(c.n, c.others), o)
		if got := strings.Count(text, "\n"); got > c.most {
			t.Errorf("%v: %d lines:\n%s", c, got, text)
		}
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%v: no %q in\n%s", c, want, text)
			}
		}
	}
}

func TestStatistics(t *testing.T) {
	o := options
	o.Statistics = true
	r := alikeReport(30, 1)
	r.Findings = append(r.Findings, lint.Finding{Rule: backlog, Outcome: lint.Sometimes, At: r.Findings[0].At, Message: "small", Fixes: []lint.Fix{{Safe: true}}})
	const want = "31 errors  WP902 socket-mismatch  in 31 files  31 fixable\n1 warning  WP901 backlog-small    in 1 file    1 fixable\n\n31 errors in 31 files, 1 warning; 32 fixable with --fix\n"
	if got := render(t, Text, r, o); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// On a terminal the name of a rule is a link; elsewhere its address is spelled out.
func TestLink(t *testing.T) {
	o := options
	address := "https://github.com/wp502lint/wp502lint/blob/main/docs/rules/WP902.md"
	if text := render(t, Text, alikeReport(1, 0), o); !strings.Contains(text, "explain WP902 or "+address+"\n") || strings.Contains(text, "\x1b") {
		t.Errorf("no address in\n%s", text)
	}
	o.Terminal = true
	if text := render(t, Text, alikeReport(1, 0), o); !strings.Contains(text, "[\x1b]8;;"+address+"\x1b\\WP902 socket-mismatch\x1b]8;;\x1b\\]") || !strings.Contains(text, "explain WP902\n") {
		t.Errorf("no link in\n%q", text)
	}
}

// Where no causes are shown, findings of one severity are in the order of their files.
func TestLayoutOrder(t *testing.T) {
	r := alikeReport(1, 2)
	r.Findings[2].Common = r.Findings[0].Common
	for _, layout := range []Layout{Full, Concise} {
		o := options
		o.Layout = layout
		text := render(t, Text, r, o)
		first, second, third := strings.Index(text, "etc/site0.conf:"), strings.Index(text, "etc/site1.conf:"), strings.Index(text, "etc/site2.conf:")
		if first < 0 || second < first || third < second {
			t.Errorf("%s: not in the order of files:\n%s", Layouts[layout], text)
		}
	}
}
