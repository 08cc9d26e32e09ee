//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// nobody is an account without permissions of its own.
const nobody = 65534

// asNobody runs the program without the rights of root and returns what it prints.
func asNobody(t *testing.T, program, dir string, args ...string) (out string, status int) {
	t.Helper()
	c := exec.Command(program, args...)
	c.Dir = dir
	if os.Getuid() == 0 {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	text, err := c.CombinedOutput()
	if _, ran := err.(*exec.ExitError); err != nil && !ran {
		t.Fatal(err)
	}
	return string(text), c.ProcessState.ExitCode()
}

const brokenSite = "server {\n    location ~ \\.php$ {\n        fastcgi_pass unix:/run/php/php8.2-fpm.sock;\n    }\n}\n"

// write writes files below a new folder that every account may read.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := openFolder(t)
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func hostFiles() map[string]string {
	return map[string]string{
		"nginx.conf":        "events {}\nhttp { include sites/*; }\n",
		"sites/blog":        brokenSite,
		"php-fpm.conf":      "[global]\n[www]\nuser = www-data\nlisten = /run/php/php8.3-fpm.sock\npm = ondemand\npm.max_children = 4\n",
		"closed/nginx.conf": "events {}\n",
		"locked.conf":       "server {}\n",
	}
}

// Unreadable files are named, and the rest is linted.
func TestWithoutPermission(t *testing.T) {
	program, dir := build(t), write(t, hostFiles())
	for _, name := range []string{"closed", "locked.conf"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	defer os.Chmod(filepath.Join(dir, "closed"), 0o755)
	out, status := asNobody(t, program, dir, "check", "--rule", "WP201")
	for _, want := range []string{"sites/blog:3:22: error: ", "closed: not checked: permission denied", "locked.conf: not checked: permission denied"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if status != exitFindings {
		t.Errorf("exit status %d", status)
	}
	out, status = asNobody(t, program, dir, "check", "--rule", "WP201", "locked.conf", "closed", "nginx.conf", "php-fpm.conf")
	for _, want := range []string{"cannot read locked.conf: permission denied", "cannot read closed: permission denied", "sites/blog:3:22: error: "} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if status != exitTrouble {
		t.Errorf("exit status %d", status)
	}
}

// If one file cannot be replaced with its owner kept, no file changes.
func TestFixWithoutPermission(t *testing.T) {
	if os.Getuid() != 0 {
		skip(t, "only root can give files away")
	}
	program, dir := build(t), write(t, hostFiles())
	second := filepath.Join(dir, "sites/also")
	texts := map[string]string{"blog": brokenSite, "also": strings.Replace(brokenSite, "server {", "server { server_name also;", 1)}
	if err := os.WriteFile(second, []byte(texts["also"]), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(second, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	for _, open := range []os.FileMode{0o755, 0o777} {
		if err := os.Chmod(filepath.Join(dir, "sites"), open); err != nil {
			t.Fatal(err)
		}
		out, status := asNobody(t, program, dir, "check", "--rule", "WP201", "--fix")
		if !strings.Contains(out, ": error: no pool listens") {
			t.Errorf("folder %o: what was found is not reported\n%s", open, out)
		}
		if open == 0o777 && !strings.Contains(out, "its owner and group") {
			t.Errorf("folder %o: the reason is not told\n%s", open, out)
		}
		if !strings.Contains(out, "nothing fixed: sites/") || status != exitTrouble {
			t.Errorf("folder %o: exit status %d\n%s", open, status, out)
		}
		entries, _ := os.ReadDir(filepath.Join(dir, "sites"))
		for _, e := range entries {
			if text, _ := os.ReadFile(filepath.Join(dir, "sites", e.Name())); string(text) != texts[e.Name()] {
				t.Errorf("folder %o: %s holds %q", open, e.Name(), text)
			}
		}
		if len(entries) != 2 {
			t.Errorf("folder %o: %d files", open, len(entries))
		}
	}
}

// Owner, group, mode and attributes of a file stay.
func TestFixKeepsOwner(t *testing.T) {
	program, dir := build(t), write(t, hostFiles())
	site := filepath.Join(dir, "sites/blog")
	if err := os.Chmod(site, 0o640|os.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	owner := "own"
	if os.Getuid() == 0 {
		owner = "1234:2345"
		if err := os.Chown(site, 1234, 2345); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(site, 0o640|os.ModeSetgid); err != nil {
			t.Fatal(err)
		}
	}
	was := describeFile(t, site)
	c := exec.Command(program, "check", "--rule", "WP201", "--fix")
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(site)
	if err != nil || string(text) != strings.ReplaceAll(brokenSite, "8.2", "8.3") {
		t.Errorf("%s: %q (%v)", owner, text, err)
	}
	if is := describeFile(t, site); is != was {
		t.Errorf("%s became %s", was, is)
	}
}

func describeFile(t *testing.T, name string) string {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	stat := info.Sys().(*syscall.Stat_t)
	return fmt.Sprint(info.Mode(), " ", stat.Uid, ":", stat.Gid)
}
