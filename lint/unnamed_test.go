package lint

import "testing"

func TestUnnamed(t *testing.T) {
	catalogue := []*Rule{{ID: "WP109", Name: "reload-kills-requests"}, {ID: "WP201", Name: "socket-mismatch"}}
	const lists = `; "wp502lint rules" lists all rules`
	for word, want := range map[string]string{
		"WP999":           "unknown rule WP999" + lists,
		"WP202":           "unknown rule WP202" + lists,
		"WP20":            "unknown rule WP20" + lists,
		"202":             "unknown rule 202" + lists,
		"WP2O1":           "unknown rule WP2O1; did you mean WP201?",
		"wp20l":           "unknown rule wp20l; did you mean WP201?",
		"socket-mismtach": "unknown rule socket-mismtach; did you mean socket-mismatch?",
		"socket":          "unknown rule socket; did you mean socket-mismatch?",
		"socket-match":    "unknown rule socket-match" + lists,
		"zebra":           "unknown rule zebra" + lists,
		"a b":             `unknown rule "a b"` + lists,
		"":                `unknown rule ""` + lists,
	} {
		if got := Unnamed(catalogue, word); got != want {
			t.Errorf("Unnamed(%q)\n got %s\nwant %s", word, got, want)
		}
	}
}
