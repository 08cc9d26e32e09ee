package tree

import (
	"io/fs"
	"slices"
	"strings"
)

// Type is the type of a directory entry.
type Type uint8

// The types of directory entries.
const (
	// File is a regular file.
	File Type = iota
	// Dir is a directory.
	Dir
	// Link is a symbolic link that was not followed.
	Link
	// FIFO is a named pipe. Opening it waits for the other end.
	FIFO
	// Socket is a Unix domain socket.
	Socket
	// Device is a character or block device.
	Device
	// Other is any other type of an operating system.
	Other
)

var typeNames = [...]string{
	File: "a regular file", Dir: "a directory", Link: "a symbolic link", FIFO: "a FIFO",
	Socket: "a socket", Device: "a device", Other: "not a regular file",
}

// String returns the type with its article: "a FIFO".
func (t Type) String() string { return typeNames[min(t, Other)] }

// TypeOf returns the type that a mode tells.
func TypeOf(m fs.FileMode) Type {
	switch {
	case m.IsRegular():
		return File
	case m&fs.ModeDir != 0:
		return Dir
	case m&fs.ModeSymlink != 0:
		return Link
	case m&fs.ModeNamedPipe != 0:
		return FIFO
	case m&fs.ModeSocket != 0:
		return Socket
	case m&fs.ModeDevice != 0:
		return Device
	}
	return Other
}

// Entry is one name in a directory.
type Entry struct {
	Name string // one component, any bytes but NUL and "/"
	Type Type   // links are not followed
}

// Info is what is known about a file, a directory or a socket.
type Info struct {
	Real     string      // the name with every link resolved
	Type     Type        // never Link
	UID, GID uint32      // owner and group; 0 where the system has none
	Mode     fs.FileMode // permission, setuid, setgid and sticky bits; no type
	Unknown  bool        // owner, group or mode are not known, as in a Composition
}

const modeBits = fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky

func sortEntries(list []Entry) {
	slices.SortFunc(list, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
}

// find returns the type of name in a sorted list.
func find(list []Entry, name string) (Type, bool) {
	i, ok := slices.BinarySearchFunc(list, name, func(e Entry, name string) int { return strings.Compare(e.Name, name) })
	if !ok {
		return 0, false
	}
	return list[i].Type, true
}
