package source

import (
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
)

var templateMarks = lazyregexp.New(`\{\{|\{%|<%|@@|__[A-Za-z0-9_]+__|%[A-Za-z0-9_]+%|@[A-Z][A-Z0-9_]*@`)

// TemplateMark returns the first mark of a template language in a value, whose
// text is another one once the template is rendered; "" for none.
func TemplateMark(text string) string {
	// Every name of a directive has an underscore; a mark has two in a row.
	if !strings.ContainsAny(text, "{<@%") && !strings.Contains(text, "__") {
		return ""
	}
	return templateMarks.FindString(text)
}
