package yamltext

import (
	"slices"
	"strconv"
	"strings"
)

// Failure returns why the module could not parse a text, and in which of its lines, counted from
// 1; 0 if it does not tell. The reason has nothing of the text: the name of an anchor may be a
// secret, if the file is of another kind.
func Failure(err error) (line int, reason string) {
	reason = strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(reason, "line "); ok {
		number, after, _ := strings.Cut(rest, ": ")
		line, _ = strconv.Atoi(number)
		reason = after
		if slices.ContainsFunc(fromZero, func(end string) bool { return strings.HasSuffix(reason, end) }) {
			line++
		}
	}
	if strings.HasPrefix(reason, "unknown anchor") {
		reason = "unknown anchor"
	}
	return line, reason
}

// fromZero are the ends of the reasons whose line is counted from 0: those of the parser of the
// module, not of its scanner (go.yaml.in/yaml/v3 decode.go, parser.fail).
var fromZero = []string{"<document start>", "node content", "'-' indicator", "expected key", "',' or ']'", "',' or '}'"}
