package firewall

import (
	"strings"
	"testing"
)

// input is a file whose base chain has a policy to drop and these rules.
func input(rules ...string) string {
	return "flush ruleset\ntable inet filter {\n\tset cf {\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\telements = { 10.0.0.0/8,\n\t\t\t192.0.2.1-192.0.2.9 comment \"x\" }\n\t}\n" +
		"\tset empty { type ipv4_addr; }\n\tset seen { type ipv4_addr; flags dynamic, timeout; timeout 1h; elements = { 10.0.0.1 } }\n" +
		"\tchain web {\n\t\tip saddr 11.0.0.0/8 return\n\t\taccept\n\t}\n" +
		"\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t\t" + strings.Join(rules, "\n\t\t") + "\n\t}\n}\n"
}

func TestNFT(t *testing.T) {
	check(t, NFTables, "10.1.0.0/16", []question{
		{"", "accepted"},
		{input(), "dropped"},
		{input("accept"), "accepted"},
		{input("reject with tcp reset"), "rejected"},
		{input("ip saddr 10.0.0.0/8 tcp dport 443 counter packets 1 bytes 2 accept comment \"web; {\""), "accepted"},
		{input("ip saddr != { 10.0.0.0/8, 11.0.0.0/8 } accept"), "dropped"},
		{input("ip saddr @cf tcp dport { 80, https } accept"), "accepted"},
		{input("ip6 saddr ::/0 accept", "meta nfproto ipv6 accept", "udp dport 443 accept", "icmp type echo-request accept"), "dropped"},
		{input("ct state established,related accept", "ct state invalid drop", "iif lo accept", `iifname "lo" accept`), "dropped"},
		{input("ct state vmap { established : accept, new: jump web, invalid : drop }"), "accepted"},
		{input("tcp dport vmap { 80 : drop, 400-500 : accept }"), "accepted"},
		{input("tcp dport != 443 accept", "tcp dport < 443 accept", "tcp dport > 443 accept", "tcp dport 444-500 accept"), "dropped"},
		{input("tcp dport >= 443 tcp dport <= 443 accept"), "accepted"},
		{input("iifname != lo meta l4proto { tcp, udp } ct state new log prefix \"x \" flags all accept"), "accepted"},
		{input("tcp flags & (fin|syn|rst|ack) == syn accept"), "accepted"},
		{input("tcp flags & (fin|syn|rst|ack) != syn accept", "tcp flags ack accept"), "dropped"},
		{input("fib daddr type local accept"), "accepted"},
		{input("meta l4proto { icmp, ipv6-icmp } accept", "ip protocol 17 accept"), "dropped"},
		{input("meta l4proto 1-10 accept"), "unknown: the rule depends on meta l4proto"},
		{input("meta mark set 1", "ip saddr 10.0.0.0/8 goto web"), "accepted"},
		{"define cf = { 10.0.0.0/9, 10.128.0.0/9 }\ndefine web = 443\n" + input("ip saddr { $cf, 11.0.0.0/8 } tcp dport $web accept"), "accepted"},
		{"table inet filter { chain a { type filter hook input priority 0; policy drop; }; }\ndelete table inet filter\n", "accepted"},
		{"table ip t { chain f { type filter hook forward priority 0; policy drop; }; chain n { type nat hook postrouting priority 100; masquerade; }; }", "accepted"},
		{"table ip t { flags dormant; chain f { type filter hook input priority 0; policy drop; }; }", "accepted"},
		// Each base chain has to accept, that of the lower priority first.
		{"table ip t { chain a { type filter hook input priority 10; reject; }; chain b { type filter hook input priority -10; policy drop; }; }", "dropped"},
		{"table ip t { chain a { type filter hook input priority filter - 1; accept; }; chain b { type filter hook prerouting priority mangle; ip saddr 10.0.0.0/8 drop; }; }", "dropped"},
		// The kernel tracks connections from priority -200 on.
		{"table ip t { chain a { type filter hook prerouting priority raw; policy drop; ct state new accept; }; }", "dropped"},
		{"table ip t { chain a { type filter hook prerouting priority mangle; policy drop; ct state new accept; }; }", "accepted"},
	})
}

func TestDoubtsOfNFT(t *testing.T) {
	check(t, NFTables, "10.1.0.0/16", []question{
		{input("limit rate 10/second burst 5 packets accept"), "unknown: the rule depends on limit"},
		{input("limit rate over 10 mbytes/second drop"), "dropped"},
		{input("udp dport 53 limit rate 10/second accept"), "dropped"},
		{input("limit rate 10/second udp dport 53 accept"), "dropped"},
		{input("iifname \"eth0\" accept"), "unknown: the rule depends on the network interface"},
		{input("iifname \"eth0\" drop", "drop"), "dropped"},
		{input("ip daddr 192.0.2.1 accept"), "unknown: the rule depends on ip daddr"},
		{input("ip6 daddr 2001:db8::1 accept"), "dropped"},
		{input("ip saddr @empty accept"), "unknown: the elements of the set empty are not in the file"},
		{input("ip saddr @seen accept"), "unknown: the elements of the set seen change"},
		{input("ip saddr @none accept"), "unknown: the set none is missing"},
		{input("ip saddr . tcp dport { 10.0.0.1 . 443 } accept"), "unknown: the rule depends on ip"},
		{input("ct mark & 1 == 1 accept", "accept"), "accepted"},
		{input("tcp option maxseg size set 1360"), "unknown: tcp in the rule is not understood"},
		{input("redirect to :8080"), "unknown: the statement redirect may change what becomes of the connection"},
		{input("tcp dport 80 redirect to :8080"), "dropped"},
		{input("jump missing"), "unknown: the chain missing is missing"},
		{input("add @seen { ip saddr limit rate 3/minute } accept"), "unknown: the rule depends on add"},
		{"table netdev t { chain a { type filter hook ingress device eth0 priority 0; policy drop; }; }", "unknown: the chain a sees only packets of some network interfaces"},
		{"table netdev t { chain a { type filter hook ingress device eth0 priority 0; ip saddr 11.0.0.0/8 drop; }; }", "accepted"},
		{"include \"/etc/x.nft\"\n" + input("accept"), "unknown: another file is included"},
		{"add rule inet filter input accept\n", "unknown: the command add is not read"},
		{input("accept") + "}", "unknown: a brace closes nothing"},
		{"table inet t {", "unknown: a brace is not closed"},
		{input("tcp dport $web accept"), "unknown: the variable \"$web\" is not defined, or holds too much"},
		{"table ip t { chain a { type filter hook input priority $p; }; }", "unknown: the variable \"$p\" is not defined, or holds too much"},
		{"table ip t { chain a { type filter hook input priority often; }; }", "unknown: the priority of the chain is not understood"},
	})
}
