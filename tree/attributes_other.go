//go:build unix && !linux

package tree

import "os"

// keepAttributes has nothing to do where nginx and PHP-FPM do not run with labels.
func keepAttributes(_, _ *os.File) error { return nil }
