package apachet

import (
	"iter"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

func decimal(n int) string { return strconv.Itoa(n) }

func quoted(text string) string { return `"` + source.Excerpt(text) + `"` }

// noted adds a note about another directive.
func noted(r *Refusal, d *apache.Directive, message string) *Refusal {
	r.Notes = append(r.Notes, source.Note{At: d.At, Message: message})
	return r
}

// lowered yields names in lower case.
func lowered(names []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, name := range names {
			if !yield(strings.ToLower(name)) {
				return
			}
		}
	}
}

// written returns the name of an unknown directive as httpd prints it: as written, with the <
// of a section.
func written(d *apache.Directive) string {
	text := strings.TrimSuffix(strings.TrimPrefix(d.NameAt().Text(), "<"), ">")
	if d.Use() != nil || !strings.EqualFold(text, d.Name) {
		text = d.Name
	}
	if d.Section {
		return "<" + text
	}
	return text
}

// sectionOf words a section for a sentence, such as <Directory>.
func sectionOf(d *apache.Directive) string { return spelled(d) + ">" }

// here words where d is, for a sentence.
func (s state) here(d *apache.Directive) string {
	switch {
	case d.Parent != nil && s.access != nil:
		return "inside " + sectionOf(d.Parent) + " of this .htaccess file"
	case s.access != nil:
		return "in this .htaccess file"
	case d.Parent != nil:
		return "inside " + sectionOf(d.Parent)
	}
	return "outside of sections"
}

// classes are the words of AllowOverride and their bits.
var classes = []struct {
	bit  httpd.Where
	word string
}{
	{httpd.WithAuthConfig, "AuthConfig"}, {httpd.WithFileInfo, "FileInfo"}, {httpd.WithIndexes, "Indexes"},
	{httpd.WithLimit, "Limit"}, {httpd.WithOptions, "Options"},
}

// belongs words where a directive is allowed, for a sentence.
func belongs(w httpd.Where, access bool) string {
	var words []string
	for _, class := range classes {
		if w&class.bit != 0 {
			words = append(words, class.word)
		}
	}
	switch {
	case access && len(words) > 0:
		return "to AllowOverride " + typo.Either(words)
	case w&httpd.InServer != 0 && access:
		return "to the main configuration"
	case w&httpd.InServer != 0:
		return "outside of sections or in <VirtualHost>"
	case w&httpd.InProxy != 0:
		return "inside <Proxy>"
	}
	return "inside <Directory>, <Location> or <Files>"
}
