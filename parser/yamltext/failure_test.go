package yamltext

import (
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestFailure(t *testing.T) {
	for _, test := range []struct {
		text   string
		line   int
		reason string
	}{
		{"a: 1\nb: *hunter2\n", 0, "unknown anchor"},
		{"a: 1\n\tb: 2\n", 2, "found a tab character that violates indentation"},
		{"a: 1\nb: [1, 2\nc: 3\n", 2, "did not find expected ',' or ']'"},
		{"a: 1\nb: {c: 2\nd\n", 2, "did not find expected ',' or '}'"},
		{"a: 1\nb: \"x\n", 2, "found unexpected end of stream"},
		{"a: 1\n- b\n", 2, "did not find expected key"},
		{"a: \x01\n", 0, "control characters are not allowed"},
	} {
		var n yaml.Node
		err := yaml.Unmarshal([]byte(test.text), &n)
		if err == nil {
			t.Errorf("%q is valid", test.text)
			continue
		}
		if line, reason := Failure(err); line != test.line || reason != test.reason {
			t.Errorf("%q: line %d: %s, want line %d: %s", test.text, line, reason, test.line, test.reason)
		}
	}
}
