package tree

import (
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// itself returns the directory of an os.Root as a file; nil when it cannot be
// opened for reading.
func itself(root *os.Root) *os.File {
	dir, err := root.Open(".")
	if err != nil {
		return nil
	}
	return dir
}

// typed returns at most limit entries of an open directory with the types that
// the directory itself holds. An os.File from an os.Root calls stat for every
// single entry instead; one made from a descriptor does not. Its name cannot
// exist: on a file system without types it must fail, not look outside the
// root.
func typed(dir *os.File, limit int) ([]fs.DirEntry, error) {
	fd, err := syscall.Openat(int(dir.Fd()), ".", syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	plain := os.NewFile(uintptr(fd), "\x00")
	defer plain.Close()
	found, err := plain.ReadDir(limit)
	if err == io.EOF {
		err = nil
	}
	return found, err
}

// readBelow reads the file base of the open directory dir with four system
// calls, where an os.File takes eleven: a hosting tree has tens of thousands of
// small files, and opening them is most of the work. base is one component and
// links are not followed, so that nothing outside dir can be reached. A file
// without a size is left to the caller.
func readBelow(dir *os.File, base string, max int64) (string, error) {
	fd, err := syscall.Openat(int(dir.Fd()), base, openFlags|syscall.O_CLOEXEC, 0)
	switch {
	case err == syscall.ELOOP: // it has become a link since the lookup
		return "", errOutside
	case err != nil:
		return "", &fs.PathError{Op: "open", Path: base, Err: err}
	}
	defer syscall.Close(fd)
	var info syscall.Stat_t
	if err := syscall.Fstat(fd, &info); err != nil {
		return "", err
	}
	if kind := typeOfStat(info.Mode); kind != File {
		return "", notRegular(kind)
	}
	switch {
	case info.Size == 0:
		return "", errUnsized
	case info.Size > max:
		return "", errTooLong
	}
	return readSized(fd, int(info.Size))
}

// readSized reads size bytes, or fewer at the end of the file.
func readSized(fd, size int) (string, error) {
	buf := buffers.Get().(*[chunk]byte)
	defer buffers.Put(buf)
	var text strings.Builder
	for text.Len() < size {
		n, err := syscall.Read(fd, buf[:min(chunk, size-text.Len())])
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil:
			return "", err
		case n == 0:
			return text.String(), nil
		case text.Len() == 0 && n == size:
			return string(buf[:n]), nil
		case text.Len() == 0:
			text.Grow(size)
		}
		text.Write(buf[:n])
	}
	return text.String(), nil
}

// typeOfStat is the type of a file as stat(2) tells it.
func typeOfStat(mode uint32) Type {
	switch mode & syscall.S_IFMT {
	case syscall.S_IFREG:
		return File
	case syscall.S_IFDIR:
		return Dir
	case syscall.S_IFLNK:
		return Link
	case syscall.S_IFIFO:
		return FIFO
	case syscall.S_IFSOCK:
		return Socket
	case syscall.S_IFCHR, syscall.S_IFBLK:
		return Device
	}
	return Other
}
