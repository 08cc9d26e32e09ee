package report

import (
	"cmp"
	"iter"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// shortest is the length in bytes from which a secret is masked in sentences. A
// shorter one ("1", "on") would mask common words; in the text of the file it
// is still masked.
const shortest = 4

// vocabulary are words of the sentences themselves, which a sentence about a secret
// does not quote.
var vocabulary = map[string]bool{
	"nginx": true, "php-fpm": true, "php": true, "unix": true, "http": true, "https": true, "localhost": true,
	"true": true, "false": true, "null": true, "none": true, "default": true, "root": true, "www-data": true,
}

// secrets masks sentences. It holds, for every file that it was used on, every form in
// which a sentence may quote a secret of that file, and those of its variables.
type secrets map[*source.File][]*forms

// Mask returns a function that masks the secrets of files in a sentence about them. It may not be
// called at the same time from several places.
func Mask() func(text string, files ...*source.File) string { return secrets{}.mask }

// mask returns text, a sentence about files, with their secrets masked.
func (s secrets) mask(text string, files ...*source.File) string {
	for _, f := range files {
		for _, words := range s.forms(f) {
			text = words.mask(text)
		}
	}
	return text
}

// forms returns the secrets that a sentence about f may quote: those of f and of the texts that
// were made from f, and those of the variables in them.
func (s secrets) forms(f *source.File) []*forms {
	if all, ok := s[f]; ok || f == nil || f.Withheld {
		return all
	}
	var all []*forms
	if own := newForms(f); own != nil {
		all = append(all, own)
	}
	s[f] = all
	for v := range variablesOf(f) {
		for _, theirs := range s.forms(v) {
			if !slices.Contains(all, theirs) {
				all = append(all, theirs)
			}
		}
	}
	s[f] = all
	return all
}

// variablesOf yields the variables of f and of the texts that were made from f.
func variablesOf(f *source.File) iter.Seq[*source.File] {
	return func(yield func(*source.File) bool) {
		if f.Variables != nil && !yield(f.Variables) {
			return
		}
		for derived := range f.Derived() {
			for v := range variablesOf(derived) {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// forms are the forms in which a sentence may quote the secrets of one file, the longest first.
type forms struct {
	all     []string
	replace *strings.Replacer
}

// mask returns text without the secrets.
func (f *forms) mask(text string) string {
	return f.replace.Replace(f.uncut(text))
}

// uncut masks the start of a secret at the end of a text that is cut, as source.Excerpt does.
func (f *forms) uncut(text string) string {
	for i := 0; ; {
		n := strings.Index(text[i:], source.Mask)
		if n < 0 {
			return text
		}
		i += n
		if n := f.start(text[:i]); n > 0 {
			text = text[:i-n] + text[i:]
			i -= n
		}
		i += len(source.Mask)
	}
}

// start returns the length of the longest start of a secret that text ends with, 0 for none.
func (f *forms) start(text string) (longest int) {
	for _, form := range f.all {
		for n := min(len(form)-1, len(text), source.ExcerptLength); n >= max(shortest, longest+1); n-- {
			if strings.HasSuffix(text, form[:n]) {
				longest = n
			}
		}
	}
	return longest
}

// of returns a function that masks the secrets in a sentence of f.
func (s secrets) of(f *lint.Finding) func(string) string {
	files := touched(f)
	if !f.At.Secret() {
		return func(text string) string { return s.mask(text, files...) }
	}
	parts := partial(f.At)
	return func(text string) string { return parts.Replace(s.mask(text, files...)) }
}

// partial masks what a sentence about at may quote of the secret there, without the rest of
// it: a short part that a server does not accept, or what nginx takes for a variable.
func partial(at source.Span) *strings.Replacer {
	var quoted []string
	if n := at.End - at.Start; 0 < n && n < shortest {
		quoted = append(quoted, `"`+at.Text()+`"`, `"`+source.Mask+`"`)
	}
	for _, name := range variables(at) {
		quoted = append(quoted, `"`+name+`"`, `"`+source.Mask+`"`, "${"+name, "${"+source.Mask, "$"+name, "$"+source.Mask)
	}
	return strings.NewReplacer(quoted...)
}

// variables returns the words after dollar signs in the secrets at at, the longest first.
func variables(at source.Span) (names []string) {
	for start := at.Start; start < at.End; {
		s, ok := at.File.Secret(int(start))
		if !ok || s.Start >= at.End {
			break
		}
		text := s.Text()
		for i, part := range strings.Split(text[:min(len(text), tooLong)], "$") {
			part = strings.TrimPrefix(part, "{")
			if n := strings.IndexFunc(part, func(c rune) bool { return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) }); n >= 0 {
				part = part[:n]
			}
			if i > 0 && part != "" {
				names = append(names, part)
			}
		}
		start = s.End
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	return slices.Compact(names)
}

// masked returns the new text of e, with its secrets masked by mask. Where a secret is
// edited, the new text may hold it in a form that is not known, so all of it is masked
// then.
func masked(e source.Edit, mask func(string) string) string {
	text := mask(e.New)
	if text == e.New && text != "" && e.At.Secret() {
		return source.Mask
	}
	return text
}

// touched returns the files that a finding mentions.
func touched(f *lint.Finding) []*source.File {
	files := []*source.File{f.At.File}
	add := func(file *source.File) {
		if !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	for _, n := range f.Notes {
		add(n.At.File)
	}
	for _, x := range f.Fixes {
		for _, e := range x.Edits {
			add(e.At.File)
		}
	}
	return files
}

// newForms returns every form in which a sentence may quote a secret of f; nil for none. No sentence
// quotes a comment, or a file that is Withheld: what is said about one is the same for all.
func newForms(f *source.File) *forms {
	found := map[string]bool{}
	quoted(f, found)
	if len(found) == 0 {
		return nil
	}
	all := make([]string, 0, len(found))
	for form := range found {
		all = append(all, form)
	}
	// The longest first: where two match at one place, the first wins.
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(all))
	for _, form := range all {
		pairs = append(pairs, form, source.Mask)
	}
	return &forms{all, strings.NewReplacer(pairs...)}
}

// quoted adds every form of a secret of f, and of the texts that were made from f, to found.
func quoted(f *source.File, found map[string]bool) {
	if f.Withheld {
		return
	}
	for _, s := range f.Secrets() {
		if f.Commented(s) {
			continue
		}
		for _, form := range quotations(s.Text()) {
			if len(form) >= shortest && !vocabulary[form] {
				found[form] = true
			}
		}
	}
	for derived := range f.Derived() {
		quoted(derived, found)
	}
}

// quotations returns the forms in which a sentence may quote a value: as written, as a
// server reads it, one of its lines, or of its words when it has no quotes, the password
// of user information; each also cut, quoted or in lower case.
func quotations(value string) (forms []string) {
	written := []string{value, inside(value)}
	separators := "\r\n\"'"
	if inside(value) == value {
		code, _, _ := strings.Cut(value, ";") // a comment in an INI file
		written = append(written, strings.TrimSpace(code))
		separators += " \t;{}"
	}
	met := map[string]bool{}
	for part := range strings.FieldsFuncSeq(value, func(c rune) bool { return strings.ContainsRune(separators, c) }) {
		if part = strings.Trim(part, " \t"); len(part) >= shortest && !met[part] {
			met[part] = true
			written = append(written, part)
		}
	}
	if _, password, ok := strings.Cut(value, ":"); ok {
		written = append(written, password)
	}
	for _, w := range written {
		forms = append(forms, variants(w)...)
		if strings.IndexByte(w, '\\') >= 0 {
			forms = append(append(forms, variants(unescaped(w, `"'\`))...), variants(unescaped(w, `"\$`))...)
		}
		if strings.IndexByte(w, '/') >= 0 {
			forms = append(forms, variants(path.Clean(w))...)
		}
		if strings.IndexByte(w, '%') >= 0 {
			forms = append(forms, variants(unpercented(w))...)
		}
	}
	return forms
}

// variants returns form, form in lower case, as Go quotes it, and cut as messages do.
func variants(form string) []string {
	all := []string{form, strings.ToLower(form)}
	if quoted := strconv.Quote(form); len(quoted) > len(form)+len(`""`) {
		all = append(all, quoted[1:len(quoted)-1])
	}
	if len(form) > source.ExcerptLength {
		all = append(all, strings.TrimSuffix(source.Excerpt(form), "…"))
	}
	if len(form) > tooLong {
		all = append(all, form[:10])
	}
	return all
}

// tooLong is the length in bytes from which nginx refuses a word, and quotes its first
// ten bytes.
const tooLong = 4000

// inside returns the text in the quotes that value starts with, and value when it
// starts with none.
func inside(value string) string {
	quote := value[0]
	if quote != '"' && quote != '\'' {
		return value
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

// unescaped returns text without the backslashes before characters of set.
func unescaped(text, set string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && strings.IndexByte(set, text[i+1]) >= 0 {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// unpercented returns text with its percent-encoded bytes decoded (RFC 3986, 2.1).
func unpercented(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if n, err := strconv.ParseUint(text[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
