// Package host holds what is known about the machine that a configuration will
// run on: its accounts, its host names, its memory, its files, the date.
//
// Every fact may be unknown, and unknown is not the same as absent: a rule that
// needs an unknown fact reports "not checked". This machine is a source of facts
// only for a tree whose root is its own "/"; a folder of configuration files
// says nothing about the machine that it is on.
package host

import (
	"cmp"
	"time"

	"github.com/wp502lint/wp502lint/tree"
)

// Fact names one fact about a machine, as in "not checked: memory unknown".
type Fact string

// The facts.
const (
	Users   Fact = "users"         // the accounts of etc/passwd
	Groups  Fact = "groups"        // the groups of etc/group
	Hosts   Fact = "hosts"         // the names of etc/hosts
	Memory  Fact = "memory"        // of the machine
	Reserve Fact = "reserve"       // the part for other programs
	Worker  Fact = "worker-memory" // measured, of one PHP-FPM worker
	Files   Fact = "files"         // which paths exist
	Today   Fact = "today"         // the date
)

// Facts is all that is known about one machine. In the zero Facts all is
// unknown.
type Facts struct {
	Users  UserTable
	Groups GroupTable
	Hosts  HostTable
	// Resolver is what is known about host names besides Hosts.
	Resolver Resolver
	// Memory is the RAM of the machine or the limit of its container,
	// whichever is smaller, in bytes; 0 if unknown.
	Memory int64
	// Reserve is the part of Memory that is kept for other programs; 0 if unknown.
	Reserve int64
	// Worker is the measured memory of one PHP-FPM worker in bytes; 0 if unknown.
	Worker int64
	// Cloudflare is set if the sites are said to use Cloudflare.
	Cloudflare bool
	// Today is the date to compare ends of support with; zero if unknown.
	Today time.Time
	// Processors is how many the machine has; 0 if unknown.
	Processors int
	// Somaxconn is the longest queue of a socket that the kernel allows; 0 if
	// unknown.
	Somaxconn int64
	// Pools are the workers that were measured, and PHP the programs of their
	// masters.
	Pools []PoolSnapshot
	PHP   []PHPSnapshot
	// NginxUser is the account that nginx was built to run as, and NginxVersion its
	// version, such as 1.26.2; "" if unknown.
	NginxUser, NginxVersion string
	// PHPVersion is the version of a PHP-FPM whose path does not contain it, such
	// as 8.3; "" if unknown.
	PHPVersion string
	// IPv6 tells a machine without IPv6.
	IPv6 IPv6
	// Files may be nil: then nothing is known about any path.
	Files *Paths
}

// Overrides is what the user says about the machine. It wins over what Collect
// finds.
type Overrides struct {
	Memory, Reserve, Worker int64     // bytes; 0: not given
	Today                   time.Time // zero: unknown
	// NginxUser, NginxVersion and PHPVersion are those of Facts; "" when not given.
	NginxUser, NginxVersion, PHPVersion string
	// Cloudflare is set if the sites are said to use Cloudflare.
	Cloudflare bool
	// NoIPv6 is why a container has no IPv6 addresses; "" if that is not known.
	NoIPv6 string
	// Snapshot holds the facts that were collected on the machine itself; nil
	// for none. It wins over the tree, and the other overrides win over it.
	Snapshot *Snapshot
}

// Collect returns what is known about the machine whose files are in t. With a
// nil t only the overrides are known. Nothing outside t is read unless t is
// live.
func Collect(t *tree.Tree, o Overrides) *Facts {
	f := &Facts{
		Memory: o.Memory, Reserve: o.Reserve, Worker: o.Worker,
		Today: o.Today, Files: &Paths{tree: t},
		NginxUser: o.NginxUser, NginxVersion: o.NginxVersion, PHPVersion: o.PHPVersion, Cloudflare: o.Cloudflare,
	}
	if t != nil {
		f.look(t)
	}
	if o.NoIPv6 != "" {
		f.IPv6.Why = o.NoIPv6
	}
	if o.Snapshot != nil {
		o.Snapshot.apply(f)
		f.Memory = cmp.Or(o.Memory, f.Memory)
	}
	return f
}

// look adds the facts in the files of t.
func (f *Facts) look(t *tree.Tree) {
	if text, err := t.Open("/etc/passwd"); err == nil {
		f.Users = ParseUsers(text.Content + "\n" + extraUsers(t, "passwd"))
		f.Users.Elsewhere = accountsElsewhere(t, "passwd")
	}
	if text, err := t.Open("/etc/group"); err == nil {
		f.Groups = ParseGroups(text.Content + "\n" + extraUsers(t, "group"))
		f.Groups.Elsewhere = accountsElsewhere(t, "group")
	}
	if text, err := t.Open("/etc/hosts"); err == nil {
		f.Hosts = ParseHosts(text.Content)
		f.Hosts.Elsewhere = namesElsewhere(t)
	}
	f.IPv6 = ipv6Of(t)
	f.Resolver = ParseResolver(contentOf(t, "/etc/resolv.conf"), contentOf(t, "/etc/hostname"))
	if t.Live() && f.Memory == 0 {
		f.Memory = takeMemory(t).available()
	}
}

// contentOf returns the text of a file, and "" for one that cannot be read.
func contentOf(t *tree.Tree, name string) string {
	text, err := t.Open(name)
	if err != nil {
		return ""
	}
	return text.Content
}

// Known reports whether a fact is known. Files is known with any tree; even
// then it may be unknown whether one path exists.
func (f *Facts) Known(fact Fact) bool {
	if f == nil {
		return false
	}
	switch fact {
	case Users:
		return f.Users.Known
	case Groups:
		return f.Groups.Known
	case Hosts:
		return f.Hosts.Known
	case Memory:
		return f.Memory > 0
	case Reserve:
		return f.Reserve > 0
	case Worker:
		return f.Worker > 0
	case Files:
		return f.Files != nil && f.Files.tree != nil
	case Today:
		return !f.Today.IsZero()
	}
	return false
}
