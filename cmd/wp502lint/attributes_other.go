//go:build unix && !linux

package main

import "os"

// keepAttributes has nothing to do where nginx and PHP-FPM do not run with labels.
func keepAttributes(*os.File, string) error { return nil }
