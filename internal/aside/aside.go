// Package aside does work beside other work where that pays: on a small host a second thread
// takes longer to start than what it is given.
package aside

import "sync"

// ManyFiles is the number of files from which concurrency pays off.
const ManyFiles = 100

// Run starts work in a goroutine if that pays, and returns a function that gives its result.
func Run[T any](pays bool, work func() T) (result func() T) {
	result = sync.OnceValue(work)
	if pays {
		go result()
	}
	return result
}
