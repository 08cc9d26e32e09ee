package main

import (
	"runtime"
	"runtime/debug"
	"sync"
)

const (
	// small is how many bytes the program may allocate before the first garbage
	// collection. Most runs end before that, and a collection would cost them
	// more than it frees.
	small = 88 << 20
	// garbage is the limit of garbage after that, in percent of the live heap. A
	// run keeps all configuration until it has reported.
	garbage = 50
	// stream is how much memory, in bytes, a run that streams tries not to exceed: collections get
	// more frequent. What it keeps of logs is less.
	stream = 52 << 20
)

// streams is set for a run that streams.
var (
	streams bool
	limits  sync.Mutex // of streams and of the limit of memory
)

// collectLate delays the first garbage collection until the program has
// allocated small bytes.
func collectLate() {
	debug.SetGCPercent(-1)
	unlimited := debug.SetMemoryLimit(small)
	// An unreachable object is finalized after the first garbage collection.
	runtime.SetFinalizer(new([16]byte), func(*[16]byte) {
		limits.Lock()
		defer limits.Unlock()
		if !streams {
			debug.SetGCPercent(garbage)
			debug.SetMemoryLimit(unlimited)
		}
	})
}

// collectEarly undoes collectLate for a run that streams: it keeps little, and may take long. A
// large configuration, which it keeps too, may take its memory.
func collectEarly() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	limits.Lock()
	defer limits.Unlock()
	streams = true
	debug.SetGCPercent(garbage)
	debug.SetMemoryLimit(max(stream, 2*int64(m.HeapAlloc)))
}
