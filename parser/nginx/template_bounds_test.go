package nginx

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// TestTemplateBounds parses long lines of what may be marks.
func TestTemplateBounds(t *testing.T) {
	for _, piece := range []string{"{{ a }} ", "$A ", " #{a} #", "{% a %};", "##A## ", "<% ", "{{", "__a__;", "${A}", "a {{ b }} {% c %} "} {
		f := Parse(&source.File{Text: strings.Repeat(piece, 1<<20/len(piece))})
		if n := len(f.Source.Rendered) + len(f.Problems); n > 2000 {
			t.Errorf("%q: %d problems and hidden parts", piece, n)
		}
	}
}
