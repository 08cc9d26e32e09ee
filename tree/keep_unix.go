//go:build unix

package tree

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// hardLinks returns how many names a file has.
func hardLinks(info fs.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink)
	}
	return 1
}

// keep gives f the owner, the mode and the extended attributes of the file old, which
// info describes, or says why it cannot.
func keep(f, old *os.File, info fs.FileInfo) error {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return errors.New("its owner is unknown")
	}
	if err := own(f, stat.Uid, stat.Gid); err != nil {
		return err
	}
	// After chown, which clears set-user-ID.
	if err := f.Chmod(info.Mode()); err != nil {
		return lost(fmt.Sprintf("its mode %v cannot be kept", info.Mode()), err)
	}
	return keepAttributes(f, old)
}

// lost is the reason that something of the old file cannot be kept.
func lost(what string, err error) error {
	return &failure{text: what + ": " + reason(err).Error(), is: []error{err}}
}

// own gives f an owner and a group, or says why it cannot.
func own(f *os.File, uid, gid uint32) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if now, ok := info.Sys().(*syscall.Stat_t); ok && now.Uid == uid && now.Gid == gid {
		return nil
	}
	if err := f.Chown(int(uid), int(gid)); err != nil {
		return lost(fmt.Sprintf("its owner and group %d:%d cannot be kept", uid, gid), err)
	}
	return nil
}
