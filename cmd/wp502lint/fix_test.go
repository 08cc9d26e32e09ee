package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/fix"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/tree"
)

// TestFixRepairsExamples is the third proof of a rule on a real disk: --fix makes Bad
// into Good, byte for byte.
func TestFixRepairsExamples(t *testing.T) {
	tried := 0
	for _, r := range rules.All {
		bad, good, err := cases.Examples(r)
		if err != nil {
			t.Fatal(err)
		}
		if len(fix.Apply(cases.Lint(bad, rules.All).Findings)) == 0 {
			continue
		}
		tried++
		t.Run(r.Name, func(t *testing.T) {
			dir := t.TempDir()
			lay(t, dir, bad)
			fixTree(t, dir, bad)
			if got, want := texts(t, dir), good.Texts(); !maps.Equal(got, want) {
				t.Errorf("%s", difference(got, want))
			}
		})
	}
	if tried < 10 {
		t.Errorf("only %d rules have a safe fix", tried)
	}
}

// TestFixOfCases fixes every case: a second run changes nothing, no error is added,
// and only the files that --diff names change.
func TestFixOfCases(t *testing.T) {
	archives, err := filepath.Glob("../../testdata/configs/*/*.txtar")
	if err != nil || len(archives) < 200 {
		t.Fatalf("%d cases (%v)", len(archives), err)
	}
	for _, name := range archives {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c := parseCase(t, string(text))
		if len(fix.Apply(cases.Lint(c, rules.All).Findings)) == 0 {
			continue
		}
		dir := t.TempDir()
		lay(t, dir, c)
		was := texts(t, dir)
		diff := lintTree(t, dir, c, "--diff")
		fixTree(t, dir, c)
		once := texts(t, dir)
		for f, text := range once {
			if named := strings.Contains(diff, "\n+++ b"+dir+f+"\n"); named != (text != was[f]) {
				t.Errorf("%s: %s is changed: %t, in the difference: %t", name, f, text != was[f], named)
			}
		}
		errorsBefore, errorsAfter := countErrors(was, t, c, dir), countErrors(once, t, c, dir)
		if errorsAfter > errorsBefore {
			t.Errorf("%s: %d errors, and %d when it is fixed", name, errorsBefore, errorsAfter)
		}
		fixTree(t, dir, c)
		if twice := texts(t, dir); !maps.Equal(once, twice) {
			t.Errorf("%s: a second time: %s", name, difference(twice, once))
		}
	}
}

func countErrors(files map[string]string, t *testing.T, c *cases.Case, dir string) int {
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Count(lintTree(t, dir, c, "--quiet"), ": error: ")
}

func parseCase(t *testing.T, archive string) *cases.Case {
	t.Helper()
	c, err := cases.Parse([]byte(archive))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// lay writes a case below dir.
func lay(t *testing.T, dir string, c *cases.Case) {
	t.Helper()
	for name, text := range c.Texts() {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range c.Links {
		name := filepath.Join(dir, l.Name)
		os.MkdirAll(filepath.Dir(name), 0o755)
		if err := os.Symlink(l.Target, name); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range c.Modes {
		if name := filepath.Join(dir, m.Path); m.Type == tree.Dir {
			if err := os.MkdirAll(name, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// texts returns every file below dir by its path there.
func texts(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(name)
		found[strings.TrimPrefix(name, dir)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func fixTree(t *testing.T, dir string, c *cases.Case) {
	t.Helper()
	lintTree(t, dir, c, "--fix")
}

// lintTree runs the program as a user would, on the day of the case.
func lintTree(t *testing.T, dir string, c *cases.Case, flag string) string {
	t.Helper()
	day := c.Today
	if day.IsZero() {
		day = cases.Frame().Today
	}
	t.Setenv("SOURCE_DATE_EPOCH", strconv.FormatInt(day.Unix(), 10))
	args := []string{"check", "--root", dir, "--config", os.DevNull, flag}
	if c.Memory > 0 {
		args = append(args, "--memory", strconv.FormatInt(c.Memory, 10))
	}
	var out, errs bytes.Buffer
	status := command{strings.NewReader(""), &out, &errs, rules.All, nil}.main(args)
	if status == exitTrouble && !strings.Contains(errs.String(), "not loaded") {
		t.Errorf("%s: %s", dir, errs.String())
	}
	return "\n" + out.String()
}

func difference(got, want map[string]string) string {
	var b strings.Builder
	for name := range want {
		if got[name] != want[name] {
			fmt.Fprintf(&b, "%s\ngot\n%s\nwant\n%s\n", name, got[name], want[name])
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			fmt.Fprintf(&b, "%s is new\n", name)
		}
	}
	return b.String()
}

// TestFixKilled kills the program while it fixes many files: each of them is whole,
// old or new.
func TestFixKilled(t *testing.T) {
	program := build(t)
	whole := manySites(t)
	fixSites(t, program, whole, false, 0)
	if text := siteText(t, whole, 0); text != fixedSite {
		t.Errorf("without a kill: %q", text)
	}
	const rounds = 20
	partly := 0
	for i := range rounds {
		dir, more := manySites(t), time.Duration(i)*50*time.Microsecond
		fixSites(t, program, dir, true, more)
		done := 0
		for n := range sites {
			switch text := siteText(t, dir, n); text {
			case fixedSite:
				done++
			case oldSite:
			default:
				t.Fatalf("%v after the first file: %q", more, text)
			}
		}
		if done > 0 && done < sites {
			partly++
		}
	}
	if partly == 0 {
		t.Errorf("in none of %d rounds the program was killed while it wrote", rounds)
	}
}

// sites is how many files a fix that is killed has to write.
const sites = 60

const (
	oldSite   = "server {\n    location ~ \\.php$ {\n        fastcgi_pass unix:/run/php/php8.2-fpm.sock;\n    }\n}\n"
	fixedSite = "server {\n    location ~ \\.php$ {\n        fastcgi_pass unix:/run/php/php8.3-fpm.sock;\n    }\n}\n"
)

// manySites lays out a host whose sites all use the socket of another version.
func manySites(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	c := &cases.Case{Files: []cases.File{
		{Name: "/etc/nginx/nginx.conf", Text: "events {}\nhttp { include sites/*; }\n"},
		{Name: "/etc/php/8.3/fpm/php-fpm.conf", Text: "[global]\n[www]\nuser = www-data\nlisten = /run/php/php8.3-fpm.sock\npm = ondemand\npm.max_children = 4\n"},
	}}
	for i := range sites {
		c.Files = append(c.Files, cases.File{Name: siteName(i), Text: oldSite})
	}
	lay(t, dir, c)
	return dir
}

func siteName(i int) string { return fmt.Sprintf("/etc/nginx/sites/%02d", i) }

func siteText(t *testing.T, dir string, i int) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, siteName(i)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fixSites runs --fix, and kills it a while after the first file has changed.
func fixSites(t *testing.T, program, dir string, kill bool, more time.Duration) {
	t.Helper()
	c := exec.Command(program, "check", "--root", dir, "--rule", "WP201", "--fix=all")
	c.Stdout, c.Stderr = io.Discard, io.Discard
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if kill {
		first := filepath.Join(dir, siteName(0))
		was, _ := os.Stat(first)
		for start := time.Now(); time.Since(start) < 10*time.Second; {
			if is, err := os.Stat(first); err != nil || !os.SameFile(was, is) {
				break
			}
		}
		time.Sleep(more)
		c.Process.Kill()
	}
	c.Wait()
}
