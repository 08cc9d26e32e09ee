package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/source"
)

// uncommented returns the project file that initial writes, with every key in effect.
func uncommented(h here) string {
	return regexp.MustCompile(`(?m)^#([a-z])`).ReplaceAllString(initial(h), "$1")
}

func TestInitialIsReadBack(t *testing.T) {
	names := []string{
		`it's "quoted"`, `back\slash\n`, "a # b", "a: b", " x ", "- a", "[a, b]", "{a: b}", "*a", "&a", "!a", "%a", "@a", "|", ">",
		"null", "~", "1.10", "true", "größe/日本語/😀", "\U0010fffd", strings.Repeat("long ", 100),
	}
	for first := rune(0); first <= 0xffff; first += 0x400 {
		var name strings.Builder
		for c := max(1, first); c < first+0x400; c++ {
			if utf8.ValidRune(c) {
				name.WriteRune(c)
			}
		}
		if name.Len() > 0 { // not surrogates
			names = append(names, name.String())
		}
	}
	for some := range slices.Chunk(names, 30) {
		h := here{nginx: some, apache: some, fpm: slices.Clone(some), php: []string{"8.10"}, containers: some}
		slices.Reverse(h.fpm)
		c, problems := project.Read(&source.File{Text: uncommented(h)}, rules.All)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if !slices.Equal(c.Nginx, h.nginx) || !slices.Equal(c.Apache, h.apache) || !slices.Equal(c.FPM, h.fpm) || c.PHP != h.php[0] {
			t.Errorf("read back %q, %q, %q and %q, want %q", c.Nginx, c.Apache, c.FPM, c.PHP, h)
		}
	}
}

// A name that is not valid UTF-8 cannot be written in YAML.
func TestInitWithoutInvalidNames(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("js/wasm passes names to node as UTF-16")
	}
	t.Chdir(t.TempDir())
	for _, dir := range []string{".git", "uni\xff/etc/nginx", "good/etc/nginx"} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			skip(t, "this file system has no such name: "+err.Error())
		}
		if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte("events {}\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var said strings.Builder
	c := command{strings.NewReader(""), io.Discard, &said, wordRules, nil}
	if status := c.main([]string{"config", "init"}); status != 0 {
		t.Fatalf("config init: %d", status)
	}
	if want := "left out: the name is not valid UTF-8"; !strings.Contains(said.String(), want) {
		t.Errorf("config init says %q", said.String())
	}
	text, err := os.ReadFile(project.FileName)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(text); !strings.Contains(got, "\n#nginx: [\"good/etc/nginx/nginx.conf\"] # found now\n") {
		t.Error(got)
	}
}
