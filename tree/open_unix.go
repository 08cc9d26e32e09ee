//go:build unix

package tree

import (
	"io/fs"
	"os"
	"syscall"
)

// openFlags keep open from waiting for a writer when a name has become a FIFO
// since the lookup, and from following it when it has become a link.
const openFlags = os.O_RDONLY | syscall.O_NONBLOCK | syscall.O_NOFOLLOW

func owner(info fs.FileInfo) (uid, gid uint32) {
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		return sys.Uid, sys.Gid
	}
	return 0, 0
}
