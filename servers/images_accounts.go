package servers

import (
	"fmt"
	"slices"
	"strings"
)

// Account is a line of /etc/passwd.
type Account struct {
	Name     string
	UID, GID uint32
}

// Passwd returns the line.
func (a Account) Passwd() string {
	return fmt.Sprintf("%s:x:%d:%d::/:/sbin/nologin\n", a.Name, a.UID, a.GID)
}

// Group is a line of /etc/group.
type Group struct {
	Name    string
	GID     uint32
	Members []string
}

// String returns the line.
func (g Group) String() string {
	return fmt.Sprintf("%s:x:%d:%s\n", g.Name, g.GID, strings.Join(g.Members, ","))
}

// The accounts and groups that an image of a distribution has before anything is
// installed (files of Debian's base-passwd, Alpine's alpine-baselayout, Fedora's setup).
var (
	debianAccounts = []Account{
		{"root", 0, 0}, {"daemon", 1, 1}, {"bin", 2, 2}, {"sys", 3, 3}, {"sync", 4, 65534}, {"games", 5, 60},
		{"man", 6, 12}, {"lp", 7, 7}, {"mail", 8, 8}, {"news", 9, 9}, {"uucp", 10, 10}, {"proxy", 13, 13},
		{"www-data", 33, 33}, {"backup", 34, 34}, {"list", 38, 38}, {"irc", 39, 39}, {"nobody", 65534, 65534},
	}
	debianGroups = []Group{
		{"root", 0, nil}, {"daemon", 1, nil}, {"bin", 2, nil}, {"sys", 3, nil}, {"adm", 4, nil}, {"tty", 5, nil},
		{"disk", 6, nil}, {"lp", 7, nil}, {"mail", 8, nil}, {"news", 9, nil}, {"uucp", 10, nil}, {"man", 12, nil},
		{"proxy", 13, nil}, {"sudo", 27, nil}, {"www-data", 33, nil}, {"backup", 34, nil}, {"list", 38, nil},
		{"irc", 39, nil}, {"shadow", 42, nil}, {"video", 44, nil}, {"staff", 50, nil}, {"games", 60, nil},
		{"users", 100, nil}, {"nogroup", 65534, nil},
	}
	// Alpine has the group www-data, and no account of that name.
	alpineAccounts = []Account{
		{"root", 0, 0}, {"bin", 1, 1}, {"daemon", 2, 2}, {"lp", 4, 7}, {"sync", 5, 0}, {"mail", 8, 12},
		{"news", 9, 13}, {"uucp", 10, 14}, {"cron", 16, 16}, {"ftp", 21, 21}, {"sshd", 22, 22}, {"games", 35, 35},
		{"ntp", 123, 123}, {"guest", 405, 100}, {"nobody", 65534, 65534},
	}
	alpineGroups = []Group{
		{"root", 0, []string{"root"}}, {"bin", 1, nil}, {"daemon", 2, nil}, {"sys", 3, nil}, {"adm", 4, nil},
		{"tty", 5, nil}, {"disk", 6, nil}, {"lp", 7, nil}, {"wheel", 10, nil}, {"mail", 12, nil}, {"news", 13, nil},
		{"uucp", 14, nil}, {"cron", 16, nil}, {"ftp", 21, nil}, {"sshd", 22, nil}, {"games", 35, nil},
		{"shadow", 42, nil}, {"www-data", 82, nil}, {"users", 100, nil}, {"ntp", 123, nil},
		{"nogroup", 65533, nil}, {"nobody", 65534, nil},
	}
	rhelAccounts = []Account{
		{"root", 0, 0}, {"bin", 1, 1}, {"daemon", 2, 2}, {"adm", 3, 4}, {"lp", 4, 7}, {"sync", 5, 0},
		{"mail", 8, 12}, {"operator", 11, 0}, {"games", 12, 100}, {"ftp", 14, 50}, {"nobody", 65534, 65534},
	}
	rhelGroups = []Group{
		{"root", 0, nil}, {"bin", 1, nil}, {"daemon", 2, nil}, {"sys", 3, nil}, {"adm", 4, nil}, {"tty", 5, nil},
		{"disk", 6, nil}, {"lp", 7, nil}, {"mem", 8, nil}, {"wheel", 10, nil}, {"mail", 12, nil}, {"man", 15, nil},
		{"games", 20, nil}, {"ftp", 50, nil}, {"users", 100, nil}, {"nobody", 65534, nil},
	}
)

// accountOf returns the account of m with a name.
func accountOf(m Image, name string) (Account, bool) {
	i := slices.IndexFunc(m.Accounts, func(a Account) bool { return a.Name == name })
	if i < 0 {
		return Account{}, false
	}
	return m.Accounts[i], true
}

// addAccount adds an account that does not exist, and a group of the same name if that
// does not exist.
func (m *Image) addAccount(name string, uid, gid uint32) {
	m.Accounts = append(m.Accounts, Account{name, uid, gid})
	m.addGroup(Group{name, gid, nil})
}

// addGroup adds a group, or its members to the one of that name.
func (m *Image) addGroup(g Group) {
	i := slices.IndexFunc(m.Groups, func(other Group) bool { return other.Name == g.Name })
	if i < 0 {
		m.Groups = append(m.Groups, g)
		return
	}
	m.Groups[i].Members = slices.Concat(m.Groups[i].Members, g.Members)
}

// accountFiles returns /etc/passwd and /etc/group.
func accountFiles(accounts []Account, groups []Group) []ImageFile {
	var passwd, group strings.Builder
	for _, a := range accounts {
		passwd.WriteString(a.Passwd())
	}
	for _, g := range groups {
		group.WriteString(g.String())
	}
	return []ImageFile{file("/etc/passwd", passwd.String()), file("/etc/group", group.String())}
}
