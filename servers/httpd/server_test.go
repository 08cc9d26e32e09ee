package httpd

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// server is a real httpd of Debian.
type server struct{ binary, objects, dir string }

// realServer finds httpd. Without one it skips the test, or fails it where all programs are
// required.
func realServer(t *testing.T) server {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot start a program")
	}
	s := server{"/usr/sbin/apache2", "/usr/lib/apache2/modules", t.TempDir()}
	if _, err := os.Stat(s.binary); err != nil {
		if os.Getenv("WP502LINT_LAB") == "1" {
			t.Fatal("WP502LINT_LAB=1, but there is no apache2")
		}
		t.Skip(err)
	}
	// That of its error log, which it opens before it lists anything.
	if err := os.Mkdir(filepath.Join(s.dir, "logs"), 0o755); err != nil {
		t.Fatal(err)
	}
	return s
}

// run runs httpd with a configuration.
func (s server) run(t *testing.T, text string, arguments ...string) string {
	t.Helper()
	file := filepath.Join(s.dir, "httpd.conf")
	if err := os.WriteFile(file, []byte("ServerRoot "+s.dir+"\nServerName a\n"+text), 0o644); err != nil {
		t.Fatal(err)
	}
	output, _ := exec.Command(s.binary, append(arguments, "-f", file)...).CombinedOutput()
	return string(output)
}

func (s server) has(m *Module) bool {
	_, err := os.Stat(filepath.Join(s.objects, m.Object))
	return m.Object != "" && err == nil
}

func (s server) load(m *Module) string {
	return fmt.Sprintf("LoadModule %s %s/%s\n", m.Name, s.objects, m.Object)
}

// The table has what Debian's httpd has compiled in and can load, and nothing else of the
// modules that are installed.
func TestModulesOfServer(t *testing.T) {
	s := realServer(t)
	built := s.run(t, "", "-l")
	for m := range Modules() {
		if in := strings.Contains(built, "  "+m.Source+"\n"); in != m.Built {
			t.Errorf("%s: compiled in is %v, want %v", m.Name, m.Built, in)
		}
		if !s.has(m) {
			continue
		}
		alone := s.run(t, s.load(m), "-t")
		if missing := strings.Contains(alone, "undefined symbol"); missing != (len(m.Needs) > 0) {
			t.Errorf("%s needs %v, and alone: %s", m.Name, m.Needs, alone)
		}
		before := ""
		for _, need := range m.Needs {
			before += s.load(ModuleNamed(need))
		}
		if all := s.run(t, before+s.load(m), "-M"); !strings.Contains(all, Short(m.Name)+"_module (shared)") && !strings.Contains(all, "No MPM") {
			t.Errorf("%s after %v: %s", m.Name, m.Needs, all)
		}
		if free := s.run(t, before+s.load(m), "-t"); strings.Contains(free, "No MPM loaded") == m.MPM {
			t.Errorf("%s: MPM is %v, and %s", m.Name, m.MPM, free)
		}
	}
	objects, err := filepath.Glob(s.objects + "/mod_*.so")
	if err != nil || len(objects) < 100 {
		t.Fatalf("%d objects, %v", len(objects), err)
	}
	for _, object := range objects {
		if !hasObject(filepath.Base(object)) {
			t.Errorf("no module is in %s", object)
		}
	}
}

func hasObject(name string) bool {
	for m := range Modules() {
		if m.Object == name {
			return true
		}
	}
	return false
}

// Every directive of the modules of a real httpd is in the table, with the place where it
// is allowed, and the table has no other of them.
func TestDirectivesOfServer(t *testing.T) {
	s := realServer(t)
	for _, mpm := range []string{"mpm_event_module", "mpm_worker_module", "mpm_prefork_module"} {
		loads, loaded := "", map[string]bool{}
		for _, needing := range []bool{false, true} {
			for m := range Modules() {
				if (len(m.Needs) > 0) == needing && s.has(m) && (!m.MPM || m.Name == mpm) {
					loads += s.load(m)
					loaded[m.Name] = true
				} else if m.Built {
					loaded[m.Name] = true
				}
			}
		}
		got, want := listed(s.run(t, loads, "-L")), inTable(loaded)
		for _, line := range slices.Sorted(maps.Keys(got)) {
			if !want[line] {
				t.Errorf("the table lacks %s", line)
			}
		}
		for _, line := range slices.Sorted(maps.Keys(want)) {
			if !got[line] {
				t.Errorf("httpd lacks %s", line)
			}
		}
		if len(got) < 700 {
			t.Fatalf("%s: httpd lists %d directives: %s", mpm, len(got), s.run(t, loads, "-L"))
		}
	}
}

// listed returns the directives that httpd -L lists: name, source and place.
func listed(output string) map[string]bool {
	all, head, place := map[string]bool{}, "", ""
	end := func() {
		if head != "" && place != "" {
			all[head+": "+strings.ReplaceAll(place, " [no per-dir config]", "")] = true
		}
		place = ""
	}
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\n")
		text, indented := strings.CutPrefix(line, "\t")
		switch {
		case !indented && strings.HasSuffix(line, ".c)"):
			end()
			head = line
		case strings.HasPrefix(text, "Allowed in *.conf "):
			place = text
		case indented && strings.HasPrefix(text, "when AllowOverride") && strings.HasSuffix(place, "in .htaccess"):
			place += " " + text
		}
	}
	end()
	return all
}

// inTable returns the same from the table for loaded modules.
func inTable(loaded map[string]bool) map[string]bool {
	all := map[string]bool{}
	for name := range Names() {
		for _, d := range Directives(name) {
			for _, module := range d.Modules {
				if loaded[module] {
					all[d.Name+" ("+ModuleNamed(module).Source+"): "+d.Where.listed()] = true
				}
			}
		}
	}
	return all
}

// listed words a place as httpd -L does (httpd server/config.c, show_overrides).
func (w Where) listed() string {
	text := "Allowed in *.conf only inside <Directory>, <Files>, <Location>, or <If>"
	switch {
	case w&(WithOptions|WithFileInfo|WithIndexes) != 0, w&InServer != 0 && w&(InSection|WithAuthConfig|WithLimit) != 0:
		text = "Allowed in *.conf anywhere"
	case w&InServer != 0:
		text = "Allowed in *.conf only outside <Directory>, <Files>, <Location>, or <If>"
	}
	if w&WithAll == 0 {
		return text
	}
	if w&WithAll == WithAll {
		return text + " and in .htaccess when AllowOverride isn't None"
	}
	var classes []string
	for _, class := range []struct {
		bit  Where
		name string
	}{{WithAuthConfig, "AuthConfig"}, {WithLimit, "Limit"}, {WithOptions, "Options"}, {WithFileInfo, "FileInfo"}, {WithIndexes, "Indexes"}} {
		if w&class.bit != 0 {
			classes = append(classes, class.name)
		}
	}
	return text + " and in .htaccess when AllowOverride includes " + strings.Join(classes, " or ")
}
