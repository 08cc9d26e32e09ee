//go:build linux

package lab

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wp502lint/wp502lint/internal/pcre"
	"github.com/wp502lint/wp502lint/servers"
)

// The expressions of TestExpressions: the same each time.
const (
	expressionSeed = 502
	expressions    = 2000
)

// TestExpressions compares what package pcre says about generated expressions, sound and
// broken ones, with what nginx -t says. Nothing that nginx takes may be refused.
func TestExpressions(t *testing.T) {
	t.Parallel()
	programs := needServers(t)
	q := &questioner{nginx: programs[len(programs)-1].Nginx.Path}
	r := rand.New(rand.NewPCG(expressionSeed, 0))
	texts := map[string]bool{}
	for len(texts) < expressions {
		if text := expression(r); text != "" {
			texts[text] = true
		}
	}
	all := slices.Sorted(maps.Keys(texts))
	var mu sync.Mutex
	missed, refused, found := map[string][]string{}, 0, 0
	err := ForEach(len(all), func(i int) error {
		text := all[i]
		says, err := q.askExpression(text)
		if err != nil {
			return err
		}
		p := pcre.Parse(text)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case says == "" && p.Refused+p.OnlyPCRE2 != "":
			t.Errorf("nginx takes %q, and pcre refuses it: %s", text, p.Refused+p.OnlyPCRE2)
		case says != "" && p.Refused+p.OnlyPCRE2 == "":
			refused++
			missed[says] = append(missed[says], text)
		case says != "":
			refused++
			found++
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d expressions, nginx refuses %d, pcre finds %d of them", len(all), refused, found)
	for _, says := range slices.Sorted(maps.Keys(missed)) {
		t.Logf("missed %d times: %s, such as %q", len(missed[says]), says, slices.Min(missed[says]))
	}
	if found < len(all)/2 {
		t.Error("pcre finds too few")
	}
}

// askExpression returns what nginx -t says about an expression, "" if it takes it.
func (q *questioner) askExpression(text string) (says string, err error) {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text)
	said, err := q.askNginx(strings.Replace(linesIn[servers.NginxServer], "%s", `location ~ "`+quoted+`" {}`, 1))
	if err != nil || said == "" {
		return "", err
	}
	_, says, ok := strings.Cut(said, "compile() failed: ")
	if !ok {
		return "", fmt.Errorf("nginx says about %q: %s", text, said)
	}
	says, _, _ = strings.Cut(says, " in \"")
	return says, nil
}

// parts are what broken expressions consist of, and more of what sound ones do.
const parts = `a b . \d \w \. / - _ 0 1 9 z [ ] [^ [a-z] [z-a] [a-\d] [\d-a] [[:alpha:]] [[:foo:]] [:alpha:] [\w.-] [] ( ) (?: (?= (?! (?<= (?<! (?> (?| (?i) (?x) (?i: (?J) (?n)
	(?s-i) (?z) (?# (?#c) (?<a> (?<b> (?P<c> (?'d' (?P=c) (?P>c) (?&a) (?1) (?R) (?+1) (?-1) (?2) (?(1) (?(a) (?(<a>) (?(?= (?(DEFINE) (?(R) (?C1) (?C300) \1 \2 \9 \10 \12 \77 \400
	\81 \g1 \g{1} \g{-1} \g{a} \g<a> \g'1' \g{ \g \k<a> \k{b} \k'c' \k \b \B \A \z \G \K \R \X \N \N{2} \N{a} \C \h \v \pL \PL \p{L} \p{Greek} \p{Foo} \p{^Lu} \pZ \pQ \p{ \p \x
	\x4 \x41 \x{41} \x{141} \x{ \x{g} \o{101} \o{8} \o \cA \c \e \n \t \j \y \l \L \u \U \F \E \Q \Qa+\E \- \/ \\ \ * + ? *? ++ {2} {2,} {2,3} {3,2} {70000} {,5} {,} {a} {1 { } ^ $
	| || # : = ! < > , ' " & (*F) (*ACCEPT) (*FOO) (*MARK:a) (*MARK) (* é \_`

// expression returns a sound expression, one with a mistake or two, or a heap of parts.
func expression(r *rand.Rand) string {
	words := strings.Fields(parts)
	pick := func() string { return words[r.IntN(len(words))] }
	if r.IntN(3) == 0 {
		var b strings.Builder
		for range 1 + r.IntN(7) {
			b.WriteString(pick())
		}
		return b.String()
	}
	text := sound(r, 0)
	for range r.IntN(3) {
		i := r.IntN(len(text) + 1)
		if r.IntN(2) == 0 || i == len(text) {
			text = text[:i] + pick() + text[i:]
		} else {
			text = text[:i] + text[i+1:]
		}
	}
	return text
}

// sound returns an expression that PCRE takes, but for its references and lookbehinds.
func sound(r *rand.Rand, depth int) string {
	items := strings.Fields(`a b \d \w . [a-z] [^/] \. / - [[:alpha:]] \pL \x41 \Qa+\E \N \h`)
	groups := strings.Fields(`( (?: (?= (?! (?<= (?<! (?> (?i: (?| (?x: (?<n (?P<m`)
	others := strings.Fields(`^ $ \b (?i) \1 \g{-1} (?1) (?R) \k<n1> (?(1)a|b) (?J) (?#c)`)
	quantifiers := strings.Fields(`* + ? {2} {1,3} {2,} *? ++ {0}`)
	one := func(from []string) string { return from[r.IntN(len(from))] }
	var b strings.Builder
	for range 1 + r.IntN(4) {
		switch n := r.IntN(100); {
		case n < 50 || depth > 2:
			b.WriteString(one(items))
		case n < 90:
			open := one(groups)
			if strings.HasSuffix(open, "n") || strings.HasSuffix(open, "m") {
				open = fmt.Sprintf("%s%d>", open, r.IntN(10))
			}
			b.WriteString(open + sound(r, depth+1))
			if r.IntN(2) == 0 {
				b.WriteString("|" + sound(r, depth+1))
			}
			b.WriteString(")")
		default:
			b.WriteString(one(others))
			continue
		}
		if r.IntN(4) == 0 {
			b.WriteString(one(quantifiers))
		}
	}
	return b.String()
}
