package firewall

import (
	"strings"
	"testing"
)

// filter is a file whose chain INPUT has a policy to drop and these rules.
func filter(rules ...string) string {
	return "*filter\n:INPUT DROP [0:0]\n:web - [0:0]\n:more - [0:0]\n" + strings.Join(rules, "\n") + "\nCOMMIT\n"
}

func TestIPTables(t *testing.T) {
	check(t, IPTables, "10.1.0.0/16", []question{
		{filter(), "dropped"},
		{filter("-A INPUT -j ACCEPT"), "accepted"},
		{filter("-A INPUT -p tcp -j REJECT --reject-with tcp-reset", "-A INPUT -j ACCEPT"), "rejected"},
		{filter("[1:2] -A INPUT -s 10.0.0.0/8,11.0.0.0/8 -p 6 --dport 443 -j ACCEPT"), "accepted"},
		{filter("-A INPUT ! -s 10.0.0.0/8 -j ACCEPT"), "dropped"},
		{filter("-A INPUT -s 0/0 -p tcp -m multiport --dports 80,400:500 -j ACCEPT"), "accepted"},
		{filter("-A INPUT -p tcp -m tcp ! --dport https -j ACCEPT"), "dropped"},
		{filter("-A INPUT -p udp --dport 443 -j ACCEPT", "-A INPUT -p icmp --icmp-type 8 -j ACCEPT"), "dropped"},
		{filter("-A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT", "-A INPUT -i lo -j ACCEPT"), "dropped"},
		{filter("-A INPUT -m conntrack --ctstate NEW -j ACCEPT"), "accepted"},
		{filter("-A INPUT -m conntrack ! --ctstate INVALID -j ACCEPT"), "accepted"},
		{filter("-A INPUT ! -i lo -p tcp --syn -j ACCEPT"), "accepted"},
		{filter("-A INPUT -p tcp ! --syn -j ACCEPT", "-A INPUT -p tcp --tcp-flags ALL NONE -j ACCEPT"), "dropped"},
		{filter(`-A INPUT -m comment --comment "a -j DROP" -j ACCEPT`), "accepted"},
		{filter(`-A INPUT -j LOG --log-prefix "-j ACCEPT " --log-level 4`), "dropped"},
		{filter("-A INPUT -m iprange --src-range 10.0.0.0-10.255.255.255 -j ACCEPT"), "accepted"},
		{filter("-A INPUT -m addrtype --dst-type LOCAL -j ACCEPT"), "accepted"},
		{filter("-A INPUT --jump=ACCEPT"), "accepted"},
		{filter("-A INPUT -j DROP", "-I INPUT -j ACCEPT"), "accepted"},
		{filter("-P INPUT ACCEPT"), "accepted"},
		{filter("-A INPUT -p tcp --sport 1024:65535 -j ACCEPT"), "accepted"},
		{filter("-A INPUT -p tcp --sport 53 -j ACCEPT"), "dropped"},
		// Chains.
		{filter("-A INPUT -j web", "-A web -s 10.0.0.0/8 -j RETURN", "-A web -j ACCEPT"), "dropped"},
		{filter("-A INPUT -j web", "-A INPUT -j ACCEPT", "-A web -j more", "-A web -j DROP", "-A more -j RETURN"), "dropped"},
		{filter("-A INPUT -g web", "-A INPUT -j ACCEPT", "-A web -p udp -j DROP"), "dropped"},
		{filter("-A INPUT -j RETURN", "-A INPUT -j ACCEPT"), "dropped"},
	})
}

// What a rule needs to know is a doubt only if the answer depends on it.
func TestDoubts(t *testing.T) {
	check(t, IPTables, "10.1.0.0/16", []question{
		{filter("-A INPUT -m limit --limit 5/min -j ACCEPT"), "unknown: the rule depends on -m limit"},
		{filter("-A INPUT -m limit --limit 5/min -j DROP"), "dropped"},
		{filter("-A INPUT -m limit --limit 5/min -j ACCEPT", "-A INPUT -j ACCEPT"), "accepted"},
		{filter("-A INPUT -j ACCEPT", "-A INPUT -m limit --limit 5/min -j DROP"), "accepted"},
		{filter("-A INPUT -p udp -m limit --limit 5/min -j ACCEPT"), "dropped"},
		{filter("-A INPUT -m limit --limit 5/min -p tcp --dport 22 -j ACCEPT"), "dropped"},
		{filter("-A INPUT -m limit --limit 5/min -j LOG"), "dropped"},
		{filter("-A INPUT -m recent --set --name web", "-A INPUT -j ACCEPT"), "accepted"},
		{filter("-A INPUT -i eth0 -j ACCEPT"), "unknown: the rule depends on the network interface eth0"},
		{filter("-A INPUT -d 192.0.2.1 -j ACCEPT"), "unknown: the rule depends on the destination address 192.0.2.1"},
		{filter("-A INPUT -s proxy.example -j ACCEPT"), "unknown: the rule depends on the address proxy.example"},
		{filter("-A INPUT -m set --match-set cf src -j ACCEPT"), "unknown: the elements of the set cf are not in the file"},
		{filter("-A INPUT -m set ! --match-set bad src -p tcp --dport 80 -j ACCEPT"), "dropped"},
		{filter("-A INPUT -s 10.1.0.0/17 -i eth0 -j ACCEPT"), "10.1.0.0-10.1.127.255 unknown: the rule depends on the network interface eth0; 10.1.128.0-10.1.255.255 dropped"},
		{filter("-A INPUT -j NFQUEUE --queue-num 1"), "unknown: the target NFQUEUE may change what becomes of the connection"},
		{filter("-A INPUT -p tcp --dport 80 -j NFQUEUE"), "dropped"},
		{filter("-A INPUT -jACCEPT"), "unknown: the option -jACCEPT is not understood"},
		{filter("-A INPUT -j missing"), "unknown: the chain missing is missing"},
		// A chain that may run, may end early, or may be left.
		{filter("-A INPUT -i eth0 -j web", "-A web -j ACCEPT"), "unknown: the rule depends on the network interface eth0"},
		{filter("-A INPUT -i eth0 -j web", "-A web -j DROP"), "dropped"},
		{filter("-A INPUT -j web", "-A web -i eth0 -j RETURN", "-A web -j ACCEPT"), "unknown: the rule depends on the network interface eth0"},
		{filter("-A INPUT -j web", "-A INPUT -j ACCEPT", "-A web -i eth0 -j RETURN", "-A web -j ACCEPT"), "accepted"},
		{filter("-A INPUT -i eth0 -g web", "-A INPUT -j ACCEPT", "-A web -p udp -j DROP"), "unknown: the rule depends on the network interface eth0"},
		{filter("-A INPUT -j web", "-A web -j web"), "unknown: the rules jump too often or too deep to be followed"},
	})
}

// What else the file has may decide, or keep the program from loading it.
func TestTables(t *testing.T) {
	check(t, IPTables, "10.1.0.0/16", []question{
		{"*nat\n:PREROUTING ACCEPT\n-A PREROUTING ! -i docker0 -p tcp --dport 443 -j DNAT --to-destination 172.17.0.2:443\nCOMMIT\n" + filter(), "unknown: the target DNAT may change what becomes of the connection"},
		{"*nat\n:PREROUTING ACCEPT\n-A PREROUTING -p tcp --dport 8080 -j REDIRECT --to-ports 443\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n" + filter(), "dropped"},
		{"*raw\n:PREROUTING ACCEPT\n-A PREROUTING -s 10.1.0.0/16 -j DROP\nCOMMIT\n" + filter("-A INPUT -j ACCEPT"), "dropped"},
		// The kernel tracks connections after the table raw.
		{"*raw\n-A PREROUTING -m state --state NEW -j DROP\nCOMMIT\n" + filter("-A INPUT -j ACCEPT"), "accepted"},
		{"*raw\n-A PREROUTING -m state --state INVALID -j DROP\nCOMMIT\n" + filter("-A INPUT -j ACCEPT"), "dropped"},
		// What is not a file of iptables-restore.
		{"*filter\n:INPUT DROP\n", "unknown: the last table has no COMMIT"},
		{"iptables -A INPUT -j DROP\n", "unknown: the line is outside of a table"},
		{filter("-F INPUT"), "unknown: the command -F is not read"},
		{filter("-A other -j DROP"), "unknown: the chain other is missing"},
		{"*filter\n:INPUT MAYBE\nCOMMIT\n", "unknown: the policy MAYBE is not understood"},
		{filter() + filter(), "unknown: the table filter occurs twice"},
		{"*broute\nCOMMIT\n", "unknown: the table broute is not known"},
		{"", "accepted"},
	})
	check(t, IP6Tables, "2001:db8::/32", []question{
		{filter("-A INPUT -s 2001:db8::/31 -p tcp -m multiport --dports 80,443 -j ACCEPT"), "accepted"},
		{filter("-A INPUT -m addrtype --dst-type LOCAL -j ACCEPT"), "accepted"},
		{filter("-A INPUT -m addrtype --dst-type UNICAST -j ACCEPT"), "unknown: the rule depends on the type of the destination address"},
		{filter("-A INPUT -m rt --rt-type 0 -j DROP", "-A INPUT -j ACCEPT"), "accepted"},
		{filter("-A INPUT -s 10.0.0.0/8 -j ACCEPT"), "unknown: the rule depends on the address 10.0.0.0/8"},
	})
}
