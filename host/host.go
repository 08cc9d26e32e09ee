// Package host is what is known about the machine that a configuration will
// run on: its accounts, its names, its memory, its files, the date.
//
// Every fact may be unknown, and unknown is not the same as absent: a rule that
// needs an unknown fact stays silent and says so. Only a tree whose root is this
// machine's own "/" makes anything of this machine a fact; a folder of
// configuration files says nothing about the machine that it lies on.
package host

import (
	"time"

	"github.com/wp502lint/wp502lint/tree"
)

// Fact names one thing to know about a machine, as it is written in "not
// checked: memory unknown".
type Fact string

// The facts.
const (
	Users   Fact = "users"         // who is in etc/passwd
	Groups  Fact = "groups"        // who is in etc/group
	Hosts   Fact = "hosts"         // what is in etc/hosts
	Memory  Fact = "memory"        // how much there is
	Reserve Fact = "reserve"       // how much of it is for other programs
	Worker  Fact = "worker-memory" // how much one PHP-FPM worker was seen to take
	Files   Fact = "files"         // which paths exist
	Today   Fact = "today"         // the date
)

// Facts is all that is known about one machine. The zero Facts knows nothing.
type Facts struct {
	Users  UserTable
	Groups GroupTable
	Hosts  HostTable
	// Resolver is what else is known about host names.
	Resolver Resolver
	// Memory is the RAM of the machine or the limit of its container,
	// whichever is smaller.
	Memory Size
	// Reserve is the part of Memory that is kept for other programs.
	Reserve Size
	// Worker is what one PHP-FPM worker takes, as somebody measured it.
	Worker Size
	// Today is the date to compare ends of support with; zero if unknown.
	Today time.Time
	// Processors is how many the machine has; 0 if unknown.
	Processors int
	// Somaxconn is the longest queue of a socket that the kernel allows; 0 if
	// unknown.
	Somaxconn int64
	// Pools are the workers that were measured, and PHP what their masters run.
	Pools []PoolSnapshot
	PHP   []PHPSnapshot
	// NginxUser is the account that nginx was built to run as, and NginxVersion its
	// version, such as 1.26.2; "" if unknown.
	NginxUser, NginxVersion string
	// PHPVersion is the version of a PHP-FPM whose path does not tell it, such as
	// 8.3; "" if unknown.
	PHPVersion string
	// Files may be nil: nothing is known about any path then.
	Files *Paths
}

// Size is a number of bytes that may be unknown.
type Size struct {
	Bytes int64 // 0 if unknown
	Known bool
}

// Overrides is what the user says about the machine. It wins over what the
// machine says about itself.
type Overrides struct {
	Memory, Reserve, Worker int64     // bytes; 0: not given
	Today                   time.Time // zero: unknown
	// NginxUser, NginxVersion and PHPVersion are those of Facts; "" when not given.
	NginxUser, NginxVersion, PHPVersion string
	// Snapshot is what was collected on the machine itself; nil for nothing. It
	// wins over what the tree says, and the other overrides win over it.
	Snapshot *Snapshot
}

// Collect finds out what is known about the machine whose files are in t. A nil
// t is a machine of which only the overrides are known. Nothing outside t is
// read unless t is live.
func Collect(t *tree.Tree, o Overrides) *Facts {
	f := &Facts{
		Memory: given(o.Memory), Reserve: given(o.Reserve), Worker: given(o.Worker),
		Today: o.Today, Files: NewPaths(t),
		NginxUser: o.NginxUser, NginxVersion: o.NginxVersion, PHPVersion: o.PHPVersion,
	}
	if t != nil {
		f.look(t)
	}
	if o.Snapshot != nil {
		o.Snapshot.apply(f)
		if o.Memory > 0 {
			f.Memory = given(o.Memory)
		}
	}
	return f
}

// look adds what the files of t tell.
func (f *Facts) look(t *tree.Tree) {
	if text, err := t.Open("/etc/passwd"); err == nil {
		f.Users = ParseUsers(text.Content)
		f.Users.Elsewhere = elsewhere(t, "passwd")
	}
	if text, err := t.Open("/etc/group"); err == nil {
		f.Groups = ParseGroups(text.Content)
		f.Groups.Elsewhere = elsewhere(t, "group")
	}
	if text, err := t.Open("/etc/hosts"); err == nil {
		f.Hosts = ParseHosts(text.Content)
	}
	f.Resolver = ParseResolver(contentOf(t, "/etc/resolv.conf"), contentOf(t, "/etc/hostname"))
	if t.Live() && !f.Memory.Known {
		f.Memory = liveMemory(t)
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

func given(bytes int64) Size {
	if bytes <= 0 {
		return Size{}
	}
	return Size{bytes, true}
}

// Known reports whether a fact is known. Files is known when there is a tree to
// ask; whether one path is missing may be unknown even so.
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
		return f.Memory.Known
	case Reserve:
		return f.Reserve.Known
	case Worker:
		return f.Worker.Known
	case Files:
		return f.Files != nil && f.Files.tree != nil
	case Today:
		return !f.Today.IsZero()
	}
	return false
}
