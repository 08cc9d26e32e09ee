package stack

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// Denial is what denies the workers of a web server access to the socket of a pool, or why
// that is unknown.
type Denial struct {
	Tries  Account     // the account of nginx; for NoUserLine the possible accounts, joined by " or "
	At     source.Span // the user directive; without one, the first byte of the main file
	Socket string      // the path that nginx connects to
	Path   string      // the socket, or a parent directory of it
	Dir    bool        // Path is a directory, without search permission
	// Owner and Group are those of Path, by name if the name is known.
	Owner, Group string
	Mode         fs.FileMode
	Class        Class
	// Exists is set if Path was examined on the machine; otherwise it is what the
	// configuration creates.
	Exists bool
	// Own is set if PHP-FPM does not start as root, so that the socket keeps its account.
	Own bool
	// By is the setting of a unit that makes Path with Mode; zero for none.
	By service.Setting
	// Later is set if the existing socket admits nginx, and the one that the next start
	// of PHP-FPM creates does not.
	Later bool
	// Why is why access is unknown, worded to follow "not checked: "; "" for a denial.
	Why      string
	obstacle Obstacle // the kind of Why
}

// Class is which of the three sets of permission bits applies to a process.
type Class uint8

// The classes, in the order in which the kernel tests them. The first that applies
// decides, even if a later one would allow more.
const (
	OwnerClass Class = iota
	GroupClass
	OtherClass
)

var classNames = [...]string{OwnerClass: "owner", GroupClass: "group", OtherClass: "other users"}

// String returns owner, group or other users.
func (c Class) String() string { return classNames[c] }

// bits returns the permissions of one class: read 4, write 2, search 1.
func (c Class) bits(mode fs.FileMode) fs.FileMode { return mode >> (3 * (OtherClass - c)) & 7 }

// person is a process with its user and groups.
type person struct {
	account Account
	uid     uint32
	gids    []uint32
	closed  map[string]*Denial // by directory, the result of closedDir
}

// class returns the class of permission bits that applies to p.
func (p person) class(uid, gid uint32) Class {
	switch {
	case p.uid == uid:
		return OwnerClass
	case slices.Contains(p.gids, gid):
		return GroupClass
	}
	return OtherClass
}

// enter judges for every FastCGI peer at a unix socket whether the workers of the web server may
// connect to it: they need write permission on the socket, and search permission on
// every parent directory (unix(7)).
func (l *linker) enter() {
	if l.Facts == nil {
		return
	}
	type access struct {
		front  *Front
		pool   *Pool
		socket string
	}
	var last access // several gateways of a site often have the same pool
	var b *Denial   // its result
	for _, g := range l.Gateways {
		if g.Protocol != FastCGI || g.Upstream != nil && g.Upstream.entered {
			continue
		}
		if g.Upstream != nil {
			g.Upstream.entered = true
		}
		for _, p := range g.Peers {
			if p.Fault != Answers || p.Pool == nil || p.Endpoint.Network != netaddr.Unix || p.Pool.Master.Machine != g.Machine && !bothKnown(g.Machine, p.Pool.Master.Machine) {
				continue
			}
			if this := (access{g.Front, p.Pool, p.Endpoint.Path}); this != last {
				last = this
				if l.accounts() {
					b = l.denial(g.Front, p.Pool, this.socket)
				} else {
					b = l.denialByName(g.Front, p.Pool, this.socket)
				}
			}
			p.Denial = b
			if closed := l.closedRoot(g, b); closed != nil {
				p.Denial = &Denial{At: b.At, Why: "Apache answers 403 before it connects: " + b.Tries.User + " has no search permission on " + closed.Path, obstacle: Accounts}
			}
			switch b := p.Denial; {
			case b == nil || b.Why != "" || b.Later:
			case !b.Dir && p.Pool.misreadMode:
				p.Fault = ModeMisread
			case g.Front.User.Written(), l.Process(g.Front.Server) != nil:
				p.Fault = MayNotEnter
			default:
				p.Fault = NoUserLine
			}
		}
	}
}

// closedRoot returns the directory that keeps an Apache which b denies a socket from the files of a
// site; nil for none. It answers 403 then, whatever the handler is (httpd server/request.c,
// ap_directory_walk; measured on Apache 2.4).
func (l *linker) closedRoot(g *Gateway, b *Denial) *Denial {
	if b == nil || b.Why != "" || g.Site == nil || g.Site.documents == "" || !l.accounts() {
		return nil
	}
	if who, why := l.person(b.Tries); why == "" && who.uid != 0 {
		return l.closedDir(who, g.Site.documents)
	}
	return nil
}

// bothKnown reports whether two containers number their accounts in files that are known,
// so that one may judge by numbers what the other made.
func bothKnown(a, b *Machine) bool {
	known := func(m *Machine) bool {
		return m.Container != nil && m.Facts.Known(host.Users) && m.Facts.Known(host.Groups)
	}
	return known(a) && known(b)
}

// accounts reports whether the accounts of the machine are known by their numbers.
func (s *Stack) accounts() bool {
	return s.Facts != nil && s.Facts.Users.Known && s.Facts.Groups.Known
}

// denial returns what denies the workers of one web server access to the socket name of a pool,
// that of its listen or its pm.status_listen; nil if nothing does.
func (l *linker) denial(front *Front, pool *Pool, name string) *Denial {
	if front.Loose {
		return &Denial{Why: "no main file of " + front.Name() + " given, so its account is unknown", obstacle: NginxAccount}
	}
	made := pool.socket
	if pool.noSocket != "" {
		return &Denial{At: pool.Listen.At, Why: pool.noSocket, obstacle: Accounts}
	}
	if made == nil {
		return nil
	}
	if as := cmp.Or(l.Process(front.Server), l.unitProcess(front.Server)); as != nil {
		// It ignores its user directive then (nginx ngx_process_cycle.c; httpd modules/arch/unix/mod_unixd.c).
		b := l.stopped(person{Account{User: as.Name}, as.UID, as.GIDs, map[string]*Denial{}}, name, made)
		if b != nil && b.Class == OtherClass && l.Container != nil && l.Container.GroupsWhy != "" {
			return &Denial{At: pool.Listen.At, Why: l.Container.GroupsWhy, obstacle: Accounts}
		}
		if b != nil {
			b.At = pool.Listen.At
		}
		return b
	}
	if account, written := front.User.Known(); written {
		return l.denialOf(account, front, pool, name, made)
	}
	if why := front.User.Why(); why != "" {
		return &Denial{At: front.At, Why: why, obstacle: NginxAccount}
	}
	if front.Server == servers.Apache {
		return nil // the workers are root
	}
	return l.denialOfBuild(front, name, made)
}

// denialOf is denial for the account that a configuration names.
func (l *linker) denialOf(account Account, front *Front, pool *Pool, name string, made *socket) *Denial {
	who, why := l.person(account)
	if why != "" {
		return &Denial{At: front.User.At(), Why: why, obstacle: Accounts}
	}
	b := l.stopped(who, name, made)
	if home := pool.homeSocket; home != nil {
		atHome := l.stopped(who, name, home)
		if (b == nil) != (atHome == nil) {
			return &Denial{At: pool.At, Why: "cannot tell whether " + l.userName(home.uid) + " or root starts PHP-FPM", obstacle: Accounts}
		}
		b = atHome
	}
	if b == nil {
		b = l.closedByUnit(who, pool, name)
	}
	if b != nil {
		b.At = front.User.At()
	}
	return b
}

// denialOfBuild is denial for an nginx without a user directive, whose account is the
// one it was built with.
func (l *linker) denialOfBuild(front *Front, socket string, made *socket) *Denial {
	var stop *Denial
	var names []string
	accounts := servers.NginxAccounts
	if l.Facts.NginxUser != "" {
		accounts = []string{l.Facts.NginxUser}
	}
	for _, name := range accounts {
		if _, ok := l.Facts.Users.Lookup(name); !ok {
			continue
		}
		who, why := l.person(Account{User: name})
		if why != "" {
			return &Denial{At: front.At, Why: why, obstacle: Accounts}
		}
		b := l.stopped(who, socket, made)
		if b == nil && l.Facts.NginxUser != "" {
			return nil
		}
		if b == nil {
			return &Denial{At: front.At, Why: "cannot tell which account nginx was built to run as, and " + name + " may connect to " + socket, obstacle: NginxAccount}
		}
		names = append(names, name)
		if stop == nil {
			stop = b
		}
	}
	if stop == nil {
		return &Denial{At: front.At, Why: "cannot tell which account nginx was built to run as", obstacle: NginxAccount}
	}
	stop.At, stop.Tries = front.At, Account{User: strings.Join(names, " or ")}
	return stop
}

// person resolves an account to numbers as nginx and Apache do: initgroups(3) with the group of
// the account, or the primary group (nginx ngx_process_cycle.c; httpd
// modules/arch/unix/mod_unixd.c). Apache takes numbers such as #33 too.
func (l *linker) person(a Account) (who person, why string) {
	if who, met := l.people[a]; met {
		return who, ""
	}
	u, ok := l.Facts.Users.Lookup(a.User)
	if id, numeric := apacheNumber(a.User); numeric {
		switch name := l.Facts.Users.Name(id); {
		case name != "":
			u.UID, ok, a.User = id, true, name
		case l.Facts.Users.NoNumber(id):
			ok = true // see Front.NoAccount
		}
	}
	if !ok {
		return who, "the account " + a.User + " of the web server is not in /etc/passwd"
	}
	gid := u.GID
	if a.Group != "" {
		g, ok := l.Facts.Groups.Lookup(a.Group)
		if id, numeric := apacheNumber(a.Group); numeric {
			g.GID, ok = id, true
		}
		if !ok {
			return who, "the group " + a.Group + " of the web server is not in /etc/group"
		}
		gid = g.GID
	}
	who = person{a, u.UID, append([]uint32{gid}, l.Facts.Groups.Of(a.User)...), map[string]*Denial{}}
	l.people[a] = who
	return who, ""
}

// apacheNumber returns the number of an account that is written as #33.
func apacheNumber(text string) (id uint32, ok bool) {
	digits, marked := strings.CutPrefix(text, "#")
	id, ok = host.Number(digits)
	return id, ok && marked
}

// stopped returns what denies who access to the socket name, which PHP-FPM makes.
func (l *linker) stopped(who person, name string, made *socket) *Denial {
	if who.uid == 0 {
		return nil
	}
	dir := netaddr.Dir(name)
	if closed := l.closedDir(who, dir); closed != nil {
		b := *closed // a copy, which the caller changes
		b.Socket = name
		return &b
	}
	var b *Denial
	if !made.admits(who) {
		b = &Denial{
			Tries: who.account, Socket: name, Path: name, Owner: l.userName(made.uid), Group: l.groupName(made.gid), Mode: made.mode,
			Class: who.class(made.uid, made.gid), Own: made.own,
		}
	}
	info, known := l.Facts.Files.Info(name)
	if !known || info.Type != tree.Socket || made.acl() {
		return b
	}
	class := who.class(info.UID, info.GID)
	open := class.bits(info.Mode)&2 != 0
	switch {
	case b != nil:
		b.Later = open
		return b
	case open:
		return nil
	}
	return &Denial{
		Tries: who.account, Socket: name, Path: name, Exists: true, Class: class, Mode: info.Mode.Perm(),
		Owner: l.userName(info.UID), Group: l.groupName(info.GID),
	}
}

// closedByUnit returns the directory of a socket if the unit of PHP-FPM makes it without search
// permission for who.
func (l *linker) closedByUnit(who person, pool *Pool, name string) *Denial {
	dir := netaddr.Dir(name)
	mode, by, ok := service.RuntimeMode(pool.Master.start, dir)
	if !ok || who.uid == 0 {
		return nil
	}
	uid, gid := uint32(0), uint32(0)
	if as := pool.Master.as; as != nil {
		uid, gid = as.UID, as.GIDs[0]
	}
	class := who.class(uid, gid)
	if class.bits(mode)&1 != 0 {
		return nil
	}
	return &Denial{
		Tries: who.account, Socket: name, Path: dir, Dir: true, Class: class, Mode: mode,
		Owner: l.userName(uid), Group: l.groupName(gid), By: by,
	}
}

// closedDir returns the first directory, of dir and its parents from the root down, on
// which who has no search permission. Each is looked for once.
func (l *linker) closedDir(who person, dir string) *Denial {
	closed, met := who.closed[dir]
	if !met {
		closed = l.findClosed(who, dir)
		who.closed[dir] = closed
	}
	return closed
}

// findClosed is closedDir, looked for.
func (l *linker) findClosed(who person, dir string) *Denial {
	for i := range len(dir) + 1 {
		if i < len(dir) && dir[i] != '/' {
			continue
		}
		name := dir[:max(i, 1)]
		info, known := l.Facts.Files.Info(name)
		if !known || info.Type != tree.Dir {
			return nil
		}
		if class := who.class(info.UID, info.GID); class.bits(info.Mode)&1 == 0 {
			return &Denial{
				Tries: who.account, Path: name, Dir: true, Exists: true, Class: class, Mode: info.Mode.Perm(),
				Owner: l.userName(info.UID), Group: l.groupName(info.GID),
			}
		}
	}
	return nil
}

func (l *linker) userName(uid uint32) string { return host.Name(l.Facts.Users.Name(uid), uid) }

func (l *linker) groupName(gid uint32) string { return host.Name(l.Facts.Groups.Name(gid), gid) }
