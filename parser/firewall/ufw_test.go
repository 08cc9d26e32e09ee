package firewall

import (
	"strings"
	"testing"
)

// rulesOfUFW are files with the rules of one family, whose chains have names with a prefix.
func rulesOfUFW(prefix string) UFWRules {
	return UFWRules{
		Before: file("/b", strings.ReplaceAll(`*filter
:@-before-input - [0:0]
:@-not-local - [0:0]
-A @-before-input -i lo -j ACCEPT
-A @-before-input -m conntrack --ctstate INVALID -j @-logging-deny
-A @-before-input -j @-not-local
-A @-not-local -m addrtype --dst-type LOCAL -j RETURN
-A @-not-local -m limit --limit 3/min -j @-logging-deny
-A @-not-local -j DROP
COMMIT
`, "@", prefix)),
		After: file("/a", strings.ReplaceAll("*filter\n:@-after-input - [0:0]\n-A @-after-input -p tcp --dport 445 -j @-skip-to-policy-input\nCOMMIT\n", "@", prefix)),
		User: file("/u", strings.ReplaceAll(`*filter
:@-user-input - [0:0]
### RULES ###
-A @-user-input -p tcp --dport 443 -s 10.0.0.0/9 -j ACCEPT
-A @-user-input -p tcp -m multiport --dports 80,443 -s 10.128.0.0/9 -j REJECT --reject-with tcp-reset
COMMIT
`, "@", prefix)),
	}
}

func TestUFW(t *testing.T) {
	whole := func(defaults string) UFW {
		return UFW{Conf: file("/c", "# x\nENABLED=yes\n"), Defaults: file("/d", defaults), IPv4: rulesOfUFW("ufw"), IPv6: UFWRules{}}
	}
	drop := whole("IPV6=no\nDEFAULT_INPUT_POLICY=\"DROP\"\n")
	off := drop
	off.Conf = file("/c", "ENABLED=no\n")
	bare := drop
	bare.IPv4.User = nil
	for _, test := range []struct {
		files        UFW
		prefix, want string
	}{
		{drop, "10.0.0.0/16", "accepted"},
		{drop, "10.128.0.0/16", "rejected"},
		{drop, "11.0.0.0/8", "dropped"},
		{drop, "2001:db8::/32", "dropped"},
		{off, "2001:db8::/32", "accepted"},
		{bare, "10.0.0.0/16", "unknown: a file with the rules of the chain ufw-user-input is missing"},
		{whole("IPV6=yes\nDEFAULT_INPUT_POLICY=REJECT\n"), "11.0.0.0/8", "rejected"},
		{whole("IPV6=yes\nDEFAULT_INPUT_POLICY=REJECT\n"), "2001:db8::/32", "unknown: a file with the rules of the chain ufw6-before-input is missing"},
		{whole("IPV6=yes\nDEFAULT_INPUT_POLICY=ACCEPT\n"), "11.0.0.0/8", "accepted"},
		{whole("IPV6=yes\n"), "11.0.0.0/8", "unknown: DEFAULT_INPUT_POLICY is not set to a policy"},
		{whole("IPV6=yes\n"), "10.0.0.0/16", "accepted"},
		{UFW{Conf: drop.Conf}, "10.0.0.0/16", "unknown: the file /etc/default/ufw is missing"},
		{UFW{}, "10.0.0.0/16", "unknown: the file ufw.conf is missing"},
	} {
		if got := told(ParseUFW(test.files), test.prefix, 443); got != test.want {
			t.Errorf("%s: got %s, want %s", test.prefix, got, test.want)
		}
	}
}
