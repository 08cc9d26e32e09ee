package lint

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"github.com/wp502lint/wp502lint/source"
)

// around returns the names of the blocks that enclose a place, and the decoded
// words of the directive there: stack.Stack.Around.
type around func(source.Span) (blocks, words []string)

// fingerprint gives each finding its fingerprint. findings must be sorted:
// those that are equal but for their place are counted in that order.
func fingerprint(findings []Finding, around around) {
	seen := make(map[string]uint64, len(findings))
	for i := range findings {
		key := identity(&findings[i], around)
		findings[i].Fingerprint = digest(key, seen[key])
		seen[key]++
	}
}

// identity is the part of a finding that does not change when lines above it
// come and go. Each part follows its length, so that no two lists of parts have
// the same identity.
func identity(f *Finding, around around) string {
	parts := []string{f.Rule.ID}
	if !f.At.IsZero() {
		var blocks, words []string
		if !f.At.File.Withheld {
			blocks, words = around(f.At)
		}
		parts = append(parts, f.At.File.Name, join(blocks), join(words))
	}
	if f.Lacks != "" {
		parts = append(parts, f.Lacks)
	}
	return join(parts)
}

func join(parts []string) string {
	var b []byte
	for _, p := range parts {
		b = binary.BigEndian.AppendUint64(b, uint64(len(p)))
		b = append(b, p...)
	}
	return string(b)
}

func digest(key string, ordinal uint64) string {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(key), ordinal))
	return hex.EncodeToString(sum[:8])
}
