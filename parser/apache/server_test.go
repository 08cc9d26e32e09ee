package apache

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// server runs a real Apache with -t.
type server struct{ binary, modules, dir string }

// realServer finds Apache. Without one it skips the test, or fails it where all programs
// are required.
func realServer(t *testing.T) server {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot start a program")
	}
	for _, s := range []server{
		{"/usr/sbin/apache2", "/usr/lib/apache2/modules", ""},
		{"/usr/sbin/httpd", "/usr/lib64/httpd/modules", ""},
		{"/usr/sbin/httpd", "/usr/lib/apache2", ""},
		{"/usr/local/apache2/bin/httpd", "/usr/local/apache2/modules", ""},
	} {
		if _, err := os.Stat(filepath.Join(s.modules, "mod_info.so")); err == nil {
			s.dir = t.TempDir()
			return s
		}
	}
	if os.Getenv("WP502LINT_LAB") == "1" {
		t.Fatal("WP502LINT_LAB=1, but there is no Apache")
	}
	t.Skip("there is no Apache")
	return server{}
}

// frame is what precedes every program: what Apache needs to start, and to print the tree
// that it made (modules/generators/mod_info.c).
func (s server) frame() string {
	var b strings.Builder
	fmt.Fprintf(&b, "ServerRoot %s\n", s.dir)
	for _, name := range []string{"mpm_event", "info", "macro", "env", "authz_core"} {
		fmt.Fprintf(&b, "LoadModule %s_module %s/mod_%[1]s.so\n", name, s.modules)
	}
	fmt.Fprintf(&b, "Listen 127.0.0.1:8099\nServerName localhost\nPidFile %s/pid\nErrorLog %[1]s/log\n", s.dir)
	return b.String()
}

// verdict is what Apache, or this package, says about a program.
type verdict struct {
	refusal string // file:line text; "" if it is accepted
	late    bool   // it was refused when the directives were processed
	tree    string
}

var (
	refusedRead = regexp.MustCompile(`(?s)^(?:apache2|httpd): (Syntax error on line .*)`)
	refusedLate = regexp.MustCompile(`(?s)^AH00526: (Syntax error on line .*)`)
	innermost   = regexp.MustCompile(`(?s)^Syntax error on line ([0-9]+) of ((?:macro '.*" used on line [0-9]+ of )?[^\n]*?):[ \n](.*)`)
	escape      = regexp.MustCompile(`\\(?:x[0-9a-f]{2}|[ntrvfba"\\])`)
	macroUse    = regexp.MustCompile(`(?s)used on line ([0-9]+) of "([^"]*)"*$`)
	number      = regexp.MustCompile(`^ *# *([0-9]+):$`)
)

// ask runs Apache on files, the first of which is the main file.
func (s server) ask(t *testing.T, files map[string]string) verdict {
	t.Helper()
	for name, text := range files {
		if err := os.MkdirAll(filepath.Join(s.dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(s.binary, "-t", "-D", "DUMP_CONFIG", "-f", filepath.Join(s.dir, "main.conf"))
	cmd.Env = []string{"KNOWN=a b", "PATH=/usr/bin"}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	_ = cmd.Run() // it fails if Apache refuses the program, which is tested below
	var v verdict
	text := ""
	for line := range strings.Lines(stderr.String()) {
		if text == "" && (strings.HasPrefix(line, "[") || strings.HasPrefix(line, "AH00111") || strings.HasPrefix(line, "AH0")) && !strings.HasPrefix(line, "AH00526") {
			continue
		}
		text += line
	}
	switch {
	case refusedRead.MatchString(text):
		v.refusal = s.place(refusedRead.FindStringSubmatch(text)[1])
	case refusedLate.MatchString(text):
		v.refusal, v.late = s.place(refusedLate.FindStringSubmatch(text)[1]), true
	case strings.HasPrefix(text, "Syntax OK"):
		v.tree = s.printed(stdout.String())
	default:
		t.Fatalf("Apache says %q of %q", stderr.String(), files)
	}
	return v
}

// place turns nested "Syntax error on line" texts into the innermost place and its text.
func (s server) place(text string) string {
	line, file := "", ""
	for {
		m := innermost.FindStringSubmatch(text)
		if m == nil {
			break
		}
		line, file, text = m[1], m[2], m[3]
	}
	if m := macroUse.FindStringSubmatch(file); m != nil {
		line, file = m[1], m[2]
	}
	return strings.TrimPrefix(file, s.dir+"/") + ":" + line + " " + strings.ReplaceAll(strings.TrimSpace(unescaped(text)), s.dir, "/S")
}

// unescaped undoes what the error log does to a text (httpd server/util.c,
// ap_escape_errorlog_item).
func unescaped(text string) string {
	return escape.ReplaceAllStringFunc(text, func(e string) string {
		if e[1] == 'x' {
			n, _ := strconv.ParseUint(e[2:], 16, 8) // two hexadecimal digits
			return string([]byte{byte(n)})
		}
		return map[string]string{"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f", "b": "\b", "a": "\a", "\\": "\\", "\"": "\""}[e[1:]]
	})
}

// printed turns what Apache prints of its tree into lines "file:line depth directive".
func (s server) printed(text string) string {
	var b strings.Builder
	file, line := "", ""
	for l := range strings.Lines(text) {
		l = strings.TrimSuffix(l, "\n")
		trimmed := strings.TrimLeft(l, " ")
		if name, ok := strings.CutPrefix(trimmed, "# In file: "); ok {
			file = name
			continue
		}
		if m := number.FindStringSubmatch(l); m != nil {
			line = m[1]
			continue
		}
		if strings.HasPrefix(trimmed, "</") {
			continue
		}
		at := strings.TrimPrefix(file, s.dir+"/") + ":" + line
		if m := macroUse.FindStringSubmatch(file); m != nil {
			at = strings.TrimPrefix(m[2], s.dir+"/") + ":" + m[1]
		}
		fmt.Fprintf(&b, "%s %d %s\n", at, (len(l)-len(trimmed))/2, trimmed)
	}
	return b.String()
}

// ours is what this package says.
func (s server) ours(files map[string]string) (verdict, *Config) {
	placed := map[string]string{}
	for name, text := range files {
		placed[filepath.Join(s.dir, name)] = text
	}
	d := newDisk(placed)
	d.env, d.known = map[string]string{"KNOWN": "a b", "PATH": "/usr/bin"}, true
	d.defines = []string{"DUMP_CONFIG"}
	d.version = "2.4.71"
	main, _ := d.Open(filepath.Join(s.dir, "main.conf"))
	c := Load(main, d)
	var v verdict
	if len(c.Problems) > 0 {
		p := c.Problems[0]
		v.late = p.Late
		v.refusal = fmt.Sprintf("%s:%d %s", strings.TrimPrefix(p.Line.File.Name, s.dir+"/"), p.Line.Begin().Line, strings.ReplaceAll(p.Message, s.dir, "/S"))
	} else {
		var b strings.Builder
		s.write(&b, c.Directives, 0)
		v.tree = b.String()
	}
	return v, c
}

// acting are the directives that Apache does not keep in its tree.
var acting = map[string]bool{"include": true, "includeoptional": true, "define": true, "undefine": true, "loadmodule": true,
	"serverroot": true, "use": true, "undefmacro": true, "macro": true}

func (s server) write(b *strings.Builder, list []*Directive, depth int) {
	for _, d := range list {
		if acting[d.Name] {
			continue
		}
		fmt.Fprintf(b, "%s:%d %d ", strings.TrimPrefix(d.Line().File.Name, s.dir+"/"), d.Line().Begin().Line, depth)
		if d.Section {
			fmt.Fprintf(b, "<%s %s>\n", d.Name, d.Raw())
			s.write(b, d.Children, depth+1)
			continue
		}
		fmt.Fprintf(b, "%s %s\n", d.Name, d.Raw())
	}
}

// same reports whether the verdicts agree: on acceptance and the tree, or on the line and the
// text. What Apache refuses when it processes the directives is judged elsewhere.
func (s server) same(apache, ours verdict) bool {
	switch {
	case apache.late:
		return ours.refusal == "" || ours.late
	case strings.Contains(ours.refusal, "Exceeded maximum"): // 128 places are more than the log takes
		return apache.refusal != "" && !apache.late
	case apache.refusal != "":
		return plain(apache.refusal) == plain(ours.refusal)
	}
	return ours.refusal == "" && normal(apache.tree) == normal(ours.tree)
}

// notClosed has the place of a section that is not closed.
var notClosed = regexp.MustCompile(`(?m)^\S+:[0-9]+: (<.*> was not closed)\.?`)

// plain is a refusal without what only Apache's has: places of sections and line feeds.
func plain(text string) string {
	place, text, _ := strings.Cut(text, " ")
	text = notClosed.ReplaceAllString(text, "$1")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\n\t", " "), "closed\n", "closed, ")
	return place + " " + strings.ToLower(strings.Join(strings.Fields(text), " "))
}

// normal is a tree with names in lower case, and without what follows the > of a section.
func normal(tree string) string {
	var b strings.Builder
	for line := range strings.Lines(tree) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 4)
		rest := ""
		if len(parts) == 4 {
			rest = parts[3]
		}
		if strings.HasPrefix(parts[2], "<") {
			if n := strings.LastIndexByte(rest, '>'); n >= 0 {
				rest = rest[:n]
			}
		}
		fmt.Fprintf(&b, "%s %s %s %s\n", parts[0], parts[1], strings.TrimSuffix(strings.ToLower(parts[2]), ">"), strings.TrimSpace(rest))
	}
	return b.String()
}

func TestByApache(t *testing.T) {
	s := realServer(t)
	for i, row := range programs {
		files := map[string]string{"main.conf": s.frame() + row}
		want := s.ask(t, files)
		if got, _ := s.ours(files); !s.same(want, got) {
			t.Errorf("%d: %s\nours:\n%s%s\nApache:\n%s%s", i, strconv.Quote(row), got.refusal, got.tree, want.refusal, want.tree)
		}
	}
}
