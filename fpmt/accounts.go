package fpmt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// accounts judges the users and groups of a pool (php-src fpm_unix.c; measured on
// PHP-FPM 8.2). Those of listen apply to unix sockets only, and PHP-FPM does not look up
// the owner of a socket that has an ACL.
func (j *judge) accounts(listen Listen) {
	j.account(servers.KeyUser, false)
	j.account(servers.KeyGroup, true)
	j.groupOfUser()
	if listen.Endpoint.Network != netaddr.Unix {
		return
	}
	users, _, known1 := j.text(servers.KeyListenACLUsers)
	groups, _, known2 := j.text(servers.KeyListenACLGroups)
	if users != "" || groups != "" {
		j.list(servers.KeyListenACLUsers, users, false)
		j.list(servers.KeyListenACLGroups, groups, true)
		return
	}
	if known1 && known2 || !j.master.Loose {
		j.account(servers.KeyListenOwner, false)
		j.account(servers.KeyListenGroup, true)
	}
}

// account judges a setting with one account, a name or a number.
func (j *judge) account(key servers.FPMKey, group bool) {
	text, e, known := j.text(key)
	if e == nil {
		return
	}
	if !known {
		j.untold(UnknownAccount, e.Value().At, j.section.Text(key).Why())
		return
	}
	worker := key == servers.KeyUser || key == servers.KeyGroup
	switch {
	case text == "" && key != servers.KeyUser:
	case worker && (text == "" || text == "root" || isZero(text)):
		j.root(e, key, text)
	case isNumber(text):
	default:
		j.name(e, e.Value().At, key, text, group)
	}
}

// groupOfUser judges the group of a pool without group: that of the user, or root's for
// a number that is not in the account table.
func (j *judge) groupOfUser() {
	user, e, known := j.text(servers.KeyUser)
	group, groupEntry, told := j.text(servers.KeyGroup)
	if e == nil || !known || group != "" || groupEntry != nil && !told || user == "" || user == "root" || isZero(user) || !j.Root || j.RunsRoot {
		return
	}
	name := user
	if isNumber(user) {
		uid, ok := host.Number(user)
		if !ok {
			return
		}
		if j.Facts.Users.NoNumber(uid) {
			j.report(e, Refusal{Fault: UnknownAccount, Message: fmt.Sprintf("no account has the number %s, so its group is root, which PHP-FPM refuses: the pool needs a group", user), Says: servers.RefuseRoot.Line(j.section.Name)})
			return
		}
		name = j.Facts.Users.Name(uid)
	}
	if u, ok := j.Facts.Users.Lookup(name); ok && u.GID == 0 {
		j.report(e, Refusal{Fault: UnknownAccount, Message: fmt.Sprintf("the group of %s is root, which PHP-FPM refuses: the pool needs another group", user), Says: servers.RefuseRoot.Line(j.section.Name)})
	}
}

// root reports a pool whose workers would run as root.
func (j *judge) root(e *fpm.Entry, key servers.FPMKey, text string) {
	if j.RunsRoot || j.As != nil {
		return
	}
	if !j.Root {
		j.untold(UnknownAccount, e.ValueAt(), "cannot tell whether PHP-FPM may run "+key.String()+" as root (-R)")
		return
	}
	message := fmt.Sprintf("PHP-FPM refuses %s as %s", text, key)
	if text == "" {
		message = "user is empty, which is root, and PHP-FPM refuses that"
	}
	j.report(e, Refusal{Fault: UnknownAccount, Message: message, Says: servers.RefuseRoot.Line(j.section.Name)})
}

// list judges an ACL: comma-separated names without blanks around them, and no numbers.
func (j *judge) list(key servers.FPMKey, text string, group bool) {
	e := j.section.Last(key)
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

// name judges the name of a user or group.
func (j *judge) name(e *fpm.Entry, at source.Span, key servers.FPMKey, name string, group bool) {
	kind, refusal, needs, elsewhere, exists := "user", servers.RefuseUser, host.Users, j.Facts.Users.Elsewhere, false
	if group {
		kind, refusal, needs, elsewhere = "group", servers.RefuseGroup, host.Groups, j.Facts.Groups.Elsewhere
		_, exists = j.Facts.Groups.Lookup(name)
	} else {
		_, exists = j.Facts.Users.Lookup(name)
	}
	if exists {
		return
	}
	switch plain := hashTail(e.Value()) < 0; {
	case plain && !j.Facts.Known(needs):
		j.needs(Untold{Fault: UnknownAccount, At: at, Needs: needs})
	case plain && elsewhere:
		j.untold(UnknownAccount, at, "cannot tell whether "+kind+" "+name+" exists")
	default:
		b := Refusal{Fault: UnknownAccount, At: at, Message: fmt.Sprintf("there is no %s %s, which %s names", kind, source.Excerpt(name), key), Says: refusal.Line(j.section.Name, name)}
		if trimmed := strings.TrimSpace(name); trimmed != name {
			b.Message = fmt.Sprintf("the blank is a part of the name in %s, and there is no such %s", key, kind)
			b.Fixes = []source.Fix{{Title: "take out the blank", Edits: []source.Edit{{At: at, New: trimmed}}}}
		}
		j.report(e, b)
	}
}

// isNumber reports whether PHP-FPM reads text as the number of an account.
func isNumber(text string) bool {
	return text != "" && strings.IndexFunc(text, func(c rune) bool { return c < '0' || c > '9' }) < 0
}

func isZero(text string) bool {
	return text != "" && strings.IndexFunc(text, func(c rune) bool { return c != '0' }) < 0
}
