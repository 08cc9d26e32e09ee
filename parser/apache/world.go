package apache

import (
	"errors"

	"github.com/wp502lint/wp502lint/source"
)

// World is what a configuration refers to and does not hold itself: the files and the start
// of Apache. Paths are absolute and clean.
type World interface {
	// Open reads a file. Errors that Load tells apart are fs.ErrNotExist, fs.ErrPermission,
	// ErrNotRegular and ErrUnknown; any other is a file that this program could not read.
	Open(name string) (*source.File, error)
	// Ahead returns a regular file that was read ahead; nil for one that was not.
	Ahead(name string) *Page
	// Stat returns what is at a path, symbolic links followed.
	Stat(name string) Type
	// List returns the entries of a directory, in any order; the errors are those of Open.
	List(dir string) ([]Entry, error)
	// Environment returns a variable of the environment of Apache. It is not known whether
	// it is set unless known.
	Environment(name string) (value string, set, known bool)
	// Defined reports whether Apache is started with -D name; not known whether, unless known.
	Defined(name string) (yes, known bool)
	// Builtin reports whether a module is compiled in: proxy_module or mod_proxy.c.
	Builtin(module string) bool
	// Version returns the version of Apache, such as 2.4.62; "" if unknown.
	Version() string
	// ServerRoot returns what paths are relative to before a ServerRoot line.
	ServerRoot() string
}

// Type is what a path leads to.
type Type uint8

// The types.
const (
	// Unknown: the files that were given do not tell.
	Unknown Type = iota
	Missing
	Regular
	Directory
	// Link is a symbolic link; only in an Entry.
	Link
	// Other is a device, a socket or a pipe.
	Other
)

// Entry is one name in a directory.
type Entry struct {
	Name string
	Type Type // of the entry itself
}

var (
	// ErrNotRegular is the error of opening what is not a regular file.
	ErrNotRegular = errors.New("not a regular file")
	// ErrUnknown is the error of a path about which the files that were given say nothing.
	ErrUnknown = errors.New("not among the files")
)
