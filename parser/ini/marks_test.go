package ini

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// TestMarkBounds parses long lines, and many, of what may be marks.
func TestMarkBounds(t *testing.T) {
	for _, mode := range []Mode{LineMode, FileMode} {
		for _, piece := range []string{"{{ a }}", "$A ", "${A} ", "#{a}", "{% a %}\n", "a = {{ b }}\n", "a = $B${C}{\n", "_", "[[a]]\n"} {
			for _, head := range []string{"", "a = 1\nb = {{ c }}", "a = 1\n"} {
				f := Parse(&source.File{Text: head + strings.Repeat(piece, 60_000/len(piece))}, mode)
				if n := len(f.Source.Rendered) + len(f.Problems); n > 2000 {
					t.Errorf("%q: %d problems and hidden parts", piece, n)
				}
			}
		}
	}
}
