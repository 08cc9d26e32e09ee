package docs

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// What real servers did with the examples of every rule. The lab writes it.
//
//go:embed proofs.json
var proofsText []byte

// proof is what servers did with the examples of one rule.
type proof struct {
	Rule    string   `json:"rule"`
	Servers []string `json:"servers"`
	Bad     string   `json:"bad"`
	Fixed   string   `json:"fixed"` // "" when there is no safe fix
}

var proofs = sync.OnceValue(func() map[string]proof {
	var all struct {
		Rules []proof `json:"rules"`
	}
	if err := json.Unmarshal(proofsText, &all); err != nil {
		panic("proofs.json: " + err.Error())
	}
	byRule := map[string]proof{}
	for _, p := range all.Rules {
		byRule[p.Rule] = p
	}
	return byRule
})

// proof says on which servers a rule was tested, and the result.
func (p *page) proof(id string) {
	seen, ok := proofs()[id]
	if !ok {
		return
	}
	p.heading("## Proof")
	text := fmt.Sprintf("Proved with %s. The problematic example: `%s`.", strings.Join(seen.Servers, ", "), seen.Bad)
	if seen.Fixed != "" {
		text += fmt.Sprintf(" With the safe fix: `%s`.", seen.Fixed)
	}
	p.paragraph(text)
}
