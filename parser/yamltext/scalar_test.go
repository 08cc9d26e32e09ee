package yamltext

import (
	"testing"

	"github.com/wp502lint/wp502lint/internal/pieces"
	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// valueOf returns the value of a key, at the top or below.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
		if value := valueOf(n.Content[i+1], key); value != nil {
			return value
		}
	}
	return nil
}

// What the value of a key is, and from which bytes each part of it is made.
func TestTexts(t *testing.T) {
	for _, tt := range []struct{ name, yaml, value, want string }{
		{"plain", "k: a b # c\n", "a b", "[a b]"},
		{"plain of two lines", "k: a\n   b\n\n   c\n", "a b\nc", "[a]{  = \n   }[b]{\n = \n\n   }[c]"},
		{"single-quoted", "k: 'a''b'\n", "a'b", "[a]['b]"},
		{"single-quoted lines", "k: 'a\n\n  b'\n", "a\nb", "[a]{\n = \n\n  }[b]"},
		{"double-quoted", `k: "a\tb\u00e9\n\x41"`, "a\tb\u00e9\nA", "[a]{\t = \\t}[b]{é = \\u00e9}{\n = \\n}{A = \\x41}"},
		{"escaped line break", "k: \"a \\\n   b\\n\\\n   c\"\n", "a b\nc", "[a ][b]{\n = \\n}[c]"},
		{"literal", "k: |\n  a\n    b\n\n  c\n", "a\n  b\n\nc\n", "[a\n][  b\n\n][c\n]"},
		{"literal, stripped", "k: |-\n  a\n  b\n\n", "a\nb", "[a\n][b]"},
		{"literal, kept", "k: |+\n  a\n\n", "a\n\n", "[a\n\n]"},
		{"literal with a digit", "a:\n  k: |2\n      a\n     b\n", "  a\n b\n", "[  a\n][ b\n]"},
		{"literal with CR LF", "k: |\r\n  a\r\n  b\r\n", "a\nb\n", "[a][\n][b][\n]"},
		{"literal without a last line break", "k: |\n  a\n  b", "a\nb", "[a\n][b]"},
		{"literal with blanks on blank lines", "k: |\n  a\n     \n \n  b\n", "a\n   \n\nb\n", "[a\n][   \n][\n][b\n]"},
		{"literal, empty", "k: |\nother: a\n", "", ""},
		{"folded", "k: >\n  a\n  b\n\n  c\n   d\n", "a b\nc\n d\n", "[a]{  = \n}[b\n][c\n][ d\n]"},
		{"anchor and tag", "k: &a !!str # c\n  # d\n  b\n", "b", "[b]"},
		{"literal with an anchor", "k: &a |\n  a\n", "a\n", "[a\n]"},
		{"after other letters on its line", "{é: 1, k: ü}\n", "ü", "[ü]"},
		{"after a byte order mark", "\ufeffk: a\n", "a", "[a]"},
		{"line breaks of YAML 1.1", "a: 'x\u0085  y'\nk: b\n", "b", "[b]"},
	} {
		f := &source.File{Name: "/f.yaml", Real: "/f.yaml", Text: tt.yaml}
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(tt.yaml), &n); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got, _ := New(f, 0, len(tt.yaml)).Scalar(valueOf(n.Content[0], "k"))
		if got.String != tt.value || pieces.Show(got) != tt.want {
			t.Errorf("%s: got  %q %q\nwant %q %q", tt.name, got.String, pieces.Show(got), tt.value, tt.want)
		}
	}
}
