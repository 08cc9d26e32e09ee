package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/wp502lint/wp502lint/rules"
)

// TestSARIFOfExamples validates the SARIF for the example of every rule, each in its
// own repository. With WP502LINT_SARIF set, the files stay in that folder for other
// validators: .ci/sarif.
func TestSARIFOfExamples(t *testing.T) {
	name, err := filepath.Abs("../../report/testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	folder := os.Getenv("WP502LINT_SARIF")
	for _, r := range rules.All {
		dir, c := t.TempDir(), parseCase(t, r.Bad)
		lay(t, dir, c)
		text := lintTree(t, dir, c, "--format=sarif")
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", r.ID, err)
			continue
		}
		if err := schema.Validate(document); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
		if !strings.Contains(text, `"ruleId":"`+r.ID+`"`) && !strings.Contains(text, `"ruleId": "`+r.ID+`"`) {
			t.Errorf("%s has no result", r.ID)
		}
		if folder != "" {
			// A repository has relative paths.
			text = strings.ReplaceAll(text, dir+"/", "")
			if err := os.WriteFile(filepath.Join(folder, r.ID+".sarif"), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}
