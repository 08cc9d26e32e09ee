//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// keepBrokenPipes makes a closed pipe a write error, not a signal.
func keepBrokenPipes() { signal.Ignore(syscall.SIGPIPE) }
