package report

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// suite is a JUnit report as a program reads it.
type suite struct {
	XMLName xml.Name `xml:"testsuites"`
	Suites  []struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Cases    []test `xml:"testcase"`
	} `xml:"testsuite"`
}

type test struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	Failure *verdict `xml:"failure"`
	Error   *verdict `xml:"error"`
	Skipped *verdict `xml:"skipped"`
	Output  string   `xml:"system-out"`
}

type verdict struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

func (c test) String() string {
	for state, v := range map[string]*verdict{"failed": c.Failure, "error": c.Error, "skipped": c.Skipped} {
		if v != nil {
			return fmt.Sprintf("%s | %s | %s %s | %s", c.Class, c.Name, state, v.Type, v.Message)
		}
	}
	return fmt.Sprintf("%s | %s | passed", c.Class, c.Name)
}

// readJUnit returns the tests of the report and compares their number with the
// counts of the suite.
func readJUnit(t *testing.T, r *lint.Report) []test {
	t.Helper()
	var s suite
	if err := xml.Unmarshal([]byte(render(t, JUnit, r, options)), &s); err != nil {
		t.Fatal(err)
	}
	if len(s.Suites) != 1 || s.Suites[0].Name != "wp502lint" {
		t.Fatalf("suites %+v, want the one wp502lint", s.Suites)
	}
	all := s.Suites[0]
	var failures, errors, skipped int
	for _, c := range all.Cases {
		switch {
		case c.Failure != nil:
			failures++
		case c.Error != nil:
			errors++
		case c.Skipped != nil:
			skipped++
		}
	}
	got := []int{all.Tests, all.Failures, all.Errors, all.Skipped}
	if want := []int{len(all.Cases), failures, errors, skipped}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the suite counts %v, and has %v", got, want)
	}
	return all.Cases
}

func compareTests(t *testing.T, got []test, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d tests, want %d:\n%v", len(got), len(want), got)
	}
	for i := range want {
		if got[i].String() != want[i] {
			t.Errorf("test %d\ngot  %s\nwant %s", i, got[i], want[i])
		}
	}
}

func TestJUnit(t *testing.T) {
	got := readJUnit(t, demo())
	compareTests(t, got,
		"etc/nginx/sites-enabled/blog.conf | WP902 socket-mismatch 4:16 | failed error | no pool listens on /run/php/php8.2-fpm.sock",
		"etc/php/8.3/fpm/pool.d/www.conf | WP906 catch-workers-output-off 1:1 | passed",
		"etc/php/8.3/fpm/pool.d/www.conf | WP901 backlog-small 3:18 | failed warning | 4 connections may wait",
		"wp502lint | WP911 memory-oversubscribed | skipped not-checked | not checked: memory unknown",
		"etc/nginx/secret.conf | not checked | error not-checked | not checked: permission denied",
		"etc/nginx/sites-enabled/blog.conf | not checked 2:14 | skipped not-checked | not checked: the name is not known",
		"etc/nginx/sites-enabled/blog.conf | not checked 4:16 | skipped not-checked | not checked: not known to be PHP",
		"etc/nginx/pipe | not checked | error not-checked | not checked: a FIFO",
		"etc/nginx/huge.conf | not checked | error not-checked | not checked: larger than the limit",
	)
	whole, _, _ := strings.Cut(render(t, Text, demo(), options), "\n\n")
	if got[0].Failure.Text != whole {
		t.Errorf("a failure says\n%s\nwant what the text says\n%s", got[0].Failure.Text, whole)
	}
	if want := "pool www throws away what PHP says"; !strings.Contains(got[1].Output, want) {
		t.Errorf("the output of a note is %q, want %q in it", got[1].Output, want)
	}
	if got, want := got[4].Error.Text, "not checked: permission denied"; got != want {
		t.Errorf("the text of an error is %q, want %q", got, want)
	}
}

func TestJUnitSeverity(t *testing.T) {
	r := demo()
	r.Findings[0].Override, r.Findings[1].Override = lint.Info, lint.Error
	r.NotChecked = nil
	compareTests(t, readJUnit(t, r),
		"etc/nginx/sites-enabled/blog.conf | WP902 socket-mismatch 4:16 | passed",
		"etc/php/8.3/fpm/pool.d/www.conf | WP906 catch-workers-output-off 1:1 | failed error | pool www throws away what PHP says",
		"etc/php/8.3/fpm/pool.d/www.conf | WP901 backlog-small 3:18 | failed warning | 4 connections may wait",
	)
}

func TestJUnitHealthy(t *testing.T) {
	compareTests(t, readJUnit(t, healthy()),
		"wp502lint | WP911 memory-oversubscribed | skipped not-checked | not checked: memory, users unknown",
		"etc/nginx/nginx.conf | not checked 1:1 | skipped not-checked | not checked: it cannot be known",
	)
	compareTests(t, readJUnit(t, &lint.Report{}))
	// One file has no finding, and another was not loaded.
	r := crowd(1, 0, 0)
	other := file("/etc/b.conf", "")
	r.Files = append(r.Files, source.Input{File: other, Path: other.Name}, source.Input{Path: "/etc/c.conf"})
	compareTests(t, readJUnit(t, r),
		"etc/a.conf | WP902 socket-mismatch 1:1 | failed error | finding 1",
		"etc/b.conf | no problems found | passed",
	)
}

// GitLab drops a second test with the same class and name.
func TestJUnitNames(t *testing.T) {
	for name, fixture := range fixtures {
		seen := map[string]bool{}
		for _, c := range readJUnit(t, fixture()) {
			key := c.Class + "\n" + c.Name
			if seen[key] {
				t.Errorf("%s: two tests %q", name, key)
			}
			seen[key] = true
		}
	}
	all := readJUnit(t, awkward())
	if got, want := all[10].Name, "WP902 socket-mismatch 1:6 (2)"; got != want {
		t.Errorf("got name %q, want %q", got, want)
	}
	if got, want := all[9].String(), "wp502lint | WP902 socket-mismatch | failed error | nobody wrote it"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Any name and text of a file gives well-formed XML that contains them.
func TestJUnitAnyText(t *testing.T) {
	var every strings.Builder
	for c := range 256 {
		every.WriteByte(byte(c))
	}
	for _, r := range []rune{0x7f, 0x85, 0xfffd, 0xfffe, 0xffff, 0x10ffff, 0x202e} {
		every.WriteRune(r)
	}
	for _, words := range []string{every.String(), "<a>&'\"]]>", "]]>]]>", "\xed\xa0\x80", " leading\ttab\n"} {
		f := file("/"+words, words)
		all := readJUnit(t, &lint.Report{
			Findings: []lint.Finding{
				{Rule: mismatch, Outcome: lint.BadGateway, At: f.Span(0, 0), Message: words, Log: []string{words}},
				{Rule: hidden6, Outcome: lint.None, At: f.Span(0, 0), Message: words},
			},
			NotChecked: []lint.NotChecked{{NotChecked: source.NotChecked{Path: "/" + words, Why: words}}},
		})
		for _, c := range []struct{ what, got, want string }{
			{"class", all[0].Class, Visible(words)},
			{"message", all[0].Failure.Message, Visible(words)},
			{"reason", all[2].Error.Message, "not checked: " + Visible(words)},
		} {
			if c.got != c.want {
				t.Errorf("%q: %s\ngot  %q\nwant %q", words, c.what, c.got, c.want)
			}
		}
		for _, text := range []string{all[0].Failure.Text, all[1].Output} {
			if want := ": " + Visible(words) + " [WP90"; !strings.Contains(text, want) {
				t.Errorf("no %q in %q", want, text)
			}
			if strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) }) {
				t.Errorf("the text holds what does not print: %q", text)
			}
		}
	}
}
