package perf

import "strings"

// projects are project files that a stranger wrote to keep a linter busy.
var projects = []struct {
	name string
	text func() string
}{
	{"ignores", func() string {
		return "ignore:\n" + numbered(10_000, "- {rule: WP201, path: \"legacy/#/**\", reason: retired}\n")
	}},
	{"ignores anywhere", func() string {
		return "ignore:\n" + numbered(1000, "- {rule: WP201, path: \"**/#/**\", reason: retired}\n")
	}},
	{"ignores without path", func() string { return "ignore:\n" + strings.Repeat("- {rule: WP201, reason: retired}\n", 20_000) }},
	{"ignores in a line", func() string {
		return "ignore: [" + numbered(10_000, "{rule: WP201, path: \"legacy/#/**\", reason: retired}, ") + "]"
	}},
	{"stars", func() string {
		return "ignore:\n" + numbered(1000, "- {rule: WP201, path: \"#"+strings.Repeat("**/a*/", 50)+"x\", reason: retired}\n")
	}},
	{"stars of all", func() string {
		return "ignore:\n" + numbered(1000, "- {rule: WP201, path: \""+strings.Repeat("**/*/", 50)+"#x\", reason: retired}\n")
	}},
	{"braces", func() string {
		return "ignore:\n- {rule: WP201, path: \"" + strings.Repeat("{a,b,*,**}", 40) + "x\", reason: retired}\n"
	}},
	{"rules", func() string { return "rules:\n" + numbered(50_000, "  WP201: error\n") }},
	{"unknown rules", func() string { return "rules:\n" + numbered(50_000, "  WP2#: error\n") }},
	{"rules of an ignore", func() string {
		return "ignore:\n- rule: [" + strings.Repeat("WP201, ", 100_000) + "]\n  reason: x\n"
	}},
	{"unknown keys", func() string { return numbered(50_000, "key#: error\n") }},
	{"unknown keys in a line", func() string { return "{" + numbered(50_000, "key#: error, ") + "}" }},
	{"entries", func() string { return "nginx: [" + numbered(50_000, "nginx#.conf, ") + "]\n" }},
	{"lists", func() string { return megabyte("[") }},
	{"mappings", func() string { return megabyte("{a: ") }},
	{"dashes", func() string { return megabyte("- ") }},
	{"questions", func() string { return megabyte("? ") }},
	{"lines", func() string { return megabyte("\n") }},
	{"comments", func() string { return megabyte("#\n") }},
	{"text", func() string { return megabyte("a ") }},
	{"quote", func() string { return "root: \"" + megabyte("a") }},
	{"keys", func() string { return megabyte("a: b\n") }},
	{"anchors", func() string { return megabyte("- &a b\n") }},
	{"aliases", func() string {
		text := "a: &a [x, x]\n"
		for i := range 40 {
			text += strings.ReplaceAll("k#: &b# [*p, *p]\n", "#", string(rune('A'+i)))
			if i == 0 {
				text = strings.ReplaceAll(text, "*p", "*a")
			} else {
				text = strings.ReplaceAll(text, "*p", "*b"+string(rune('A'+i-1)))
			}
		}
		return text + "ignore: *b" + string(rune('A'+39)) + "\n"
	}},
	{"alias of itself", func() string { return "ignore: &a [*a, *a]\n" }},
	{"alias of ignores", func() string {
		return "ignore: &a\n- {rule: &r [" + strings.Repeat("WP201, ", 10_000) + "], reason: x}\n" + strings.Repeat("- {rule: *r, reason: x}\n", 10_000)
	}},
	{"documents", func() string { return megabyte("---\n") }},
}

// megabyte returns text as often as it fits into a project file.
func megabyte(text string) string { return strings.Repeat(text, (1<<20-1000)/len(text)) }
