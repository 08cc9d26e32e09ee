//go:build unix

package tree

import (
	"io"
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

// typed returns at most limit entries of a directory with the types that the
// directory itself holds. An os.File that comes from an os.Root asks the system
// for every single entry instead; one made from its descriptor does not. Its
// name cannot exist: where a file system keeps no types it must fail, not look
// beside the root.
func typed(dir *os.File, limit int) ([]fs.DirEntry, error) {
	fd, err := syscall.Dup(int(dir.Fd()))
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(fd)
	plain := os.NewFile(uintptr(fd), "\x00")
	defer plain.Close()
	found, err := plain.ReadDir(limit)
	if err == io.EOF {
		err = nil
	}
	if err != nil {
		// Both descriptors share one place in the directory.
		_, _ = dir.Seek(0, io.SeekStart)
	}
	return found, err
}
