//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// keepBrokenPipes makes a reader that goes away a write error like any other,
// not a signal.
func keepBrokenPipes() { signal.Ignore(syscall.SIGPIPE) }
