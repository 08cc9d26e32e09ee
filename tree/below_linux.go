package tree

import (
	"io"
	"io/fs"
	"os"
	"syscall"
)

// itself returns the directory of an os.Root as a file; nil when it cannot be
// opened for reading.
func itself(root *os.Root) *os.File {
	dir, _ := root.Open(".")
	return dir
}

// typed opens an open directory once more, to read its entries with the types
// that the directory itself holds. An os.File from an os.Root calls stat for
// every single entry instead; one made from a descriptor does not. Its name
// cannot exist: on a file system without types it must fail, not look outside
// the root.
func typed(dir *os.File) (*os.File, error) {
	fd, err := syscall.Openat(int(dir.Fd()), ".", syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "\x00"), nil
}

// readBelow reads the file base of the open directory dir with four system
// calls, where an os.File takes eleven: a hosting tree has tens of thousands of
// small files, and opening them is most of the work. base is one component and
// links are not followed, so that nothing outside dir can be reached. What
// is not a regular file, or has no size, is left to the caller.
func readBelow(dir *os.File, base string, max int64) (string, error) {
	fd, err := syscall.Openat(int(dir.Fd()), base, openFlags|syscall.O_CLOEXEC, 0)
	switch {
	case err == syscall.ELOOP: // it has become a link since the lookup
		return "", ErrOutside
	case err != nil:
		return "", &fs.PathError{Op: "open", Path: base, Err: err}
	}
	defer syscall.Close(fd)
	var info syscall.Stat_t
	if err := syscall.Fstat(fd, &info); err != nil {
		return "", err
	}
	if info.Mode&syscall.S_IFMT != syscall.S_IFREG || info.Size == 0 {
		return "", errUnsized
	}
	return readFrom(descriptor(fd), info.Size, max)
}

// descriptor is an open file without the bookkeeping of an os.File.
type descriptor int

func (fd descriptor) Read(buf []byte) (int, error) {
	for {
		n, err := syscall.Read(int(fd), buf)
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.EOF
		}
		return n, nil
	}
}
