package stack

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// accounts judges the users and groups of a pool (php-src fpm_unix.c; measured
// on PHP-FPM 8.2). Those of the listen belong to unix sockets alone, and
// PHP-FPM does not look up the owner of a socket that has an ACL.
func (j *entryJudge) accounts() {
	j.account("user", false)
	j.account("group", true)
	j.groupOfUser()
	if j.pool.Listen.Endpoint.Network != netaddr.Unix {
		return
	}
	users, _, known1 := j.text("listen.acl_users")
	groups, _, known2 := j.text("listen.acl_groups")
	if users != "" || groups != "" {
		j.list("listen.acl_users", users, false)
		j.list("listen.acl_groups", groups, true)
		return
	}
	if known1 && known2 || !j.master.Loose {
		j.account("listen.owner", false)
		j.account("listen.group", true)
	}
}

// account judges an entry with one account, a name or a number.
func (j *entryJudge) account(key string, group bool) {
	text, e, known := j.text(key)
	if e == nil {
		return
	}
	if !known {
		j.untold(UnknownAccount, e.Value().At, key+": "+firstOf(e.Value().Why, j.section.Why))
		return
	}
	worker := key == "user" || key == "group"
	switch {
	case text == "" && key != "user":
	case worker && (text == "" || text == "root" || isZero(text)):
		j.root(e, key, text)
	case isNumber(text):
	default:
		j.name(e, e.Value().At, key, text, group)
	}
}

// groupOfUser judges the group of a pool that names none: that of the user, and
// root's for a number that is not in the list of accounts.
func (j *entryJudge) groupOfUser() {
	user, e, known := j.text("user")
	group, groupEntry, told := j.text("group")
	if e == nil || !known || group != "" || groupEntry != nil && !told || user == "" || user == "root" || isZero(user) || !j.configs.Whole || j.Facts == nil {
		return
	}
	name := user
	if isNumber(user) {
		uid, err := strconv.ParseUint(user, 10, 32)
		if err != nil {
			return
		}
		if j.Facts.Users.NoNumber(uint32(uid)) {
			j.report(e, BadEntry{Fault: UnknownAccount, Message: fmt.Sprintf("no account has the number %s, so its group is root, which PHP-FPM refuses: the pool needs a group", user), Says: servers.RefuseRoot.Line(j.pool.Name)})
			return
		}
		name = j.Facts.Users.Name(uint32(uid))
	}
	if u, ok := j.Facts.Users.Lookup(name); ok && u.GID == 0 {
		j.report(e, BadEntry{Fault: UnknownAccount, Message: fmt.Sprintf("the group of %s is root, which PHP-FPM refuses: the pool needs another group", user), Says: servers.RefuseRoot.Line(j.pool.Name)})
	}
}

// root reports a pool whose workers would be root.
func (j *entryJudge) root(e *fpm.Entry, key, text string) {
	if !j.configs.Whole {
		j.untold(UnknownAccount, valueAt(e), "whether PHP-FPM may run "+key+" as root (-R) is not known")
		return
	}
	message := fmt.Sprintf("PHP-FPM refuses %s as %s", text, key)
	if text == "" {
		message = "user is empty, which is root, and PHP-FPM refuses that"
	}
	j.report(e, BadEntry{Fault: UnknownAccount, Message: message, Says: servers.RefuseRoot.Line(j.pool.Name)})
}

// list judges an ACL: names between commas, with nothing around them, and no
// numbers.
func (j *entryJudge) list(key, text string, group bool) {
	e := j.last(key)
	if text == "" || e == nil {
		return
	}
	for name := range strings.SplitSeq(text, ",") {
		if name == "" {
			continue
		}
		at := e.Value().At
		if i := strings.Index(at.Text(), name); i >= 0 {
			at = at.Sub(i, i+len(name))
		}
		j.name(e, at, key, name, group)
	}
}

// name judges a name of a user or group.
func (j *entryJudge) name(e *fpm.Entry, at source.Span, key, name string, group bool) {
	kind, refusal := "user", servers.RefuseUser
	if group {
		kind, refusal = "group", servers.RefuseGroup
	}
	exists, known := j.accountExists(name, group)
	switch {
	case exists:
	case !known && hashTail(e.Value()) < 0 && !j.listed(group):
		if fact := database[group]; !j.needed[fact] {
			j.needed[fact] = true
			j.missing(BadEntry{Fault: UnknownAccount, At: at, Needs: fact})
		}
	case !known && hashTail(e.Value()) < 0:
		j.untold(UnknownAccount, at, "whether there is a "+kind+" "+name+" is not known")
	default:
		b := BadEntry{Fault: UnknownAccount, At: at, Message: fmt.Sprintf("there is no %s %s, which %s names", kind, source.Excerpt(name), key), Says: refusal.Line(j.pool.Name, name)}
		if trimmed := strings.TrimSpace(name); trimmed != name {
			b.Message = fmt.Sprintf("the blank is a part of the name in %s, and there is no such %s", key, kind)
			b.Fixes = []source.Fix{{Title: "take out the blank", Edits: []source.Edit{{At: at, New: trimmed}}}}
		}
		j.report(e, b)
	}
}

// database is the fact that tells the accounts, by whether they are groups.
var database = map[bool]host.Fact{false: host.Users, true: host.Groups}

// listed reports whether there is a list of the users or of the groups.
func (j *entryJudge) listed(group bool) bool {
	return j.Facts != nil && (group && j.Facts.Groups.Known || !group && j.Facts.Users.Known)
}

func (j *entryJudge) accountExists(name string, group bool) (exists, known bool) {
	switch {
	case j.Facts == nil:
		return false, false
	case group:
		_, exists = j.Facts.Groups.Lookup(name)
		return exists, exists || j.Facts.Groups.Absent(name)
	}
	_, exists = j.Facts.Users.Lookup(name)
	return exists, exists || j.Facts.Users.Absent(name)
}

// isNumber reports whether PHP-FPM takes text for the number of an account.
func isNumber(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

func isZero(text string) bool { return text != "" && strings.Trim(text, "0") == "" }

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
