package logs

import (
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/servers"
)

// codeOnly matches a line of Apache of which the number of the message is left, and the error before it.
var codeOnly = lazyregexp.New(`^(?:\(([^)]+)\)[^:]*: )?(?:\[client [^\]]*\] )?(AH\d{5}):?$`)

// ofCode returns the row of a line of which only the number of the message is left: that of its error,
// or else the general row, which follows the special ones. There is none if clients get different
// statuses with the rows of that number.
func ofCode(text string) (found match) {
	text = strings.TrimSpace(text)
	if len(text) > 200 || strings.Contains(text, "\n") {
		return match{}
	}
	m := codeOnly.FindStringSubmatch(text)
	if m == nil {
		return match{}
	}
	for _, r := range table().all {
		switch {
		case r.By != servers.Apache || !strings.Contains(r.Example, m[2]+":"):
			continue
		case m[1] != "" && strings.HasPrefix(r.Example, "("+m[1]+")"):
			return match{row: r, values: make([]string, len(r.groups))}
		case found.row != nil && found.row.Status != r.Status:
			return match{}
		}
		found = match{row: r, values: make([]string, len(r.groups))}
	}
	return found
}
