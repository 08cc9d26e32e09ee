package lint

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"

	"github.com/wp502lint/wp502lint/source"
)

// around returns the names of the blocks that enclose a place, and the decoded
// words of the directive there: stack.Stack.Around.
type around func(source.Span) (blocks, words []string)

// fingerprint gives each finding its fingerprint. findings must be sorted:
// those that are equal but for their place are counted in that order.
func fingerprint(findings []Finding, around around) {
	seen := make(map[[sha256.Size]byte]uint64, len(findings))
	id := identifier{inBlocks: map[*Rule]hash.Hash{}, atWords: map[*Rule]hash.Hash{}}
	for i := range findings {
		h := id.identity(&findings[i], around)
		key := [sha256.Size]byte(h.Sum(nil))
		id.writeNumber(h, seen[key])
		findings[i].Fingerprint = hex.EncodeToString(h.Sum(nil)[:8])
		seen[key]++
	}
}

// identifier hashes the identities of findings, in their order. The words of a directive
// and the names of the blocks around it may be megabytes, so several findings of a rule
// about them share what is already hashed.
type identifier struct {
	file          *source.File
	blocks, words []string
	inBlocks      map[*Rule]hash.Hash // after the file and the blocks
	atWords       map[*Rule]hash.Hash // after the words too
	buffer        []byte              // of what is being hashed, so that no part is copied anew
}

// identity returns the hash of the part of a finding that does not change when lines above
// it come and go. Each part follows its length, so that no two lists of parts have the
// same identity.
func (id *identifier) identity(f *Finding, around around) hash.Hash {
	var h hash.Hash
	if f.At.IsZero() {
		h = sha256.New()
		id.writePart(h, f.Rule.ID)
	} else {
		h = id.place(f, around)
	}
	if f.Lacks != "" {
		id.writePart(h, f.Lacks)
	}
	return h
}

// place returns the hash of the rule and the place of a finding.
func (id *identifier) place(f *Finding, around around) hash.Hash {
	var blocks, words []string
	if !f.At.File.Withheld {
		blocks, words = around(f.At)
	}
	if id.file != f.At.File || !same(id.blocks, blocks) {
		clear(id.inBlocks)
		clear(id.atWords)
	} else if !same(id.words, words) {
		clear(id.atWords)
	}
	id.file, id.blocks, id.words = f.At.File, blocks, words
	if id.inBlocks[f.Rule] == nil {
		h := sha256.New()
		id.writePart(h, f.Rule.ID)
		id.writePart(h, f.At.File.Name)
		id.writeParts(h, blocks)
		id.inBlocks[f.Rule] = h
	}
	if id.atWords[f.Rule] == nil {
		h := clone(id.inBlocks[f.Rule])
		id.writeParts(h, words)
		id.atWords[f.Rule] = h
	}
	return clone(id.atWords[f.Rule])
}

// same reports whether a and b are one slice.
func same(a, b []string) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

func clone(h hash.Hash) hash.Hash {
	c, err := h.(hash.Cloner).Clone()
	if err != nil {
		panic(err) // every hash of the standard library can be cloned
	}
	return c
}

func (id *identifier) writeNumber(h hash.Hash, n uint64) {
	id.buffer = binary.BigEndian.AppendUint64(id.buffer[:0], n)
	h.Write(id.buffer)
}

// writePart writes a part after its length.
func (id *identifier) writePart(h hash.Hash, part string) {
	id.buffer = binary.BigEndian.AppendUint64(id.buffer[:0], uint64(len(part)))
	id.buffer = append(id.buffer, part...)
	h.Write(id.buffer)
}

// writeParts writes a list of parts as one part.
func (id *identifier) writeParts(h hash.Hash, parts []string) {
	size := 0
	for _, p := range parts {
		size += 8 + len(p)
	}
	id.writeNumber(h, uint64(size))
	for _, p := range parts {
		id.writePart(h, p)
	}
}
