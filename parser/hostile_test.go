package parser

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const good = "server { fastcgi_pass unix:/good; }"

// Whatever is next to a valid site, that site is read.
func TestHostileFiles(t *testing.T) {
	main := "events {}\nhttp { include sites/*; }"
	with := func(name, text string) map[string]string {
		return map[string]string{"/nginx.conf": main, "/sites/good": good, "/sites/" + name: text}
	}
	head := "nginx /nginx.conf\n"
	testReadings(t, []reading{
		{"too large", with("big", strings.Repeat("# comment\n", 1_700_000)), nil, head + "  /sites/good\nunread at /nginx.conf:2 /sites/big: larger than 16 MiB\n"},
		{"a link out of the root", with("out", "-> ../../../etc/x"), nil, head + "  /sites/good\nunread at /nginx.conf:2 /sites/out: symbolic link leads outside the root (--root)\n"},
		{"a link to nothing", with("gone", "-> nowhere"), nil, head + "  /sites/good\nunread at /nginx.conf:2 /sites/gone: broken symbolic link\n"},
		{"a link to itself", with("loop", "-> loop"), nil, head + "  /sites/good\nproblem at /nginx.conf:2 nginx cannot open /sites/loop: too many levels of symbolic links, which sites/* matches\n"},
		{"a folder", with("sub/x", ""), nil, head + "  /sites/good\nproblem at /nginx.conf:2 nginx cannot read /sites/sub: it is a directory, which sites/* matches\n"},
		{"a binary", with("bin", "\x7fELF\x02\x01\x01\x00\x00\x00\xff\xfe"), nil, head + "  /sites/bin\n  /sites/good\nproblem at /sites/bin:1 not an nginx configuration\n"},
		{"only braces", with("open", strings.Repeat("{", 100_000)), nil, head + "  /sites/good\n  /sites/open\n" +
			"problem at /sites/open:1 the template mark \"{{\" breaks the nginx syntax until the template is rendered\n"},
		{"itself", with("self", "include sites/self;"), nil, head + "  /sites/good\n  /sites/self\nproblem at /sites/self:1 /sites/self includes itself through this line: nginx opens it until it has too many open files\n"},
		{"a circle of two", with("a", "include b;\ninclude sites/good;"), nil, head + "  /sites/a\n  /sites/good\nunread at /sites/a:1 /b: no such file\n"},
		{"a glob of itself", with("a", "include sites/*;"), nil, head + "  /sites/a\n  /sites/good\nunread at /sites/a:1 /sites/a includes itself through this line: nginx opens it until it has too many open files, and may go on then\n"},
	})
}

func sorted(text string) string {
	head, unread, _ := strings.Cut(text, "unread")
	lines := strings.SplitAfter("unread"+unread, "\n")
	for i := range lines {
		for j := range lines[:i] {
			if lines[i] < lines[j] {
				lines[i], lines[j] = lines[j], lines[i]
			}
		}
	}
	return head + strings.Join(lines, "")
}

func TestIncludeChains(t *testing.T) {
	files := map[string]string{"/nginx.conf": "events {}\ninclude 0;"}
	for i := range 20_000 {
		files[fmt.Sprintf("/%d", i)] = fmt.Sprintf("include %d;\ninclude %d;", i+1, i+1)
	}
	files["/20000"] = "env A;"
	c := Read(plant(files), []string{"/nginx.conf"})
	if got := len(c.Nginx[0].Files); got != 20_002 || len(c.Nginx[0].Problems) > 0 || len(c.Unread) > 0 {
		t.Errorf("%d files, problems %v, unread %v", got, c.Nginx[0].Problems, c.Unread)
	}
}

// If all files include all files, the numbers of includes and names add up and do
// not multiply.
func TestEveryFileIncludesAll(t *testing.T) {
	const n = 20_000
	files := map[string]string{"/nginx.conf": "events {}\ninclude s/*;"}
	for i := range n {
		files[fmt.Sprintf("/s/%d", i)] = "include s/*;\ninclude /s/[0-9]*;"
	}
	c := Read(plant(files), []string{"/nginx.conf"})
	if got := len(c.Nginx[0].Files); got != n+1 {
		t.Errorf("%d files were read", got)
	}
	if got := len(c.Nginx[0].Problems); got == 0 || got > 2*n+1 {
		t.Errorf("%d problems with cycles", got)
	}
	left := 0
	for _, includes := range c.Nginx[0].Includes {
		for _, list := range includes {
			left += len(c.Nginx[0].Lists[list])
		}
	}
	if left > 2*n {
		t.Errorf("%d includes of a file are left", left)
	}
}

// A file that includes itself is refused by nginx, keeps it busy for ever, or has no
// certain effect. What is left of the includes has no cycle.
func TestCycles(t *testing.T) {
	const (
		once    = ": nginx opens it until it has too many open files"
		perhaps = once + ", and may go on then"
		forever = ", and in more than one way: nginx reads files over and over and does not end"
	)
	main := "events {}\ninclude s/*;"
	line := func(kind, at, name, effect string) string {
		return kind + " at " + at + " " + name + " includes itself through this line" + effect + "\n"
	}
	testReadings(t, []reading{
		{"two of a folder", map[string]string{"/nginx.conf": main, "/s/a": "include s/*;", "/s/b": "include s/*;"}, nil, "nginx /nginx.conf\n  /s/a\n  /s/b\n" +
			line("problem", "/s/a:1", "/s/a", forever) + line("problem", "/s/b:1", "/s/b", forever)},
		{"two globs of one file", map[string]string{"/nginx.conf": main, "/s/a": "include s/*;\ninclude s/a*;"}, nil, "nginx /nginx.conf\n  /s/a\n" +
			line("problem", "/s/a:1", "/s/a", forever) + line("problem", "/s/a:2", "/s/a", forever)},
		{"two names of one file", map[string]string{"/nginx.conf": main, "/s/a": "include s/*;", "/s/b": "-> a"}, nil, "nginx /nginx.conf\n  /s/a\n" +
			line("problem", "/s/a:1", "/s/a", forever)},
		{"a glob of one that includes none", map[string]string{"/nginx.conf": main, "/s/a": "include s/*;", "/s/b": good}, nil, "nginx /nginx.conf\n  /s/a\n  /s/b\n" +
			line("unread", "/s/a:1", "/s/a", perhaps)},
		{"a plain one beside a glob", map[string]string{"/nginx.conf": main, "/s/a": "include s/*;\ninclude s/a;"}, nil, "nginx /nginx.conf\n  /s/a\n" +
			line("problem", "/s/a:1", "/s/a", once) + line("problem", "/s/a:2", "/s/a", once)},
		{"two cycles with one glob each", map[string]string{"/nginx.conf": main, "/s/a": "include a/*;", "/a/x": "include s/a*;", "/s/b": "include b/*;", "/b/x": "include s/b*;"}, nil,
			"nginx /nginx.conf\n  /s/a\n  /s/b\n  /a/x\n  /b/x\n" +
				line("unread", "/a/x:1", "/s/a", perhaps) + line("unread", "/b/x:1", "/s/b", perhaps)},
		{"its name in another folder", map[string]string{"/nginx.conf": main, "/s/a": "include other/a;", "/other/a": good}, nil, "nginx /nginx.conf\n  /s/a\n  /other/a\n"},
	})
}

func TestCrowdedDirectory(t *testing.T) {
	const n = 200_000
	files := map[string]string{"/nginx.conf": "events {}\nhttp { include sites/*.conf; }"}
	for i := range n {
		files[fmt.Sprintf("/sites/%d.conf", i)] = ""
	}
	c := Read(plant(files), []string{"/nginx.conf"})
	if got, want := len(c.Nginx[0].Files), 100_001; got != want {
		t.Errorf("%d files were read, want %d", got, want)
	}
	if got, want := describe(&Configs{Unread: c.Unread}), "unread at /nginx.conf:2 sites/*.conf: matches too many names\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if c := Read(plant(files), []string{"/"}); len(c.Unread) == 0 {
		t.Error("a walk says nothing about the files that it leaves out")
	}
}

func TestIncludesOfFPM(t *testing.T) {
	files := map[string]string{"/php-fpm.conf": "[global]\ninclude=/0.conf\n"}
	for i := range 10 {
		files[fmt.Sprintf("/%d.conf", i)] = strings.Repeat(fmt.Sprintf("include=/%d.conf\n", i+1), 100)
	}
	start := time.Now()
	c := Read(plant(files), []string{"/php-fpm.conf"})
	if m := c.Masters[0]; m.Complete || len(m.Problems) == 0 || len(m.Problems) > 1000 {
		t.Errorf("complete %v, %d problems", m.Complete, len(m.Problems))
	}
	if took := time.Since(start); took > 2*time.Minute {
		t.Errorf("it took %v", took)
	}
}
