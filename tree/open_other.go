//go:build !unix

package tree

import (
	"errors"
	"io/fs"
	"os"
)

const openFlags = os.O_RDONLY

// owner returns zeros: there are no user and group numbers here.
func owner(fs.FileInfo) (uid, gid uint32) { return 0, 0 }

// typed is for systems whose directories hold the types of their entries.
func typed(*os.File, int) ([]fs.DirEntry, error) { return nil, errors.ErrUnsupported }
