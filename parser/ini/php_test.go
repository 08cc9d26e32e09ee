package ini

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// phpScript parses one hex-encoded file per line with PHP's own parser. It prints the
// result with all strings hex-encoded, and PHP's message.
const phpScript = `
function coded($v) {
	if (!is_array($v)) return bin2hex((string)$v);
	$r = [];
	foreach ($v as $k => $w) $r["k".bin2hex((string)$k)] = coded($w);
	return (object)$r;
}
set_error_handler(function ($n, $m) { $GLOBALS["m"] = trim($m); return true; });
while (($line = fgets(STDIN)) !== false) {
	$m = "";
	$r = parse_ini_string(hex2bin(trim($line)), true);
	echo json_encode(["r" => $r === false ? null : coded($r), "m" => $m]), "\n";
}`

type phpAnswer struct {
	R any    `json:"r"`
	M string `json:"m"`
}

// askPHP parses files with PHP. Without PHP it skips the test.
func askPHP(t *testing.T, files []string) []phpAnswer {
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
	var in bytes.Buffer
	for _, f := range files {
		fmt.Fprintln(&in, hex.EncodeToString([]byte(f)))
	}
	cmd := exec.Command(php, "-n", "-r", phpScript)
	cmd.Stdin, cmd.Env = &in, []string{"TESTENV=E1"}
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers []phpAnswer
	for lines := bufio.NewReader(bytes.NewReader(out)); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break
		}
		var a phpAnswer
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(files) {
		t.Fatalf("PHP answered %d of %d files", len(answers), len(files))
	}
	return answers
}

// asPHP combines lines as parse_ini_string does with sections. An unknown value becomes "?".
func asPHP(f *File) any {
	code := func(s string) string { return "k" + hex.EncodeToString([]byte(s)) }
	top := map[string]any{}
	active := top
	for l := range f.Lines() {
		var v any = hex.EncodeToString([]byte(l.Value().Text))
		if l.Value().Why != "" {
			v = "?"
		}
		switch {
		case l.Kind() == Section:
			active = map[string]any{}
			top[code(l.Key())] = active
		case l.Kind() == Bare:
		case !l.Indexed():
			active[code(l.Key())] = v
		default:
			list, ok := active[code(l.Key())].(map[string]any)
			if !ok {
				list = map[string]any{}
				active[code(l.Key())] = list
			}
			index := l.Index()
			if index == "" {
				for n := 0; ; n++ {
					index = fmt.Sprint(n)
					if _, taken := list[code(index)]; !taken {
						break
					}
				}
			}
			list[code(index)] = v
		}
	}
	return top
}

// same compares a result of ours with PHP's: "?" equals everything.
func same(ours, php any) bool {
	a, ok := ours.(map[string]any)
	b, also := php.(map[string]any)
	if !ok || !also {
		return ours == "?" && !also || !ok && !also && ours == php
	}
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		w, ok := b[k]
		if !ok || !same(v, w) {
			return false
		}
	}
	return true
}

// plain reads text without detecting templates and foreign files, as PHP does not.
func plain(text string, mode Mode) (*File, string) {
	src := &source.File{Name: "/f", Text: text}
	f := &File{Source: src}
	p := &parser{mode: mode, out: f}
	p.file, p.text = src, text
	if mode == LineMode {
		p.physicalLines()
	} else {
		p.whole()
	}
	message := ""
	if len(f.Problems) > 0 {
		message = f.Problems[0].Message
	}
	return f, message
}

// compare checks the result of this package for text against PHP's.
func compare(t *testing.T, text string, mode Mode, php phpAnswer) {
	t.Helper()
	f, message := plain(text, mode)
	want, _, _ := strings.Cut(php.M, " in Unknown on line")
	if message != want {
		t.Errorf("%q (mode %d): problem %q, PHP says %q", text, mode, message, want)
		return
	}
	for l := range f.Lines() {
		if l.Value().Why != "" && (l.Kind() == Section || l.Indexed()) {
			return // an unknown name cannot be looked up
		}
	}
	if want == "" && !same(asPHP(f), php.R) {
		t.Errorf("%q (mode %d):\n got %v\n PHP %v", text, mode, asPHP(f), php.R)
	}
}
