package firewall

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

func file(name, text string) *source.File { return &source.File{Name: name, Real: name, Text: text} }

// told is the answers in one line: a prefix that is decided in parts has the addresses of each.
func told(r *Rules, prefix string, port uint16) string {
	var all []string
	answers := r.Answers(netip.MustParsePrefix(prefix), port)
	for _, a := range answers {
		text := a.Verdict.String()
		if len(answers) > 1 {
			text = fmt.Sprintf("%s-%s %s", a.First, a.Last, text)
		}
		if a.Why != "" {
			text += ": " + a.Why
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

// question is one about a file, and its answer.
type question struct{ text, want string }

func check(t *testing.T, kind Kind, prefix string, questions []question) {
	t.Helper()
	for _, q := range questions {
		if got := told(Parse(kind, file("/f", q.text)), prefix, 443); got != q.want {
			t.Errorf("%s\n got %s\nwant %s", q.text, got, q.want)
		}
	}
}

// The place of an answer is the rule or the policy that decides.
func TestPlaces(t *testing.T) {
	for _, test := range []struct {
		kind               Kind
		text, prefix, want string
	}{
		{IPTables, "*filter\n:INPUT DROP [0:0]\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n", "10.1.0.0/16", "-A INPUT -s 10.0.0.0/8 -j ACCEPT"},
		{IPTables, "*filter\n:INPUT DROP [0:0]\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n", "192.0.2.0/24", ":INPUT DROP [0:0]"},
		{NFTables, "table inet t {\n chain c {\n  type filter hook input priority 0; policy drop;\n  ip saddr 10.0.0.0/8 tcp dport { 80,\n 443 } accept # web\n }\n}\n", "10.1.0.0/16", "ip saddr 10.0.0.0/8 tcp dport { 80,\n 443 } accept"},
		{NFTables, "table inet t {\n chain c {\n  type filter hook input priority 0; policy drop;\n }\n}\n", "10.1.0.0/16", "policy drop"},
		{NFTables, "table inet t {\n chain c {\n  type filter hook input priority 0; policy drop;\n iif eth0 accept\n }\n}\n", "10.1.0.0/16", "iif eth0 accept"},
		{NFTables, "", "10.1.0.0/16", ""},
		{IPTables, "*filter\n-A INPUT\n", "10.1.0.0/16", ""},
		{NFTables, "include \"/etc/nftables/*.nft\"\n", "10.1.0.0/16", "include \"/etc/nftables/*.nft\""},
	} {
		a := Parse(test.kind, file("/f", test.text)).Answers(netip.MustParsePrefix(test.prefix), 443)
		if len(a) != 1 || a[0].At.Text() != test.want {
			t.Errorf("%s\n got %v\nwant %q", test.text, a, test.want)
		}
	}
}

// A prefix that a rule matches in part has an answer for each part.
func TestParts(t *testing.T) {
	text := "*filter\n:INPUT DROP [0:0]\n-A INPUT -s 10.0.0.0/25,10.0.0.200 -j ACCEPT\n-A INPUT -s 10.0.0.128/26 -j REJECT\nCOMMIT\n"
	for prefix, want := range map[string]string{
		"10.0.0.0/24":   "10.0.0.0-10.0.0.127 accepted; 10.0.0.128-10.0.0.191 rejected; 10.0.0.192-10.0.0.199 dropped; 10.0.0.200-10.0.0.200 accepted; 10.0.0.201-10.0.0.255 dropped",
		"10.0.0.64/26":  "accepted",
		"10.0.0.200/32": "accepted",
		"0.0.0.0/0":     "0.0.0.0-9.255.255.255 dropped; 10.0.0.0-10.0.0.127 accepted; 10.0.0.128-10.0.0.191 rejected; 10.0.0.192-10.0.0.199 dropped; 10.0.0.200-10.0.0.200 accepted; 10.0.0.201-255.255.255.255 dropped",
		"2001:db8::/32": "unknown: no file has the rules for IPv6",
	} {
		if got := told(Parse(IPTables, file("/f", text)), prefix, 443); got != want {
			t.Errorf("%s\n got %s\nwant %s", prefix, got, want)
		}
	}
}

// A connection has to be accepted by the files of both families and programs.
func TestJoin(t *testing.T) {
	v4 := Parse(IPTables, file("/4", "*filter\n:INPUT DROP\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n"))
	v6 := Parse(IP6Tables, file("/6", "*filter\n:INPUT ACCEPT\nCOMMIT\n"))
	nft := Parse(NFTables, file("/n", "table ip t { chain c { type filter hook input priority 0; ip saddr 10.1.0.0/16 reject; }; }"))
	joined := Join(v4, nil, v6, nft)
	for prefix, want := range map[string]string{
		"10.0.0.0/16": "accepted", "10.1.0.0/16": "rejected", "11.0.0.0/8": "dropped", "2001:db8::/32": "accepted",
	} {
		if got := told(joined, prefix, 80); got != want {
			t.Errorf("%s: got %s, want %s", prefix, got, want)
		}
	}
	if got := told(Join(), "10.0.0.0/8", 80); got != "unknown: no file has the rules for IPv4" {
		t.Error(got)
	}
	if got := v4.Answers(netip.Prefix{}, 80); got != nil {
		t.Errorf("the invalid prefix has the answers %v", got)
	}
}

func TestKindOf(t *testing.T) {
	for path, want := range map[string]string{
		"/etc/iptables/rules.v4": "0 true", "/etc/sysconfig/ip6tables": "1 true", "/etc//nftables.conf": "2 true", "/etc/ufw/user.rules": "0 false",
	} {
		kind, ok := KindOf(path)
		if got := fmt.Sprint(kind, ok); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"10.1.2.3/8": "10.0.0.0-10.255.255.255", "10.0.0.0/255.255.254.0": "10.0.0.0-10.0.1.255", "10.0.0.1": "10.0.0.1-10.0.0.1",
		"10.0.0.1-10.0.0.9": "10.0.0.1-10.0.0.9", "2001:db8::/126": "2001:db8::-2001:db8::3", "2001:db8::/ffff::": "2001::-2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		"0.0.0.0/0": "0.0.0.0-255.255.255.255", "10.0.0.0/255.0.255.0": "", "10.0.0.9-10.0.0.1": "", "10.0.0.1-::1": "", "fe80::1%eth0": "", "a.example": "", "": "", "10.0.0.0/33": "", "-": "",
	} {
		got := ""
		if i, ok := parseInterval(text); ok {
			got = i.first.String() + "-" + i.last.String()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// Sets of addresses are compared with sets of bytes, one address each.
func TestSets(t *testing.T) {
	set := func(bits int) (all addresses) {
		var list []interval
		for i := range 8 {
			if bits&(1<<i) != 0 {
				a := netip.AddrFrom4([4]byte{255, 255, 255, byte(248 + i)})
				list = append(list, interval{a, a})
			}
		}
		return union(list)
	}
	for a := range 256 {
		for b := 0; b < 256; b += 5 {
			both, only := fmt.Sprint(set(a).intersect(set(b))), fmt.Sprint(set(a).minus(set(b)))
			if want := fmt.Sprint(set(a & b)); both != want {
				t.Fatalf("%08b and %08b: got %s, want %s", a, b, both, want)
			}
			if want := fmt.Sprint(set(a &^ b)); only != want {
				t.Fatalf("%08b without %08b: got %s, want %s", a, b, only, want)
			}
		}
	}
}
