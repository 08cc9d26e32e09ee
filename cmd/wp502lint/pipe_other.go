//go:build !unix

package main

// keepBrokenPipes has nothing to do: only Unix ends a program for it.
func keepBrokenPipes() {}
