package phpini

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

func load(texts ...string) *Config {
	var files []*source.File
	for i, text := range texts {
		files = append(files, &source.File{Name: fmt.Sprintf("/f%d.ini", i), Text: text})
	}
	return Load(files)
}

func show(c *Config) string {
	var out []string
	for _, e := range c.Entries {
		line := e.Key()
		if e.Indexed() {
			line += "[" + e.Index() + "]"
		}
		line += "=" + e.Value().Text
		if e.Host {
			line += " host"
		}
		if e.Path {
			line += " path"
		}
		out = append(out, line)
	}
	for _, p := range c.Problems {
		out = append(out, fmt.Sprintf("! %s at %s:%d", p.Message, p.At.File.Name, p.At.Begin().Line))
	}
	return strings.Join(out, "\n")
}

func TestLoad(t *testing.T) {
	tests := []struct {
		name  string
		texts []string
		want  string
	}{
		{"sections mean nothing", []string{"a = 1\n[PHP]\nb = On\n[Pdo]\nc[x] = 2\n"}, "a=1\nb=1\nc[x]=2"},
		{"names alone mean nothing", []string{"# a\nb\nc = 1\n"}, "c=1"},
		{"files in order", []string{"a = 1\n", "a = 2\n"}, "a=1\na=2"},
		{"an error ends its file only", []string{"a = 1\nb = x=y\nc = 3\n", "d = 4\n"}, "a=1\nb=x\nd=4\n! syntax error, unexpected '=' at /f0.ini:2"},
		{"a value of two lines", []string{"a = \"x\ny\"\nb = 1\n"}, "a=x\ny\nb=1"},
		{"PATH and HOST", []string{"[PATH=/a]\na = 1\n[HOST=b]\nb = 1\n"}, "a=1 path\nb=1 host"},
		{"an ordinary section does not leave PATH", []string{"[path=/a]\na = 1\n[PHP]\nb = 1\nextension = x\n", "c = 1\n"}, "a=1 path\nb=1 path\nextension=x\nc=1"},
		{"no extension in PATH", []string{"[PATH=/a]\nzend_extension = x\n"}, "zend_extension=x path"},
		{"PATH alone", []string{"[PATH]\na = 1\nextension = x\n"}, "a=1\nextension=x"},
		{"foreign file", []string{"{\n"}, "! not a PHP configuration at /f0.ini:1"},
		{"nothing", nil, ""},
	}
	for _, tt := range tests {
		if got := show(load(tt.texts...)); got != tt.want {
			t.Errorf("%s:\n got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

func TestLookups(t *testing.T) {
	c := load("memory_limit = 1M\n[PATH=/x]\nmemory_limit = 9M\n", "memory_limit = 2M\nMemory_Limit = 3M\nmemory_limit[a] = 4M\n")
	if text, ok := c.Text("memory_limit", source.Span{}).Known(); !ok || text != "2M" {
		t.Errorf("memory_limit is %q, %v, want 2M", text, ok)
	}
	if s := c.Text("opcache.preload", source.Span{}); !s.Absent() {
		t.Errorf("opcache.preload is %v, want nothing", s)
	}
}

func TestLoads(t *testing.T) {
	for text, want := range map[string]bool{
		"zend_extension = opcache\n":                       true,
		"Zend_Extension = opcache.so\n":                    true,
		"zend_extension = \"/usr/lib/php/x/opcache.so\"\n": true,
		"zend_extension = OPcache\n":                       false,
		"zend_extension = xdebug\n":                        false,
		"extension = opcache\n":                            false,
		"[PATH=/srv]\nzend_extension = opcache\n":          false,
		"[HOST=a.test]\n[PHP]\nzend_extension = opcache\n": true,
	} {
		if _, got := load(text).Loads("opcache", "zend_extension"); got != want {
			t.Errorf("%q loads opcache: %v, want %v", text, got, want)
		}
	}
}

// sizes are texts and the values that PHP reads. PHP warns about those that are not ok.
var sizes = []struct {
	text string
	want int64
	ok   bool
}{
	{"128M", 128 << 20, true}, {"128m", 128 << 20, true}, {"1G", 1 << 30, true}, {"64K", 64 << 10, true}, {"64", 64, true},
	{"-1", -1, true}, {"0", 0, true}, {"", 0, true}, {"+5", 5, true}, {" 8 ", 8, true}, {"1 G", 1 << 30, true}, {"0M", 0, true},
	{"256MB", 256, false}, {"1.5G", 1 << 30, false}, {"1T", 1, false}, {"M", 0, false}, {"x", 0, false}, {"-", 0, false}, {"12 34K", 12 << 10, false},
	{"0x10", 16, true}, {"0x1fM", 31 << 20, true}, {"0b11", 3, true}, {"0o17", 15, true}, {"017", 15, true}, {"09", 0, false}, {"0x", 0, false}, {"0z", 0, false},
	{"0x-1", 0, false}, {"0x0b1", 0, false}, {"-2K", -2048, true}, {"-0x10", -16, true},
	{"9223372036854775807", 1<<63 - 1, true}, {"9223372036854775808", -1 << 63, false}, {"-9223372036854775808", -1 << 63, true},
	{"99999999999999999999", -1, false}, {"9223372036854775807K", -1024, false}, {"8589934592G", -1 << 63, false},
}

func TestBytes(t *testing.T) {
	for _, tt := range sizes {
		if got, ok := Bytes(tt.text); got != tt.want || ok != tt.ok {
			t.Errorf("Bytes(%q) = %d, %v, want %d, %v", tt.text, got, ok, tt.want, tt.ok)
		}
	}
}

func needPHP(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot start a program")
	}
	php, err := exec.LookPath("php8.2")
	if err != nil {
		if os.Getenv("WP502LINT_LAB") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return php
}

// TestBytesAgainstPHP compares sizes with PHP's ini_parse_quantity.
func TestBytesAgainstPHP(t *testing.T) {
	php := needPHP(t)
	const script = `set_error_handler(function () { $GLOBALS["ok"] = "false"; return true; });
foreach (json_decode($argv[1]) as $s) { $ok = "true"; $n = ini_parse_quantity($s); echo "$n, $ok\n"; }`
	var texts []string
	for _, tt := range sizes {
		texts = append(texts, tt.text)
	}
	arg, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(php, "-n", "-r", script, "--", string(arg)).Output()
	if err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(answers) != len(sizes) {
		t.Fatalf("PHP answered %d of %d sizes: %s", len(answers), len(sizes), out)
	}
	for i, tt := range sizes {
		if want := fmt.Sprintf("%d, %v", tt.want, tt.ok); answers[i] != want {
			t.Errorf("PHP reads %q as %s, want %s", tt.text, answers[i], want)
		}
	}
}

// TestAgainstPHP reads whole files with PHP: an error affects only its own file, and
// PHP does not leave some sections.
func TestAgainstPHP(t *testing.T) {
	php := needPHP(t)
	tests := [][]string{
		{"memory_limit = 33M\nprecision = 5\n[PHP]\nprecision = 6\n"},
		{"precision = 5\nmemory_limit = 44M=x\nprecision = 7\n", "error_prepend_string = z\n"},
		{"precision = 5\n[PATH=/none]\nprecision = 6\n[PHP]\nprecision = 7\n", "memory_limit = 55M\n"},
		{"[PATH]\nprecision = 6\n"},
		{"Precision = 5\nprecision = \"6\n\"\nmemory_limit = 66M\n"},
		{"precision = 5\nmemory_limit = '77M\n"},
		{"precision = 3 | 4\nerror_prepend_string = a \"b\" c\n"},
		{"precision = 5\n# precision = 6\n"},
	}
	keys := []string{"precision", "memory_limit", "error_prepend_string"}
	for _, texts := range tests {
		dir := t.TempDir()
		main := filepath.Join(dir, "php.ini")
		for i, text := range texts {
			name := main
			if i > 0 {
				name = filepath.Join(dir, "conf.d", strconv.Itoa(i)+".ini")
			}
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command(php, "-c", main, "-r", `foreach (array_slice($argv, 1) as $k) { $v = get_cfg_var($k); echo $v === false ? "-" : $v, "\0"; }`, "--", keys[0], keys[1], keys[2])
		cmd.Env = []string{"PHP_INI_SCAN_DIR=" + filepath.Join(dir, "conf.d")}
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		c := load(texts...)
		got := ""
		for _, key := range keys {
			text := "-"
			if known, ok := c.Text(key, source.Span{}).Known(); ok {
				text = known
			}
			got += text + "\x00"
		}
		if got != string(out) {
			t.Errorf("%q:\n got %q\n PHP %q", texts, got, out)
		}
	}
}
