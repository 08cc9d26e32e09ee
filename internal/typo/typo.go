// Package typo finds the known word that an unknown one was meant to be, and lists the
// known ones.
package typo

import (
	"iter"
	"slices"
	"strings"
)

// Nearest returns the candidate that word was probably meant to be: the only
// one that starts with it, else the one with the smallest Distance: one letter, or two of a
// long word. It is "" when none is near: a guess that is wrong costs more than none.
func Nearest(word string, candidates []string) string {
	word = strings.ToLower(word)
	if word == "" || len(word) > 64 {
		return ""
	}
	if whole := completion(word, candidates); whole != "" {
		return whole
	}
	if len(word) < short {
		return ""
	}
	best, allowed := "", 1
	if len(word) >= long {
		allowed = 2
	}
	for _, candidate := range candidates {
		if d := Distance(word, strings.ToLower(candidate), allowed); d <= allowed {
			best, allowed = candidate, d-1
		}
	}
	return best
}

// The lengths of words: a short one is near to everything, and a long one to little.
const (
	short = 3
	long  = 8
)

func completion(prefix string, candidates []string) string {
	found := ""
	for _, candidate := range candidates {
		if candidate == found || !strings.HasPrefix(strings.ToLower(candidate), prefix) {
			continue
		}
		if found != "" {
			return ""
		}
		found = candidate
	}
	return found
}

// DidYouMean returns the end of a message about a word that is not a candidate.
func DidYouMean(word string, candidates []string) string {
	if near := Nearest(word, candidates); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// Near returns the candidates that differ from word in a letter or two, the
// nearest only, in order and each once.
func Near(word string, candidates iter.Seq[string]) (near []string) {
	best := 2
	for candidate := range candidates {
		n := Distance(word, candidate, best)
		if n < best {
			best, near = n, nil
		}
		if n == best {
			near = append(near, candidate)
		}
	}
	slices.Sort(near)
	return slices.Compact(near)
}

// meaningful is the length from which a word is similar to another one for a reason.
const meaningful = 5

// Misspelt reports whether word differs from a candidate in no more than two letters.
func Misspelt(word string, candidates iter.Seq[string]) bool {
	return len(word) >= meaningful && len(Near(word, candidates)) > 0
}

// maxOthers limits how many words Mostly compares with those that are known.
const maxOthers = 50

// Mostly reports whether more than half of some words are known: known of them are, and
// others are not, but those that meant accepts are misspelt known ones.
func Mostly(known int, others []string, meant func(word string) bool) bool {
	if known > len(others) {
		return true
	}
	for _, word := range others[:min(len(others), maxOthers)] {
		if meant(word) {
			known += 2 // one more, and one other less
		}
	}
	return known > len(others)
}

// Distance returns how many letters must be inserted, deleted, replaced or
// swapped to turn a into b; limit+1 when it is more than limit.
func Distance(a, b string, limit int) int {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	var room [3][32]int
	rows := [3][]int{room[0][:], room[1][:], room[2][:]}
	if len(b) >= len(room[0]) {
		rows = [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	}
	for j := range len(b) + 1 {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row := rows[(i+2)%3], rows[i%3], rows[(i+1)%3]
		row[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			best = min(best, row[j])
		}
		if best > limit {
			return limit + 1
		}
	}
	return min(rows[(len(a)+1)%3][len(b)], limit+1)
}

// Either lists words for a sentence, as in "a, b or c"; it returns "" for none.
func Either(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
