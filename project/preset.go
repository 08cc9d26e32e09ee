package project

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// Mutes reports whether a preset keeps the findings from being reported that a value of
// fail-on is about: gate reports errors only.
func Mutes(preset, failOn string) bool {
	return preset == Gate && (failOn == "warning" || failOn == "note")
}

// agree reports keys of a project file that are each valid and exclude each other.
func (r *reader) agree(top *yaml.Node, c *Config) {
	if c.FailOn == nil || *c.FailOn == 0 || !Mutes(c.Preset, c.FailOn.String()) {
		return
	}
	for i := 0; i+1 < len(top.Content); i += 2 {
		if n := top.Content[i+1]; top.Content[i].Value == "fail-on" {
			r.fail(n, "preset gate reports errors only, so fail-on %s has no effect", plain(n).Value)
			return
		}
	}
}

// muted is the JSON Schema of the files that agree reports.
func muted() object {
	words := slices.DeleteFunc(slices.Clone(failWords), func(word string) bool { return !Mutes(Gate, word) })
	return object{
		"type": "object", "required": []string{"preset", "fail-on"},
		"properties": object{"preset": object{"enum": []string{Gate}}, "fail-on": object{"enum": words}},
	}
}
