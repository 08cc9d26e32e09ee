package pcre

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// refusedByAll are expressions that PCRE 8.39, PCRE2 10.42 and PCRE2 10.47 refuse.
var refusedByAll = []string{
	`a**`, `a*+*`, `a{2}{3}`, `*`, `(|*)`, `^*`, `\b+`, `(?i)*`, `(?x)a * *`, `a(?#c)**`, `{1,2}a`,
	`a{65536}`, `a{3,1}`,
	`[z-a]`, `[`, `[a`, `[]`, `[^]`, `[\]`, `[a-\x20]`, `[[:foo:]]`, `[[.a.]]`, `[:alpha:]`, `[\N]`,
	`(`, `(a`, `a)`, `(?`, `(?:`, `(?#a`, `(?z)`, `(?i-z)`, `(?~a)`, `(?Pa)`,
	`\`, `a\`, `\L`, `\u0041`, `\c`, `\x{100}`, `\400`, `\o`, `\o{8}`,
	`\p`, `\pX`, `\p{Foo}`, `\p{Lu`, `[\p{Foo}]`,
	`(?<1a>x)`, `(?<a-b>c)`, `(?<a`, `(?<a>x)(?<a>y)`, `(?'a'x)(?P<a>y)`, `(?|(?<a>x)|(?<b>y))`,
	`\1`, `(a)\2`, `(a)\g{-2}`, `\g{0}`, `\g{a}`, `\k<a>`, `\k`, `\g`, `(?P=a)`, `(?P>a)`, `(?&a)`, `(?1)`, `(a)(?2)`, `(?-1)`, `(?+0)`,
	`(?<=a+)b`, `(?<!.*x)y`, `(?<=(?:ab*))c`, `(?<=\X)`, `(?<=a{2,})b`,
	`(?(1)a)`, `()(?(1)a|b|c)`, `(?(a)b)`, `(?(DEFINE)a|b)`, `(?(?:a)b)`, `(?(1`,
	`(*FOO)`, `(*foo)`, `(*MARK)`, `a(*UTF8)`, `(?C256)`, `(?R`,
}

// taken are expressions that PCRE2 10.42 takes.
var taken = []string{
	``, `a*+`, `a*?`, `a{2}?`, `(?=a)*`, `(?:)*`, `\Qa\E*`, `\Q(`, `a(?#c)*`, `(?x)a *`, "(?x)a#b)(\nc", `(?R)*`, `\N{2}`,
	`a{,5}`, `a{,5}*`, `a{,5}++`, `a{}`, `a{a}`, `a{1`, `a{ 1 }`, `{a}`, `a{65535}`, `a{99999`,
	`[]]`, `[^]]`, `[\w.-]`, `[a-]`, `[-a]`, `[\d-]`, `[[:^alpha:]]`, `[[:alpha]`, `[\Q]\E]`, `[a-\Qz\E]`, `[\b]`, `[\1]`, `[\g]`, `[\x00-\xff]`,
	`(?i)a(?-i)b`, `(?i-s:a)`, `(?^i)`, `(?xx)`, `(?n)(a)`, `(?|(?<a>x)|(?<a>y))`, `(?J)(?<a>x)(?<a>y)`,
	`\012`, `\10`, `\x`, `\x4`, `\x{ff}`, `\o{377}`, `\cA`, `\_`, `\/`, `\h\H\v\V\R\X\C`,
	`\pL`, `\p{^Lu}`, `\p{Greek}`, `\p{greek}`, `\p{Script=Greek}`, `\p{Any}`,
	`(?<a>b)\k<a>\g{a}(?P=a)(?&a)`, `(a)\1\g1\g{-1}(?1)(?-1)`, `\g<+1>(a)`, `(?+1)(a)`, `\g'0'`,
	`(?<=a|bc)d`, `(?<=a(?=b+))`, `(?<=(?=a)*b)`, `(?<!ab{2})c`,
	`()(?(1)a|b)`, `(?(?=a)b|c)`, `(?(R)a)`, `(?(DEFINE)(?<n>a))(?&n)`,
	`(*UTF8)é+`, `(*UTF)\x{100}`, `(*FAIL)`, `(*MARK:a)`, `a(*ACCEPT)*`, `(*pla:a)`, `(?C255)`,
}

func TestRefusedByAll(t *testing.T) {
	for _, text := range refusedByAll {
		if p := Parse(text); p.Refused == "" || p.OnlyPCRE2 != "" {
			t.Errorf("%s: %+v, want it refused", text, p)
		}
	}
}

func TestTaken(t *testing.T) {
	for _, text := range taken {
		if p := Parse(text); p.Refused != "" || p.OnlyPCRE2 != "" {
			t.Errorf("%s: %q %q, want it taken", text, p.Refused, p.OnlyPCRE2)
		}
	}
}

// PCRE 8.39 takes these, and PCRE2 10.42 refuses them.
func TestOnlyPCRE2(t *testing.T) {
	for _, text := range []string{`\j`, `\i`, `[\A]`, `[\B]`, `[\d-z]`, `[a-\d]`, `[[:digit:]-z]`, `\8`, `\x{}`, `\x{g}`} {
		if p := Parse(text); p.Refused != "" || p.OnlyPCRE2 == "" {
			t.Errorf("%s: %+v, want it refused by PCRE2", text, p)
		}
	}
}

func TestGroups(t *testing.T) {
	for _, test := range []struct {
		text   string
		groups int
		names  string
	}{
		{`a`, 0, ""},
		{`^(.+\.php)(/.+)$`, 2, ""},
		{`(?:a)(b)(?=c)(?<n>d)(?P<m>e)(?'o'f)`, 4, "n m o"},
		{`\(a\)[(](b)`, 1, ""},
		{`(?|(a)|(b)(c))(d)`, 3, ""},
		{`(?n)(a)(?<b>c)`, 1, "b"},
		{`\Q(a)\E(b)`, 1, ""},
		{`(?#(a))(b)`, 0, ""}, // a ) is left
		{`(?x)(a) # (b)`, 1, ""},
	} {
		p := Parse(test.text)
		if p.Sure && (p.Groups != test.groups || !slices.Equal(p.Names, strings.Fields(test.names))) {
			t.Errorf("%s: %d groups %q", test.text, p.Groups, p.Names)
		}
	}
}

// Time is in proportion to the length.
func TestLongExpressions(t *testing.T) {
	const n = 1 << 20
	start := time.Now()
	for _, part := range []string{"(", "[", "[[:", `\Q`, "(?#", "{1", "{1,2}", "(?<a", `\g{`, "(a)", `\1`, "(?:", "[[.[=[:", "(?|", `\p{`, "(*", "a|", "[:", `(?(R`, "(?x)#", "(*F"} {
		Parse(strings.Repeat(part, n/len(part)))
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}

// maxInput is the size in bytes of the largest text that the fuzz target reads.
const maxInput = 4 << 10

func FuzzParse(f *testing.F) {
	for _, text := range slices.Concat(refusedByAll, taken) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxInput {
			return
		}
		p := Parse(text)
		switch {
		case p.Refused != "" && (p.Sure || p.OnlyPCRE2 != ""):
			t.Errorf("%q: %+v is refused and something else", text, p)
		case p.Groups < 0 || p.Groups > len(text) || len(p.Names) > p.Groups:
			t.Errorf("%q: %d groups and %d names", text, p.Groups, len(p.Names))
		}
	})
}
