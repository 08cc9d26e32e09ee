package project

import (
	"encoding/json"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
)

// shape is what a value may be, as JSON Schema. Catalogue lists all rules.
type shape func(catalogue []*lint.Rule) object

// or returns a shape with the value that applies if the key is not set.
func (s shape) or(value any) shape {
	return func(c []*lint.Rule) object {
		out := s(c)
		out["default"] = value
		return out
	}
}

type object map[string]any

func text([]*lint.Rule) object    { return object{"type": "string", "minLength": 1} }
func boolean([]*lint.Rule) object { return object{"type": "boolean"} }
func size([]*lint.Rule) object {
	return object{"type": []string{"string", "integer"}, "pattern": `^\s*[0-9]+((\.[0-9]{1,6})?\s*[KMGTkmgt][Ii]?[Bb]?|\s*[Bb])?\s*$`, "minimum": 1 << 20}
}
func date([]*lint.Rule) object { return object{"type": "string", "pattern": `^\d{4}-\d{2}-\d{2}$`} }

// version takes a number too: YAML reads an unquoted version as one.
func version([]*lint.Rule) object {
	return object{"type": []string{"string", "number"}, "pattern": `^\d+\.\d+(\.\d+)?$`}
}

func oneOf(words ...string) shape {
	return func([]*lint.Rule) object { return object{"enum": words} }
}

func listOf(of shape) shape {
	return func(c []*lint.Rule) object { return object{"type": "array", "items": of(c)} }
}

func oneOrMany(of shape) shape {
	return func(c []*lint.Rule) object { return object{"anyOf": []object{of(c), listOf(of)(c)}} }
}

var paths = oneOrMany(text)

// ruleName takes a rule in upper or lower case; the names, none of them a former one, are for
// completion in an editor.
func ruleName(catalogue []*lint.Rule) object {
	var names []string
	for _, r := range catalogue {
		names = append(names, r.ID, r.Name)
	}
	return object{"type": "string", "examples": names, "pattern": anyRule(catalogue)}
}

func ruleTable(catalogue []*lint.Rule) object {
	table := object{}
	for _, r := range catalogue {
		row := object{"enum": severityWords, "description": r.Summary}
		table[r.ID], table[r.Name] = row, row
	}
	return object{
		"type": "object", "properties": table,
		"propertyNames":        object{"pattern": anyRule(catalogue)},
		"additionalProperties": object{"enum": severityWords},
	}
}

// anyRule is a pattern for the ID or the name of a rule in upper or lower case.
func anyRule(catalogue []*lint.Rule) string {
	var b strings.Builder
	for i, name := range lint.Names(catalogue) {
		if i > 0 {
			b.WriteByte('|')
		}
		for _, c := range strings.ToLower(name) {
			if 'a' <= c && c <= 'z' {
				b.WriteString("[" + strings.ToUpper(string(c)) + string(c) + "]")
			} else {
				b.WriteRune(c)
			}
		}
	}
	return "^(" + b.String() + ")$"
}

func mapping(keys []key) shape {
	return func(catalogue []*lint.Rule) object {
		properties, required := object{}, []string{}
		for _, k := range keys {
			value := k.shape(catalogue)
			value["description"] = k.about
			properties[k.name] = value
			if k.required {
				required = append(required, k.name)
			}
		}
		out := object{"type": "object", "properties": properties, "additionalProperties": false}
		if len(required) > 0 {
			out["required"] = required
		}
		return out
	}
}

// SchemaURL is the address of the schema, which editors load.
const SchemaURL = "https://raw.githubusercontent.com/wp502lint/wp502lint/main/docs/project.schema.json"

// Schema returns the JSON Schema (draft 7) of a project file.
func Schema(catalogue []*lint.Rule) []byte {
	schema := mapping(keys(&Config{}))(catalogue)
	schema["$schema"] = "http://json-schema.org/draft-07/schema#"
	schema["$id"] = SchemaURL
	schema["title"] = "The project file of wp502lint, " + FileName
	schema["examples"] = []object{{"preset": Recommended, "fail-on": "error", "host": object{"memory": "4GiB"}, "rules": object{"emergency-restart-missing": off}}}
	schema["type"] = []string{"object", "null"}
	schema["not"] = muted()
	out, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		panic("the schema cannot be written: " + err.Error())
	}
	return append(out, '\n')
}
