package expression

import (
	"strings"
	"testing"
)

// brought are names of a module.
var brought = Names{
	Variable: func(name string) bool { return strings.HasPrefix(name, "SSL_") },
	Function: func(name string) bool { return name == "SSL" },
	List:     func(name string) bool { return name == "PeerExtList" },
}

// The words of httpd, measured on Apache 2.4.71; it may add what it expected.
func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		"proxy:unix:/a|fcgi://b":      "",
		"a%b}c$1$":                    "",
		"%{HTTP_HOST}":                "",
		"%{https}":                    "",
		"%{SSL_PROTOCOL}":             "",
		"a%{reqenv:X}b":               "",
		"%{req:%{HTTP_HOST}}":         "",
		"%{tolower:a'b}":              Jammed,
		`\101\\\t\x`:                  "",
		`a\`:                          "",
		`\400`:                        "Escape sequence out of bound",
		`\8`:                          "Bad escape sequence",
		`\1234`:                       "Bad escape sequence",
		"a\nb":                        "Unterminated string or variable",
		"%{a":                         "syntax error, unexpected T_ERROR, expecting T_VAR_END or ':': Unterminated string or variable",
		"%{a.b}":                      "syntax error, unexpected T_ERROR, expecting T_VAR_END or ':': Invalid character in variable name '.'",
		"%{_a}":                       "syntax error, unexpected T_ERROR, expecting T_ID: Invalid character in variable name '_'",
		"%{}":                         "syntax error, unexpected T_VAR_END, expecting T_ID",
		"%{:a}":                       "syntax error, unexpected ':', expecting T_ID",
		"%{req:}":                     "syntax error, unexpected T_VAR_END",
		"%{req:a":                     "Unterminated string or variable",
		"%{none}":                     "Variable 'none' does not exist",
		"%{none:a}":                   "Function 'none' does not exist",
		strings.Repeat("%{req:", 9e3): "", // too long to be judged
	} {
		judge(t, Text(text, brought), text, want)
	}
}

func TestCondition(t *testing.T) {
	for text, want := range map[string]string{
		"true":                                   "",
		"not true or false && (! true)":          "",
		"%{HTTP_HOST} == 'a'":                    "",
		"%{HTTP_HOST} -strmatch '*.a'":           "",
		"%{REQUEST_URI} =~ m#^/a#i && true":      "",
		"%{REQUEST_URI} !~ /(?<n>a)(?<n>b)/":     "",
		"'a' in { 'b', \"c%{HTTP_HOST}\" }":      "",
		"'a' in PeerExtList('x')":                "",
		"-f '/x' || -n osenv('B')":               "",
		"1 -eq 2 . $0":                           "",
		"android('x') == 'y'":                    "Function 'android' does not exist",
		"":                                       "syntax error, unexpected $end",
		"foo":                                    "syntax error, unexpected $end",
		"true true":                              "syntax error, unexpected T_TRUE",
		"(true":                                  "syntax error, unexpected $end",
		"%{HTTP_HOST} == a.b":                    "syntax error, unexpected T_OP_CONCAT",
		"%{HTTP_HOST} == 'a' & true":             "syntax error, unexpected T_ERROR",
		"%{HTTP_HOST} == 'a":                     "Unterminated string or variable",
		"%{HTTP_HOST} =~ '/a/'":                  "syntax error, unexpected T_STR_BEGIN",
		"%{HTTP_HOST} =~ /a":                     "syntax error, unexpected $end",
		"%{HTTP_HOST} =~ /a/ix":                  "syntax error, unexpected T_ID",
		"%{HTTP_HOST} =~ /(/":                    "Failed to compile regular expression",
		"-y '/x'":                                "Unary operator '-y' does not exist",
		"'a' -foo 'b'":                           "Binary operator '-foo' does not exist",
		"'a' in foo('x')":                        "List-returning function 'foo' does not exist",
		"m_a == 1":                               "syntax error, unexpected T_OP_STR_EQ",
		"'a' in { 'b' 'c' }":                     "syntax error, unexpected T_STR_BEGIN",
		strings.Repeat("(", 2000) + "true":       "", // too deep to be judged
		strings.Repeat("! ", 2000) + "true true": "",
	} {
		judge(t, Condition(text, brought), text, want)
	}
}

func judge(t *testing.T, m *Mistake, text, want string) {
	t.Helper()
	got := ""
	if m != nil {
		got = m.Log
		if m.Plain == "" || m.Unknown != strings.HasSuffix(m.Log, "does not exist") {
			t.Errorf("%.60q: %+v", text, m)
		}
	}
	if got != want {
		t.Errorf("%.60q: got %q, want %q", text, got, want)
	}
}

// A name that no module is known to bring is unknown without Names too.
func TestNoNames(t *testing.T) {
	if m := Text("%{SSL_X}", Names{}); m == nil || !m.Unknown {
		t.Errorf("got %+v", m)
	}
}

func FuzzCondition(f *testing.F) {
	for _, text := range []string{"true", "%{HTTP_HOST} =~ m#a#i", "'a' in { 'b' }", `"\8%{req:%{a}}"`, "-f '", "%{:}", "m"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, m := range []*Mistake{Text(text, Names{}), Condition(text, brought)} {
			if m != nil && (m.Log == "" || m.Plain == "") {
				t.Errorf("%q: %+v", text, m)
			}
		}
	})
}
