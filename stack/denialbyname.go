package stack

import (
	"io/fs"
	"strings"

	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
)

// denialByName is denial if the accounts are not among the files: different names are
// different accounts, and the members of a group are unknown. Files of several
// containers are not judged this way: one name may have two numbers there.
func (l *linker) denialByName(front *Front, pool *Pool, socket string) *Denial {
	if front.Loose || !l.sameHost(front, pool) {
		return &Denial{At: pool.Listen.At, Why: noAccounts, obstacle: Accounts}
	}
	account, known := front.User.Known()
	if front.Server == servers.Apache && !known && front.User.Why() == "" {
		return nil // the workers are root
	}
	at := front.User.At()
	if !known && front.Server == servers.Nginx {
		account, at = Account{User: l.Facts.NginxUser}, front.At
	}
	if _, numeric := apacheNumber(account.User); numeric {
		return &Denial{At: at, Why: noAccounts, obstacle: Accounts}
	}
	if account.User == "" {
		return &Denial{At: front.At, Why: "cannot tell which account nginx was built to run as", obstacle: NginxAccount}
	}
	if pool.acl() {
		return &Denial{At: pool.Listen.At, Why: noAccounts, obstacle: Accounts}
	}
	t, why := pool.socketTexts()
	if why != "" {
		return &Denial{At: pool.At, Why: why, obstacle: Accounts}
	}
	b := &Denial{Tries: account, At: at, Socket: socket, Path: socket, Owner: "root", Group: "root", Mode: 0o660}
	if t.owner != "" {
		b.Owner, b.Group = t.owner, "the group of "+t.owner
	}
	if t.group != "" {
		b.Group = t.group
	}
	if t.mode != "" {
		var right bool
		if b.Mode, right = fpm.Mode(t.mode); !right {
			return nil
		}
	}
	return b.byName()
}

const noAccounts = "the accounts of the machine are not known (/etc/passwd, /etc/group)"

// sameHost reports whether nginx and a pool certainly run on one machine, not in
// two containers.
func (s *Stack) sameHost(front *Front, pool *Pool) bool {
	return s.configs.Machine || ofHost(front.At.File.Name) && ofHost(pool.At.File.Name)
}

// SameHost reports whether a site and a pool certainly run on one machine, not in
// two containers.
func (s *Stack) SameHost(site *Site, pool *Pool) bool {
	return !site.Front.Loose && site.Machine == pool.Master.Machine && s.sameHost(site.Front, pool)
}

// ofHost reports whether a file has the path that it has on a machine.
func ofHost(name string) bool { return strings.HasPrefix(name, "/etc/") }

// byName returns b if it certainly denies access, a denial that says why that is
// uncertain, or nil.
func (b *Denial) byName() *Denial {
	const write fs.FileMode = 2
	who := b.Tries.User
	switch {
	case who == "root":
		return nil
	case who == b.Owner:
		b.Class = OwnerClass
	case who == b.Group || b.Tries.Group == b.Group || b.Group == "the group of "+who:
		b.Class = GroupClass
	case GroupClass.bits(b.Mode)&write == OtherClass.bits(b.Mode)&write:
		b.Class = OtherClass // the members of the group make no difference
	default:
		return &Denial{At: b.At, Why: "cannot tell whether " + who + " is in " + groupWords(b.Group) + " (/etc/group)", obstacle: Accounts}
	}
	if b.Class.bits(b.Mode)&write != 0 {
		return nil
	}
	return b
}

func groupWords(group string) string {
	if strings.HasPrefix(group, "the group of ") {
		return group
	}
	return "the group " + group
}
