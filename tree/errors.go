package tree

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
)

// Reasons why a file cannot be read, besides fs.ErrNotExist and
// fs.ErrPermission. Test for them with errors.Is.
var (
	// ErrIsDir is a directory where a file is required.
	ErrIsDir error = &failure{text: "is a directory"}
	// ErrNotDir is something else where a directory is required. In the middle
	// of a name it is an fs.ErrNotExist as well.
	ErrNotDir error = &failure{text: "is not a directory"}
	// ErrNotRegular is a FIFO, a socket, a device or the like, but not a
	// directory.
	ErrNotRegular = errors.New("is not a regular file")
	// ErrTooLarge is a file larger than MaxFile, or than what is left of
	// MaxTotal.
	ErrTooLarge = errors.New("too large")
	// ErrLoop is a name that leads through more than 40 links (Linux
	// path_resolution(7)).
	ErrLoop error = &failure{text: "more than 40 symbolic links on its path"}
	// ErrOutside is a link whose target is missing because the root is not the
	// "/" that the link was made for: the target may exist there. It is not an
	// fs.ErrNotExist.
	ErrOutside error = &failure{text: "symbolic link leads outside the root (--root)"}
	// ErrLimit is a pattern with more matches than MaxMatches, or a directory
	// with too many entries.
	ErrLimit = errors.New("too many files")
	// ErrUnknown is a file that exists in a Composition and whose text is not known.
	ErrUnknown = errors.New("unknown text")
)

// failure is an error whose text is a reason for people.
type failure struct {
	text string
	is   []error
}

func (f *failure) Error() string   { return f.text }
func (f *failure) Unwrap() []error { return f.is }

var (
	errMissing  = &failure{text: "no such file", is: []error{fs.ErrNotExist}}
	errDangling = &failure{text: "broken symbolic link", is: []error{fs.ErrNotExist}}
	errMidway   = &failure{text: "a part of its path is not a directory", is: []error{ErrNotDir, fs.ErrNotExist}}
	errDenied   = &failure{text: "permission denied", is: []error{fs.ErrPermission}}
	errLongName = &failure{text: "its name is too long", is: []error{fs.ErrNotExist, syscall.ENAMETOOLONG}}
	errNUL      = &failure{text: "its name has a NUL byte", is: []error{fs.ErrNotExist, fs.ErrInvalid}}

	errCrowded = &failure{text: "a directory of more than 200000 entries", is: []error{ErrLimit}}
	errMatches = &failure{text: "matches too many names", is: []error{ErrLimit}}

	// errUnsized is the error of readBelow for a file of unknown size.
	errUnsized = errors.New("unsized")
	// errTooLong is the error of a store for a file of more than max bytes.
	errTooLong = errors.New("too long")
)

func notRegular(t Type) error {
	if t == Dir {
		return ErrIsDir
	}
	return &failure{text: "is " + t.String(), is: []error{ErrNotRegular}}
}

// reason translates an error of the operating system.
func reason(err error) error {
	if own, ok := err.(*failure); ok {
		return own
	}
	var own *failure
	if errors.As(err, &own) {
		return own
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errMissing
	case errors.Is(err, fs.ErrPermission):
		return errDenied
	case errors.Is(err, syscall.ENOTDIR):
		return ErrNotDir
	case errors.Is(err, syscall.ENAMETOOLONG):
		return errLongName
	case errors.Is(err, syscall.ELOOP):
		return ErrLoop
	}
	inner := err
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		inner = errno
	} else if wrapped := (*fs.PathError)(nil); errors.As(err, &wrapped) {
		inner = wrapped.Err
	}
	return &failure{text: strings.ToLower(inner.Error()), is: []error{err}}
}

// size writes a number of bytes in the largest unit that divides it.
func size(n int64) string {
	for _, u := range []struct {
		bytes int64
		name  string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= u.bytes && n%u.bytes == 0 {
			return fmt.Sprintf("%d %s", n/u.bytes, u.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}
