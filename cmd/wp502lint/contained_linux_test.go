package main

import (
	"github.com/wp502lint/wp502lint/tree"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// runtimeFiles are what Go itself opens in a program: to find out how large a huge page
// is, how many processors it may use, and the time zone.
var runtimeFiles = regexp.MustCompile(`^(/sys/kernel/mm/transparent_hugepage/hpage_pmd_size|/sys/fs/cgroup/.*cpu[^/]*|/proc/(self|\d+)/(auxv|cgroup|exe|mountinfo)|/etc/localtime)$`)

// call is a line of strace about a file: the name of the system call, the directory that
// the path starts at, the path, and the rest.
var call = regexp.MustCompile(`(?m)^(\w+)\((?:[\w-]+(?:<([^>]*)>)?, )?"((?:[^"\\]|\\.)*)"(.*)$`)

// opened is the path that an open really led to, as strace -y prints the descriptor.
var opened = regexp.MustCompile(`= \d+<([^>]*)>`)

// A run in a repository opens nothing outside of it, whatever its project
// file, links and includes say.
func TestNothingOutsideIsOpened(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		skip(t, "strace is missing")
	}
	program, repo := build(t), lure(t)
	for _, project := range []string{
		"", "root: /\n", "root: ../outside\n", "root: sites-enabled/..\n", "nginx: /proc/self/environ\nfpm: /etc/passwd\n", "nginx: ../outside/.env\n",
		"nginx: [etc/nginx/nginx.conf, sites-enabled/out-1]\nfpm: etc/php/8.3/fpm/php-fpm.conf\n",
	} {
		if err := os.WriteFile(filepath.Join(repo, ".wp502lint.yaml"), []byte(project), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{
			{"--verbose"}, {"--fix"}, {"--diff"}, {"etc", "sites-enabled"}, {"baseline", "write"}, {"baseline", "check"}, {"config", "verify"},
			{"--format", "sarif=report.sarif"}, {"--output", "etc/nginx/out-1"},
		} {
			for _, name := range outside(t, program, repo, args) {
				t.Errorf("with the project file %q, %q: %s", project, args, name)
			}
		}
	}
	os.Remove(filepath.Join(repo, ".wp502lint.yaml"))
	for _, target := range []string{"../outside/.env", "/etc/passwd", "/proc/self/environ", "/dev/zero"} {
		name := filepath.Join(repo, ".wp502lint.yaml")
		if err := os.Symlink(target, name); err != nil {
			t.Fatal(err)
		}
		for _, name := range outside(t, program, repo, []string{"--verbose"}) {
			t.Errorf("with the project file a link to %s: %s", target, name)
		}
		os.Remove(name)
	}
}

// outside returns the calls of a run that name a file outside the repository.
func outside(t *testing.T, program, repo string, args []string) (names []string) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log") // .N for each thread
	run502(t, "strace", repo, slices.Concat([]string{"-ff", "-qq", "-y", "-s", "4096", "-e", "trace=%file", "-o", log, program}, args)...)
	threads, err := filepath.Glob(log + ".*")
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		if err != nil {
			t.Fatal(err)
		}
		for _, parts := range call.FindAllStringSubmatch(string(text), -1) {
			calls++
			// The library for flags reads when the program was built.
			if name := leads(repo, parts); name != "" && name != program && !runtimeFiles.MatchString(name) {
				names = append(names, parts[0])
			}
		}
	}
	if calls < 10 {
		skip(t, "strace cannot trace")
	}
	return names
}

// leads returns where a call leads, and "" for a place in the repository or above it.
func leads(repo string, parts []string) string {
	name := parts[3]
	if !filepath.IsAbs(name) {
		from := parts[2]
		if from == "" {
			from = repo
		}
		name = filepath.Join(from, name)
	}
	if real := opened.FindStringSubmatch(parts[4]); real != nil {
		name = real[1]
	} else if !strings.Contains(parts[4], "NOFOLLOW") && !strings.HasPrefix(parts[1], "readlink") && parts[1] != "lstat" {
		name = tree.Resolved(name)
	}
	name = filepath.Clean(name)
	if _, ok := tree.Below(name, repo); ok {
		return ""
	}
	// The path of the repository itself is looked up for links.
	if _, ok := tree.Below(repo, name); ok && !strings.HasPrefix(parts[1], "open") {
		return ""
	}
	return name
}
