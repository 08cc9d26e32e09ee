package apachet

import (
	"fmt"
	"strings"
)

// Placed is how the log of Apache names the place of a refusal (httpd server/config.c,
// process_command_config and ap_process_config_tree; measured on Apache 2.4).
type Placed uint8

// The places.
const (
	Nowhere Placed = iota // Apache does not name it
	Before                // in the line of the reason, before it: Apache was reading
	Above                 // in a line of its own with AH00526, which precedes that of the reason
)

// Lines returns the lines that Apache writes about the refusal. The first may lack its start: a
// file that is included has the lines of the others before its own.
func (r *Refusal) Lines() []string {
	reason := escaped(r.Log)
	at := r.At
	if !r.Line.IsZero() {
		at = r.Line
	}
	file, line := escaped(at.File.Name), at.Begin().Line
	place := fmt.Sprintf("Syntax error on line %d of %s:", line, file)
	if strings.HasSuffix(reason, "> was not closed") {
		reason = fmt.Sprintf("%s:%d: %s.", file, line, reason) // server/core.c, unclosed_directive
	}
	switch {
	case r.Placed == Before:
		return []string{place + " " + reason}
	case r.Placed == Above && reason != "":
		return []string{"AH00526: " + place, reason}
	case strings.HasPrefix(reason, "Configuration error: "):
		return []string{"AH00534: apache2: " + reason}
	case reason == "":
		return nil
	}
	return []string{reason}
}

// escaped returns a text as Apache logs it: bytes that cannot be printed are escaped (httpd
// server/util.c, ap_escape_errorlog_item).
func escaped(text string) string {
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\t':
			b.WriteString(`\t`)
		case c == '\\':
			b.WriteString(`\\`)
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
