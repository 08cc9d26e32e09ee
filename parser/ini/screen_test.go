package ini

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

const foreign = `! not a PHP-FPM configuration at ""`

// tmpl is a file that a mark makes unreadable.
func tmpl(mark string) string {
	return fmt.Sprintf("! the file is a template and cannot be read before %s is filled in at %q", mark, mark)
}

// hidden is a line that a mark produces.
func hidden(mark string) string {
	return fmt.Sprintf("\n! a template mark produces lines that are not known at %q", mark)
}

var screenTests = []struct {
	name, text string
	mode       Mode
	want       string
}{
	{"values only", "[www]\nuser = {{ user }}\nlisten = __SOCK__\n", LineMode,
		"[www]\nuser={{ user }} <value of {{ user }}>\nlisten=__SOCK__ <value of __SOCK__>"},
	{"section name", "[{{ name }}]\n", LineMode, "[{{ name }}] <value of {{ name }}>"},
	{"jinja block", "[www]\n{% if a %}\nuser = b\n{% endif %}\n", LineMode, "[www]\nuser=b" + hidden("{% if a %}")},
	{"jinja comment first", "{# managed #}\n[www]\n", LineMode, "[www]" + hidden("{# managed #}")},
	{"erb", "[www]\n<% if a -%>\nuser = b\n", LineMode, "[www]\nuser=b" + hidden("<% if a -%>")},
	{"line of a mark", "[www]\n@@EXTRA@@\n", LineMode, "[www]" + hidden("@@EXTRA@@")},
	{"line of a percent mark", "[www]\n%EXTRA%\n", LineMode, "[www]" + hidden("%EXTRA%")},
	{"envsubst line", "[www]\n${FPM_EXTRA}\n", LineMode, "[www]" + hidden("${FPM_EXTRA}")},
	{"mark in a line with an error", "[www]\nuser = {{ a | default('x') }}\n", LineMode,
		"[www]\nuser={{ a | default('x') }} <value of {{ a | default('x') }}>"},
	{"php.ini with a block", "a = 1\n{{ range .X }}\nb = 2\n", FileMode, "a=1\nb=2" + hidden("{{ range .X }}")},
	{"reference in a broken value is not a mark", "[www]\nk = ${A}=b\n", LineMode, "[www]\n! syntax error, unexpected '=' at \"=\""},
	{"access log format is not a mark", "[www]\naccess.format = \"%R %{REMOTE_ADDR}e %T%%\"\n", LineMode, "[www]\naccess.format=%R %{REMOTE_ADDR}e %T%% quoted"},

	{"signs of PHP in marks", "[www-<?= $a; ?>]\nenv[A] = \"#{b} ((C)) !d!\"\nlisten = $HOST:~p~\nuser = $pool\n", LineMode,
		"[www-<?= $a; ?>] <value of <?= $a; ?>>\nenv[A]=\"#{b} ((C)) !d!\" quoted <value of #{b}>\nlisten=$HOST:~p~ <value of $HOST>\nuser=$pool"},
	{"nothing but a mark", "x {{ a }}\n", LineMode, tmpl("{{ a }}")},

	{"key file", "-----BEGIN PRIVATE KEY-----\nMIIEvQ==\n-----END PRIVATE KEY-----\n", LineMode, foreign},
	{"passwd", "root:x:0:0:root:/root:/bin/bash\n", LineMode, foreign},
	{"binary", "\x7fELF\x02\x01\x01\x01\n(\n", LineMode, foreign},
	{"json", "{\"password\": \"x\"}\n", LineMode, foreign},
	{"json as php.ini", "{\"password\": \"x\"}\n", FileMode, `! not a PHP configuration at ""`},
	{"comment with # first", "# Managed (do not edit)\n# by hand\n[www]\nuser = a\n", LineMode,
		"# by hand?\n[www]\nuser=a\n! syntax error, unexpected '(' at \"(\""},
	{"indented header first", "  [www]\nuser = a\n", LineMode,
		"user=a\n! syntax error, unexpected END_OF_LINE, expecting '=' at \"\""},
	{"bare word later", "[www]\nfoo\n", LineMode, "[www]\nfoo?"},
	{"only comments", "; nothing\n", LineMode, ""},
	{"bare words in php.ini", "foo\nbar = 1\n", FileMode, "foo?\nbar=1"},
}

func TestTemplatesAndForeignFiles(t *testing.T) {
	for _, tt := range screenTests {
		got := show(Parse(&source.File{Name: "/f", Text: tt.text}, tt.mode))
		if got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestLimits(t *testing.T) {
	tests := []struct {
		name, text string
		mode       Mode
		want       source.Problem
		lines      int
	}{
		{"long line", "[w]\nk = " + strings.Repeat("x", 1<<17) + "\nl = 1\n", LineMode,
			source.Problem{Kind: source.Limit, Message: "the line is longer than 64 KiB and was not read"}, 2},
		{"many lines", strings.Repeat("k=\n", maxLines+5), FileMode,
			source.Problem{Kind: source.Limit, Message: "the file has more than 200000 entries and the rest was not read"}, maxLines},
		{"many errors", "[w]\n" + strings.Repeat("k = (\n", 500), FileMode,
			source.Problem{Kind: source.Limit, Message: "the file has more than 100 syntax errors and the rest was not read"}, 1},
		{"deep expression", "[w]\nk = " + strings.Repeat("(", 20000) + "1\n", LineMode,
			source.Problem{Kind: source.Syntax, Message: "memory exhausted"}, 1},
	}
	for _, tt := range tests {
		f := Parse(&source.File{Name: "/f", Text: tt.text}, tt.mode)
		got := f.Problems[len(f.Problems)-1]
		got.At = source.Span{}
		if got != tt.want || f.Count() != tt.lines {
			t.Errorf("%s: %+v and %d lines, want %+v and %d", tt.name, got, f.Count(), tt.want, tt.lines)
		}
	}
}
