package rules_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// TestPlaces takes the arguments of every directive of nginx away: what is found has a
// place, though the argument that a rule would point at is missing.
func TestPlaces(t *testing.T) {
	texts := maps.Clone(cases.Frame().Texts())
	var lines, blocks []string
	for name := range servers.NginxNames() {
		lines, blocks = append(lines, name+";"), append(blocks, name+" {}")
	}
	all := strings.Join(lines, "\n") + "\n"
	texts["/etc/nginx/conf.d/all.conf"] = all + "upstream {\nserver;\nserver }\nupstream u {\n" + all + "}\nserver {\n" + all + "location {\n" + all + "}\nlocation / {\n" + all + "}\n}\n" + strings.Join(blocks, "\n")
	placed(t, texts)
	for _, name := range slices.Sorted(maps.Keys(cases.Frame().Texts())) {
		src := &source.File{Name: name, Text: cases.Frame().Texts()[name]}
		if !strings.HasPrefix(name, "/etc/nginx/") {
			continue
		}
		for d := range nginx.Parse(src).All() {
			for _, end := range []int32{d.Span().End, d.Terminator().End} {
				texts := maps.Clone(cases.Frame().Texts())
				texts[name] = src.Text[:d.NameWord().Span().End] + src.Text[end:]
				placed(t, texts)
			}
		}
	}
}

// placed reports the findings for texts that have no place.
func placed(t *testing.T, texts map[string]string) {
	t.Helper()
	e, err := engine.Open(engine.Options{Tree: tree.Memory(texts), Host: host.Overrides{Today: cases.Frame().Today}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range e.Lint(nil).Report.Findings {
		if f.At.IsZero() {
			t.Errorf("%s has no place: %s", f.Rule.ID, f.Message)
		}
	}
}
