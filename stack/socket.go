package stack

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/service"
)

// socket is the unix socket that PHP-FPM creates for a pool.
type socket struct {
	uid, gid uint32
	mode     fs.FileMode
	own      bool // of a PHP-FPM that does not start as root
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

// socketTexts are the settings of a pool about its socket; "" for what is not set.
type socketTexts struct {
	user, owner, group, mode, users, groups string

	unknown bool // one of them is written and not known
}

// socketTexts returns the settings, or why one of them is unknown.
func (p *Pool) socketTexts() (t socketTexts, why string) {
	for _, setting := range [...]struct {
		text *string
		key  servers.FPMKey
	}{
		{&t.user, servers.KeyUser}, {&t.owner, servers.KeyListenOwner}, {&t.group, servers.KeyListenGroup}, {&t.mode, servers.KeyListenMode},
		{&t.users, servers.KeyListenACLUsers}, {&t.groups, servers.KeyListenACLGroups},
	} {
		e := p.Section.Last(setting.key)
		if e == nil {
			continue
		}
		text, known := p.Section.Known(e)
		if !known {
			t.unknown = true
			return t, p.Text(setting.key).Why()
		}
		*setting.text = text
	}
	if t.user == "" {
		return t, "cannot tell whether the master of pool " + p.Name + " runs as root, since the pool names no user"
	}
	return t, ""
}

// madeSocket returns the socket that a master running as root creates for a pool (php-src
// fpm_unix.c; measured on PHP-FPM 8.2): owned by root, with mode 0660, unless
// listen.owner, listen.group and listen.mode are set. It is nil if another fault comes
// first: other rules report an unknown account, and a mode that is not a number.
func (p *Pool) madeSocket(f *host.Facts) (made *socket, why string) {
	as, c := p.Master.as, p.Master.Machine.Container
	if c != nil {
		account := c.RunAs(servers.FPM)
		if !account.Known {
			return nil, "cannot tell which account PHP-FPM starts as"
		}
		if account.UID != 0 {
			as = f.Process(uint32(account.UID), uint32(account.GID), account.At)
		}
	} else if units := p.Master.start.Units; as == nil && len(units) == 1 {
		if _, known := service.Account(units[0], f); !known {
			return nil, "cannot tell which account PHP-FPM starts as"
		}
	}
	t, why := p.socketTexts()
	if why != "" && (t.unknown || as == nil) {
		return nil, why
	} else if as != nil {
		return p.ownSocket(f, as, t)
	}
	if home := service.Home(p.Master.start, p.Master.At.File.Name, f); home != nil {
		p.homeSocket, _ = p.ownSocket(f, home, t)
	}
	made = &socket{gid: p.socketGroup(f, 0), mode: 0o660}
	if t.mode != "" {
		made.mode, _ = fpm.Mode(t.mode) // PHP-FPM derives a mode from any text
	}
	if t.users != "" || t.groups != "" {
		return made, made.readACL(f, t.users, t.groups)
	}
	return made.readOwner(f, t.owner, t.group)
}

// ownSocket returns the socket of a master that starts as another account than root. It may give
// the socket to none of the accounts that are not its own, and refuses if it is to (measured
// on PHP-FPM 8.2): the socket is nil then.
func (p *Pool) ownSocket(f *host.Facts, as *host.Process, t socketTexts) (*socket, string) {
	own := socket{uid: as.UID, gid: p.socketGroup(f, as.GIDs[0]), mode: 0o660, own: true}
	made := own
	if t.users == "" && t.groups == "" {
		if given, _ := made.readOwner(f, t.owner, t.group); given == nil || made.uid != own.uid || made.gid != own.gid && !slices.Contains(as.GIDs, made.gid) {
			return nil, ""
		}
	}
	if t.mode != "" {
		made.mode, _ = fpm.Mode(t.mode)
	}
	return &made, made.readACL(f, t.users, t.groups)
}

// socketGroup returns the group of a new socket of a process whose group is own: that of the
// directory if its setgid bit is set (inode(7), "The set-group-ID bit").
func (p *Pool) socketGroup(f *host.Facts, own uint32) uint32 {
	dir, known := f.Files.Info(netaddr.Dir(p.Listen.Endpoint.Path))
	if known && dir.Mode&fs.ModeSetgid != 0 {
		return dir.GID
	}
	return own
}

// readOwner reads listen.owner and listen.group. A name also gives the socket its primary
// group, and a number does not (measured on PHP-FPM 8.2).
func (s *socket) readOwner(f *host.Facts, owner, group string) (*socket, string) {
	switch id, numeric := host.Number(owner); {
	case owner == "":
	case numeric:
		s.uid = id
	default:
		u, ok := f.Users.Lookup(owner)
		if !ok {
			return nil, numberUnknown(servers.KeyListenOwner, owner, f.Users.Elsewhere)
		}
		s.uid, s.gid = u.UID, u.GID
	}
	switch id, numeric := host.Number(group); {
	case group == "":
	case numeric:
		s.gid = id
	default:
		g, ok := f.Groups.Lookup(group)
		if !ok {
			return nil, numberUnknown(servers.KeyListenGroup, group, f.Groups.Elsewhere)
		}
		s.gid = g.GID
	}
	return s, ""
}

// readACL reads listen.acl_users and listen.acl_groups, comma-separated lists.
func (s *socket) readACL(f *host.Facts, users, groups string) (why string) {
	for _, name := range strings.Split(users, ",") {
		if u, ok := f.Users.Lookup(name); ok {
			s.users = append(s.users, u.UID)
		} else if name != "" {
			return "the account " + name + " of listen.acl_users is not in /etc/passwd"
		}
	}
	for _, name := range strings.Split(groups, ",") {
		if g, ok := f.Groups.Lookup(name); ok {
			s.groups = append(s.groups, g.GID)
		} else if name != "" {
			return "the group " + name + " of listen.acl_groups is not in /etc/group"
		}
	}
	return ""
}

// numberUnknown returns why the number of an account is unknown; "" if the account certainly
// does not exist, so that PHP-FPM refuses to start.
func numberUnknown(key servers.FPMKey, name string, elsewhere bool) string {
	if elsewhere {
		return "the account " + name + " of " + key.String() + " may be in a directory service"
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
