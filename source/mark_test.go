package source

import (
	"strings"
	"testing"
)

func TestFindMark(t *testing.T) {
	for text, want := range map[string]string{
		"{{ a }}": "{{ a }}", "x {{{ a }}} y": "{{{ a }}}", "{{#a}}": "{{#a}}!", "{{- if .X }}": "{{- if .X }}!", "{{ ifconfig }}": "{{ ifconfig }}",
		"{% if a %}": "{% if a %}!", "{# a #}": "{# a #}!", "{{": "{{!", "<% a": "<%!", "{{ a\n}}": "{{!",
		"<%= a %>": "<%= a %>", "<% end %>": "<% end %>!", "<?= $a ?>": "<?= $a ?>", "<?php echo $a; ?>": "<?php echo $a; ?>", "<?php if ($a): ?>": "<?php if ($a): ?>!",
		"[% a %]": "[% a %]", "[% IF a %]": "[% IF a %]!", "[%PORT%]": "%PORT%", "[[a]]": "[[a]]", "[[:alpha:]]": "", "[::]:80": "", "[[ a ]]": "[[ a ]]",
		"{$a}": "{$a}", "%{a}": "%{a}", "#{a.b}": "#{a.b}", "{a}": "{a}", "${a}": "", "a{1,2}": "", `\p{Lu}`: "", "{}": "", `{"a":"b"}`: "",
		"<HOST>": "<HOST>", "<your-host>": "<your-host>", "<body>": "", "(?<name>a)": "", "(?P<name>a)": "", `\k<name>`: "", "a < b > c": "",
		"((A))": "((A))", "((a|b))": "", "##A##": "##A##", "## A ##": "", "####": "", "@@A@@": "@@A@@", "a@b.example": "", "@A_B@": "@A_B@",
		"%A_B%": "%A_B%", "%%A%%": "%%A%%", "/%E2%82%AC": "", "%R %m%r%Q": "", "%{ms}d %{a}e": "", "__a__": "__a__", "a_b": "", "__": "",
		"!A!": "!A!", "!-f": "", "~a~": "~a~", `~ ^/a~b`: "", "%(a)s": "%(a)s", "${A:-8}": "${A:-8}", "$uri": "",
		"${A:?b}": "${A:?b}", "${a.b}": "${a.b}", `${lookup(a, "b")}`: `${lookup(a, "b")}`, "${a[0].b}": "${a[0].b}", "${a-b}": "", "${a:b}": "", "${.a}": "", "^/a(b|c$)": "",
		"$(A)": "$(A)", "a$(b|c)": "", "@a_b@": "@a_b@", "$uri @a @b": "", "a@b.c, d@e.f": "", "": "",
	} {
		got := ""
		if m, ok := FindMark(text, 0); ok {
			if got = text[m.Start:m.End]; m.Control {
				got += "!"
			}
		}
		if got != want {
			t.Errorf("FindMark(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestMarkBounds looks for marks where every byte may start one.
func TestMarkBounds(t *testing.T) {
	for _, sign := range []string{"{{", "<%", "#", "_", "{", "%(", "$", "[["} {
		text := strings.Repeat(sign, 1<<16)
		for from := 0; from < len(text); {
			m, ok := FindMark(text, from)
			if !ok {
				break
			}
			from = m.End
		}
	}
}

func TestStub(t *testing.T) {
	for text, want := range map[string]bool{
		"APP_PROXY_HOST": true, "USER-NAME": true, "http://APP_HOST:8080": true, "unix:/run/SITE_NAME.sock": true, "127.0.0.1:PHP_PORT": true,
		"PORT": false, "app_host": false, "10M": false, "_": false, "A_": false, "a-b": false, "": false, "blog.example": false, "TLSv1.2": false,
	} {
		if got := Stub(text); got != want {
			t.Errorf("Stub(%q) = %t, want %t", text, got, want)
		}
	}
}
