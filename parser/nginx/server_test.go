package nginx

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"
)

// server runs a real nginx with -t.
type server struct{ binary, dir string }

// realServer finds nginx. Without one it skips the test, or fails it where all
// programs are required.
func realServer(t *testing.T) server {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot start a program")
	}
	binary, err := exec.LookPath("nginx")
	if err != nil {
		if binary = "/usr/sbin/nginx"; !exists(binary) {
			if os.Getenv("WP502LINT_LAB") == "1" {
				t.Fatal("WP502LINT_LAB=1, but there is no nginx")
			}
			t.Skip("there is no nginx")
		}
	}
	s := server{binary, t.TempDir()}
	for _, name := range []string{"mime.conf", "a.inc"} {
		if err := os.WriteFile(filepath.Join(s.dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// syntaxError matches the errors of nginx's tokenizer and block structure; its other
// errors are about meaning.
var (
	emerg       = regexp.MustCompile(`(?s)\[emerg\] [0-9#]+: (.*?) in \S*/nginx\.conf:([0-9]+)(, expecting [^\n]*|[^\n]*)`)
	syntaxError = regexp.MustCompile(`^(unexpected |too long parameter|directive .* (has no opening|is not terminated))`)
)

// syntax returns nginx's syntax error as "line message", or "" if there is none; other
// is its error about meaning.
func (s server) syntax(t *testing.T, text string) (complaint, other string) {
	t.Helper()
	path := filepath.Join(s.dir, "nginx.conf")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(s.binary, "-t", "-e", "stderr", "-p", s.dir, "-c", path, "-g", "pid "+s.dir+"/pid;")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	_ = cmd.Run() // it fails if nginx refuses the text, which is tested below
	m := emerg.FindStringSubmatch(stderr.String())
	if m == nil {
		if stderr.Len() == 0 {
			t.Fatalf("nginx says nothing about %q", text)
		}
		return "", ""
	}
	if !syntaxError.MatchString(m[1]) {
		return "", m[2] + " " + m[1]
	}
	return m[2] + " " + m[1] + m[3], ""
}

// frames are the contexts in which a text is valid. They add no line feeds before it,
// so the line numbers are the same with and without them.
var frames = map[string][2]string{
	"open":   {"", ""},
	"main":   {"", "\n"},
	"http":   {"events {} http { ", "\n}"},
	"server": {"events {} http { server { ", "\n}}"},
	"types":  {"events {} http { types { ", "\n}}"},
}
