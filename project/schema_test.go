package project

import (
	"bytes"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/wp502lint/wp502lint/rules"
	"go.yaml.in/yaml/v3"
)

const schemaFile = "../docs/project.schema.json"

func TestSchemaIsFresh(t *testing.T) {
	want := Schema(rules.All)
	if os.Getenv("UPDATE") == "1" {
		if err := os.WriteFile(schemaFile, want, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(schemaFile)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is stale (%v); UPDATE=1 go test ./project writes it", schemaFile, err)
	}
}

// TestSchemaAgrees compares the schema with Read: both accept the same files.
func TestSchemaAgrees(t *testing.T) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema(rules.All)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("mem:schema", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("mem:schema")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]bool{
		whole: true, "": true, "{}\n": true,
		"nginx: /etc/nginx/nginx.conf\n":                                    true,
		"host: {memory: 4294967296, reserve: '1 g', worker-memory: 80MB}\n": true,
		"rules: {Socket-Mismatch: note, WP103: off}\n":                      true,
		"ignore: [{rule: wp201, reason: r, until: '2027-03-01'}]\n":         true,
		"ignore: [{rule: [WP201, WP202], reason: r, path: '/etc'}]\n":       true,
	}
	for _, c := range wrong {
		texts[c.text] = false
	}
	for text, sound := range texts {
		_, problems := Read(file(text), rules.All)
		if (len(problems) == 0) != sound {
			t.Errorf("%q is valid: %t, but %v", text, sound, problems)
		}
		value, ok := decode(text)
		if !ok {
			continue
		}
		err := schema.Validate(value)
		if (err == nil) != sound && !beyondSchema[text] {
			t.Errorf("%q is valid: %t, but the schema says %v", text, sound, err)
		}
	}
}

// beyondSchema are mistakes that a JSON Schema cannot see.
var beyondSchema = map[string]bool{
	"rules: {WP201: off, socket-mismatch: error}\n":   true, // two names of one rule
	"ignore: [{rule: WP201, reason: r, path: '['}]\n": true, // the language of patterns
	"root: a\n---\nroot: b\n":                         true, // two documents
}

// decode returns a document as JSON has it: dates are text.
func decode(text string) (value any, ok bool) {
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(text), &node); err != nil {
		return nil, false
	}
	untime(&node)
	err := node.Decode(&value)
	return value, err == nil
}

func untime(n *yaml.Node) {
	if n.Tag == "!!timestamp" {
		n.Tag = "!!str"
	}
	for _, c := range n.Content {
		untime(c)
	}
}
