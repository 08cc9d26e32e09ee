package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	phpSite      = "user www-data;\nevents {}\nhttp { server { location ~ \\.php$ { fastcgi_pass 127.0.0.1:9000; } } }\n"
	phpPool      = "[global]\n[www]\nuser = www-data\nlisten = 127.0.0.1:9000\npm = ondemand\npm.max_children = 5\n"
	nothingFound = "no problems found in 1 PHP location, 2 files read"
	oneSide      = "1 PHP location not judged: no pool given (add /etc/php, or / for the whole machine)"
)

// thresholds are the flags whose exit statuses TestStatus lists.
var thresholds = [][]string{{"--fail-on=error"}, {"--fail-on=warning"}, {"--fail-on=note"}, {"--fail-on=never"}, {"--strict"}}

// statuses are runs with their exit status for each of the thresholds and their last line.
var statuses = []struct {
	name  string
	above string   // the first line of nginx.conf
	paths []string // nil: etc
	want  [5]int
	last  string // of stdout, without --quiet; else that of stderr
}{
	{"nothing", "", nil, [5]int{0, 0, 0, 0, 0}, nothingFound},
	{"a note", "# CURIOUS", nil, [5]int{0, 0, 1, 0, 0}, "1 note in 1 of 2 files"},
	{"a warning", "# WOBBLY", nil, [5]int{0, 1, 1, 0, 0}, "1 warning in 1 of 2 files"},
	{"an error", "# BROKEN", nil, [5]int{1, 1, 1, 0, 1}, "1 error in 1 of 2 files"},
	{"a place not checked", "# UNSEEN", nil, [5]int{0, 0, 0, 0, 1}, nothingFound + "; 1 place not checked"},
	{"not judged", "", []string{"etc/nginx"}, [5]int{0, 0, 0, 0, 1}, oneSide},
	{"a note, and not judged", "# CURIOUS", []string{"etc/nginx"}, [5]int{0, 0, 1, 0, 1}, "1 note in 1 file; " + oneSide},
	{"an error, and not judged", "# BROKEN", []string{"etc/nginx"}, [5]int{1, 1, 1, 0, 1}, "1 error in 1 file; " + oneSide},
	{"only pools", "", []string{"etc/php"}, [5]int{0, 0, 0, 0, 1}, "no PHP location judged: no configuration of nginx or Apache given (add /etc/nginx, or / for the whole machine)"},
	{"a path that cannot be read", "", []string{"etc", "gone"}, [5]int{2, 2, 2, 2, 2},
		"no problems found in 1 PHP location; more PHP locations may exist: a file was not read in full (--verbose names it)"},
	{"an error, and a path that cannot be read", "# BROKEN", []string{"etc", "gone"}, [5]int{2, 2, 2, 2, 2},
		"1 error in 1 of 2 files; more PHP locations may exist: a file was not read in full (--verbose names it)"},
	{"nothing to lint", "", []string{"empty"}, [5]int{2, 2, 2, 2, 2},
		"wp502lint: nothing to lint in empty: no configuration of nginx, Apache or PHP-FPM found; name a file or a folder that has one"},
}

// The exit status depends on the findings and the flags oneSide; --quiet changes what is
// printed and no status.
func TestStatus(t *testing.T) {
	for _, test := range statuses {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			for name, text := range map[string]string{"etc/nginx/nginx.conf": test.above + "\n" + phpSite, "etc/php/8.3/fpm/php-fpm.conf": phpPool, "empty/x": "", ".git/x": ""} {
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			paths := test.paths
			if paths == nil {
				paths = []string{"etc"}
			}
			for i, flags := range thresholds {
				args := append(append([]string{"check", "--memory=1GiB"}, flags...), paths...)
				got, stdout, stderr := runWords(args)
				last := stdout
				if last == "" {
					last = stderr
				}
				if got != test.want[i] || lastLine(last) != test.last {
					t.Errorf("%s: exit status %d, want %d; the last line is\n%s\nwant\n%s", flags, got, test.want[i], lastLine(last), test.last)
				}
				got, quiet, _ := runWords(append(args, "--quiet"))
				if got != test.want[i] || strings.Contains(quiet, test.last) || strings.Count(quiet, "\n") != strings.Count(stdout, "help: ") {
					t.Errorf("%s --quiet: exit status %d, want %d, and one line a finding\n%s", flags, got, test.want[i], quiet)
				}
			}
		})
	}
}

// runWords runs the program with the rules about words.
func runWords(args []string) (status int, stdout, stderr string) {
	var out, err bytes.Buffer
	status = command{strings.NewReader(""), &out, &err, wordRules, nil}.main(args)
	return status, out.String(), err.String()
}

func lastLine(text string) string {
	text = strings.TrimSuffix(text, "\n")
	return text[strings.LastIndexByte(text, '\n')+1:]
}
