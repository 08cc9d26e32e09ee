//go:build linux

package lab

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// watched are places of the machine that servers write to, or that a wrong
// configuration may name.
var watched = []string{
	"/etc/nginx", "/etc/apache2", "/etc/php", "/etc/passwd", "/etc/group", "/etc/hosts", "/etc/ld.so.cache", "/etc/ssl/openssl.cnf",
	"/run/php", "/run/nginx.pid", "/var/log/nginx", "/var/lib/nginx", "/var/lib/php", "/var/www", "/srv",
	"/usr/bin", "/usr/sbin", "/usr/lib/php", "/usr/lib/apache2", "/usr/share/nginx", "/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/proc/sys/kernel/hostname",
}

// machine describes the mounts of this process and each file in the watched places,
// without access times and, for devices, without modification times.
func machine(t *testing.T) string {
	t.Helper()
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.Write(mounts)
	for _, dir := range watched {
		err := filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
			info, statErr := os.Lstat(name)
			if err != nil || statErr != nil {
				fmt.Fprintf(&b, "%s: %v\n", name, err)
				return nil
			}
			s := info.Sys().(*syscall.Stat_t)
			fmt.Fprintf(&b, "%s %d:%d %v %d:%d %d", name, s.Dev, s.Ino, info.Mode(), s.Uid, s.Gid, s.Size)
			if info.Mode().IsRegular() || info.IsDir() {
				fmt.Fprintf(&b, " %v %v", s.Mtim, s.Ctim)
			}
			b.WriteString("\n")
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// namespaceOf identifies the namespace of the processes of a sandbox.
func namespaceOf(t *testing.T, pid int) string {
	t.Helper()
	name, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/pid", pid))
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// processesIn returns the processes in a namespace.
func processesIn(namespace string) (found []string) {
	links, _ := filepath.Glob("/proc/[0-9]*/ns/pid")
	for _, link := range links {
		if name, err := os.Readlink(link); err == nil && name == namespace {
			found = append(found, link)
		}
	}
	return found
}

// noneIn waits until a namespace has no processes.
func noneIn(t *testing.T, namespace string) {
	t.Helper()
	deadline := time.Now().Add(starting)
	for left := processesIn(namespace); left != nil; left = processesIn(namespace) {
		if time.Now().After(deadline) {
			t.Fatalf("%v are left in %s", left, namespace)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// hostile are lines of a [global], of a pool, of nginx.conf and of Apache that would destroy files
// of the machine, or start programs. PHP-FPM removes the file of pid when it ends.
var hostile = []string{
	"fpm pid = /etc/passwd", "fpm pid = /dev/null", "fpm pid = /dev/tty", "fpm pid = /usr/bin/env", "fpm pid = /etc/ld.so.cache", "fpm pid = /proc/sys/kernel/hostname",
	"fpm error_log = /etc/group", "fpm error_log = /dev/full", "pool listen = /etc/hosts", "pool listen = /dev/zero", "pool access.log = /usr/sbin/php-fpm8.2", "pool slowlog = /etc/nginx/nginx.conf",
	"nginx pid /dev/null;", "nginx pid /usr/lib/php;", "nginx error_log /etc/passwd;", "nginx error_log /dev/zero;", "nginx lock_file /etc/hosts;",
	"apache PidFile /etc/passwd", "apache PidFile /dev/null", "apache ErrorLog /etc/group", "apache ErrorLog /dev/full", `apache ErrorLog "|/bin/sh -c 'sleep 600 & exec sleep 600'"`,
	"apache CustomLog /usr/sbin/apache2 x", "apache CustomLog /etc/apache2/apache2.conf x", "apache ScoreBoardFile /etc/hosts", `apache CustomLog "|$/bin/sleep 600" x`, "apache User root",
}

func hostileCase(line string) string {
	of, line, _ := strings.Cut(line, " ")
	switch of {
	case "apache":
		return "\nframe: apache\n-- etc/apache2/conf-enabled/hostile.conf --\n" + line + "\n"
	case "fpm":
		return strings.Replace(globalForm[strings.Index(globalForm, "\n"):], "%s", line, 1)
	case "pool":
		return strings.Replace(poolForm[strings.Index(poolForm, "\n"):], "%s", line, 1)
	}
	return "\n-- etc/nginx/nginx.conf --\nuser www-data;\n" + line + "\nevents { }\nhttp { include /etc/nginx/sites-enabled/*; }\n"
}

// Whatever the configuration names, the lab leaves nothing: no process, no
// mount, no changed file.
func TestLeavesNothing(t *testing.T) {
	p := needServers(t)[0]
	before := machine(t)
	s, err := NewSandbox()
	if err != nil {
		t.Fatal(err)
	}
	namespace := namespaceOf(t, s.cmd.Process.Pid)
	for _, line := range hostile {
		h, err := NewHost(parseCase(t, hostileCase(line)), p)
		if why := notStaged(err); why != "" {
			t.Logf("%s: %s", line, why)
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Try(h); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		if left := processesIn(namespace); len(left) != 1 {
			t.Errorf("%s: after the trial, %v are in the sandbox, want its first process only", line, left)
		}
		if after := machine(t); after != before {
			t.Fatalf("%s: the machine changed: %s", line, difference(before, after))
		}
	}
	s.Close()
	noneIn(t, namespace)
	if after := machine(t); after != before {
		t.Errorf("the machine changed: %s", difference(before, after))
	}
}

// difference returns the lines that only one of two texts has.
func difference(before, after string) string {
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	var b strings.Builder
	for _, line := range was {
		if !slices.Contains(is, line) {
			b.WriteString("\n-" + line)
		}
	}
	for _, line := range is {
		if !slices.Contains(was, line) {
			b.WriteString("\n+" + line)
		}
	}
	return b.String()
}

// If the program is killed, as a test that exceeds its time limit is, its servers end too.
func TestKillLeavesNothing(t *testing.T) {
	const envVictim = "WP502LINT_LAB_VICTIM"
	p := needServers(t)[0]
	if os.Getenv(envVictim) != "" {
		s, err := NewSandbox()
		if err != nil {
			t.Fatal(err)
		}
		h, err := NewHost(parseCase(t, "-- var/www/blog/index.php --\n<?php sleep(60);\n"), p)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("namespace", namespaceOf(t, s.cmd.Process.Pid))
		h.Requests = []Request{h.Site}
		h.Requests[0].Path = "/index.php"
		_, err = s.Try(h)
		t.Fatalf("the trial ended: %v", err)
	}
	victim := exec.Command("/proc/self/exe", "-test.run=^TestKillLeavesNothing$")
	victim.Env = append(os.Environ(), envVictim+"=1")
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	namespace := ""
	for lines := bufio.NewScanner(out); namespace == "" && lines.Scan(); {
		if name, ok := bytes.CutPrefix(lines.Bytes(), []byte("namespace ")); ok {
			namespace = string(name)
		}
	}
	for deadline := time.Now().Add(starting); len(processesIn(namespace)) < 5; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("%v are in %q, want a sandbox with servers", processesIn(namespace), namespace)
			break
		}
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait() // it was killed
	noneIn(t, namespace)
}
