package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/rules"
)

const schemaFile = "../docs/report.schema.json"

// readSchema returns the schema as JSON. A strict one allows only the fields that it documents.
func readSchema(t *testing.T, strict bool) map[string]any {
	t.Helper()
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if strict {
		text = bytes.ReplaceAll(text, []byte(`"additionalProperties": true`), []byte(`"additionalProperties": false`))
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc.(map[string]any)
}

// compiled returns the part of the strict schema at a pointer.
func compiled(t *testing.T, pointer string) *jsonschema.Schema {
	t.Helper()
	doc, c := readSchema(t, true), jsonschema.NewCompiler()
	id := doc["$id"].(string)
	if err := c.AddResource(id, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(id + "#" + pointer)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(t *testing.T, schema *jsonschema.Schema, name, text string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// The expected reports and the reports of all cases have only fields that the schema documents.
func TestReportSchema(t *testing.T) {
	schema := compiled(t, "")
	names, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return strings.Contains(name, "schema") })
	if len(names) < 5 {
		t.Fatalf("got %d expected reports, want 5 or more", len(names))
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		validate(t, schema, name, string(text))
	}
	names, err = filepath.Glob("../testdata/configs/*/*.txtar")
	if err != nil || len(names) < 100 {
		t.Fatalf("got %d cases and error %v, want 100 or more", len(names), err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := cases.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		validate(t, schema, name, render(t, JSON, cases.Lint(c, rules.All), options))
	}
}

// A strict schema rejects what the published one tolerates.
func TestReportSchemaIsStrict(t *testing.T) {
	text := strings.Replace(render(t, JSON, demo(), options), `"rule":`, `"colour": "red", "rule":`, 1)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if compiled(t, "").Validate(doc) == nil {
		t.Error("the strict schema accepts an unknown field")
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("published.json", any(readSchema(t, false))); err != nil {
		t.Fatal(err)
	}
	published, err := c.Compile("published.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := published.Validate(doc); err != nil {
		t.Errorf("the schema rejects an unknown field: %v", err)
	}
}

// The schema has the fields that the program writes, each with a description, and requires
// those that it always writes.
func TestSchemaFields(t *testing.T) {
	root := readSchema(t, false)
	defs := root["$defs"].(map[string]any)
	properties := root["properties"].(map[string]any)
	for name, written := range map[string]struct {
		schema any
		as     any
	}{
		"report": {root, jsonReport{}}, "tool": {properties["tool"], jsonTool{}}, "gateways": {defs["gateways"], jsonGateways{}},
		"reason": {defs["reason"], jsonReason{}}, "finding": {defs["finding"], jsonFinding{}}, "note": {defs["note"], jsonNote{}},
		"fix": {defs["fix"], jsonFix{}}, "edit": {defs["edit"], jsonEdit{}}, "notChecked": {defs["notChecked"], jsonNotChecked{}},
		"input": {defs["input"], jsonFile{}}, "diagnosis": {defs["diagnosis"], diagnosisJSON{}}, "incident": {defs["incident"], incidentJSON{}},
		"url": {defs["url"], urlJSON{}}, "place": {defs["place"], placeJSON{}}, "line": {defs["line"], lineJSON{}},
		"found": {defs["found"], foundJSON{}}, "log": {defs["log"], logJSON{}},
	} {
		delete(defs, name)
		schema := written.schema.(map[string]any)
		all, always := fields(reflect.TypeOf(written.as))
		if got, want := keys(schema["properties"].(map[string]any)), slices.Sorted(slices.Values(all)); !slices.Equal(got, want) {
			t.Errorf("%s: the schema has %q, want %q", name, got, want)
		}
		var required []string
		for _, r := range schema["required"].([]any) {
			required = append(required, r.(string))
		}
		slices.Sort(required)
		if want := slices.Sorted(slices.Values(always)); !slices.Equal(required, want) {
			t.Errorf("%s: the schema requires %q, want %q", name, required, want)
		}
		for field, p := range schema["properties"].(map[string]any) {
			if p := p.(map[string]any); p["description"] == nil && p["$ref"] == nil {
				t.Errorf("%s.%s: no description", name, field)
			}
		}
	}
	if len(defs) > 0 {
		t.Errorf("not compared with a type: %q", keys(defs))
	}
}

// fields returns the names of the fields of a type in JSON, and those that are always written.
func fields(of reflect.Type) (all, always []string) {
	for i := range of.NumField() {
		f := of.Field(i)
		if f.Anonymous {
			inner, required := fields(f.Type)
			all, always = append(all, inner...), append(always, required...)
			continue
		}
		name, rest, _ := strings.Cut(f.Tag.Get("json"), ",")
		all = append(all, name)
		if !strings.Contains(rest, "omitempty") {
			always = append(always, name)
		}
	}
	return all, always
}

func keys(m map[string]any) (names []string) {
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Reports of diagnose are valid as well.
func TestDiagnosisSchema(t *testing.T) {
	schema := compiled(t, "/$defs/diagnosis")
	over := true
	for name, d := range map[string]diagnosisJSON{
		"empty": {Version: 1, Incidents: []incidentJSON{}, Logs: []logJSON{}},
		"full": {Version: 1, Logs: []logJSON{{"error.log", 3, 1, -3600}}, Missing: []string{"the configuration"}, Dropped: 2, Incidents: []incidentJSON{{
			ID: "WP201", Over: &over, Places: []placeJSON{{File: "a", At: "/a"}}, Evidence: []lineJSON{{"error.log", 1, "nginx", "connect() failed"}},
			URLs: []urlJSON{{"/", 1}}, Findings: []foundJSON{{"WP201", "error", "no pool listens"}}, Status: 502}}},
	} {
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		validate(t, schema, name, string(text))
	}
}
