package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
)

// Unnamed returns the message about a word that no rule is called, with the name that was
// probably meant. Another number is another rule and never meant; only a letter that looks like
// a digit is one.
func Unnamed(catalogue []*Rule, word string) string {
	said := word
	if strings.ContainsFunc(word, func(c rune) bool {
		return c != '-' && (c < '0' || '9' < c) && (c < 'a' || 'z' < c) && (c < 'A' || 'Z' < c)
	}) || word == "" {
		said = fmt.Sprintf("%q", word)
	}
	if r := Named(catalogue, digits.Replace(strings.ToUpper(word))); r != nil {
		return "unknown rule " + said + "; did you mean " + r.ID + "?"
	}
	names := make([]string, len(catalogue))
	for i, r := range catalogue {
		names[i] = r.Name
	}
	if near := typo.Nearest(word, names); near != "" {
		return "unknown rule " + said + "; did you mean " + near + "?"
	}
	if like := containing(names, strings.ToLower(word)); like != "" {
		return "unknown rule " + said + "; did you mean " + like + "?"
	}
	return "unknown rule " + said + `; "wp502lint rules" lists all rules`
}

// containing returns the names with a word in them, or the first few of many; "" for none.
func containing(names []string, word string) string {
	const few = 5
	if len(word) < 3 {
		return ""
	}
	like := slices.DeleteFunc(names, func(name string) bool { return !strings.Contains(name, word) })
	return typo.Either(like[:min(len(like), few)])
}

// digits are letters that a reader takes for digits.
var digits = strings.NewReplacer("O", "0", "I", "1", "L", "1")
