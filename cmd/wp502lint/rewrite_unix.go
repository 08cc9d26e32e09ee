//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// hardLinks returns how many names a file has.
func hardLinks(info os.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink)
	}
	return 1
}

// keep gives f the owner, the mode and the extended attributes of the file old, which
// info describes, or says why it cannot.
func keep(f *os.File, old string, info os.FileInfo) error {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return errors.New("its owner is unknown")
	}
	fresh, err := f.Stat()
	if err != nil {
		return err
	}
	if now, ok := fresh.Sys().(*syscall.Stat_t); !ok || now.Uid != stat.Uid || now.Gid != stat.Gid {
		if err := f.Chown(int(stat.Uid), int(stat.Gid)); err != nil {
			return fmt.Errorf("its owner and group %d:%d cannot be kept: %w", stat.Uid, stat.Gid, cause(err))
		}
	}
	// After chown, which clears set-user-ID.
	if err := f.Chmod(info.Mode()); err != nil {
		return fmt.Errorf("its mode %v cannot be kept: %w", info.Mode(), cause(err))
	}
	return keepAttributes(f, old)
}
