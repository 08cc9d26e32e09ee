package firewall

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/source"
)

// The answers for a prefix are the whole of it, in order, and lie in the file.
func FuzzParse(f *testing.F) {
	f.Add(uint8(0), filter("-A INPUT -s 10.0.0.0/8,11.0.0.0/8 -p tcp -m multiport --dports 80,443 -j web", "-A web -m limit --limit 1/s -j RETURN", "-A web -g more"))
	f.Add(uint8(1), filter("-A INPUT ! -s 2001:db8::/33 -p tcp --tcp-flags ALL SYN -j REJECT"))
	f.Add(uint8(2), input("ip saddr { 10.0.0.0/8, 11.0.0.1-11.0.0.9 } tcp dport vmap { 80 : accept, 443 : jump web }", "ct state new tcp flags & (syn|ack) == syn limit rate 1/second reject"))
	f.Add(uint8(2), "define a = { 1.2.3.4, }\ndefine b = { $a, $a }\n"+input("ip saddr != $b log prefix \"x\" fib daddr . iif type local goto web"))
	f.Add(uint8(3), "ENABLED=yes\nIPV6=yes\nDEFAULT_INPUT_POLICY='DROP'\n")
	f.Fuzz(func(t *testing.T, kind uint8, text string) {
		if len(text) > 8<<10 {
			return
		}
		in := file("/f", text)
		r := fuzzed(kind, in)
		for _, prefix := range []string{"10.0.0.0/7", "2001:db8::/32", "0.0.0.0/0", "::/0"} {
			p := netip.MustParsePrefix(prefix)
			whole(t, in, intervalOf(p), r.Answers(p, 443))
		}
		for _, c := range in.Comments {
			if c.Start > c.End || int(c.End) > len(text) {
				t.Errorf("%q: the comment %v lies outside the text", text, c)
			}
		}
	})
}

func fuzzed(kind uint8, in *source.File) *Rules {
	if kind%4 == 3 {
		rules := UFWRules{in, in, in}
		return ParseUFW(UFW{in, in, rules, rules})
	}
	return Parse(Kind(kind%4), in)
}

func whole(t *testing.T, in *source.File, all interval, answers []Answer) {
	next := all.first
	for _, a := range answers {
		if a.First != next || a.Last.Compare(a.First) < 0 {
			t.Fatalf("%q: the answers %v have a gap before %s", in.Text, answers, a.First)
		}
		next = a.Last.Next()
		if (a.Why != "") != (a.Verdict == Unknown) {
			t.Errorf("%q: the answer %v, and why it is unknown", in.Text, a)
		}
		if at := a.At; at.Start > at.End || int(at.End) > len(in.Text) || at.File != nil && at.File != in {
			t.Errorf("%q: the place of %v lies outside the text", in.Text, a)
		}
	}
	if len(answers) == 0 || answers[len(answers)-1].Last != all.last {
		t.Fatalf("%q: the answers %v are not the whole of %v", in.Text, answers, all)
	}
}

// Hostile files of the greatest size are read in bounded time.
func TestLimits(t *testing.T) {
	fill := func(part string) string { return strings.Repeat(part, (maxText-500)/len(part)) }
	many := func(n int, text string) string { return strings.Repeat(text, n) }
	big := "table ip t { set s { type ipv4_addr; elements = { " + strings.Repeat("10.0.0.1, 10.0.2.9, ", 20000) + "} }\n"
	base := "chain i { type filter hook input priority 0; "
	for name, test := range map[string]struct {
		kind Kind
		text string
	}{
		"rules":      {IPTables, filter(fill("-A INPUT -j web\n"))},
		"insertions": {IPTables, filter(fill("-I INPUT -j LOG\n"))},
		"tables":     {IPTables, fill("*a\nCOMMIT\n")},
		"chains":     {IPTables, "*filter\n" + fill(":a -\n") + "COMMIT\n"},
		"sources":    {IPTables, filter("-A INPUT -s " + fill("10.0.0.1,") + "10.0.0.2 -j ACCEPT")},
		"parts":      {IPTables, filter(fill("-A INPUT -s 10.0.0.0/25 -i e -j DROP\n-A INPUT -s 10.0.0.64/25 -i e -j ACCEPT\n"))},
		"options":    {IPTables, filter("-A INPUT " + fill("! -s 10.0.0.1 "))},
		"jumps":      {IPTables, filter(many(30, "-A INPUT -j web\n") + many(30, "-A web -j more\n") + many(30, "-A more -j INPUT\n"))},
		"braces":     {NFTables, fill("{")},
		"blocks":     {NFTables, fill("table a {")},
		"statements": {NFTables, fill("table a;")},
		"nft chains": {NFTables, "table a {" + fill("chain a{}\n") + "}"},
		"used sets":  {NFTables, big + base + many(20000, "ip saddr != @s drop;") + "} }"},
		"conditions": {NFTables, big + base + "ip saddr @s " + many(20000, "ip saddr != 1.1.1.1 ") + "drop; } }"},
		"maps":       {NFTables, "table ip t {" + base + fill("tcp dport vmap { 1 : drop, 2 : jump i };") + "} }"},
		"variables":  {NFTables, "define a = { 1, 2 }\n" + fill("define b = { $a, $a }\nundefine a\n")},
		"strange":    {NFTables, "table ip t {" + base + fill("( jump a ") + "} }"},
		"too large":  {NFTables, fill(" ") + many(1000, " ")},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			in := file("/f", test.text)
			r := Parse(test.kind, in)
			p := netip.MustParsePrefix("10.0.0.0/8")
			whole(t, in, intervalOf(p), r.Answers(p, 443))
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("took %s", d)
			}
		})
	}
}
