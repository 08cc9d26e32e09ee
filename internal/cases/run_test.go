package cases

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/wp502lint/wp502lint/lint"
)

// refused reports what the servers cannot read, so that a test of the driver
// needs no real rule.
var refused = &lint.Rule{
	ID: "WP900", Name: "refused", Outcomes: lint.Outcomes{lint.NginxRefuses: lint.Always},
	Check: func(p *lint.Pass) {
		for _, problem := range p.Stack.Problems {
			p.Report(lint.Finding{At: problem.At, Message: problem.Message})
		}
	},
}

const brokenSite = `A brace is missing.
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80 }
`

// redraw returns the archive with the marks of rules.
func redraw(t *testing.T, archive []byte, rules ...*lint.Rule) []byte {
	t.Helper()
	c, err := Parse(archive)
	if err != nil {
		t.Fatal(err)
	}
	return Draw(c, Lint(c, append([]*lint.Rule{}, rules...)))
}

func TestFrameIsRead(t *testing.T) {
	report := Lint(Frame(), []*lint.Rule{refused})
	if len(report.Findings) != 0 || len(report.NotChecked) != 0 {
		t.Errorf("the frame: findings %+v, not checked %+v", report.Findings, report.NotChecked)
	}
	if c := report.Gateways; c.PHP != 1 || c.Judged != 1 || report.Verdict != 0 {
		t.Errorf("the frame: %d of %d gateways judged, verdict %s, want 1 of 1 and healthy", c.Judged, c.PHP, report.Verdict)
	}
}

func TestRedraw(t *testing.T) {
	once := redraw(t, []byte(brokenSite), refused)
	c, err := Parse(once)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Marks) == 0 || c.Marks[0].Rule != "WP900" {
		t.Errorf("marks %+v in\n%s", c.Marks, once)
	}
	if twice := redraw(t, once, refused); string(twice) != string(once) {
		t.Errorf("redrawn twice\n got\n%s\nwant\n%s", twice, once)
	}
	if silent := redraw(t, once); string(silent) != brokenSite {
		t.Errorf("without rules\n got\n%s\nwant\n%s", silent, brokenSite)
	}
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "refused"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"fires.txtar": redraw(t, []byte(brokenSite), refused), "silent.txtar": []byte("Only the frame.\n")} {
		if err := os.WriteFile(filepath.Join(dir, "refused", name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	Run(t, dir, []*lint.Rule{refused})
}

func TestRunUpdates(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "refused"), 0o777); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "refused", "fires.txtar")
	for name, text := range map[string]string{name: brokenSite, filepath.Join(dir, "refused", "silent.txtar"): "Only the frame.\n"} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("UPDATE", "1")
	Run(t, dir, []*lint.Rule{refused})
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want := redraw(t, []byte(brokenSite), refused)
	if string(got) != string(want) || string(got) == brokenSite {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
