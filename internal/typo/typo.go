// Package typo finds the word that was meant by one that nobody knows.
package typo

import (
	"strings"

	"github.com/xrash/smetrics"
)

// Nearest returns the candidate that word was probably meant to be: the only
// one that starts with it, else the one that the fewest typing mistakes lead
// to. It is "" when none is near.
func Nearest(word string, candidates []string) string {
	word = strings.ToLower(word)
	if word == "" || len(word) > 64 {
		return ""
	}
	if whole := completion(word, candidates); whole != "" {
		return whole
	}
	best, allowed := "", 1+len(word)/4
	for _, candidate := range candidates {
		if d := smetrics.WagnerFischer(word, strings.ToLower(candidate), 1, 1, 1); d <= allowed {
			best, allowed = candidate, d-1
		}
	}
	return best
}

func completion(prefix string, candidates []string) string {
	found := ""
	for _, candidate := range candidates {
		if candidate == found || !strings.HasPrefix(strings.ToLower(candidate), prefix) {
			continue
		}
		if found != "" {
			return ""
		}
		found = candidate
	}
	return found
}

// DidYouMean returns the end of a message about a word that none of the
// candidates is.
func DidYouMean(word string, candidates []string) string {
	if near := Nearest(word, candidates); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}
