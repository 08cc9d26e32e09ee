//go:build linux

package lab

import (
	"os"
	"testing"

	"github.com/wp502lint/wp502lint/rules"
)

// The committed figures, and the page generated from them.
const figuresFile, pageFile = "../docs/proofs.json", "../docs/LAB.md"

const stale = "; WP502LINT_LAB=1 UPDATE=1 go test ./lab writes it anew"

// needFigures returns the committed figures, and skips the test while they are being written.
func needFigures(t *testing.T) *Figures {
	t.Helper()
	if os.Getenv("UPDATE") == "1" {
		t.Skip("the figures are being written anew")
	}
	f, err := ReadFigures(figuresFile)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestPageIsFresh(t *testing.T) {
	f := needFigures(t)
	got, err := os.ReadFile(pageFile)
	if err != nil {
		t.Fatal(err)
	}
	if want := f.Page(); string(got) != want {
		t.Errorf("%s is stale%s\ngot\n%s\nwant\n%s", pageFile, stale, got, want)
	}
}

// Every rule has a proof of its current claims.
func TestFiguresAreFresh(t *testing.T) {
	f := needFigures(t)
	known := map[string]Proof{}
	for _, p := range f.Rules {
		known[p.Rule] = p
	}
	for _, r := range rules.All {
		p, ok := known[r.ID]
		if !ok {
			t.Errorf("%s has no proof of %s%s", figuresFile, r.ID, stale)
		} else if p.Outcome != r.Outcomes.Worst().String() || p.Unproven != r.Unproven {
			t.Errorf("%s proves that %s is %s (%s), and the rule says %s (%s)%s", figuresFile, r.ID, p.Outcome, p.Unproven, r.Outcomes.Worst(), r.Unproven, stale)
		}
		delete(known, r.ID)
	}
	for id := range known {
		t.Errorf("%s has a proof of %s, which is no rule%s", figuresFile, id, stale)
	}
}

func TestFiguresKeepTheMutants(t *testing.T) {
	name := t.TempDir() + "/proofs.json"
	want := `{
  "rules": [
    {
      "rule": "WP900",
      "outcome": "502",
      "servers": [
        "nginx 1.22.1"
      ],
      "good": "GET / -> 200"
    }
  ],
  "cases": {
    "confirmed": 1,
    "requests": 2
  },
  "mutants": {
    "seeds": "1 to 3",
    "mutants": 3,
    "right": 1,
    "false_errors": 0,
    "missed": {},
    "untold": 1,
    "uncovered": {
      "<": 1
    }
  }
}
`
	if err := os.WriteFile(name, []byte(want), 0o666); err != nil {
		t.Fatal(err)
	}
	f, err := ReadFigures(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Write(name); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(name); err != nil || string(got) != want {
		t.Errorf("%v, got\n%s\nwant\n%s", err, got, want)
	}
}
