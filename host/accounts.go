package host

import (
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/tree"
)

// User is one account.
type User struct {
	Name     string
	UID, GID uint32
}

// Group is one group and the users that have it as a supplementary group.
type Group struct {
	Name    string
	GID     uint32
	Members []string
}

// UserTable is the accounts of a machine. The zero UserTable is unknown.
type UserTable struct {
	// Known is set when etc/passwd exists.
	Known bool
	// Elsewhere is set when etc/nsswitch.conf also names a directory service: a
	// name that is not in the table may exist there.
	Elsewhere bool
	byName    map[string]User
	byID      map[uint32]string
}

// GroupTable is the groups of a machine. The zero GroupTable is unknown.
type GroupTable struct {
	// Known is set when etc/group exists.
	Known bool
	// Elsewhere is as in UserTable.
	Elsewhere bool
	byName    map[string]Group
	byID      map[uint32]string
	byMember  map[string][]uint32
}

// Lookup returns the account name.
func (t UserTable) Lookup(name string) (User, bool) {
	u, ok := t.byName[name]
	return u, ok
}

// NoNumber reports whether certainly no account has a number.
func (t UserTable) NoNumber(uid uint32) bool {
	_, ok := t.byID[uid]
	return t.Known && !t.Elsewhere && !ok
}

// Name returns the first account with a number, and "" when there is none.
func (t UserTable) Name(uid uint32) string { return t.byID[uid] }

// Name returns the first group with a number, and "" when there is none.
func (t GroupTable) Name(gid uint32) string { return t.byID[gid] }

// Name returns the name of an account, or its number where it has none.
func Name(name string, id uint32) string {
	if name == "" {
		return strconv.FormatUint(uint64(id), 10)
	}
	return name
}

// Absent reports whether the account name certainly does not exist.
func (t UserTable) Absent(name string) bool {
	_, ok := t.byName[name]
	return t.Known && !t.Elsewhere && !ok
}

// Lookup returns the group name.
func (t GroupTable) Lookup(name string) (Group, bool) {
	g, ok := t.byName[name]
	return g, ok
}

// Absent reports whether the group name certainly does not exist.
func (t GroupTable) Absent(name string) bool {
	_, ok := t.byName[name]
	return t.Known && !t.Elsewhere && !ok
}

// Of returns the supplementary groups that initgroups(3) gives to a user, in
// the order of the file. They include the primary group only if it lists the
// user.
func (t GroupTable) Of(user string) []uint32 { return t.byMember[user] }

func newUsers() UserTable {
	return UserTable{Known: true, byName: map[string]User{}, byID: map[uint32]string{}}
}

// add adds an account. The first account of a name takes effect, and the first
// of a number names it.
func (t *UserTable) add(u User) {
	if _, again := t.byName[u.Name]; again {
		return
	}
	t.byName[u.Name] = u
	if _, again := t.byID[u.UID]; !again {
		t.byID[u.UID] = u.Name
	}
}

func newGroups() GroupTable {
	return GroupTable{Known: true, byName: map[string]Group{}, byID: map[uint32]string{}, byMember: map[string][]uint32{}}
}

// add adds a group as UserTable.add does. Members of a second group with the
// same name are in both.
func (t *GroupTable) add(g Group) {
	if _, again := t.byName[g.Name]; !again {
		t.byName[g.Name] = g
		if _, again := t.byID[g.GID]; !again {
			t.byID[g.GID] = g.Name
		}
	}
	for _, member := range g.Members {
		t.byMember[member] = append(t.byMember[member], g.GID)
	}
}

// ParseUsers reads the text of an etc/passwd as glibc does: of two accounts
// with the same name the first takes effect, and a line without valid numbers
// is not an account.
func ParseUsers(passwd string) UserTable {
	t := newUsers()
	for line := range strings.Lines(passwd) {
		f := fields(line, maxUserLine)
		uid, ok := number(f[2])
		gid, too := number(f[3])
		if ok && too {
			t.add(User{f[0], uid, gid})
		}
	}
	return t
}

// ParseGroups reads the text of an etc/group as ParseUsers does.
func ParseGroups(group string) GroupTable {
	t := newGroups()
	for line := range strings.Lines(group) {
		f := fields(line, maxGroupLine)
		gid, ok := number(f[2])
		if !ok {
			continue
		}
		g := Group{Name: f[0], GID: gid}
		if f[3] != "" {
			g.Members = strings.Split(f[3], ",")
		}
		t.add(g)
	}
	return t
}

// The longest lines of etc/passwd and etc/group that are read.
const (
	maxUserLine  = 60_000
	maxGroupLine = 1_000_000
)

// fields returns the first fields of a line; empty for a line that glibc skips:
// comments, lines without a name, and the "+" and "-" of NIS
// (nss/nss_files/files-parse.c).
func fields(line string, longest int) (f [4]string) {
	line = strings.TrimSpace(line)
	if len(line) > longest || line == "" || strings.ContainsAny(line[:1], "#+-:") {
		return f
	}
	for i := range f {
		f[i], line, _ = strings.Cut(line, ":")
	}
	return f
}

// number reads the number of an account or a group, which has 32 bits.
func number(text string) (id uint32, ok bool) {
	n, err := strconv.ParseUint(text, 10, 32)
	return uint32(n), err == nil
}

// local are the sources of nsswitch.conf that add no account that a server's
// configuration could name (nsswitch.conf(5), nss-systemd(8)).
var local = []string{"files", "compat", "systemd", "altfiles", "db"}

// elsewhere reports whether a database has accounts from other sources than the
// files.
func elsewhere(t *tree.Tree, database string) bool {
	text, err := t.Open("/etc/nsswitch.conf")
	if err != nil {
		return false
	}
	for line := range strings.Lines(text.Content) {
		line, _, _ = strings.Cut(line, "#")
		name, sources, ok := strings.Cut(line, ":")
		if !ok || strings.TrimSpace(name) != database {
			continue
		}
		for _, source := range strings.Fields(sources) {
			// RHEL lists sss on every machine; without this file sssd has
			// only the local accounts.
			if source == "sss" {
				if _, err := t.Stat("/etc/sssd/sssd.conf"); errors.Is(err, fs.ErrNotExist) {
					continue
				}
			}
			if !slices.Contains(local, source) && !strings.ContainsAny(source, "[]=") {
				return true
			}
		}
	}
	return false
}
