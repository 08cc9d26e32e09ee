package nginx

import (
	"strings"
	"testing"
)

func TestDecode(t *testing.T) {
	for _, row := range []struct{ written, want string }{
		{`a\.b`, `a\.b`},
		{`"a\\\"b"`, `a\"b`},
		{`'it\'s'`, `it's`},
		{`a\tb\rc\nd`, "a\tb\rc\nd"},
		{`\\n`, `\n`},
		{`\;\{\ x`, `\;\{\ x`},
		{`""`, ``},
		{`"'"`, `'`},
		{`\"a`, `"a`},
	} {
		var got string
		for d := range parse("x " + row.written + ";").Directives() {
			got = d.Arg(0).String()
		}
		if got != row.want {
			t.Errorf("%s is read as %q, want %q", row.written, got, row.want)
		}
	}
}

// longTokens have about the size of nginx's buffer; the problem is the error that
// both report, or "".
var longTokens = []struct{ name, text, problem string }{
	{"word and semicolon, fits", "t " + rep("a", 4095) + ";", ""},
	{"word and semicolon", "t " + rep("a", 4096) + ";", "started"},
	{"word and blank, fits", "t " + rep("a", 4094) + " ;", ""},
	{"word and blank", "t " + rep("a", 4095) + "\n;", "started"},
	{"string and semicolon, fits", `t "` + rep("a", 4094) + `";`, ""},
	{"string and semicolon", `t "` + rep("a", 4095) + `";`, "started"},
	{"string and blank, fits", `t '` + rep("a", 4093) + `' ;`, ""},
	{"string and blank", `t '` + rep("a", 4094) + "'\n\n;", "started"},
	{"string", `t "` + rep("a", 4096) + `";`, `missing terminating """`},
	{"string over lines", "\nt '" + rep("a\n", 3000) + `';`, `missing terminating "'"`},
	{"word with escapes", `t ` + rep(`\;`, 2048) + `;`, "started"},
	{"comment, fits", "#" + rep("c", 4094) + "\nt a;", ""},
	{"comment", "\n#" + rep("c", 4095) + "\nt a;", "started"},
	{"blanks never", "t" + rep(" \n", 5000) + "a;", ""},
}

func rep(s string, n int) string { return strings.Repeat(s, n) }

func TestLongTokens(t *testing.T) {
	for _, row := range longTokens {
		got := dumpProblems(parse("u v; " + row.text))
		switch {
		case row.problem == "" && got != "":
			t.Errorf("%s: got %s", row.name, got)
		case row.problem != "" && !strings.Contains(got, "too long parameter"), strings.Contains(got, "\n"):
			t.Errorf("%s: got %q, want one problem", row.name, got)
		case strings.HasPrefix(row.problem, "missing") && !strings.Contains(got, row.problem):
			t.Errorf("%s: got %s, want %s", row.name, got, row.problem)
		}
	}
	// The string is only too long; the text after it is still read.
	check(t, `u v; t "`+rep("a", 5000)+`" b; w;`, `u v; t `+rep("a", 5000)+` b; w;`,
		`1:8 too long parameter, probably missing terminating """ character`)
}

func TestLongTokensByNginx(t *testing.T) {
	s := realServer(t)
	frame := frames["types"]
	for _, row := range longTokens {
		text := frame[0] + row.text + frame[1]
		got, _ := s.syntax(t, text)
		if (got == "") != (row.problem == "") || !strings.Contains(got, row.problem) {
			t.Errorf("%s: nginx says %q, want %q", row.name, got, row.problem)
		}
		ours, _, _ := strings.Cut(dumpProblems(parse(text)), ":")
		if line, _, _ := strings.Cut(got, " "); ours != line {
			t.Errorf("%s: our first problem is on line %q, nginx's on line %q", row.name, ours, line)
		}
	}
}

func TestVariables(t *testing.T) {
	type parts []Part
	for _, row := range []struct {
		value string
		want  parts
		has   bool
	}{
		{"", nil, false},
		{"/app", parts{{"/app", ""}}, false},
		{"$uri", parts{{"$uri", "uri"}}, true},
		{"/a${host}b$1c", parts{{"/a", ""}, {"${host}", "host"}, {"b", ""}, {"$1", "1"}, {"c", ""}}, true},
		{"$12", parts{{"$1", "1"}, {"2", ""}}, true},
		{"$0x", parts{{"$0x", "0x"}}, true},
		{"${1}", parts{{"${1}", "1"}}, true},
		{"$a$b", parts{{"$a", "a"}, {"$b", "b"}}, true},
		{"$a_B9.php", parts{{"$a_B9", "a_B9"}, {".php", ""}}, true},
		{"a$", parts{{"a$", ""}}, true},
		{"$-a", parts{{"$-a", ""}}, true},
		{"${a", parts{{"${a", ""}}, true},
		{"${}x", parts{{"${}x", ""}}, true},
		{"${a-b}$c", parts{{"${a-b}", ""}, {"$c", "c"}}, true},
		{"$$a", parts{{"$", ""}, {"$a", "a"}}, true},
	} {
		var got parts
		for p := range Variables(row.value) {
			got = append(got, p)
		}
		if len(got) != len(row.want) {
			t.Errorf("%q is split into %q, want %q", row.value, got, row.want)
			continue
		}
		for i := range got {
			if got[i] != row.want[i] {
				t.Errorf("%q is split into %q, want %q", row.value, got, row.want)
			}
		}
		if HasVariable(row.value) != row.has {
			t.Errorf("HasVariable(%q) is %v", row.value, !row.has)
		}
	}
}
