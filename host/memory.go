package host

import (
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/tree"
)

// limits are the files with the memory limit of a container: cgroup v2 and v1.
// Without a limit the first is missing or says "max", and the second holds a
// number larger than any memory.
var limits = []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}

// takeMemory reads the memory of this machine, whose root is t; nil if unknown.
func takeMemory(t *tree.Tree) *MemorySnapshot {
	total, limit := memoryTotal(), memoryLimit(t)
	if total == 0 {
		return nil
	}
	return &MemorySnapshot{Total: total, Limit: limit}
}

// available is the memory for all programs in bytes; 0 if unknown.
func (m *MemorySnapshot) available() int64 {
	switch {
	case m == nil:
		return 0
	case m.Limit > 0:
		return max(0, min(m.Total, m.Limit))
	}
	return max(0, m.Total)
}

// memoryLimit is the smallest limit of the container in bytes; 0 for none.
func memoryLimit(t *tree.Tree) (smallest int64) {
	for _, name := range limits {
		if limit := numberIn(t, name); limit > 0 && limit < 1<<60 && (smallest == 0 || limit < smallest) {
			smallest = limit
		}
	}
	return smallest
}

// numberIn returns the number that is all of a file; 0 if it is not one.
func numberIn(t *tree.Tree, name string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(contentOf(t, name)), 10, 64)
	return n
}
