package shell

import (
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// accounts are the commands of shadow, Debian and BusyBox that change accounts.
func accounts(name string) command {
	switch name {
	case "useradd":
		return (*call).useradd
	case "adduser":
		return (*call).adduser
	case "groupadd":
		return (*call).groupadd
	case "addgroup":
		return (*call).addgroup
	case "usermod":
		return (*call).usermod
	case "groupmod":
		return (*call).groupmod
	case "userdel", "deluser":
		return (*call).deluser
	case "groupdel", "delgroup":
		return (*call).delgroup
	case "gpasswd":
		return (*call).gpasswd
	case "id", "getent":
		return (*call).known
	}
	return nil
}

// id returns the UID or GID that an option gives; AnyID for none. It is false for one that is not
// known: then there is a doubt about all accounts.
func (c *call) id(opts []option, names ...string) (id int, known bool) {
	value, given := valueOf(opts, names...)
	if !given {
		return AnyID, true
	}
	if n, err := strconv.Atoi(value.String); err == nil && n >= 0 {
		return n, true
	}
	c.doubtAccounts()
	return AnyID, false
}

func (c *call) doubtAccounts() {
	c.w.Doubt(passwd, c.span, c.name)
	c.w.Doubt(groups, c.span, c.name)
}

// account reports whether the name of an account is known; else there is a doubt about
// all.
func (c *call) account(names []source.Text) bool {
	if len(names) == 0 || names[0].String == "" {
		return false
	}
	for _, name := range names {
		if hole.In(name) {
			c.doubtAccounts()
			return false
		}
	}
	return true
}

func listOf(t source.Text) []string {
	if t.String == "" {
		return nil
	}
	return strings.Split(t.String, ",")
}

// userOptions are the options of useradd and usermod that take a value.
const userOptions = "bcdefgGkKpRPsuZ"

var longUserOptions = []string{"base-dir", "comment", "home-dir", "home", "expiredate", "inactive", "gid", "groups", "skel", "key", "password", "root", "prefix", "shell", "uid", "selinux-user"}

func (c *call) useradd() status {
	opts, names := options(c.args, userOptions, longUserOptions...)
	if !c.account(names) {
		return assumed
	}
	group, _ := valueOf(opts, "-g", "--gid")
	more, _ := valueOf(opts, "-G", "--groups")
	home, _ := valueOf(opts, "-d", "--home-dir", "--home")
	if has(opts, "-N", "--no-user-group") && group.String == "" {
		group = hole.Plain("users")
	}
	uid, known := c.id(opts, "-u", "--uid")
	if !known {
		return assumed
	}
	c.w.AddUser(User{
		Name: names[0].String, UID: uid, Group: group.String, Groups: listOf(more), Home: home.String,
		System: has(opts, "-r", "--system"), At: c.span,
	})
	return ok
}

// adduser is that of Debian and that of BusyBox; adduser user group adds a member. On Red
// Hat's distributions it is useradd.
func (c *call) adduser() status {
	if has(c.longOnly(), "--system", "--uid", "--gid", "--ingroup", "--group", "--disabled-password", "--disabled-login", "--gecos", "--no-create-home", "--home", "--shell") {
		return c.debianAdduser()
	}
	if c.flavor == Bash && c.sh == Bash {
		return c.useradd()
	}
	opts, names := options(c.args, "hgsGuk", "home", "shell", "gecos")
	if !c.account(names) {
		return assumed
	}
	if len(names) == 2 {
		c.w.AddMember(names[0].String, names[1].String, c.span)
		return ok
	}
	group, _ := valueOf(opts, "-G")
	home, _ := valueOf(opts, "-h", "--home")
	uid, known := c.id(opts, "-u")
	if !known {
		return assumed
	}
	c.w.AddUser(User{Name: names[0].String, UID: uid, Group: group.String, Home: home.String, System: has(opts, "-S"), At: c.span})
	return ok
}

func (c *call) longOnly() []option {
	opts, _ := options(c.args, "")
	return opts
}

func (c *call) debianAdduser() status {
	opts, names := options(c.args, "", "uid", "gid", "ingroup", "gecos", "home", "shell", "firstuid", "lastuid", "conf", "comment")
	if !c.account(names) {
		return assumed
	}
	if len(names) == 2 {
		c.w.AddMember(names[0].String, names[1].String, c.span)
		return ok
	}
	group, _ := valueOf(opts, "--ingroup", "--gid")
	home, _ := valueOf(opts, "--home")
	system := has(opts, "--system")
	if system && group.String == "" && !has(opts, "--group") {
		group = hole.Plain("nogroup")
	}
	uid, known := c.id(opts, "--uid")
	if !known {
		return assumed
	}
	c.w.AddUser(User{Name: names[0].String, UID: uid, Group: group.String, Home: home.String, System: system, At: c.span})
	return ok
}

func (c *call) groupadd() status {
	opts, names := options(c.args, "gKpRP", "gid", "key", "password", "root", "prefix")
	if !c.account(names) {
		return assumed
	}
	gid, known := c.id(opts, "-g", "--gid")
	if !known {
		return assumed
	}
	c.w.AddGroup(Group{Name: names[0].String, GID: gid, System: has(opts, "-r", "--system"), At: c.span})
	return ok
}

// addgroup is that of Debian and that of BusyBox; addgroup user group adds a member.
func (c *call) addgroup() status {
	opts, names := options(c.args, "g", "gid")
	if !c.account(names) {
		return assumed
	}
	if len(names) == 2 {
		c.w.AddMember(names[0].String, names[1].String, c.span)
		return ok
	}
	gid, known := c.id(opts, "-g", "--gid")
	if !known {
		return assumed
	}
	c.w.AddGroup(Group{Name: names[0].String, GID: gid, System: has(opts, "-S", "--system"), At: c.span})
	return ok
}

func (c *call) usermod() status {
	opts, names := options(c.args, userOptions+"l", append(longUserOptions, "login")...)
	if !c.account(names) {
		return assumed
	}
	user := names[0].String
	more, _ := valueOf(opts, "-G", "--groups")
	group, _ := valueOf(opts, "-g", "--gid")
	home, _ := valueOf(opts, "-d", "--home", "--home-dir")
	if hole.In(more) || hole.In(group) {
		c.w.Doubt(groups, c.span, c.name)
		return assumed
	}
	for _, g := range listOf(more) {
		c.w.AddMember(user, g, c.span)
	}
	name, _ := valueOf(opts, "-l", "--login")
	uid, known := c.id(opts, "-u", "--uid")
	if !known {
		return assumed
	}
	if uid != AnyID || group.String != "" || home.String != "" || name.String != "" {
		c.w.ChangeUser(User{Name: user, NewName: name.String, UID: uid, Group: group.String, Home: home.String, At: c.span})
	}
	return ok
}

func (c *call) groupmod() status {
	opts, names := options(c.args, "gnpRP", "gid", "new-name", "password", "root", "prefix")
	if !c.account(names) {
		return assumed
	}
	name, _ := valueOf(opts, "-n", "--new-name")
	gid, known := c.id(opts, "-g", "--gid")
	if !known {
		return assumed
	}
	if gid != AnyID || name.String != "" {
		c.w.ChangeGroup(Group{Name: names[0].String, NewName: name.String, GID: gid, At: c.span})
	}
	return ok
}

func (c *call) deluser() status {
	_, names := options(c.args, "RP")
	if c.account(names) {
		if len(names) > 1 {
			c.w.Doubt(groups, c.span, c.name)
		} else {
			c.w.RemoveUser(names[0].String, c.span)
		}
	}
	return ok
}

func (c *call) delgroup() status {
	_, names := options(c.args, "RP")
	if c.account(names) {
		if len(names) > 1 {
			c.w.Doubt(groups, c.span, c.name)
		} else {
			c.w.RemoveGroup(names[0].String, c.span)
		}
	}
	return ok
}

// gpasswd is gpasswd -a user group.
func (c *call) gpasswd() status {
	opts, names := options(c.args, "ad", "add", "delete")
	user, given := valueOf(opts, "-a", "--add")
	if given && c.account(append(names, user)) {
		c.w.AddMember(user.String, names[0].String, c.span)
	}
	return ok
}

// known is id and getent: they tell whether an account exists, and print its number.
func (c *call) known() status {
	opts, names := options(c.args, "")
	file := passwd
	if c.name == "getent" && len(names) > 0 {
		if names[0].String == "group" {
			file = groups
		}
		names = names[1:]
	}
	text, known := c.w.Read(file)
	if !known || hole.In(text) || len(names) != 1 || hole.In(names[0]) {
		c.printUnknown()
		return undecided
	}
	for _, line := range text.Lines() {
		fields := strings.Split(strings.TrimRight(line.String, "\n"), ":")
		if fields[0] != names[0].String && (len(fields) < 3 || fields[2] != names[0].String) {
			continue
		}
		switch {
		case c.name == "getent":
			c.print(line)
		case len(fields) > 3 && has(opts, "-u"):
			c.print(source.Made(fields[2]+"\n", hole.Place(line, 0, len(line.String))))
		case len(fields) > 3 && has(opts, "-g"):
			c.print(source.Made(fields[3]+"\n", hole.Place(line, 0, len(line.String))))
		default:
			c.printUnknown()
		}
		return ok
	}
	return failed
}
