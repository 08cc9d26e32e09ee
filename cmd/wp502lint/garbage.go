package main

import (
	"runtime"
	"runtime/debug"
)

const (
	// small is how many bytes the program may take before it looks for garbage
	// for the first time. Most runs end before, and looking would cost them more
	// than it frees.
	small = 64 << 20
	// garbage is how much there may be from then on, in percent of what lives. A
	// run holds all configuration until it has reported.
	garbage = 50
)

// collectLate keeps the garbage collector from running before the program takes
// small bytes.
func collectLate() {
	debug.SetGCPercent(-1)
	unlimited := debug.SetMemoryLimit(small)
	// An object that nobody holds is finalized when garbage was first looked for.
	runtime.SetFinalizer(new([16]byte), func(*[16]byte) {
		debug.SetGCPercent(garbage)
		debug.SetMemoryLimit(unlimited)
	})
}
