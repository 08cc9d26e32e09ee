package main

import (
	"bufio"
	"errors"
	"fmt"
	"github.com/wp502lint/wp502lint/tree"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
)

// planted returns an error if the repository or the root, whose files may be those of a
// third party, redirects a write to name: with a link, or a FIFO.
func (s *scene) planted(name string) error {
	abs, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	for _, top := range []string{s.repo, s.root} {
		if top == "" || top == filepath.Dir(top) {
			continue
		}
		_, named := tree.Below(filepath.Dir(abs), top)
		_, inside := tree.Below(tree.Resolved(filepath.Dir(abs)), tree.Resolved(top))
		info, err := os.Lstat(abs)
		switch {
		case named && !inside:
			return fmt.Errorf("a symbolic link on its path leads out of %s", top)
		case inside && err == nil && !info.Mode().IsRegular() && !info.IsDir():
			return fmt.Errorf("%w in %s; name a regular file or a new one", irregular(info.Mode()), top)
		}
	}
	return nil
}

// replace writes the file name through a new file in the same directory, so
// that no reader sees half of it. It writes directly to what is not a regular
// file, such as /dev/stderr or a FIFO.
func replace(name string, write func(io.Writer) error) error {
	mode := os.FileMode(0o666)
	if info, err := os.Stat(name); err == nil {
		if !info.Mode().IsRegular() {
			f, err := os.OpenFile(name, os.O_WRONLY, 0)
			if err != nil {
				return cause(err)
			}
			return finish(f, write)
		}
		mode, name = info.Mode().Perm(), tree.Resolved(name)
	}
	return replaceFile(name, mode, write)
}

// replaceFile is replace for a name that is not a link, of a regular file or of none. Who may read
// the old file does not matter: the new file has the mode, but for the umask.
func replaceFile(name string, mode os.FileMode, write func(io.Writer) error) error {
	temp := fmt.Sprintf("%s.%08x.tmp", name, rand.Uint32())
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return unopened(err)
	}
	err = finish(f, write)
	if err == nil {
		err = os.Rename(temp, name)
	}
	if err != nil {
		os.Remove(temp)
	}
	return cause(err)
}

// finish writes to f and closes it.
func finish(f *os.File, write func(io.Writer) error) error {
	buffer := bufio.NewWriterSize(f, 1<<16)
	err := write(buffer)
	if err == nil {
		err = buffer.Flush()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return cause(err)
}

// missing is fs.ErrNotExist in the words of a user.
type missing string

func (m missing) Error() string      { return "no such " + string(m) }
func (missing) Is(target error) bool { return target == fs.ErrNotExist }

// unopened is the cause of an error about a file that is to be written: what does not exist is
// its directory.
func unopened(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return missing("directory")
	}
	return cause(err)
}

// cause returns the error of the operating system without the name of the file,
// which may be a temporary one.
func cause(err error) error {
	var errno syscall.Errno
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return missing("file")
	case errors.As(err, &errno):
		return errno
	}
	return err
}
