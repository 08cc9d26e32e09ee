//go:build !unix

package main

// keepBrokenPipes does nothing: only Unix sends a signal.
func keepBrokenPipes() {}
