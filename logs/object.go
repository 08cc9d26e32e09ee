package logs

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// quick reads the fields of an object as read does. It reports false for one that has others in
// it, two of a name, or that is unusual in another way; some of its fields may have been read
// then.
func (e entry) quick(text string) bool {
	rest, ok := strings.CutPrefix(text, "{")
	if !ok {
		return false
	}
	for {
		var name, value string
		if name, rest, ok = quickString(blank(rest)); !ok {
			return false
		}
		if _, twice := e[name]; twice {
			return false
		}
		if rest, ok = strings.CutPrefix(blank(rest), ":"); !ok {
			return false
		}
		rest = blank(rest)
		null := strings.HasPrefix(rest, "null")
		if value, rest, ok = quickValue(rest); !ok {
			return false
		}
		if !null {
			e[name] = value
		}
		rest = blank(rest)
		switch {
		case strings.HasPrefix(rest, "}"):
			return true
		case !strings.HasPrefix(rest, ","):
			return false
		}
		rest = rest[1:]
	}
}

// blank returns a text without the space at its start.
func blank(text string) string {
	if text != "" && text[0] > ' ' {
		return text
	}
	return strings.TrimLeft(text, " \t\r\n")
}

// quickValue returns the value at the start of a text, and what follows it.
func quickValue(text string) (value, rest string, ok bool) {
	if strings.HasPrefix(text, `"`) {
		return quickString(text)
	}
	n := 0
	for n < len(text) && (digit(text[n]) || text[n]|0x20 >= 'a' && text[n]|0x20 <= 'z' || text[n] == '.' || text[n] == '-' || text[n] == '+') {
		n++
	}
	value = text[:n]
	return value, text[n:], json.Valid([]byte(value))
}

// quickString returns the string at the start of a text, and what follows it.
func quickString(text string) (value, rest string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		return "", "", false
	}
	escaped, ascii := false, true
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' && !escaped:
			value = text[1:i]
			return value, text[i+1:], ascii || utf8.ValidString(value)
		case c == '"':
			ok = json.Unmarshal([]byte(text[:i+1]), &value) == nil
			return value, text[i+1:], ok
		case c == '\\':
			escaped = true
			i++
		case c < ' ':
			return "", "", false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return "", "", false
}
