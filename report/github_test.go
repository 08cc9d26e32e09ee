package report

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// command is a workflow command as a runner reads it.
type command struct {
	name       string
	properties map[string]string
	data       string
}

// readCommand reads a line of a log as ActionCommand.cs of actions/runner does: ok
// is false for a line that is only shown.
func readCommand(line string) (c command, ok bool) {
	if i := strings.Index(line, "##["); i >= 0 && !strings.HasPrefix(line, "::") {
		return command{name: line[i+3:]}, true
	}
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), "::")
	head, data, found := strings.Cut(rest, "::")
	if !ok || !found {
		return command{}, false
	}
	c = command{properties: map[string]string{}, data: unescape(data, "%0D", "\r", "%0A", "\n")}
	c.name, head, _ = strings.Cut(head, " ")
	for p := range strings.SplitSeq(head, ",") {
		name, value, _ := strings.Cut(p, "=")
		c.properties[name] = unescape(value, "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",")
	}
	return c, true
}

// unescape replaces each pair in turn, and %25 last.
func unescape(s string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, pairs[i], pairs[i+1])
	}
	return strings.ReplaceAll(s, "%25", "%")
}

// readLog returns the commands and the other lines of a log.
func readLog(log string) (commands []command, plain []string) {
	for line := range strings.Lines(log) {
		if c, ok := readCommand(strings.TrimSuffix(line, "\n")); ok {
			commands = append(commands, c)
		} else {
			plain = append(plain, line)
		}
	}
	return commands, plain
}

func TestGitHubCommand(t *testing.T) {
	const help = "%0Ahelp: https://github.com/wp502lint/wp502lint/blob/main/docs/rules/WP902.md"
	text := "user www;\nworkers 2;\nlast"
	for _, c := range []struct {
		name, path, message string
		start, end          int
		want                string
	}{
		{"a word", "/a.conf", "m", 5, 8, "file=a.conf,line=1,endLine=1,col=6,endColumn=9,title=WP902 socket-mismatch::a.conf:1:6: m"},
		{"nothing", "/a.conf", "m", 5, 5, "file=a.conf,line=1,endLine=1,col=6,endColumn=6,title=WP902 socket-mismatch::a.conf:1:6: m"},
		{"two lines", "/a.conf", "m", 5, 17, "file=a.conf,line=1,endLine=2,title=WP902 socket-mismatch::a.conf:1:6: m"},
		{"a line with its end", "/a.conf", "m", 0, 10, "file=a.conf,line=1,endLine=1,title=WP902 socket-mismatch::a.conf:1:1: m"},
		{"everything", "/a.conf", "m", 0, 25, "file=a.conf,line=1,endLine=3,title=WP902 socket-mismatch::a.conf:1:1: m"},
		{"a path with marks", "/a,b:c=d%3A::.conf", "m", 0, 4,
			"file=a%2Cb%3Ac=d%253A%3A%3A.conf,line=1,endLine=1,col=1,endColumn=5,title=WP902 socket-mismatch::a,b:c=d%253A::.conf:1:1: m"},
		{"a path with control characters", "/a\n::error::\r\xff", "m", 0, 4,
			`file=a\n%3A%3Aerror%3A%3A\r\xff,line=1,endLine=1,col=1,endColumn=5,title=WP902 socket-mismatch::a\n::error::\r\xff:1:1: m`},
		{"a message with marks", "/a.conf", "50% of a:b,c %0A\r\n::error::\xff", 0, 4,
			`file=a.conf,line=1,endLine=1,col=1,endColumn=5,title=WP902 socket-mismatch::a.conf:1:1: 50%25 of a:b,c %250A\r\n::error::\xff`},
	} {
		r := &lint.Report{Findings: []lint.Finding{{
			Rule: mismatch, Outcome: lint.BadGateway, Message: c.message, At: file(c.path, text).Span(c.start, c.end)}}}
		got, _, _ := strings.Cut(render(t, GitHub, r, options), "\n")
		if want := "::error " + c.want + help; got != want {
			t.Errorf("%s\ngot  %s\nwant %s", c.name, got, want)
		}
	}
}

// A runner reads the messages as they were written.
func TestGitHubRoundTrip(t *testing.T) {
	path, message := "/100%,a:b;c].conf", "50% of %0A, a::b"
	r := &lint.Report{Findings: []lint.Finding{{
		Rule: mismatch, Outcome: lint.BadGateway, Message: message, At: file(path, "user www;").Span(5, 8)}}}
	commands, _ := readLog(render(t, GitHub, r, options))
	if len(commands) != 1 {
		t.Fatalf("%d commands, want 1", len(commands))
	}
	got := commands[0]
	for name, want := range map[string]string{"file": path[1:], "line": "1", "endLine": "1", "col": "6", "endColumn": "9", "title": "WP902 socket-mismatch"} {
		if got.properties[name] != want {
			t.Errorf("%s is %q, want %q", name, got.properties[name], want)
		}
	}
	first, rest, _ := strings.Cut(got.data, "\n")
	if want := path[1:] + ":1:6: " + message; first != want {
		t.Errorf("got message %q, want %q", first, want)
	}
	if want := "help: https://github.com/wp502lint/wp502lint/blob/main/docs/rules/WP902.md"; rest != want {
		t.Errorf("got below it %q, want %q", rest, want)
	}
}

func TestGitHubSeverities(t *testing.T) {
	r := demo()
	r.Findings[1].Override = lint.Warning
	commands, _ := readLog(render(t, GitHub, r, options))
	var got []string
	for _, c := range commands {
		got = append(got, c.name+" "+c.properties["title"])
	}
	want := "error WP902 socket-mismatch|warning WP906 catch-workers-output-off|warning WP901 backlog-small"
	if strings.Join(got, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
	}
}

// crowd is a report with the given numbers of findings, one a line, in turns.
func crowd(errors, warnings, notes int) *lint.Report {
	f := file("/etc/a.conf", strings.Repeat("x\n", errors+warnings+notes))
	r := &lint.Report{Files: []source.Input{{File: f, Path: f.Name, Role: "nginx"}}}
	for line := 1; errors+warnings+notes > 0; {
		for _, kind := range []struct {
			rule *lint.Rule
			left *int
		}{{hidden6, &notes}, {backlog, &warnings}, {mismatch, &errors}} {
			if *kind.left == 0 {
				continue
			}
			*kind.left--
			r.Findings = append(r.Findings, lint.Finding{
				Rule: kind.rule, Outcome: kind.rule.Outcomes.Worst(), At: f.Line(line), Message: fmt.Sprint("finding ", line)})
			line++
		}
	}
	return r
}

func TestGitHubLimits(t *testing.T) {
	for _, c := range []struct {
		errors, warnings, notes int
		commands                string // as names and counts
		more                    string
	}{
		{0, 0, 0, "", ""},
		{1, 0, 0, "error 1", ""},
		{10, 10, 10, "error 10 warning 10 notice 10", ""},
		{11, 2, 0, "error 10 warning 2", "1 error"},
		{22, 13, 11, "error 10 warning 10 notice 10", "12 errors, 3 warnings, 1 note"},
	} {
		r := crowd(c.errors, c.warnings, c.notes)
		log := render(t, GitHub, r, options)
		commands, plain := readLog(log)
		said := strings.Join(plain, "")
		var names []string
		counts := map[string]int{}
		for _, command := range commands {
			if counts[command.name]++; counts[command.name] == 1 {
				names = append(names, command.name)
			}
			said += command.data + "\n"
		}
		for i, name := range names {
			names[i] = fmt.Sprint(name, " ", counts[name])
		}
		if got := strings.Join(names, " "); got != c.commands {
			t.Errorf("%v: commands %q, want %q", c, got, c.commands)
		}
		const without = " more without an annotation: GitHub takes 10 of a kind from a step\n"
		if got := strings.Contains(log, without); got != (c.more != "") || got && !strings.Contains(log, "\n"+c.more+without) {
			t.Errorf("%v: want %q in\n%s", c, c.more+without, log)
		}
		for i := range r.Findings {
			at := fmt.Sprintf("etc/a.conf:%d:1: ", i+1)
			if !strings.Contains(said, at) {
				t.Errorf("%v: nothing about %s", c, at)
			}
		}
	}
}

func TestGitHubLeftOut(t *testing.T) {
	r := crowd(11, 0, 0)
	r.Findings[10].Log = []string{"connect() to unix:/a failed (2: No such file or directory)"}
	log := render(t, GitHub, r, options)
	for _, want := range []string{
		"etc/a.conf:11:1: error: finding 11 [WP902 socket-mismatch]\n",
		"\n   = log: nginx will write: connect() to unix:/a failed (2: No such file or directory)\n",
		"\n11 errors in 1 file\n",
	} {
		if !strings.Contains(log, want) {
			t.Errorf("no %q in\n%s", want, log)
		}
	}
	quiet := options
	quiet.Quiet = true
	_, plain := readLog(render(t, GitHub, r, quiet))
	if got, want := plain[len(plain)-1], "etc/a.conf:11:1: error: finding 11 [WP902 socket-mismatch]\n"; got != want {
		t.Errorf("with --quiet the last line is %q, want %q", got, want)
	}
}

// A quoted configuration cannot contain commands for a runner.
func TestGitHubInert(t *testing.T) {
	evil := "::stop-commands::x ##[add-mask]y"
	f := file("/"+evil, strings.Repeat(evil+"\n", 12))
	r := &lint.Report{
		NotChecked: []lint.NotChecked{{NotChecked: source.NotChecked{Path: "/" + evil, Why: evil}}},
		Files:      []source.Input{{File: f, Path: f.Name, Role: "nginx"}},
	}
	for line := 1; line <= 12; line++ {
		r.Findings = append(r.Findings, lint.Finding{
			Rule: mismatch, Outcome: lint.BadGateway, At: f.Line(line), Message: evil,
			Notes: []lint.Note{{Message: evil}}, Log: []string{evil}, Fixes: []lint.Fix{{Title: evil}}})
	}
	o := options
	o.Verbose, o.Color = true, true
	commands, plain := readLog(render(t, GitHub, r, o))
	for _, c := range commands {
		if c.name != "error" {
			t.Errorf("a runner reads the command %q", c.name)
		}
	}
	if len(commands) != 10 || len(plain) < 20 {
		t.Errorf("%d commands and %d lines, want 10 and at least 20", len(commands), len(plain))
	}
	if want := `\x3a:stop-commands::x ##\x5badd-mask]y:11:1: error: ` + `::stop-commands::x ##\x5badd-mask]y [WP902 socket-mismatch]` + "\n"; plain[2] != want {
		t.Errorf("got  %q\nwant %q", plain[2], want)
	}
}

func TestGitHubHealthy(t *testing.T) {
	commands, plain := readLog(render(t, GitHub, healthy(), options))
	if len(commands) != 0 {
		t.Errorf("commands %v, want none", commands)
	}
	if want := "no problems found in 3 PHP locations, 1 file read; "; !strings.HasPrefix(plain[len(plain)-1], want) {
		t.Errorf("the last line is %q, want %q...", plain[len(plain)-1], want)
	}
}

// The notice about PHP locations that were not judged is one of the ten that GitHub takes.
func TestGitHubUnjudged(t *testing.T) {
	r := crowd(0, 0, 12)
	r.Gateways = notAllJudged().Gateways
	commands, plain := readLog(render(t, GitHub, r, options))
	last := commands[len(commands)-1].data
	if len(commands) != annotations || !strings.HasPrefix(last, "34 of 46 PHP locations not judged: 30 no pool given") {
		t.Errorf("%d commands, the last %q", len(commands), last)
	}
	if want := "3 notes more without an annotation: GitHub takes 10 of a kind from a step\n"; plain[0] != want {
		t.Errorf("got %q, want %q", plain[0], want)
	}
}

func TestGitHubSummaryGolden(t *testing.T) {
	for name, fixture := range fixtures {
		golden(t, name+".summary.md", render(t, GitHubSummary, fixture(), options))
		if got := render(t, GitHubSummary, fixture(), options); strings.Contains(got, hush) {
			t.Errorf("the summary of %s tells a secret:\n%s", name, got)
		}
		render(t, GitHubSummary, fixture(), Options{})
	}
}

// A row has as many bars as columns, and no markup from a text.
func TestGitHubSummaryRow(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                "plain",
		"a|b\\|c":              `a\|b\\\|c`,
		"`code` *b* _i_ ~s~":   "\\`code\\` \\*b\\* \\_i\\_ \\~s\\~",
		"<b>&amp; [to](http)":  `&lt;b&gt;&amp;amp; \[to\](http)`,
		"two\nlines\r\xff":     `two\\nlines\\r\\xff`,
		"$uri in ~ \\.php$ is": `<span>$</span>uri in \~ \\.php<span>$</span> is`,
	} {
		f := lint.Finding{Rule: mismatch, Outcome: lint.BadGateway, Message: text, At: file("/a|b.conf", "x").Span(0, 1)}
		got := render(t, GitHubSummary, &lint.Report{Findings: []lint.Finding{f}}, options)
		want := `| error | a\|b.conf:1:1 | [WP902 socket-mismatch](https://github.com/wp502lint/wp502lint/blob/main/docs/rules/WP902.md) | ` + want + " |\n"
		if !strings.HasSuffix(got, want) {
			t.Errorf("%q\ngot  %s\nwant %s", text, got, want)
		}
	}
}

func TestGitHubSummaryCut(t *testing.T) {
	const limit = 1024 * 1024
	r := many(30_000)
	for i := range r.Findings {
		r.Findings[i].Common = fmt.Sprint("a cause of its own: ", i)
	}
	r.Findings[17].Message = strings.Repeat("|", limit)
	for i := range 20_000 {
		r.NotChecked = append(r.NotChecked, lint.NotChecked{NotChecked: source.NotChecked{Path: fmt.Sprint("/etc/nginx/", i), Why: "permission denied"}})
	}
	got := render(t, GitHubSummary, r, options)
	if len(got) > limit-40_000 {
		t.Errorf("%d bytes leave nothing of %d to others", len(got), limit)
	}
	for _, part := range []struct {
		row, noun string
		all       int
	}{{"| error |", "rows", len(r.Findings)}, {"| etc/nginx/", "places", len(r.NotChecked)}} {
		shown := strings.Count(got, "\n"+part.row)
		want := fmt.Sprintf("\n\n%s %s more: GitHub takes no larger summary; the reports of this run have all\n", grouped(part.all-shown), part.noun)
		if shown < 1000 || !strings.Contains(got, want) {
			t.Errorf("%d rows %q, and no %q", shown, part.row, want)
		}
	}
}

func TestGitHubSummaryWriteError(t *testing.T) {
	if err := GitHubSummary(&full{100}, demo(), options); !errors.Is(err, errFull) {
		t.Errorf("got error %v, want %v", err, errFull)
	}
}

func TestBare(t *testing.T) {
	for path, want := range map[string]string{"./a": "a", ".//./a": "a", "a/./b": "a/./b", "/a": "/a", "../a": "../a", ".": ".", "": ""} {
		if got := bare(path); got != want {
			t.Errorf("bare(%q) is %q, want %q", path, got, want)
		}
	}
}

// A finding without a place is put at the start of a file for code scanning.
func TestAnchor(t *testing.T) {
	f := file("/b", "x")
	if got, want := anchor(&lint.Report{Files: []source.Input{{Path: "/a"}, {File: f}}}), f.Span(0, 0); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := anchor(&lint.Report{}); got != (source.Span{}) {
		t.Errorf("got %v of no files", got)
	}
}
