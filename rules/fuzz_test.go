package rules_test

import (
	"io"
	"slices"
	"testing"

	"github.com/wp502lint/wp502lint/fix"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	formats "github.com/wp502lint/wp502lint/report"
	. "github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/source"
)

// The files that FuzzPipe replaces in the frame.
const (
	fuzzSite = "/etc/nginx/sites-enabled/blog.conf"
	fuzzPool = "/etc/php/8.3/fpm/pool.d/www.conf"
	fuzzIni  = "/etc/php/8.3/fpm/php.ini"
)

// FuzzPipe looks for files on which reading, linking, judging or fixing panics,
// points out of a file, or does not come to rest.
func FuzzPipe(f *testing.F) {
	for _, rule := range All {
		bad, good := examples(f, rule)
		for _, texts := range []map[string]string{bad.Texts(), good.Texts()} {
			f.Add(texts[fuzzSite], texts[fuzzPool], texts[fuzzIni])
		}
	}
	f.Add("\ufeffserver {", "[www", "a = 'b\n")
	f.Add("include /etc/nginx/sites-enabled/*;", "include = /etc/php/8.3/fpm/pool.d/*.conf", "\x00")
	f.Fuzz(func(t *testing.T, site, pool, ini string) {
		if len(site)+len(pool)+len(ini) > 8<<10 {
			return
		}
		texts := map[string]string{fuzzSite: site, fuzzPool: pool, fuzzIni: ini}
		before := fuzzLint(t, texts)
		last := before
		for range 10 + len(before.Findings) {
			fixed := fix.Apply(last.Findings)
			if len(fixed) == 0 {
				return
			}
			for file, text := range fixed {
				texts[file.Real] = text
			}
			after := fuzzLint(t, texts)
			// A refused directive hides the errors after it.
			if a, b := fuzzErrors(last), fuzzErrors(after); b > a && !fuzzRefused(last) {
				t.Fatalf("%d errors before the fix, %d after it: %q", a, b, texts)
			}
			last = after
		}
		t.Errorf("fixing does not come to rest: %q", texts)
	})
}

// fuzzLint lints texts over the frame and looks whether every place that the report
// names is one.
func fuzzLint(t *testing.T, texts map[string]string) *lint.Report {
	t.Helper()
	c, err := cases.Parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range texts {
		c.Files = append(c.Files, cases.File{Name: name, Text: text})
	}
	report := cases.Lint(c, All)
	for _, f := range report.Findings {
		fuzzInside(t, f.Rule, f.At)
		for _, n := range f.Notes {
			fuzzInside(t, f.Rule, n.At)
		}
		for _, x := range f.Fixes {
			for _, e := range x.Edits {
				fuzzInside(t, f.Rule, e.At)
			}
		}
	}
	for _, n := range report.NotChecked {
		fuzzInside(t, n.Rule, n.At)
	}
	brief := *report
	brief.Rules = nil // SARIF has a page for each, which takes most of the time and does not depend on the files
	for format, write := range formats.Formats {
		if err := write(io.Discard, &brief, formats.Options{Verbose: true}); err != nil {
			t.Fatalf("%s: %v", format, err)
		}
	}
	return report
}

func fuzzInside(t *testing.T, rule *lint.Rule, at source.Span) {
	t.Helper()
	if at.File == nil || at.Start >= 0 && at.Start <= at.End && int(at.End) <= len(at.File.Text) {
		return
	}
	id := "not checked"
	if rule != nil {
		id = rule.ID
	}
	t.Errorf("%s: %d to %d of %s, which has %d bytes", id, at.Start, at.End, at.File.Name, len(at.File.Text))
}

func fuzzErrors(r *lint.Report) (n int) {
	for _, f := range r.Findings {
		if f.Outcome.Severity() == lint.Error {
			n++
		}
	}
	return n
}

func fuzzRefused(r *lint.Report) bool {
	return slices.ContainsFunc(r.Findings, func(f lint.Finding) bool { return f.Outcome <= lint.FPMRefuses })
}
