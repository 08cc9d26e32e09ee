package fpm

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// needed are the settings without which PHP-FPM refuses a pool.
const needed = "user = root\ngroup = root\nlisten = /run/$pool.sock\npm = static\npm.max_children = 1\n"

func num(n int64) string { return strconv.FormatInt(n, 10) }

// server is a directory for configurations that a real PHP-FPM tests. It never
// starts: -tt reads, prints what it read and exits.
type server struct{ program, dir string }

// needFPM skips the test if there is no PHP-FPM 8.2.
func needFPM(t *testing.T) server {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot start a program")
	}
	program, err := exec.LookPath("php-fpm8.2")
	if err != nil {
		if os.Getenv("WP502LINT_LAB") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return server{program, t.TempDir()}
}

// test returns the output of PHP-FPM for text as its main file, and whether it accepts it.
func (s server) test(t *testing.T, text string) (out string, ok bool) {
	t.Helper()
	main := filepath.Join(s.dir, "php-fpm.conf")
	text = "[global]\nerror_log = " + filepath.Join(s.dir, "log") + "\n" + text
	if err := os.WriteFile(main, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(s.program, "-n", "-R", "-tt", "-y", main)
	cmd.Env = []string{"TESTENV=E1"}
	b, err := cmd.CombinedOutput()
	return string(b), err == nil
}

var (
	dumpLine   = regexp.MustCompile(`^\[[^\]]*\] NOTICE: (.*)$`)
	dumpHeader = regexp.MustCompile(`^\[(.*)\]$`)
)

// dump parses the output of -tt: settings by section. A value of several lines is
// kept whole; of an index that is listed twice the last is kept, which PHP-FPM applies last.
func dump(out string) map[string]map[string]string {
	sections := map[string]map[string]string{}
	section, last := "", ""
	for _, line := range strings.Split(out, "\n") {
		m := dumpLine.FindStringSubmatch(line)
		if m == nil {
			if last != "" {
				sections[section][last] += "\n" + line
			}
			continue
		}
		last = ""
		if h := dumpHeader.FindStringSubmatch(m[1]); h != nil {
			section = h[1]
			sections[section] = map[string]string{}
		} else if key, value, ok := strings.Cut(m[1], " = "); ok && strings.HasPrefix(key, "\t") {
			last = key[1:]
			sections[section][last] = value
		}
	}
	return sections
}

// values are right-hand sides with a special meaning in the INI dialect.
var values = []string{
	"v", "10s;", "v ; c", "v # c", `"a;b" ; c "x"`, `"a\\b"`, `"a\"b"`, `"a\$b\q"`, `"C:\dir\"`, `'a\b'`, `"a"b`, `a"b"`, `"a" "b"`, `'a'"b"`,
	"a b  c", "On", "yes", "Off", "none", "null", "only", `"On"`, "E_ALL", "E_ALL & ~E_DEPRECATED", "6|1", "a|b", "a&b", "5^1", "~/x", "!x", "(1|2)&6",
	"it's", "$VAR", "$pool/x", "'$pool'", "${NOPE}", "`a b`", "{a}", "a%b:c,d/e@f[g]", "v\u00a0", "v\xff", "v\x00w", "v\r", "", "1.50", "007", "-5",
}

// TestDecodingAgainstFPM compares decoded values with those of PHP-FPM, which
// reads line by line. PHP's own parser cannot tell: it reads whole files.
func TestDecodingAgainstFPM(t *testing.T) {
	dir := needFPM(t)
	text := "[www]\n" + needed
	for i, v := range values {
		text += fmt.Sprintf("php_value[k%d] = %s\n", i, v)
	}
	out, ok := dir.test(t, text)
	if !ok {
		t.Fatal(out)
	}
	real := dump(out)["www"]
	pool := load(files{"main": text}).Pools[0]
	for i, v := range values {
		e := pool.First(servers.KeyPHPValue, fmt.Sprintf("k%d", i))
		got := pool.Pool(e.Value().Text)
		if e.Value().Why != "" && v == "${NOPE}" {
			got = ""
		}
		if want := real[fmt.Sprintf("php_value[k%d]", i)]; got != want {
			t.Errorf("%q is %q, PHP-FPM says %q", v, got, want)
		}
	}
}

// TestRefusalsAgainstFPM compares syntax errors with those of PHP-FPM, line by
// line and in its own words.
func TestRefusalsAgainstFPM(t *testing.T) {
	dir := needFPM(t)
	message := regexp.MustCompile(`(?m)^PHP:  (.*) in Unknown on line`)
	for _, line := range []string{
		"slowlog = a=b", "slowlog = a~b", "slowlog = a!b", "slowlog = f(x)", "slowlog = a)", "slowlog = (1", "slowlog = 1 |", "slowlog = yes sir",
		"slowlog = \"x", "slowlog = 'x", "slowlog = ${x", "slowlog = ${}", "  [a]", "[a", "[a;b]", "on = 1", "\"k\" = v", "a{b = v", "$x = 1", "= v",
		"env[a", "env[a]", "env[a] b = c", "env[A] = 'a\x00b'", "env[A] = \"a\x00b\"",
	} {
		out, ok := dir.test(t, "[www]\n"+needed+line+"\n")
		want := "no syntax error"
		if m := message.FindStringSubmatch(out); m != nil && !ok {
			want = m[1]
		}
		c := load(files{"main": "[www]\n" + line + "\n"})
		got := "no syntax error"
		if len(c.Problems) > 0 {
			got = c.Problems[0].Message
		}
		if got != want {
			t.Errorf("%q: %q, PHP-FPM says %q", line, got, want)
		}
	}
}

// TestBareAgainstFPM compares names without "=" with those of PHP-FPM.
func TestBareAgainstFPM(t *testing.T) {
	dir := needFPM(t)
	for _, line := range []string{"# hello", "foo", "slowlog = ''", "slowlog = a''b", "slowlog = ' '", "slowlog = a'b'c", "; x", "foo\x00 = 1", "a\tslowlog = x"} {
		out, ok := dir.test(t, "[www]\n"+needed+line+"\n")
		want := !ok && strings.Contains(out, "value is NULL for a ZEND_INI_PARSER_ENTRY")
		got := false
		for _, e := range load(files{"main": "[www]\n" + line + "\n"}).Pools[0].Entries {
			got = got || e.Bare()
		}
		if got != want {
			t.Errorf("%q: a bare name is %v, PHP-FPM says %v: %s", line, got, want, out)
		}
	}
}

// TestMergingAgainstFPM compares a configuration of several files.
func TestMergingAgainstFPM(t *testing.T) {
	dir := needFPM(t)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("1.pool", "[www]\n"+needed+"pm.max_requests = 1\nphp_value[a] = first\nphp_value[b] = 1\n")
	write("2.pool", "\ufeff[WWW]\r\nPM.max_requests = 2\r\nphp_value[a] = second\r\nphp_flag[b] = off\r\n[\"two\"] user = root\r\n"+needed)
	write("part", "pm.max_requests = 7\nenv[A] = x\nenv[A] = y\n")
	text := "emergency_restart_threshold = 3\n[w3]\n" + needed + "include = " + dir.dir + "/part\n[Global]\nEMERGENCY_restart_threshold = 4\n" +
		"include = " + dir.dir + "/*.pool\npm.max_requests = 9\n"
	out, ok := dir.test(t, text)
	if !ok {
		t.Fatal(out)
	}
	real := dump(out)
	c := Load([]*File{Parse(&source.File{Name: "main", Text: text})}, globFiles)
	for _, tt := range []struct{ section, key, index string }{
		{"global", "emergency_restart_threshold", ""},
		{"w3", "pm.max_requests", ""}, {"w3", "env", "A"},
		{"www", "pm.max_requests", ""}, {"www", "php_value", "a"}, {"www", "php_value", "b"},
		{"two", "pm.max_requests", ""},
	} {
		section, name := c.Global, tt.key
		for _, p := range c.Pools {
			if p.Name == tt.section {
				section = p
			}
		}
		key := servers.FPMKeyOf(tt.key)
		e := section.Last(key)
		if tt.index != "" {
			e = section.First(key, tt.index)
			name = tt.key + "[" + tt.index + "]"
		}
		if want := real[tt.section][name]; e == nil || e.Value().Text != want || want == "" {
			t.Errorf("[%s] %s is %s, PHP-FPM says %q", tt.section, name, shown(e), want)
		}
	}
	if len(real) != 1+len(c.Pools) {
		t.Errorf("%d pools, PHP-FPM has %d sections", len(c.Pools), len(real))
	}
}

// globFiles is an Includer on the real disk.
func globFiles(pattern string, at source.Span) (files []*File, problem *source.Problem) {
	names, _ := filepath.Glob(pattern)
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return files, &source.Problem{At: at, Kind: source.Unreadable, Message: err.Error()}
		}
		files = append(files, Parse(&source.File{Name: name, Text: string(b)}))
	}
	return files, nil
}
