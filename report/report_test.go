package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

var (
	mismatch = &lint.Rule{
		ID: "WP902", Name: "socket-mismatch", Cause: lint.Address, Outcomes: lint.Outcomes{lint.BadGateway: lint.Always},
		Summary: "nginx passes PHP to an address where no pool listens",
		Why:     "nginx connects to `fastcgi_pass` on every request.\n\nWhen nobody listens there, it answers 502.",
		Fix:     "Pass to the address that the pool's `listen` names.",
		Bad:     "-- etc/nginx/nginx.conf --\nfastcgi_pass unix:/run/a.sock;\n#            ^^^^^^^^^^^^^^^^ WP902 no pool listens on /run/a.sock\n",
		Good:    "-- etc/nginx/nginx.conf --\nfastcgi_pass unix:/run/b.sock;\n",
		Logs:    []*servers.Signature{{Log: servers.Log{By: servers.Nginx, Pattern: `connect\(\) to unix:(?P<path>\S+) failed \(2: No such file or directory\)`}}},
	}
	backlog = &lint.Rule{
		ID: "WP901", Name: "backlog-small", Cause: lint.Died, Outcomes: lint.Outcomes{lint.Sometimes: lint.Always}, Apache: true,
		Summary: "the queue of the socket is shorter than the burst", Why: "It overflows.", Fix: "Raise it.",
		Unproven: "a burst cannot be staged",
	}
	hidden6 = &lint.Rule{
		ID: "WP906", Name: "catch-workers-output-off", Cause: lint.Evidence, Outcomes: lint.Outcomes{lint.None: lint.Always},
		Summary: "what PHP writes to standard error is lost", Why: "It goes to /dev/null.", Fix: "Turn it on.",
	}
	memory = &lint.Rule{ID: "WP911", Name: "memory-oversubscribed", Cause: lint.Died, Outcomes: lint.Outcomes{lint.Sometimes: lint.Always},
		Summary: "the workers can need more memory than there is", Why: "The kernel kills one.", Fix: "Lower pm.max_children.",
		Needs: append(lint.Rule{}.Needs, "memory")}
)

func file(name, text string) *source.File { return &source.File{Name: name, Real: name, Text: text} }

// at returns the first place of words in f.
func at(f *source.File, words string) source.Span {
	i := strings.Index(f.Text, words)
	return f.Span(i, i+len(words))
}

// demo is a report with one of everything.
func demo() *lint.Report {
	blog := file("/etc/nginx/sites-enabled/blog.conf",
		"server {\n\tserver_name größe.example;\n\tlocation ~ \\.php$ {\n\t\tfastcgi_pass unix:/run/php/php8.2-fpm.sock; # ä\n\t}\n}\n")
	blog.Real = "/etc/nginx/sites-available/blog.conf"
	pool := file("/etc/php/8.3/fpm/pool.d/www.conf", "[www]\nlisten = /run/php/php8.3-fpm.sock\nlisten.backlog = 4\n")
	pass, listen := at(blog, "unix:/run/php/php8.2-fpm.sock"), at(pool, "/run/php/php8.3-fpm.sock")
	return &lint.Report{
		Rules: []*lint.Rule{memory, backlog, mismatch, hidden6},
		Findings: []lint.Finding{
			{
				Rule: mismatch, Outcome: lint.BadGateway, At: pass, Fingerprint: "0123456789abcdef",
				Message: "no pool listens on /run/php/php8.2-fpm.sock",
				Log:     []string{"connect() to unix:/run/php/php8.2-fpm.sock failed (2: No such file or directory)"},
				Notes: []lint.Note{
					{At: listen, Message: "pool [www] listens on /run/php/php8.3-fpm.sock"},
					{Message: "the same holds at 3 places that read this line"},
				},
				Fixes: []lint.Fix{
					{Title: "listen on /run/php/php8.2-fpm.sock", Edits: []source.Edit{{At: listen, New: "/run/php/php8.2-fpm.sock"}}},
					{Title: "pass to unix:/run/php/php8.3-fpm.sock", Safe: true, Edits: []source.Edit{{At: pass, New: "unix:/run/php/php8.3-fpm.sock"}}},
				},
			},
			{Rule: hidden6, Outcome: lint.None, At: at(pool, "[www]"), Message: "pool www throws away what PHP says", Fingerprint: "1123456789abcdef"},
			{Rule: backlog, Outcome: lint.Sometimes, At: at(pool, "4\n").Sub(0, 1), Message: "4 connections may wait", Fingerprint: "2123456789abcdef"},
		},
		NotChecked: []lint.NotChecked{
			{Rule: memory, Missing: append(lint.NotChecked{}.Missing, "memory"), NotChecked: source.NotChecked{Why: "memory unknown"}},
			{NotChecked: source.NotChecked{Path: "/etc/nginx/secret.conf", Why: "permission denied"}},
			{NotChecked: source.NotChecked{At: at(blog, "größe.example"), Why: "the name is not known"}},
			{Rule: mismatch, NotChecked: source.NotChecked{At: pass, Why: "not known to be PHP"}},
			{Rule: backlog, NotChecked: source.NotChecked{At: pass, Why: "not known to be PHP"}},
			{NotChecked: source.NotChecked{Path: "/etc/nginx/pipe", Why: "a FIFO"}},
			{NotChecked: source.NotChecked{Path: "/etc/nginx/huge.conf", Why: "larger than the limit"}},
		},
		Files: []source.Input{
			{File: blog, Path: blog.Name, Role: "nginx"},
			{File: pool, Path: pool.Name, Role: "pool"},
			{Path: "/etc/nginx/sites-available/default", Role: "not loaded"},
		},
		Gateways: lint.Coverage{PHP: 1, Judged: 1}, Verdict: lint.BadGateway,
	}
}

func healthy() *lint.Report {
	f := file("/etc/nginx/nginx.conf", "events {}\n")
	return &lint.Report{
		Rules:    []*lint.Rule{mismatch},
		Files:    []source.Input{{File: f, Path: f.Name, Role: "nginx"}},
		Gateways: lint.Coverage{PHP: 3, Judged: 3},
		NotChecked: []lint.NotChecked{
			{Rule: memory, Missing: append(lint.NotChecked{}.Missing, "memory", "users"), NotChecked: source.NotChecked{Why: "memory, users unknown"}},
			{NotChecked: source.NotChecked{At: f.Span(0, 6), Why: "it cannot be known"}},
		},
	}
}

// notAllJudged is a report about a host without a finding, of which a part was not judged.
func notAllJudged() *lint.Report {
	r := healthy()
	r.Verdict, r.Gateways = lint.Unknown, lint.Coverage{PHP: 46, Judged: 12, Reasons: []lint.Reason{
		{Why: "no pool given", Next: "add /etc/php, or run wp502lint check /", Count: 30},
		{Why: `cannot resolve host "php" offline`, Next: "add the compose file that defines it", Count: 3},
		{Why: "the address depends on a variable", Count: 1},
		{Why: "a file was not read in full", Next: "--verbose names it"},
	}}
	return r
}

// awkward is a report about places that are hard to print, by a rule that the
// report does not list.
func awkward() *lint.Report {
	crlf := file("/crlf.conf", "user\twww;\r\nworkers 2;\r\n")
	bytes := file("/etc/\xff\xfe a.conf", "name \xc3(\x1b[31m \u202e \U0001f600 x;\nlast")
	long := file("/long.conf", strings.Repeat("ä", 300)+"HERE"+strings.Repeat("ö", 300)+"\nshort\n")
	none := file("/empty.conf", "")
	bad := func(s source.Span, message string) lint.Finding {
		return lint.Finding{Rule: mismatch, Outcome: lint.BadGateway, At: s, Message: message, Fingerprint: "ffffffffffffffff"}
	}
	return &lint.Report{
		Findings: []lint.Finding{
			bad(at(crlf, "www"), "behind a tab"),
			bad(crlf.Span(0, len(crlf.Text)), "several lines"),
			bad(crlf.Span(9, 9), "at the line end"),
			bad(none.Span(0, 0), "an empty file"),
			bad(at(bytes, "x;"), "bytes \xff and \x1b[31m and a\nline"),
			bad(at(bytes, "\U0001f600"), "a link [to](2) nowhere"),
			bad(bytes.Span(len(bytes.Text), len(bytes.Text)), "at the end of the text"),
			bad(at(long, "HERE"), "a long line"),
			bad(long.Span(0, 1200), "longer than shown"),
			bad(source.Span{}, "nobody wrote it"),
			bad(at(crlf, "www"), "behind a tab"),
		},
		NotChecked: []lint.NotChecked{{NotChecked: source.NotChecked{Path: "/etc/\xff", Why: "no \xff"}}},
		Files:      []source.Input{{File: bytes, Path: bytes.Name, Role: "nginx"}},
		Verdict:    lint.BadGateway,
	}
}

var fixtures = map[string]func() *lint.Report{
	"demo":     demo,
	"healthy":  healthy,
	"unjudged": notAllJudged,
	"awkward":  awkward,
	"empty":    func() *lint.Report { return &lint.Report{} },
	"secrets":  secretive,
}

var options = Options{
	Version: "0.1.0", Fix: true,
	Path: func(f *source.File) string { return strings.TrimPrefix(f.Name, "/") },
	URI:  func(f *source.File) string { return "./" + strings.TrimPrefix(f.Real, "/") },
}

func render(t *testing.T, format Format, r *lint.Report, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := format(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestGolden compares every fixture in every format with the file of its name.
// UPDATE=1 in the environment writes the files: the diff is the review.
func TestGolden(t *testing.T) {
	for name, fixture := range fixtures {
		for _, format := range Names() {
			got := render(t, Formats[format], fixture(), options)
			golden(t, name+"."+format, got)
		}
	}
	for name, change := range map[string]func(*Options){
		"demo.verbose.text": func(o *Options) { o.Verbose = true },
		"demo.quiet.text":   func(o *Options) { o.Quiet = true },
		"demo.color.text":   func(o *Options) { o.Color = true },
		"demo.nofix.text":   func(o *Options) { o.Fix = false },
	} {
		o := options
		change(&o)
		golden(t, name, render(t, Text, demo(), o))
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		g, w := "nothing", "nothing"
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if g != w {
			t.Errorf("%s:%d\ngot  %s\nwant %s", path, i+1, g, w)
			return
		}
	}
}

func TestEveryFormat(t *testing.T) {
	if len(Names()) != len(Formats) {
		t.Errorf("%d names for %d formats", len(Names()), len(Formats))
	}
	for _, name := range Names() {
		for fixture, make := range fixtures {
			one, two := render(t, Formats[name], make(), options), render(t, Formats[name], make(), options)
			if one != two {
				t.Errorf("%s of %s differs from one time to the next", name, fixture)
			}
			if !utf8.ValidString(one) {
				t.Errorf("%s of %s is no UTF-8: %q", name, fixture, one)
			}
			if i := strings.IndexFunc(one, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' }); i >= 0 {
				t.Errorf("%s of %s holds a control character: %q", name, fixture, one[i:])
			}
			render(t, Formats[name], make(), Options{})
		}
	}
}

// Options for a terminal do not change the formats for programs.
func TestLooks(t *testing.T) {
	loud := options
	loud.Color, loud.Verbose = true, true
	quiet := options
	quiet.Quiet = true
	for name, format := range map[string]Format{"json": JSON, "sarif": SARIF, "gitlab": GitLab, "junit": JUnit, "summary": GitHubSummary} {
		want := render(t, format, demo(), options)
		for _, o := range []Options{loud, quiet} {
			if got := render(t, format, demo(), o); got != want {
				t.Errorf("%s with %+v\ngot\n%s\nwant\n%s", name, o, got, want)
			}
		}
	}
}

// full is a full disk.
type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if len(p) > f.room {
		return 0, errFull
	}
	f.room -= len(p)
	return len(p), nil
}

var errFull = errors.New("no space left on device")

func TestWriteError(t *testing.T) {
	for _, name := range Names() {
		for _, room := range []int{0, 100} {
			if err := Formats[name](&full{room}, demo(), options); !errors.Is(err, errFull) {
				t.Errorf("%s with room for %d bytes: got error %v, want %v", name, room, err, errFull)
			}
		}
	}
}

var firstLine = regexp.MustCompile(`^(.+?):(\d+):(\d+): (error|warning|note): (.*) \[(WP\d{3}) ([a-z0-9-]+)\]$`)

func TestFirstLine(t *testing.T) {
	o := options
	o.Quiet = true
	for name, fixture := range fixtures {
		r := fixture()
		lines := strings.SplitAfter(render(t, Text, r, o), "\n")
		if got, want := len(lines)-1, len(r.Findings); got != want {
			t.Errorf("%s: %d lines for %d findings", name, got, want)
		}
		for _, line := range lines[:len(lines)-1] {
			if !firstLine.MatchString(strings.TrimSuffix(line, "\n")) {
				t.Errorf("%s: %q does not match %s", name, line, firstLine)
			}
		}
	}
}

func TestFirstLineParts(t *testing.T) {
	o := options
	o.Quiet = true
	line, _, _ := strings.Cut(render(t, Text, demo(), o), "\n")
	got := firstLine.FindStringSubmatch(line)[1:]
	want := []string{"etc/nginx/sites-enabled/blog.conf", "4", "16", "error",
		"no pool listens on /run/php/php8.2-fpm.sock", "WP902", "socket-mismatch"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestProblemMatcher runs the patterns that GitHub gets on lines as they are printed:
// the first is the contract, and the second, which calls a note a notice, matches the
// notes and nothing else.
func TestProblemMatcher(t *testing.T) {
	data, err := os.ReadFile("../.github/problem-matcher.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		ProblemMatcher []struct{ Pattern []struct{ Regexp string } }
	}
	if err := json.Unmarshal(data, &file); err != nil || len(file.ProblemMatcher) != 2 {
		t.Fatalf("%d matchers (%v)", len(file.ProblemMatcher), err)
	}
	whole, notes := file.ProblemMatcher[0].Pattern[0].Regexp, regexp.MustCompile(file.ProblemMatcher[1].Pattern[0].Regexp)
	if whole != firstLine.String() {
		t.Errorf("the pattern is %s, and the contract %s", whole, firstLine)
	}
	seen := map[bool]int{}
	for line := range strings.Lines(render(t, Text, demo(), options)) {
		line = strings.TrimSuffix(line, "\n")
		m := firstLine.FindStringSubmatch(line)
		note := m != nil && m[4] == "note"
		if notes.MatchString(line) != note {
			t.Errorf("%q is a note: %t", line, note)
		}
		seen[note]++
	}
	if seen[true] == 0 {
		t.Error("the report has no note")
	}
}
