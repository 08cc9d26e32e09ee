package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/lint"
)

// degradation is an entry of a report with the fields that GitLab requires or
// shows (app/validators/json_schemas/codeclimate.json of gitlabhq).
type degradation struct {
	Description *string
	CheckName   *string `json:"check_name"`
	Fingerprint *string
	Severity    *string
	Location    *struct {
		Path  *string
		Lines *struct{ Begin *int }
	}
}

func (d degradation) String() string {
	return fmt.Sprintf("%s %s:%d %s %s: %s", *d.Severity, *d.Location.Path, *d.Location.Lines.Begin, *d.CheckName, *d.Fingerprint, *d.Description)
}

func readGitLab(t *testing.T, r *lint.Report) (all []degradation) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(render(t, GitLab, r, options)))
	d.DisallowUnknownFields()
	if err := d.Decode(&all); err != nil {
		t.Fatal(err)
	}
	for i, d := range all {
		if d.Description == nil || d.CheckName == nil || d.Fingerprint == nil || d.Severity == nil ||
			d.Location == nil || d.Location.Path == nil || d.Location.Lines == nil || d.Location.Lines.Begin == nil {
			t.Fatalf("entry %d lacks a field", i)
		}
	}
	return all
}

func TestGitLab(t *testing.T) {
	want := []string{
		"blocker etc/nginx/sites-available/blog.conf:4 WP902 0123456789abcdef: no pool listens on /run/php/php8.2-fpm.sock; " +
			"etc/php/8.3/fpm/pool.d/www.conf:2:10: pool [www] listens on /run/php/php8.3-fpm.sock; " +
			"the same holds at 3 places that read this line [WP902 socket-mismatch]",
		"info etc/php/8.3/fpm/pool.d/www.conf:1 WP906 1123456789abcdef: pool www throws away what PHP says [WP906 catch-workers-output-off]",
		"major etc/php/8.3/fpm/pool.d/www.conf:3 WP901 2123456789abcdef: 4 connections may wait [WP901 backlog-small]",
	}
	got := readGitLab(t, demo())
	if len(got) != len(want) {
		t.Fatalf("%d entries, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i].String() != want[i] {
			t.Errorf("entry %d\ngot  %s\nwant %s", i, got[i], want[i])
		}
	}
}

func TestGitLabSeverity(t *testing.T) {
	for _, c := range []struct {
		outcome  lint.Outcome
		override lint.Severity
		want     string
	}{
		{lint.NginxRefuses, 0, "blocker"},
		{lint.FPMRefuses, 0, "blocker"},
		{lint.BadGateway, 0, "blocker"},
		{lint.ApacheRefuses, 0, "blocker"},
		{lint.Unavailable, 0, "blocker"},
		{lint.SourceSent, 0, "blocker"},
		{lint.Sometimes, 0, "major"},
		{lint.SometimesUnavailable, 0, "major"},
		{lint.Other, 0, "minor"},
		{lint.None, 0, "info"},
		{lint.Sometimes, lint.Error, "critical"},
		{lint.None, lint.Error, "critical"},
		{lint.BadGateway, lint.Warning, "major"},
		{lint.None, lint.Warning, "major"},
		{lint.BadGateway, lint.Info, "minor"},
	} {
		if got := gitlabSeverity(&lint.Finding{Outcome: c.outcome, Override: c.override}); got != c.want {
			t.Errorf("%v, overridden to %d: got %s, want %s", c.outcome, c.override, got, c.want)
		}
	}
}

// GitLab shows one of several entries with the same fingerprint.
func TestGitLabFingerprints(t *testing.T) {
	for name, fixture := range fixtures {
		r := fixture()
		seen := map[string]int{}
		for i, d := range readGitLab(t, r) {
			if first, ok := seen[*d.Fingerprint]; ok || *d.Fingerprint == "" {
				t.Errorf("%s: entry %d has the fingerprint %q of entry %d", name, i, *d.Fingerprint, first)
			}
			seen[*d.Fingerprint] = i
		}
		want := len(r.Findings)
		if !r.Gateways.Complete() {
			want++
		}
		if len(seen) != want {
			t.Errorf("%s: %d entries for %d findings, want %d", name, len(seen), len(r.Findings), want)
		}
	}
	all := readGitLab(t, awkward())
	for i, want := range []string{"ffffffffffffffff", "ffffffffffffffff-2", "ffffffffffffffff-3"} {
		if got := *all[i].Fingerprint; got != want {
			t.Errorf("entry %d: got %s, want %s", i, got, want)
		}
	}
}

func TestGitLabPlaces(t *testing.T) {
	all := readGitLab(t, awkward())
	for i, want := range map[int]string{
		4: `etc/\xff\xfe a.conf:1`, // invalid UTF-8
		6: `etc/\xff\xfe a.conf:2`,
		9: `etc/\xff\xfe a.conf:1`, // no place: the first file
	} {
		if got := fmt.Sprintf("%s:%d", *all[i].Location.Path, *all[i].Location.Lines.Begin); got != want {
			t.Errorf("entry %d stands at %s, want %s", i, got, want)
		}
	}
	nowhere := readGitLab(t, &lint.Report{Findings: []lint.Finding{{Rule: mismatch, Outcome: lint.BadGateway, Message: "m"}}})
	if got, want := nowhere[0].String(), "blocker .:1 WP902 WP902: m [WP902 socket-mismatch]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestGitLabEmpty(t *testing.T) {
	for _, r := range []*lint.Report{{}, healthy()} {
		if got := render(t, GitLab, r, options); got != "[]\n" {
			t.Errorf("got %q, want []", got)
		}
	}
}
