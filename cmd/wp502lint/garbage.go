package main

import (
	"runtime"
	"runtime/debug"
)

const (
	// small is how many bytes the program may allocate before the first garbage
	// collection. Most runs end before that, and a collection would cost them
	// more than it frees.
	small = 88 << 20
	// garbage is the limit of garbage after that, in percent of the live heap. A
	// run keeps all configuration until it has reported.
	garbage = 50
)

// collectLate delays the first garbage collection until the program has
// allocated small bytes.
func collectLate() {
	debug.SetGCPercent(-1)
	unlimited := debug.SetMemoryLimit(small)
	// An unreachable object is finalized after the first garbage collection.
	runtime.SetFinalizer(new([16]byte), func(*[16]byte) {
		debug.SetGCPercent(garbage)
		debug.SetMemoryLimit(unlimited)
	})
}
