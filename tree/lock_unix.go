//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package tree

import (
	"errors"
	"syscall"
)

var errLocked = errors.New("another process is changing files of this root")

// lock keeps other processes from changing files of the root until unlock is called or this
// process ends.
func (d *disk) lock() (unlock func(), err error) {
	dir, err := d.top.Open(".")
	if err != nil {
		return nil, reason(err)
	}
	if err := syscall.Flock(int(dir.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		dir.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errLocked
		}
		return func() {}, nil // a file system without locks
	}
	return func() { dir.Close() }, nil
}
