package site

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/servers"
)

// finds prints, for each expression and each text, what the groups of the expression found; null
// if it does not match.
const finds = `
const { expressions, texts } = JSON.parse(require("fs").readFileSync(0));
const all = expressions.map((e) => {
  const re = new RegExp(e, "u");
  return texts.map((t) => re.exec(t)?.map((g) => g ?? "") ?? null);
});
process.stdout.write(JSON.stringify(all));
`

// node returns what JavaScript finds; it skips the test where there is no node.
func node(t *testing.T, expressions, texts []string) (found [][][]string) {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot start a program")
	}
	if _, err := exec.LookPath("node"); err != nil {
		if os.Getenv("WP502LINT_LAB") != "" {
			t.Fatal(err)
		}
		t.Skip("node is not installed")
	}
	input, err := json.Marshal(map[string][]string{"expressions": expressions, "texts": texts})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "-e", finds)
	cmd.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatal(err)
	}
	return found
}

// agree compares what the expressions find in Go with what they find in JavaScript.
func agree(t *testing.T, expressions, texts []string) (matches int) {
	t.Helper()
	var translated []string
	for _, e := range expressions {
		js, err := JavaScript(e)
		if err != nil {
			t.Fatal(err)
		}
		translated = append(translated, js)
	}
	found := node(t, translated, texts)
	for i, e := range expressions {
		re := regexp.MustCompile(e)
		for j, text := range texts {
			want := re.FindStringSubmatch(text)
			if !slices.Equal(found[i][j], want) {
				t.Errorf("%s as %s finds %q in %q, want %q", e, translated[i], found[i][j], text, want)
			}
			if want != nil {
				matches++
			}
		}
	}
	return matches
}

// In a browser every log line is found in the same way as by the program: each expression
// matches its example, and the same groups in the examples of all others.
func TestLinesInJavaScript(t *testing.T) {
	var expressions, examples []string
	for _, s := range servers.Signatures() {
		expressions = append(expressions, s.Expression())
		examples = append(examples, s.Example)
	}
	if matches := agree(t, expressions, examples); matches < len(expressions) {
		t.Errorf("%d expressions have only %d matches", len(expressions), matches)
	}
}

func TestJavaScript(t *testing.T) {
	expressions := []string{
		`(?i)fatal`, `a(?i:B)c`, `(?P<name>x+?)y*`, `^a\z`, `(?m)^b$`, `(?s)a.b`, `a.b`, `\bfoo\B`, `[^a-f\d]{2,3}`, `x{2}`, `x{2,}?y`,
		`(?:ab|ac|)d`, `\[/\]\{-\}`, `[[:alpha:]]\pL`, `k(?i:s)`, `()`, `[^\x00-\x{10FFFF}]`, `a$`,
	}
	texts := []string{"", "FATAL", "abc", "aBc", "ABC", "xxy", "a", "a\nb", "b\n", "foobar", "gh1", "xxxy", "abd", "acd", "d", "[/]{-}", "éé", "kS", "k\u017f", "é", "aa"}
	if matches := agree(t, expressions, texts); matches < 2*len(expressions) {
		t.Errorf("only %d matches", matches)
	}
	if js, err := JavaScript(`a(`); err == nil {
		t.Errorf("an invalid expression is %s", js)
	}
}

// rulesFor returns the rules for a line, as the search finds them.
func rulesFor(t *testing.T, line string) []string {
	t.Helper()
	table, err := Lines(rules.Explained())
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range servers.Signatures() {
		if s.Matches(line) {
			return table.Lines[i].Rules
		}
	}
	return nil
}

// The first rule is the one that diagnose names for the line alone.
func TestLines(t *testing.T) {
	for line, want := range map[string]string{
		"connect() to unix:/run/php/php8.1-fpm.sock failed (2: No such file or directory) while connecting to upstream, client: 203.0.113.9": "WP201 WP207 WP212 WP315 WP209 WP424 WP210 WP310 WP417 WP713 WP704",
		"upstream sent too big header while reading response header from upstream":                                                           "WP111 WP112 WP113",
		"a line of something else": "",
	} {
		if got := strings.Join(rulesFor(t, line), " "); got != want {
			t.Errorf("%s is %s, want %s", line, got, want)
		}
	}
}

// A line of Apache leads first to the rule that explains it, with what Apache writes before it or
// without.
func TestLinesOfApache(t *testing.T) {
	for line, want := range map[string]string{
		"(2)No such file or directory: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/php8.1-fpm.sock (localhost:8000) failed": "WP201",
		"(13)Permission denied: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/a.sock (localhost:8000) failed":                 "WP202",
		"(111)Connection refused: AH00957: FCGI: attempt to connect to 127.0.0.1:9000 (127.0.0.1:9000) failed":                                   "WP201",
		"AH01079: failed to make connection to backend: localhost":                                                                               "WP201",
		"AH01068: Got bogus version 72":               "WP205",
		"AH01067: Failed to read FastCGI header":      "WP110",
		"AH01071: Got error 'Primary script unknown'": "WP216",
	} {
		for _, before := range []string{"", "[Thu Nov 26 09:00:00.123456 2026] [proxy_fcgi:error] [pid 7:tid 8] "} {
			if got := rulesFor(t, before+line); len(got) == 0 || got[0] != want {
				t.Errorf("%s is %v, want %s first", before+line, got, want)
			}
		}
	}
}

// Rules that only a log shows are after all others, no rule occurs twice, and every rule
// that has log lines is found.
func TestLinesAreInOrder(t *testing.T) {
	table, err := Lines(rules.Explained())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, line := range table.Lines {
		seen, late := map[string]bool{}, false
		for _, id := range line.Rules {
			runTime := strings.HasPrefix(id, "WP7")
			if seen[id] || late && !runTime || table.Rules[id].Name == "" {
				t.Errorf("%s is %v", line.Example, line.Rules)
			}
			seen[id], found[id], late = true, true, runTime
		}
	}
	for _, r := range rules.Explained() {
		if len(r.Logs) > 0 && !found[r.ID] {
			t.Errorf("no line leads to %s", r.ID)
		}
	}
}
