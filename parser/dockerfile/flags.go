package dockerfile

import (
	"fmt"
	"strings"
)

// checkFlags reports options that the builder refuses.
func (p *reader) checkFlags(in *Instruction, known string) {
	seen := map[string]bool{}
	for _, f := range in.Flags {
		if message := checkFlag(f, known, seen[f.Name]); message != "" && !p.pinned {
			p.refuse(in, f.At, in.Keyword+" "+message)
		}
		seen[f.Name] = true
	}
}

// checkFlag returns what is wrong with an option; "" for nothing. known are those of its
// instruction: NAME for a switch, NAME= with a value, NAME=* for one that may be repeated.
// "*" alone: the builder ignores them all.
func checkFlag(f Flag, known string, again bool) string {
	if known == "*" {
		return ""
	}
	hasValue := !f.Value.At.IsZero()
	for option := range strings.FieldsSeq(known) {
		name, kind, takesValue := strings.Cut(option, "=")
		switch {
		case name != f.Name:
			continue
		case again && kind != "*":
			return fmt.Sprintf("has the option --%s twice", name)
		case takesValue && !hasValue:
			return fmt.Sprintf("needs a value for the option --%s", name)
		case !takesValue && hasValue && !boolean(f.Value.Text):
			return fmt.Sprintf("needs true or false for the option --%s", name)
		}
		return ""
	}
	return fmt.Sprintf("has no option --%s", f.Name)
}

func boolean(text string) bool {
	return strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
}
