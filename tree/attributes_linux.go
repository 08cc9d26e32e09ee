package tree

import (
	"bytes"
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// keepAttributes gives f the extended attributes of the file old: access control
// lists, the label of SELinux, and what users have set.
func keepAttributes(f, old *os.File) error {
	names, err := attributes(old)
	if err != nil {
		return err
	}
	for _, name := range names {
		want, err := attribute(old, name)
		if err != nil {
			return lost("its attribute "+name+" cannot be read", err)
		}
		// A new file gets the label of its directory, which is usually the same, and
		// setting one needs permission.
		if have, err := attribute(f, name); err == nil && bytes.Equal(have, want) {
			continue
		}
		if err := unix.Fsetxattr(int(f.Fd()), name, want, 0); err != nil {
			return lost("its attribute "+name+" cannot be kept", err)
		}
	}
	return nil
}

// attributes returns the names of the extended attributes of a file.
func attributes(f *os.File) ([]string, error) {
	list, err := grow(func(b []byte) (int, error) { return unix.Flistxattr(int(f.Fd()), b) })
	if errors.Is(err, unix.ENOTSUP) || len(list) == 0 {
		return nil, nil
	}
	return strings.Split(strings.TrimSuffix(string(list), "\x00"), "\x00"), err
}

func attribute(f *os.File, name string) ([]byte, error) {
	return grow(func(b []byte) (int, error) { return unix.Fgetxattr(int(f.Fd()), name, b) })
}

// grow calls read with a buffer of the size that read returns for an empty one.
func grow(read func([]byte) (int, error)) ([]byte, error) {
	size, err := read(nil)
	if err != nil || size == 0 {
		return nil, err
	}
	b := make([]byte, size)
	size, err = read(b)
	return b[:max(size, 0)], err
}
