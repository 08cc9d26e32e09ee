package docs

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/lint"
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
func (p *page) proof(r *lint.Rule) {
	seen, ok := proofs()[r.ID]
	switch {
	case r.Unproven != "":
		p.heading("## Proof")
		p.paragraph("Not proved on real servers: " + strings.TrimSuffix(r.Unproven, ".") + ".")
	case ok:
		p.heading("## Proof")
		text := fmt.Sprintf("Tested with %s. The first example: %s.", strings.Join(seen.Servers, ", "), result(seen.Bad))
		if seen.Fixed != "" {
			text += fmt.Sprintf(" With the safe fix: %s.", result(seen.Fixed))
		}
		p.paragraph(text)
	}
}

var request = lazyregexp.New(`GET (\S+) -> (\d+)`)

// result says in words what servers did, which is recorded as "GET /index.php -> 502" and the like.
func result(recorded string) string {
	return request.ReplaceAllString(recorded, "`GET $1` is answered $2")
}
