//go:build !unix

package tree

import (
	"io/fs"
	"os"
)

const openFlags = os.O_RDONLY

// owner returns zeros: this system has no user and group numbers.
func owner(fs.FileInfo) (uid, gid uint32) { return 0, 0 }
