package logs

import (
	"html"
	"strings"
)

// unescaped returns a line as it was before somebody put it into a string of JSON or a program,
// or into HTML.
func unescaped(text string) string {
	if strings.IndexByte(text, '&') >= 0 && strings.IndexByte(text, '"') < 0 {
		for _, quote := range [...]string{"&quot;", "&#39;", "&#x27;", "&#34;"} {
			if strings.Contains(text, quote) {
				text = html.UnescapeString(text)
				break
			}
		}
	}
	if strings.IndexByte(text, '\\') < 0 || !strings.Contains(text, `\"`) {
		return text
	}
	quotes := 0
	for i := range len(text) {
		if text[i] == '"' && (i == 0 || text[i-1] != '\\') {
			quotes++
		}
	}
	if quotes > 2 {
		return text // Apache writes the quotes of a request so
	}
	return unquoted.Replace(strings.Trim(text, `",`))
}

var unquoted = strings.NewReplacer(`\"`, `"`, `\/`, `/`, `\n`, "\n", `\t`, " ", `\r`, "", `\\`, `\`)
