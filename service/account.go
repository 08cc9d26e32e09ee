package service

import (
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/source"
)

// Account returns the account that the server of a unit starts as: nil for root. known is
// false if the files do not determine it.
func Account(u *systemd.Unit, f *host.Facts) (as *host.Process, known bool) {
	if dynamic, _ := isDynamic(u); dynamic {
		return nil, false
	}
	e, _ := u.Get("Service", "User")
	switch {
	case e.Value == "" || e.Value == "root" || e.Value == "0" || command(u).full:
		return nil, true
	case f == nil:
		return nil, false
	}
	user, ok := f.Users.Lookup(e.Value)
	if id, numeric := host.Number(e.Value); numeric && !ok {
		user, ok = f.Users.Lookup(f.Users.Name(id))
	}
	if !ok {
		return nil, false
	}
	gid := user.GID
	if group, _ := u.Get("Service", "Group"); group.Value != "" {
		if gid, ok = f.Groups.Number(group.Value); !ok {
			return nil, false
		}
	}
	as = f.Process(user.UID, gid, e.At)
	for _, e := range u.All("Service", "SupplementaryGroups") {
		for _, name := range strings.Fields(e.Value) {
			more, ok := f.Groups.Number(name)
			if !ok {
				return nil, false
			}
			as.GIDs = append(as.GIDs, more)
		}
	}
	return as, true
}

// Home returns the account in whose home the main file of a master is, which may start it where no
// unit does; nil for none, and for root.
func Home(s Start, main string, f *host.Facts) *host.Process {
	rest, ok := strings.CutPrefix(main, "/home/")
	name, _, _ := strings.Cut(rest, "/")
	if !ok || len(s.Units) > 0 {
		return nil
	}
	u, ok := f.Users.Lookup(name)
	if !ok || u.UID == 0 {
		return nil
	}
	return f.Process(u.UID, u.GID, source.Span{})
}

// RuntimeMode returns the permissions that the unit of a master gives to a directory below /run when
// it makes it, and the setting; ok is false if it does not make it (systemd.exec(5),
// RuntimeDirectoryMode=, which is 0755 if not set).
func RuntimeMode(s Start, dir string) (mode fs.FileMode, by Setting, ok bool) {
	if len(s.Units) != 1 || !ViewOf(s.Units[0]).Owns(dir) {
		return 0, by, false
	}
	u := s.Units[0]
	e, ok := u.Get("Service", "RuntimeDirectoryMode")
	n, err := strconv.ParseUint(e.Value, 8, 12)
	return fs.FileMode(n), Setting{u.Name, e.Key + "=" + e.Value, e.At}, ok && err == nil && strings.HasPrefix(dir, "/run/")
}

// Lacks returns the setting that takes a capability, such as CAP_CHOWN, from the server of a
// unit that starts as root (systemd.exec(5), CapabilityBoundingSet=); false if it has it.
func Lacks(u *systemd.Unit, capability string) (by Setting, lacks bool) {
	if command(u).full {
		return by, false
	}
	all := u.All("Service", "CapabilityBoundingSet")
	for i, e := range all {
		listed, inverted := strings.CutPrefix(e.Value, "~")
		has := slices.Contains(strings.Fields(strings.ToUpper(listed)), capability)
		if i == 0 {
			lacks = !inverted
		}
		if has {
			lacks = inverted
		}
		by = Setting{u.Name, e.Key + "=" + e.Value, e.At}
	}
	return by, lacks
}
