// Package firewall reads the files that set up the packet filter of a Linux host,
// as far as they are simple: those of iptables-restore(8), ufw(8) and nft(8). It
// answers one question: whether the host accepts a new TCP connection to one of
// its ports from a range of addresses.
//
// A new connection is its first packet. It arrives on an interface other than lo
// and other than the bridges of containers, for an address of the host, from a port
// of clientPorts. What a rule needs to know beyond that is a doubt, and an answer
// that depends on a doubt is Unknown. The packets that follow are not judged: rules
// that drop those of established connections leave an accepted one useless.
package firewall

import (
	"maps"
	"net/netip"
	"path"
	"slices"

	"github.com/wp502lint/wp502lint/source"
)

// Kind is the language of a file, which its text alone does not tell: a file of
// iptables may be one of ip6tables.
type Kind uint8

// The kinds of files.
const (
	IPTables  Kind = iota // iptables-restore(8): IPv4
	IP6Tables             // ip6tables-restore(8): IPv6
	NFTables              // nft(8), with -f
)

// kinds are the files that services load at boot, by their path.
var kinds = map[string]Kind{
	// Debian with iptables-persistent, Red Hat, Alpine, Arch and Gentoo.
	"/etc/iptables/rules.v4":        IPTables,
	"/etc/iptables/rules.v6":        IP6Tables,
	"/etc/sysconfig/iptables":       IPTables,
	"/etc/sysconfig/ip6tables":      IP6Tables,
	"/etc/iptables/rules-save":      IPTables,
	"/etc/iptables/rules6-save":     IP6Tables,
	"/etc/iptables/iptables.rules":  IPTables,
	"/etc/iptables/ip6tables.rules": IP6Tables,
	"/var/lib/iptables/rules-save":  IPTables,
	"/var/lib/ip6tables/rules-save": IP6Tables,
	// Debian and Arch, Red Hat, Alpine.
	"/etc/nftables.conf":           NFTables,
	"/etc/sysconfig/nftables.conf": NFTables,
	"/etc/nftables.nft":            NFTables,
}

// KindOf returns the kind of the file at an absolute path inside the root. ok is
// false for a file that no service loads; those of ufw are a UFW.
func KindOf(name string) (k Kind, ok bool) {
	k, ok = kinds[path.Clean(name)]
	return k, ok
}

// Files are the files that services load at boot, sorted.
func Files() []string { return slices.Sorted(maps.Keys(kinds)) }

// Rules are what the files of a firewall do with new TCP connections to the host.
type Rules struct {
	covers addresses // of the families that the files are about
	bases  []*base   // in the order in which the kernel runs them
}

// base is a chain that the kernel itself runs. A connection has to be accepted by
// each, and one that the end of its rules leaves undecided is.
type base struct {
	from  addresses // of the families whose packets it sees
	rules chain
}

// maxText is the size in bytes from which a file is not read.
const maxText = 1 << 20

// Parse reads one file. What it cannot read makes the answers that depend on it
// Unknown. It sets the Comments of f.
func Parse(kind Kind, f *source.File) *Rules {
	covers := map[Kind]addresses{IPTables: everyIPv4, IP6Tables: everyIPv6, NFTables: everyAddress}[kind]
	if len(f.Text) > maxText {
		return unread(covers, doubt{"the file is larger than 1 MiB", f.Span(0, 0)})
	}
	if kind == NFTables {
		return parseNFT(f)
	}
	r := newRestorer(covers)
	r.load(f)
	return r.rules()
}

// unread are the rules of a firewall whose files cannot be read.
func unread(covers addresses, d doubt) *Rules {
	all := rule{at: d.at, from: everyAddress, doubt: d.why, action: anything}
	return &Rules{covers, []*base{{covers, chain{rules: []rule{all}}}}}
}

// Join returns the rules of a host that loads several files, such as one for each
// of IPv4 and IPv6, or one of ufw and one of nft that leaves the other in place.
// nil is a file without rules.
func Join(files ...*Rules) *Rules {
	joined := &Rules{}
	for _, r := range files {
		if r != nil {
			joined.covers = union(append(joined.covers.clone(), r.covers...))
			joined.bases = append(joined.bases, r.bases...)
		}
	}
	return joined
}

// doubt is why something is not known, worded to follow "not checked: ", and the
// place of it. The zero doubt is none.
type doubt struct {
	why string
	at  source.Span
}

// Verdict is what becomes of a new connection.
type Verdict uint8

// The verdicts. A client whose connection is dropped waits until its time is up; one
// that is rejected learns at once that it failed.
const (
	Unknown Verdict = iota
	Accepted
	Dropped
	Rejected
)

var verdictNames = [...]string{"unknown", "accepted", "dropped", "rejected"}

// String returns the verdict as a word in lower case.
func (v Verdict) String() string { return verdictNames[v] }

// Answer is what becomes of new connections from a run of addresses.
type Answer struct {
	First, Last netip.Addr // of one family
	Verdict     Verdict
	// At is the rule or the policy that decides; for Unknown what cannot be decided. The
	// zero Span: no rule concerns the connections, which are accepted.
	At source.Span
	// Why is why the verdict is Unknown, worded to follow "not checked: "; "" for any other.
	Why string
}
