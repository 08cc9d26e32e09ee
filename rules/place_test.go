package rules_test

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/servers"
)

// TestPlaces takes the arguments of every directive of nginx away, and of every line of
// the frame: what is found has a place, though the argument that a rule would point at
// is missing.
func TestPlaces(t *testing.T) {
	var lines, blocks []string
	for name := range servers.NginxNames() {
		lines, blocks = append(lines, name+";"), append(blocks, name+" {}")
	}
	all := strings.Join(lines, "\n") + "\n"
	placed(t, "/etc/nginx/conf.d/all.conf", all+"upstream {\nserver;\nserver }\nupstream u {\n"+all+"}\nserver {\n"+all+"location {\n"+all+"}\nlocation / {\n"+all+"}\n}\n"+strings.Join(blocks, "\n")+"\n")
	for name, text := range cases.Frame().Texts() {
		if !strings.HasPrefix(name, "/etc/nginx/") && !strings.HasPrefix(name, "/etc/php/") {
			continue
		}
		for line := range strings.Lines(text) {
			before, after, _ := strings.Cut(text, line)
			word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			for _, short := range []string{"", word, word + ";", word + " {", word + " =", strings.TrimRight(rest, ";")} {
				placed(t, name, before+short+"\n"+after)
			}
		}
	}
}

// placed reports the findings without a place for the frame with another text of a file.
func placed(t *testing.T, name, text string) {
	t.Helper()
	c, err := cases.Parse([]byte("-- " + name[1:] + " --\n" + text))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range cases.Lint(c, rules.All).Findings {
		if f.At.IsZero() {
			t.Errorf("%s has no place: %s", f.Rule.ID, f.Message)
		}
	}
}
