package engine_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

const (
	siteFile = "/etc/nginx/sites/shop.conf"
	site     = "server { location ~ \\.php$ { fastcgi_pass unix:/run/php/php8.1-fpm.sock; } }\n"
)

// shop returns a host with one site, whose socket no pool listens on.
func shop() map[string]string {
	return map[string]string{
		"/etc/nginx/nginx.conf":         "events {}\nhttp { include sites/*.conf; }\n",
		siteFile:                        site,
		"/etc/php/8.3/fpm/php-fpm.conf": "[global]\n[www]\nuser = www-data\nlisten = /run/php/php8.3-fpm.sock\npm = ondemand\npm.max_children = 5\n",
	}
}

func open(t *testing.T, o engine.Options) *engine.Engine {
	t.Helper()
	e, err := engine.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// said returns a line for each finding.
func said(r *engine.Result) (lines []string) {
	for _, f := range r.Findings {
		lines = append(lines, fmt.Sprint(f.Severity(), " ", f.Rule.ID, " ", f.At.File.Name, ":", f.At.Begin().Line, " ", f.Message))
	}
	return lines
}

func ids(r *engine.Result) (ids []string) {
	for _, f := range r.Findings {
		ids = append(ids, f.Rule.ID)
	}
	return ids
}

// Engines run side by side, and so do the methods of one.
func TestSideBySide(t *testing.T) {
	demo, err := tree.New("../testdata/configs/demo")
	if err != nil {
		t.Fatal(err)
	}
	ignore := &lint.Ignore{Rules: []*lint.Rule{rules.EmergencyRestartMissing}, Reason: "a test", Covers: func(*source.File) bool { return true }}
	shared := &project.Config{Ignores: []*lint.Ignore{ignore}, Severities: map[*lint.Rule]lint.Severity{rules.XdebugLoaded: lint.Error}}
	engines := []*engine.Engine{
		open(t, engine.Options{Tree: demo, Project: shared}),
		open(t, engine.Options{Tree: demo, Paths: []string{"/etc"}, Project: shared}),
		open(t, engine.Options{Tree: tree.Memory(shop()), Project: shared}),
	}
	texts := []map[string]string{nil, {siteFile: strings.ReplaceAll(site, "8.1", "8.3")}, {"/etc/nginx/sites-available/shop.conf": "server {"}}
	run := func(i int) []string {
		e := engines[i%len(engines)]
		r := e.Lint(texts[i/len(engines)])
		return append(said(r), said(e.Mend(r).After)...)
	}
	n := len(engines) * len(texts)
	var runs sync.WaitGroup
	got := make([][]string, 4*n)
	for i := range got {
		runs.Go(func() { got[i] = run(i % n) })
	}
	runs.Wait()
	for i := range got {
		if want := run(i % n); !slices.Equal(got[i], want) {
			t.Errorf("beside others\n%q\nalone\n%q", got[i], want)
		}
	}
	if ignore.Hides(rules.EmergencyRestartMissing) {
		t.Error("a run wrote into the project")
	}
}

// Without a date and a project, only the files are known.
func TestZeroOptions(t *testing.T) {
	e := open(t, engine.Options{})
	if r := e.Lint(nil); len(r.Findings) > 0 || len(r.Files) > 0 || len(r.Failed) > 0 {
		t.Errorf("of nothing: findings %q, files %v, failed %v", said(r), r.Files, r.Failed)
	}
	if r := e.Lint(shop()); !slices.Contains(ids(r), "WP201") || len(r.Rules) != len(rules.All) {
		t.Errorf("of texts: %q by %d rules", said(r), len(r.Rules))
	}
}

func TestRulesThatRun(t *testing.T) {
	a, b, c := rules.Syntax, rules.SocketMismatch, rules.ReloadKillsRequests
	catalogue := []*lint.Rule{a, c, b}
	off := &project.Config{Off: []*lint.Rule{b}}
	for _, test := range []struct {
		name string
		o    engine.Options
		want []*lint.Rule // nil: ErrNoRules
	}{
		{"all", engine.Options{}, catalogue},
		{"off in the project", engine.Options{Project: off}, []*lint.Rule{a, c}},
		{"only, though off", engine.Options{Project: off, Only: []*lint.Rule{b, b}}, []*lint.Rule{b}},
		{"without", engine.Options{Without: []*lint.Rule{a}}, []*lint.Rule{c, b}},
		{"none left", engine.Options{Project: off, Without: []*lint.Rule{a, c}}, nil},
	} {
		test.o.Catalogue = catalogue
		e, err := engine.Open(test.o)
		if test.want == nil {
			if !errors.Is(err, engine.ErrNoRules) {
				t.Errorf("%s: %v", test.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		} else if got := e.Lint(nil).Rules; !slices.Equal(got, test.want) {
			t.Errorf("%s: %v run, want %v", test.name, lint.Names(got), lint.Names(test.want))
		}
	}
}

func TestPaths(t *testing.T) {
	texts := shop()
	texts["/old/nginx.conf"] = "events {}\nhttp { bogus on; }\n"
	texts["/old/httpd.conf"] = "ServerRoot /old\nListen 80\n"
	main := &project.Config{Nginx: []string{"old/nginx.conf"}}
	apache := &project.Config{Apache: []string{"old/httpd.conf"}}
	for _, test := range []struct {
		name    string
		paths   []string
		project *project.Config
		files   int // that are loaded
		failed  string
	}{
		{"all", nil, nil, 3, ""},
		{"nothing", []string{}, nil, 0, ""},
		{"relative", []string{"etc/nginx"}, nil, 2, ""},
		{"of the project", nil, main, 2, ""},
		{"of Apache", nil, apache, 2, ""},
		{"rather than of the project", []string{"/etc"}, main, 3, ""},
		{"missing", []string{"/etc/php", "/none"}, nil, 1, "/none"},
	} {
		r := open(t, engine.Options{Tree: tree.Memory(texts), Paths: test.paths, Project: test.project}).Lint(nil)
		files, failed := 0, ""
		for _, f := range r.Files {
			if f.File != nil {
				files++
			}
		}
		for _, f := range r.Failed {
			failed += f.Path
		}
		if files != test.files || failed != test.failed {
			t.Errorf("%s: %d files are loaded, want %d; %q failed, want %q", test.name, files, test.files, failed, test.failed)
		}
	}
}

// What the caller knows about the host wins over the project.
func TestHost(t *testing.T) {
	p := &project.Config{PHP: "8.2", NginxVersion: "1.24", Host: project.Host{Memory: 1 << 30, Reserve: 1 << 20, NginxUser: "http"}}
	facts := open(t, engine.Options{Project: p, Host: host.Overrides{Memory: 2 << 30, PHPVersion: "8.4"}}).Lint(nil).Stack.Facts
	if facts.Memory != 2<<30 || facts.Reserve != 1<<20 || facts.NginxUser != "http" || facts.NginxVersion != "1.24" || facts.PHPVersion != "8.4" {
		t.Errorf("%+v", facts)
	}
}

// A baseline leaves out what it accepts, and lists what is gone where everything was
// read.
func TestBaseline(t *testing.T) {
	files := tree.Memory(shop())
	b := project.NewBaseline(open(t, engine.Options{Tree: files}).Lint(nil).Findings)
	e := open(t, engine.Options{Tree: files, Baseline: b})
	if r := e.Lint(nil); len(r.Findings) > 0 || r.Accepted != len(b.Findings) || r.Gone != nil {
		t.Errorf("accepted %d of %d, found %q, gone %v", r.Accepted, len(b.Findings), said(r), r.Gone)
	}
	mended := map[string]string{siteFile: strings.ReplaceAll(site, "8.1", "8.3")}
	if gone := e.Lint(mended).Gone; len(gone) != 1 || gone[0].Rule != "WP201" {
		t.Errorf("gone: %v", gone)
	}
	part := open(t, engine.Options{Tree: files, Baseline: b, Paths: []string{"/etc/nginx"}})
	if gone := part.Lint(mended).Gone; gone != nil {
		t.Errorf("gone in a part: %v", gone)
	}
}

// Every run reads the disk anew, and no run writes to it.
func TestDisk(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range shop() {
		write(name, text)
	}
	root, err := tree.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	e := open(t, engine.Options{Tree: root, Only: []*lint.Rule{rules.SocketMismatch}})
	if r := e.Lint(nil); len(r.Findings) != 1 {
		t.Fatalf("at first: %q", said(r))
	}
	write("/etc/nginx/sites/second.conf", strings.Replace(site, "{ ", "{ server_name second; ", 1))
	r := e.Lint(nil)
	if len(r.Findings) != 2 {
		t.Errorf("with a second file: %q", said(r))
	}
	if m := e.Mend(r); len(m.Changes) != 2 || len(m.After.Findings) != 0 || len(m.Refused) != 0 {
		t.Errorf("mended: %d changes, %q left, refused %v", len(m.Changes), said(m.After), m.Refused)
	}
	if text, err := os.ReadFile(filepath.Join(dir, siteFile)); err != nil || string(text) != site {
		t.Errorf("on the disk: %q (%v)", text, err)
	}
}

// A fix changes the text that was linted, not the texts of the caller.
func TestMendTexts(t *testing.T) {
	typed := map[string]string{siteFile: "# typed\n" + site, "/etc/nginx/idle": "server {}\n"}
	given := maps.Clone(typed)
	e := open(t, engine.Options{Tree: tree.Memory(shop()), Only: []*lint.Rule{rules.SocketMismatch}})
	m := e.Mend(e.Lint(typed))
	if len(m.Changes) != 1 || m.Changes[0].Before.Text != typed[siteFile] ||
		m.Changes[0].After.Text != strings.ReplaceAll(typed[siteFile], "8.1", "8.3") {
		t.Errorf("changes %+v", m.Changes)
	}
	if !slices.ContainsFunc(m.After.NotChecked, func(n lint.NotChecked) bool { return n.Path == "/etc/nginx/idle" }) {
		t.Errorf("that nothing loads a text is not said: %+v", m.After.NotChecked)
	}
	if !maps.Equal(typed, given) {
		t.Errorf("the texts are now %q", typed)
	}
}

// Fixes that do not help are tried in halves, and no more often than is bearable.
func TestMendOfManyFixesThatDoNotHelp(t *testing.T) {
	const many = 600
	lints := 0
	useless := &lint.Rule{ID: "WP998", Name: "useless", Outcomes: lint.Outcomes{lint.None: "always"}, Check: func(p *lint.Pass) {
		lints++
		f := p.Stack.Files[0].File
		for i := range many {
			at := f.Span(16+9*i, 16+9*i)
			p.Report(lint.Finding{At: at, Message: "not better", Fixes: []lint.Fix{{Safe: true, Edits: []source.Edit{{At: at, New: " "}}}}})
		}
	}}
	e := open(t, engine.Options{Catalogue: []*lint.Rule{useless}, Tree: tree.Memory(map[string]string{"/nginx.conf": "events {} http {" + strings.Repeat("gzip on; ", many) + "}"})})
	m := e.Mend(e.Lint(nil))
	if len(m.Changes) > 0 || len(m.Refused)+len(m.Untried) != many || len(m.Refused) == 0 || len(m.Untried) == 0 {
		t.Errorf("%d changes, %d refused, %d untried, %d stray, %d found", len(m.Changes), len(m.Refused), len(m.Untried), len(m.Stray), len(m.After.Findings))
	}
	if lints > 501 {
		t.Errorf("it linted %d times", lints)
	}
}

func TestExplain(t *testing.T) {
	for _, r := range rules.All {
		if page, ok := engine.Explain(strings.ToLower(r.ID)); !ok || !strings.HasPrefix(page, "# "+r.ID) {
			t.Errorf("%s: %t, %.40q", r.ID, ok, page)
		}
	}
	if page, ok := engine.Explain("socket"); ok || page != "" {
		t.Errorf("of no rule: %.40q", page)
	}
}
