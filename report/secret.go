package report

import (
	"slices"
	"sort"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/source"
)

// masked replaces a secret.
const masked = "…"

// shortest is the length in bytes from which a secret is masked in sentences. A
// shorter one ("1", "on") would mask common words; in the text of the file it
// is still masked.
const shortest = 4

var (
	// The head of a directive that passes a named value, up to its value.
	nginxHead = lazyregexp.New(`\b(?:(?:fastcgi|scgi|uwsgi)_param|[a-z0-9]+(?:_[a-z0-9]+)*_set_header)[ \t\r\n]+("[^"]*"|'[^']*'|[^\s;{}"']+)[ \t\r\n]+`)
	iniHead   = lazyregexp.New(`(?im)^[ \t;#]*(?:env|php_[a-z_]*value)[ \t]*\[([^\]\n]*)\][ \t]*=`)
	variable  = lazyregexp.New(`^\$\w+$`)
)

// secretWords are parts of the names of secrets, in capitals.
var secretWords = [...]string{"PASS", "SECRET", "KEY", "TOKEN", "AUTH", "COOKIE"}

// secret reports whether a name is that of a secret.
func secret(name string) bool {
	name = strings.ToUpper(strings.ToLower(name)) // both, for letters with several forms
	for _, word := range secretWords {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// secrets holds, for every file that it was used on, the values that no report
// may show.
type secrets map[*source.File]*hidden

type hidden struct {
	spans []source.Span     // in order, without overlaps
	words *strings.Replacer // nil: none
}

func (s secrets) of(f *source.File) *hidden {
	h, ok := s[f]
	if !ok {
		h = find(f)
		s[f] = h
	}
	return h
}

// mask returns text, a sentence about files, with their secrets masked.
func (s secrets) mask(text string, files ...*source.File) string {
	for _, f := range files {
		if f == nil {
			continue
		}
		if h := s.of(f); h.words != nil {
			text = h.words.Replace(text)
		}
	}
	return text
}

func find(f *source.File) *hidden {
	if !telling(f.Text) {
		return &hidden{}
	}
	spans := append(matches(f, nginxHead, nginxEnd), matches(f, iniHead, iniEnd)...)
	slices.SortFunc(spans, func(a, b source.Span) int { return int(a.Start) - int(b.Start) })
	h := &hidden{}
	for _, s := range spans {
		if n := len(h.spans); n > 0 && s.Start <= h.spans[n-1].End {
			h.spans[n-1].End = max(s.End, h.spans[n-1].End)
			continue
		}
		h.spans = append(h.spans, s)
	}
	h.words = replacer(h.spans)
	return h
}

// telling reports whether text may hold a secret by name, as most files do not.
func telling(text string) bool {
	return tells(text, "_param", ";") || tells(text, "_set_header", ";") || tells(text, "[", "]\n")
}

// nameWindow is how many bytes of a name are searched, at most.
const nameWindow = 4096

// tells reports whether the text from head to a character of ends may hold the
// name of a secret.
func tells(text, head, ends string) bool {
	for {
		_, behind, found := strings.Cut(text, head)
		if !found {
			return false
		}
		name := behind[:min(nameWindow, len(behind))]
		end := strings.IndexAny(name, ends)
		if end < 0 && len(name) == nameWindow {
			return true
		}
		if end >= 0 && secret(name[:end]) {
			return true
		}
		text = behind
	}
}

// matches returns the values after each head whose name is that of a secret.
// end finds the end of a value.
func matches(f *source.File, head *lazyregexp.Regexp, end func(text string, from, limit int) int) []source.Span {
	var out []source.Span
	for _, m := range head.FindAllStringSubmatchIndex(f.Text, -1) {
		if !secret(f.Text[m[2]:m[3]]) {
			continue
		}
		from := m[1]
		to := end(f.Text, from, commentEnd(f, from))
		for from < to && strings.IndexByte(" \t", f.Text[from]) >= 0 {
			from++
		}
		for from < to && strings.IndexByte(" \t\r\n", f.Text[to-1]) >= 0 {
			to--
		}
		if from < to {
			out = append(out, f.Span(from, to))
		}
	}
	return out
}

// commentEnd returns the end of the comment at offset, else the end of the text.
func commentEnd(f *source.File, offset int) int {
	i := sort.Search(len(f.Comments), func(i int) bool { return int(f.Comments[i].End) >= offset })
	if i < len(f.Comments) && int(f.Comments[i].Start) <= offset {
		return int(f.Comments[i].End)
	}
	return len(f.Text)
}

// nginxEnd returns the end of the directive: a semicolon outside quotes.
func nginxEnd(text string, from, limit int) int {
	var quote byte
	for i := from; i < limit; i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == ';':
			return i
		}
	}
	return limit
}

// iniEnd returns the end of the entry: that of the line on which its last quote
// is closed.
func iniEnd(text string, from, limit int) int {
	var quote byte
	for i := from; i < limit; i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == '\\' && quote == '"' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '\n':
			return i
		case c == ';':
			if n := strings.IndexByte(text[i:limit], '\n'); n >= 0 {
				return i + n
			}
			return limit
		case c == '"' || c == '\'':
			quote = c
		}
	}
	return limit
}

// replacer masks every form in which a sentence may quote the values at spans.
func replacer(spans []source.Span) *strings.Replacer {
	var forms []string
	for _, s := range spans {
		for _, form := range quotations(s.Text()) {
			if len(form) >= shortest && !variable.MatchString(form) {
				forms = append(forms, form)
			}
		}
	}
	if len(forms) == 0 {
		return nil
	}
	// The longest first: where two match at one place, the first wins.
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, masked)
	}
	return strings.NewReplacer(pairs...)
}

// quotations returns value as written and as a server reads it: without its
// quotes and backslashes, and word by word when it has no quotes. A semicolon
// starts a comment, which is not part of the value.
func quotations(value string) []string {
	forms := []string{value}
	words := []string{quoted(value)}
	if words[0] == "" {
		code, _, _ := strings.Cut(value, ";")
		words = strings.Fields(code)
	}
	for _, w := range words {
		forms = append(forms, w, strings.ReplaceAll(w, `\`, ""))
	}
	return forms
}

// quoted returns the text in the quotes that value starts with; "" when it
// starts with none.
func quoted(value string) string {
	quote := value[0]
	if quote != '"' && quote != '\'' {
		return ""
	}
	for i := 1; i < len(value); i++ {
		if value[i] == '\\' {
			i++
		} else if value[i] == quote {
			return value[1:i]
		}
	}
	return value[1:]
}

// at returns the end of the secret that covers the byte at offset.
func (h *hidden) at(offset int) (end int, ok bool) {
	i := sort.Search(len(h.spans), func(i int) bool { return int(h.spans[i].End) > offset })
	if i < len(h.spans) && int(h.spans[i].Start) <= offset {
		return int(h.spans[i].End), true
	}
	return 0, false
}
