package servers

import (
	"hash/maphash"
	"math/bits"
)

// index numbers the names of a table, from 1. It is not a map, which takes longer to fill
// than all that is looked up in it.
type index struct {
	names []string // by number; the first is ""
	seed  maphash.Seed
	slots []uint16 // by hash, or after others that have it
}

// newIndex returns an index with room for so many names.
func newIndex(size int) index {
	return index{make([]string, 1, size+1), maphash.MakeSeed(), make([]uint16, 2<<bits.Len(uint(size)))}
}

// find returns the number of a name, or the place for it, which is 0.
func (x *index) find(name string) *uint16 {
	for i := int(maphash.String(x.seed, name)); ; i++ {
		slot := &x.slots[i&(len(x.slots)-1)]
		if *slot == 0 || x.names[*slot] == name {
			return slot
		}
	}
}

// add numbers a name that was not added before.
func (x *index) add(name string) {
	*x.find(name) = uint16(len(x.names))
	x.names = append(x.names, name)
}
