package stack

import (
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
)

// socket is the unix socket that PHP-FPM creates for a pool.
type socket struct {
	path     string
	uid, gid uint32
	mode     fs.FileMode
	// users and groups have access through an ACL.
	users, groups []uint32
}

func (s *socket) acl() bool { return len(s.users)+len(s.groups) > 0 }

// admits reports whether who may write the socket. The kernel tests the entries of an ACL
// after the owner and before other users; PHP-FPM gives them read and write, and a mask
// that permits both (acl(5); measured on PHP-FPM 8.2).
func (s *socket) admits(who person) bool {
	if who.uid != s.uid {
		if slices.Contains(s.users, who.uid) {
			return true
		}
		for _, gid := range s.groups {
			if slices.Contains(who.gids, gid) {
				return true
			}
		}
	}
	return who.class(s.uid, s.gid).bits(s.mode)&2 != 0
}

// madeSocket returns the socket that a master running as root creates for a pool (php-src
// fpm_unix.c; measured on PHP-FPM 8.2): owned by root, with mode 0660, unless
// listen.owner, listen.group and listen.mode are set. It is nil if another fault comes
// first: other rules report an unknown account, and a mode that is not a number.
func (l *linker) madeSocket(p *Pool) (made *socket, why string) {
	if why := p.ownerUnknown(); why != "" {
		return nil, why
	}
	made = &socket{path: p.Listen.Endpoint.Path, mode: 0o660}
	if text, ok := p.value(servers.KeyListenMode); ok {
		made.mode, _ = fpm.Mode(text) // PHP-FPM derives a mode from any text
	}
	users, hasUsers := p.value(servers.KeyListenACLUsers)
	groups, hasGroups := p.value(servers.KeyListenACLGroups)
	if hasUsers || hasGroups {
		return made, l.readACL(made, users, groups)
	}
	return l.readOwner(made, p)
}

// readOwner reads listen.owner and listen.group. A name also gives the socket its primary
// group, and a number does not (measured on PHP-FPM 8.2).
func (l *linker) readOwner(made *socket, p *Pool) (*socket, string) {
	if text, ok := p.value(servers.KeyListenOwner); ok {
		if id, ok := accountNumber(text); ok {
			made.uid = id
		} else if u, ok := l.Facts.Users.Lookup(text); ok {
			made.uid, made.gid = u.UID, u.GID
		} else {
			return nil, l.absent(servers.KeyListenOwner, text, l.Facts.Users.Elsewhere)
		}
	}
	if text, ok := p.value(servers.KeyListenGroup); ok {
		if id, ok := accountNumber(text); ok {
			made.gid = id
		} else if g, ok := l.Facts.Groups.Lookup(text); ok {
			made.gid = g.GID
		} else {
			return nil, l.absent(servers.KeyListenGroup, text, l.Facts.Groups.Elsewhere)
		}
	}
	return made, ""
}

// accountNumber reads an account given by number.
func accountNumber(text string) (id uint32, ok bool) {
	if strings.Trim(text, "0123456789") != "" { // ParseUint would allocate an error
		return 0, false
	}
	n, err := strconv.ParseUint(text, 10, 32)
	return uint32(n), err == nil
}

// readACL reads listen.acl_users and listen.acl_groups, comma-separated lists.
func (l *linker) readACL(made *socket, users, groups string) (why string) {
	for _, name := range strings.Split(users, ",") {
		if u, ok := l.Facts.Users.Lookup(name); ok {
			made.users = append(made.users, u.UID)
		} else if name != "" {
			return "the account " + name + " of listen.acl_users is not in /etc/passwd"
		}
	}
	for _, name := range strings.Split(groups, ",") {
		if g, ok := l.Facts.Groups.Lookup(name); ok {
			made.groups = append(made.groups, g.GID)
		} else if name != "" {
			return "the group " + name + " of listen.acl_groups is not in /etc/group"
		}
	}
	return ""
}

// absent returns why the number of an account is unknown; "" if the account certainly
// does not exist, so that PHP-FPM refuses to start.
func (l *linker) absent(key servers.FPMKey, name string, elsewhere bool) string {
	if elsewhere {
		return "the account " + name + " of " + key.String() + " may be in a directory service"
	}
	return ""
}

// ownerUnknown returns why the owner of a pool's socket is unknown; "" if it is known.
func (p *Pool) ownerUnknown() string {
	for _, key := range []servers.FPMKey{servers.KeyUser, servers.KeyListenOwner, servers.KeyListenGroup, servers.KeyListenMode, servers.KeyListenACLUsers, servers.KeyListenACLGroups} {
		if e := p.Section.Last(key); e != nil && p.Section.Unknown(e) != "" {
			return p.Text(key).Why()
		}
	}
	if _, ok := p.value(servers.KeyUser); !ok {
		return "whether the master of pool " + p.Name + " runs as root is not known, since the pool names no user"
	}
	return ""
}

// value returns the value of a key of a pool; ok is false if it is unknown, not set or empty.
func (p *Pool) value(key servers.FPMKey) (text string, ok bool) {
	if e := p.Section.Last(key); e != nil {
		text, _ = p.Section.Known(e)
	}
	return text, text != ""
}
