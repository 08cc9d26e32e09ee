package firewall

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// word is one argument of a line of iptables-restore(8).
type word struct {
	text   string // without quotes
	quoted bool
}

// words splits a line at blanks outside of quotes (iptables, xshared.c, add_param_to_argv).
func words(at source.Span) (list []word) {
	var text strings.Builder
	var quote byte
	begun, quoted := false, false
	line := at.Text()
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && quote != 0 && i+1 < len(line):
			i++
			text.WriteByte(line[i])
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, begun, quoted = c, true, true
		case quote == 0 && (c == ' ' || c == '\t'):
			if begun {
				list = append(list, word{text.String(), quoted})
			}
			text.Reset()
			begun, quoted = false, false
		default:
			text.WriteByte(c)
			begun = true
		}
	}
	if begun {
		list = append(list, word{text.String(), quoted})
	}
	return list
}
