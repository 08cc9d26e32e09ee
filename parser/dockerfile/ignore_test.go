package dockerfile

import (
	"strings"
	"testing"
)

func TestIgnore(t *testing.T) {
	const text = "\uFEFF# comment\r\n\n /node_modules/ \n*.md\n!README.md\n**/*.log\nvar/**\n!var/keep\na[\n!\n./b/../c\nd?e\n.git\n"
	ignored := Ignore(text)
	for name, want := range map[string]bool{
		"node_modules": true, "node_modules/a/b": true, "x/node_modules": false, "a.md": true, "x/a.md": false, "README.md": false,
		"a.log": true, "x/y/a.log": true, "var/a": true, "var/keep": false, "var/keep/b": false, "var": false, "a[": false, "c": true, "c/x": true, "b": false,
		"dxe": true, "d/e": false, ".": false, "": false, ".git/config": true, ".gitignore": false, "./c": true,
	} {
		if got := ignored.Match(name); got != want {
			t.Errorf("%s: got %t", name, got)
		}
	}
	if Ignore("").Match("a") || !Ignore("*").Match("a/b") {
		t.Error("an empty file, or one with *")
	}
	if got := Ignore(strings.Repeat("a\n", 3)).Match("a"); !got {
		t.Error("repeated lines")
	}
}
