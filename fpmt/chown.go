package fpmt

import (
	"fmt"
	"slices"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// chown judges whether PHP-FPM may give the socket of a pool to listen.owner and listen.group:
// only root with CAP_CHOWN may give it to any account, and another account only to itself and
// to one of its groups (chown(2); measured on PHP-FPM 8.2). It does not try with an ACL.
func (j *judge) chown(listen Listen) {
	if j.As == nil && j.NoChown == nil || listen.Endpoint.Network != netaddr.Unix {
		return
	}
	for _, key := range []servers.FPMKey{servers.KeyListenACLUsers, servers.KeyListenACLGroups} {
		if text, e, known := j.text(key); text != "" || e != nil && !known {
			return
		}
	}
	owner, ownerEntry, known1 := j.text(servers.KeyListenOwner)
	group, groupEntry, known2 := j.text(servers.KeyListenGroup)
	if !known1 || !known2 {
		return
	}
	self := &host.Process{Name: "root", GIDs: []uint32{0}}
	if j.As != nil {
		self = j.As
	}
	uid, gid, ok := j.owner(owner)
	if ownerEntry != nil && ok && uid != self.UID {
		j.kept(ownerEntry, "user "+owner, self, listen)
		return
	}
	e := ownerEntry
	if group != "" {
		e = groupEntry
		gid, ok = j.Facts.Groups.Number(group)
	}
	if e != nil && ok && (group != "" || !isNumber(owner)) && !slices.Contains(self.GIDs, gid) {
		j.kept(e, "group "+host.Name(j.Facts.Groups.Name(gid), gid), self, listen)
	}
}

// owner returns the numbers of listen.owner: a name has a group too.
func (j *judge) owner(text string) (uid, gid uint32, ok bool) {
	if id, ok := host.Number(text); ok {
		return id, 0, true
	}
	u, ok := j.Facts.Users.Lookup(text)
	return u.UID, u.GID, ok
}

// kept reports that the socket stays what it is.
func (j *judge) kept(e *fpm.Entry, whom string, self *host.Process, listen Listen) {
	r := Refusal{Fault: UnknownAccount, Says: servers.RefuseChown.Line(j.section.Name, listen.Text)}
	if by := j.NoChown; by != nil {
		r.Message = fmt.Sprintf("%s has %s, so PHP-FPM may not give its socket to %s", by.Unit, by.Text, whom)
		r.Notes = []source.Note{{At: by.At, Message: "CAP_CHOWN is missing here"}}
	} else {
		r.Message = fmt.Sprintf("PHP-FPM starts as user %s, who may not give its socket to %s", self.Name, whom)
		if !self.At.IsZero() {
			r.Notes = []source.Note{{At: self.At, Message: "the account is set here"}}
		}
	}
	j.report(e, r)
}
