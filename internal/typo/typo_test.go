package typo

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// plainDistance is the distance of two words with a full matrix: letters
// inserted, deleted, replaced, and neighbours swapped.
func plainDistance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range b {
		d[0][j+1] = j + 1
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			d[i][j] = min(d[i-1][j], d[i][j-1]) + 1
			if a[i-1] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-1][j-1])
			} else {
				d[i][j] = min(d[i][j], d[i-1][j-1]+1)
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestDistance(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		var b strings.Builder
		for range random.IntN(9) {
			b.WriteByte("abc"[random.IntN(3)])
		}
		return b.String()
	}
	for range 50_000 {
		a, b, limit := word(), word(), random.IntN(4)
		want := min(plainDistance(a, b), limit+1)
		if got := Distance(a, b, limit); got != want {
			t.Fatalf("Distance(%q, %q, %d) = %d, want %d", a, b, limit, got, want)
		}
	}
}

func TestEither(t *testing.T) {
	for want, words := range map[string][]string{"": nil, "a": {"a"}, "a or b": {"a", "b"}, "a, b or c": {"a", "b", "c"}} {
		if got := Either(words); got != want {
			t.Errorf("Either(%q) = %q, want %q", words, got, want)
		}
	}
}

// A word is near to a candidate only where a person would say so.
func TestNearest(t *testing.T) {
	words := []string{"error", "warning", "note", "never", "json", "worker-memory", "process-max-short"}
	for word, want := range map[string]string{
		"wanring": "warning", "warnings": "warning", "warn": "warning", "ERROR": "error", "eror": "error", "jsno": "json",
		"procss-max-shrt": "process-max-short", "work": "worker-memory",
		"": "", "n": "", "ne": "never", "no": "note", "nx": "", "text": "", "nose": "note", "nest": "", "wxrnixg": "", "prcss-mx-shrt": "",
	} {
		if got := Nearest(word, words); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
