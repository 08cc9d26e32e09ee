package host

import (
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// User is one account.
type User struct {
	Name string `json:"name"`
	UID  uint32 `json:"uid"`
	GID  uint32 `json:"gid"`
}

// Group is one group and the users that have it as a supplementary group.
type Group struct {
	Name    string   `json:"name"`
	GID     uint32   `json:"gid"`
	Members []string `json:"members,omitempty"`
}

// Accounts are the users or the groups of a machine. The zero Accounts are unknown.
type Accounts[T any] struct {
	// Known is set when etc/passwd or etc/group exists.
	Known bool
	// Elsewhere is set when the machine may have accounts outside its files: a name
	// that is not among them may exist there.
	Elsewhere bool
	byName    map[string]T
	byID      map[uint32]string
}

// UserTable is the users of a machine.
type UserTable = Accounts[User]

// GroupTable is the groups of a machine.
type GroupTable struct {
	Accounts[Group]
	byMember map[string][]uint32
}

// Lookup returns the account name.
func (a Accounts[T]) Lookup(name string) (account T, ok bool) {
	account, ok = a.byName[name]
	return account, ok
}

// Absent reports whether the account name certainly does not exist.
func (a Accounts[T]) Absent(name string) bool {
	_, ok := a.byName[name]
	return a.Known && !a.Elsewhere && !ok
}

// NoNumber reports whether certainly no account has a number.
func (a Accounts[T]) NoNumber(id uint32) bool {
	_, ok := a.byID[id]
	return a.Known && !a.Elsewhere && !ok
}

// Name returns the first account with a number, and "" when there is none.
func (a Accounts[T]) Name(id uint32) string { return a.byID[id] }

// Name returns the name of an account, or its number where it has none.
func Name(name string, id uint32) string {
	if name == "" {
		return strconv.FormatUint(uint64(id), 10)
	}
	return name
}

// Of returns the supplementary groups that initgroups(3) gives to a user, in
// the order of the file. They include the primary group only if it lists the
// user.
func (t GroupTable) Of(user string) []uint32 { return t.byMember[user] }

// Number returns the number of a group that is given by its number or its name.
func (t GroupTable) Number(text string) (gid uint32, ok bool) {
	if id, ok := Number(text); ok {
		return id, true
	}
	g, ok := t.Lookup(text)
	return g.GID, ok
}

// Stub is source.Stub, and false for an account of the machine in the wrong case:
// WWW-DATA is not a name that a program replaces.
func (f *Facts) Stub(text string) bool {
	if f == nil || !source.Stub(text) {
		return source.Stub(text)
	}
	_, user := f.Users.Lookup(strings.ToLower(text))
	_, group := f.Groups.Lookup(strings.ToLower(text))
	return !user && !group
}

func newAccounts[T any]() Accounts[T] {
	return Accounts[T]{Known: true, byName: map[string]T{}, byID: map[uint32]string{}}
}

// add adds an account. The first account of a name takes effect, and the first
// of a number names it.
func (a Accounts[T]) add(name string, id uint32, account T) {
	if _, again := a.byName[name]; again {
		return
	}
	a.byName[name] = account
	if _, again := a.byID[id]; !again {
		a.byID[id] = name
	}
}

func usersOf(list []User) UserTable {
	t := newAccounts[User]()
	for _, u := range list {
		t.add(u.Name, u.UID, u)
	}
	return t
}

// groupsOf returns the table of a list. Members of a second group with the same
// name are in both.
func groupsOf(list []Group) GroupTable {
	t := GroupTable{newAccounts[Group](), map[string][]uint32{}}
	for _, g := range list {
		t.add(g.Name, g.GID, g)
		for _, member := range g.Members {
			t.byMember[member] = append(t.byMember[member], g.GID)
		}
	}
	return t
}

// ParseUsers reads the text of an etc/passwd as glibc does: of two accounts
// with the same name the first takes effect, and a line without valid numbers
// is not an account.
func ParseUsers(passwd string) UserTable {
	var list []User
	for line := range strings.Lines(passwd) {
		f := fields(line, maxUserLine)
		uid, ok := Number(f[2])
		gid, too := Number(f[3])
		if ok && too {
			list = append(list, User{f[0], uid, gid})
		}
	}
	return usersOf(list)
}

// ParseGroups reads the text of an etc/group as ParseUsers does.
func ParseGroups(group string) GroupTable {
	var list []Group
	for line := range strings.Lines(group) {
		f := fields(line, maxGroupLine)
		gid, ok := Number(f[2])
		if !ok {
			continue
		}
		g := Group{Name: f[0], GID: gid}
		if f[3] != "" {
			g.Members = strings.Split(f[3], ",")
		}
		list = append(list, g)
	}
	return groupsOf(list)
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

// Number reads the number of an account or a group, which has 32 bits.
func Number(text string) (id uint32, ok bool) {
	if text == "" || text[0] < '0' || text[0] > '9' { // ParseUint would allocate an error
		return 0, false
	}
	n, err := strconv.ParseUint(text, 10, 32)
	return uint32(n), err == nil
}
