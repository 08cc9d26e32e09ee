//go:build unix

package tree

import (
	"io/fs"
	"os"
	"syscall"
)

// openFlags keep a name that has become a FIFO since it was looked up from
// waiting for a writer, and one that has become a link from being followed.
const openFlags = os.O_RDONLY | syscall.O_NONBLOCK | syscall.O_NOFOLLOW

func owner(info fs.FileInfo) (uid, gid uint32) {
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		return sys.Uid, sys.Gid
	}
	return 0, 0
}
