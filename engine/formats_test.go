package engine_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/lint"
)

// wellFormed checks each output of r as its readers read it.
func wellFormed(t *testing.T, r *lint.Report, out map[string]string) {
	t.Helper()
	for name, text := range out {
		if !utf8.ValidString(text) {
			t.Errorf("%s is not UTF-8: %q", name, text)
		}
		// JSON holds the texts of files for programs, which print them in their own way.
		if at := strings.IndexFunc(text, deceives); at >= 0 && name != "json" {
			t.Errorf("%s has an invisible character: %q", name, text[max(0, at-80):min(len(text), at+80)])
		}
	}
	for _, check := range []func(*testing.T, *lint.Report, map[string]string){quietLines, jsonFindings, sarifResults, githubLines, gitlabFindings, junitTests} {
		check(t, r, out)
	}
}

// deceives reports whether r changes what a terminal or a reader sees around it: a control
// character, the mark of another direction, a line end that only some programs know.
func deceives(r rune) bool {
	return r != '\n' && r != '\t' && (r < ' ' || r > '~') && unicode.In(r, unicode.Cc, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}

// firstLine is the contract of text for editors and pipelines.
var firstLine = regexp.MustCompile(`^(.+?):(\d+):(\d+): (error|warning|note): (.*) \[(WP\d{3}) ([a-z0-9-]+)\]$`)

func quietLines(t *testing.T, r *lint.Report, out map[string]string) {
	t.Helper()
	lines := strings.SplitAfter(out[quiet], "\n")
	if n := len(lines) - 1; n != len(r.Findings) || lines[n] != "" {
		t.Errorf("%d findings are on %d lines:\n%q", len(r.Findings), n, lines)
	}
	for _, line := range lines[:len(lines)-1] {
		if !firstLine.MatchString(strings.TrimSuffix(line, "\n")) {
			t.Errorf("not the first line of a finding: %q", line)
		}
		if !strings.Contains(out["text"], line) {
			t.Errorf("the text has no line %q", line)
		}
	}
}

// decode reads JSON, and fails for text that is not JSON.
func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Errorf("%v:\n%s", err, text)
	}
}

// region is a place as JSON and SARIF say it: from 1, and not before its start.
type region struct{ Line, Column, StartLine, StartColumn, EndLine, EndColumn int }

func (p region) check(t *testing.T) {
	t.Helper()
	line, column := p.Line+p.StartLine, p.Column+p.StartColumn
	if line < 1 || column < 1 || p.EndLine < line || p.EndLine == line && p.EndColumn < column {
		t.Errorf("not a place: %+v", p)
	}
}

func jsonFindings(t *testing.T, r *lint.Report, out map[string]string) {
	t.Helper()
	var report struct {
		Version  int
		Findings []struct {
			region
			Rule, Message, Fingerprint, File string
		}
	}
	decode(t, out["json"], &report)
	if report.Version != 1 || len(report.Findings) != len(r.Findings) {
		t.Errorf("JSON of version %d has %d of %d findings", report.Version, len(report.Findings), len(r.Findings))
	}
	for i, f := range report.Findings {
		if f.Rule == "" || f.Message == "" || len(f.Fingerprint) != 16 {
			t.Errorf("not a finding: %+v", f)
		}
		if !r.Findings[i].At.IsZero() {
			f.check(t)
		}
	}
}

// sarifLink is a link in a message (SARIF 2.1.0, 3.11.6): a backslash escapes the character
// after it.
var sarifLink = regexp.MustCompile(`(?s)(?:^|[^\\])(?:\\\\)*\[(?:[^\\\]\[]|\\.)*\]\(([^)]*)\)`)

// sarifResult is the part of a result of SARIF that is checked.
type sarifResult struct {
	RuleID                      string
	RuleIndex                   int
	Message                     struct{ Text string }
	Locations, RelatedLocations []struct {
		PhysicalLocation struct {
			ArtifactLocation struct{ URI string }
			Region           *region
		}
	}
}

func (r *sarifResult) check(t *testing.T) {
	t.Helper()
	if r.Message.Text == "" {
		t.Errorf("%s has no message", r.RuleID)
	}
	for _, link := range sarifLink.FindAllStringSubmatch(r.Message.Text, -1) {
		if id, err := strconv.Atoi(link[1]); err != nil || id < 1 || id > len(r.RelatedLocations) {
			t.Errorf("a link to %q in %q", link[1], r.Message.Text)
		}
	}
	for _, l := range append(r.Locations, r.RelatedLocations...) {
		uri := l.PhysicalLocation.ArtifactLocation.URI
		if _, err := url.Parse(uri); err != nil || strings.HasPrefix(uri, "./") {
			t.Errorf("not a URI of a file: %q (%v)", uri, err)
		}
		if l.PhysicalLocation.Region != nil {
			l.PhysicalLocation.Region.check(t)
		}
	}
}

func sarifResults(t *testing.T, r *lint.Report, out map[string]string) {
	t.Helper()
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []sarifResult
		}
	}
	decode(t, out["sarif"], &log)
	if log.Version != "2.1.0" || len(log.Runs) != 1 {
		t.Fatalf("SARIF of version %q with %d runs", log.Version, len(log.Runs))
	}
	run := log.Runs[0]
	if len(run.Results) > len(r.Findings) || len(run.Results) == 0 && len(r.Findings) > 0 {
		t.Errorf("SARIF has %d results for %d findings", len(run.Results), len(r.Findings))
	}
	rules := run.Tool.Driver.Rules
	for _, result := range run.Results {
		if i := result.RuleIndex; i < 0 || i >= len(rules) || rules[i].ID != result.RuleID {
			t.Errorf("not a result: %+v", result)
		}
		result.check(t)
	}
}

// annotation is a workflow command that GitHub turns into an annotation.
var annotation = regexp.MustCompile(`^::(error|warning|notice) [a-zA-Z]+=[^,:]*(,[a-zA-Z]+=[^,:]*)*::.+$`)

// entries counts the findings, and what was not judged as one more.
func entries(r *lint.Report) int {
	n := len(r.Findings)
	if !r.Gateways.Complete() {
		n++
	}
	return n
}

func githubLines(t *testing.T, r *lint.Report, out map[string]string) {
	t.Helper()
	commands := 0
	for line := range strings.Lines(out["github"]) {
		words := strings.TrimSpace(line)
		switch {
		case annotation.MatchString(strings.TrimSuffix(line, "\n")):
			commands++
		case strings.HasPrefix(words, "::"), strings.Contains(line, "##["):
			t.Errorf("a workflow command that is not an annotation: %q", line)
		}
	}
	if n := entries(r); commands > n || commands == 0 && n > 0 {
		t.Errorf("%d annotations for %d entries", commands, n)
	}
}

func gitlabFindings(t *testing.T, r *lint.Report, out map[string]string) {
	t.Helper()
	var findings []struct {
		Description, Fingerprint, Severity string
		Location                           struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	decode(t, out["gitlab"], &findings)
	if n := entries(r); len(findings) != n {
		t.Errorf("GitLab has %d of %d entries", len(findings), n)
	}
	seen := map[string]bool{}
	for _, f := range findings {
		if f.Description == "" || f.Severity == "" || f.Location.Path == "" || f.Location.Lines.Begin < 1 || seen[f.Fingerprint] {
			t.Errorf("not a finding: %+v", f)
		}
		seen[f.Fingerprint] = true
	}
}

func junitTests(t *testing.T, r *lint.Report, out map[string]string) {
	t.Helper()
	tests, names := 0, map[string]bool{}
	d := xml.NewDecoder(strings.NewReader(out["junit"]))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v:\n%s", err, out["junit"])
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "testcase" {
			continue
		}
		name := ""
		for _, a := range start.Attr {
			if a.Name.Local == "classname" || a.Name.Local == "name" {
				name += a.Value + "\n"
			}
		}
		if tests++; names[name] {
			t.Errorf("two tests are called %q", name)
		}
		names[name] = true
	}
	if tests < len(r.Findings) {
		t.Errorf("JUnit has %d tests for %d findings", tests, len(r.Findings))
	}
}
