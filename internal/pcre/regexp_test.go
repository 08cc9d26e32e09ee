package pcre

import (
	"strings"
	"testing"
)

func TestRegexp(t *testing.T) {
	for _, test := range []struct {
		text     string
		caseless bool
		matches  string // "" if package regexp may not run it
	}{
		{`\.php$`, false, "index.php"},
		{`\.php$`, true, "INDEX.PHP"},
		{`^/(?:a|ab)(?<name>c)`, false, "/abc"},
		{`(?i)\.PHP`, false, "x.php"},
		{`(?=a)`, false, ""},
		{`(?<=a)b`, false, ""},
		{`(?<!a)b`, false, ""},
		{`(a)\1`, false, ""},
		{`é`, false, ""},
		{`a\`, false, ""},
		{`a{,2}`, false, ""},
		{`[a--b]`, false, ""},
		{`[a&&b]`, false, ""},
		{`(`, false, ""},
		{strings.Repeat("a", MaxRegexp+1), false, ""},
	} {
		re := Regexp(test.text, test.caseless)
		switch {
		case test.matches == "" && re != nil:
			t.Errorf("%q became %s", test.text, re)
		case test.matches != "" && (re == nil || !re.MatchString(test.matches)):
			t.Errorf("%q became %v, which does not match %s", test.text, re, test.matches)
		}
	}
}
