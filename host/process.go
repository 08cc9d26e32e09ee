package host

import (
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// Process is the account that a server starts as.
type Process struct {
	Name string // its number if the account has no name
	UID  uint32
	GIDs []uint32
	At   source.Span // where the account is set; zero if an image sets it
}

// Process returns the process of an account, with its own group and with those that list it.
func (f *Facts) Process(uid, gid uint32, at source.Span) *Process {
	name := f.Users.Name(uid)
	return &Process{Name(name, uid), uid, append([]uint32{gid}, f.Groups.Of(name)...), at}
}

// lacks reports whether p certainly lacks one of the permissions. An engine may add groups to
// a process, so what a group may do is not lacking.
func (p *Process) lacks(permissions fs.FileMode, info tree.Info) bool {
	class := info.Mode
	switch {
	case p.UID == 0:
		return false
	case p.UID == info.UID:
		class >>= 6
	case slices.Contains(p.GIDs, info.GID):
		class >>= 3
	default:
		return (info.Mode|info.Mode>>3)&permissions != permissions
	}
	return class&permissions != permissions
}

// Creation is what a server creates at startup.
type Creation uint8

// The kinds of Creation.
const (
	NewFile   Creation = iota // opened for writing if it exists
	NewDir                    // left as it is if it exists
	NewSocket                 // removed first if it exists
)

// Barred returns why p certainly may not create name, or open it for writing, in words that
// complete "who may not "; false if it may, or if that is not known.
func (f *Facts) Barred(p *Process, name string, kind Creation) (why string, barred bool) {
	const write, search fs.FileMode = 2, 1
	real := f.Files.Leads(name)
	if _, doubted := f.Files.Doubt(real); doubted {
		return "", false
	}
	if info, known := f.Files.Info(real); known && kind != NewSocket {
		return fmt.Sprintf("write %s: it is %s", name, f.owned(info)), kind == NewFile && info.Type == tree.File && p.lacks(write, info)
	}
	info, known := f.Files.Info(path.Dir(real))
	if !known || info.Type != tree.Dir || !p.lacks(write|search, info) {
		return "", false
	}
	// An earlier start as root may have left a directory for the workers, but no such file.
	if exists, _ := f.Files.Exists(real); exists && kind == NewFile || kind == NewDir && !f.Files.Missing(real) {
		return "", false
	}
	return fmt.Sprintf("create %s: %s is %s", name, path.Dir(name), f.owned(info)), true
}

// Unreadable returns why p certainly may not read the file name, in words that complete "may
// not "; false if it may, or if that is not known.
func (f *Facts) Unreadable(p *Process, name string) (why string, barred bool) {
	const read, search fs.FileMode = 4, 1
	real := f.Files.Leads(name)
	if _, doubted := f.Files.Doubt(real); doubted {
		return "", false
	}
	for dir := path.Dir(real); dir != "/" && dir != "."; dir = path.Dir(dir) {
		if info, known := f.Files.Info(dir); known && info.Type == tree.Dir && p.lacks(search, info) {
			return fmt.Sprintf("search %s: it is %s", dir, f.owned(info)), true
		}
	}
	info, known := f.Files.Info(real)
	if !known || info.Type != tree.File || !p.lacks(read, info) {
		return "", false
	}
	return fmt.Sprintf("read %s: it is %s", name, f.owned(info)), true
}

// owned spells the owner and the mode of a file.
func (f *Facts) owned(info tree.Info) string {
	return fmt.Sprintf("%s:%s with mode %04o", Name(f.Users.Name(info.UID), info.UID), Name(f.Groups.Name(info.GID), info.GID), info.Mode.Perm())
}
