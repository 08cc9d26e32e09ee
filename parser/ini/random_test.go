package ini

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// pieces are combined to random files: every character that has a meaning, and words
// that have one.
var pieces = []string{
	"k", "k", "=", "=", " ", " ", "\t", "\n", "\n", "\r\n", "a", "b", "on", "Off", "null", "none", "yes", "1", "-2", "3.5", ".5",
	"'", "'", "\"", "\"", "\\", "$", "${", "}", "{", "${TESTENV}", "[", "]", ";", "#", "|", "&", "^", "~", "!", "(", ")",
	"E_ALL", "E_NOTICE", "www", "/run/x", ":", ",", "%", "@", "-", ".", "\\\"", "k = ", "\nk = ", "[www]\n", "x[a] = ", "\xff", "é",
}

func randomText(r *rand.Rand, n int) string {
	var b strings.Builder
	for range r.IntN(n) + 1 {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

// TestRandomAgainstPHP compares unusual files with PHP. "$\\" is left out: where the
// text after it ends depends on which of two scanner rules matches further, which
// the scanner does not model.
func TestRandomAgainstPHP(t *testing.T) {
	const n = 20000
	r := rand.New(rand.NewPCG(502, 1))
	var files []string
	for i := range n {
		text := randomText(r, 14)
		switch i % 5 {
		case 0, 1:
			text = "k = " + text
		case 2:
			text = "[" + text + "]\nk = 1"
		case 3:
			text = "k[" + text + "] = 1"
		}
		if i%4 < 2 {
			text = strings.NewReplacer("\n", "", "\r", "").Replace(text) + "\n"
		}
		if !strings.Contains(text, `$\`) {
			files = append(files, text)
		}
	}
	for i, php := range askPHP(t, files) {
		compare(t, files[i], FileMode, php)
		if strings.Count(files[i], "\n") == 1 && strings.HasSuffix(files[i], "\n") {
			compare(t, files[i], LineMode, php)
		}
	}
}
