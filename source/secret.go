package source

import (
	"sort"
	"strings"
)

// Mask replaces a secret wherever text of a file is printed.
const Mask = "…"

// Parsed is what the parser of a language made of a file. The secrets are looked for
// only when something of the file is printed, as most files never are.
type Parsed interface {
	// Secrets returns the spans that no output may show: in order, without overlaps,
	// none of them empty.
	Secrets() []Span
}

// Secrets returns the spans of Text that no output may show: in order, without
// overlaps, none of them empty. It is all of a file that is Withheld, and what is a secret
// in a text that was made from f is one here. No other part of a file that no parser has
// read is a secret.
func (f *File) Secrets() []Span {
	if f == nil || f.Parsed == nil && !f.Withheld && f.derived.Load() == nil {
		return nil
	}
	all := f.secrets.Load()
	if all == nil {
		all = new([]Span)
		switch {
		case f.Withheld:
			*all = []Span{f.Span(0, len(f.Text))}
		case f.derived.Load() == nil:
			*all = f.Parsed.Secrets()
		default:
			*all = f.secretsOfDerived()
		}
		f.secrets.Store(all)
	}
	return *all
}

// Commented reports whether s starts in a comment.
func (f *File) Commented(s Span) bool {
	i := sort.Search(len(f.Comments), func(i int) bool { return f.Comments[i].End > s.Start })
	return i < len(f.Comments) && f.Comments[i].Start <= s.Start
}

// Secret returns the first secret of f that ends after offset.
func (f *File) Secret(offset int) (s Span, ok bool) {
	all := f.Secrets()
	i := sort.Search(len(all), func(i int) bool { return int(all[i].End) > offset })
	if i == len(all) {
		return Span{}, false
	}
	return all[i], true
}

// Secret reports whether a part of s is a secret.
func (s Span) Secret() bool {
	first, ok := s.File.Secret(int(s.Start))
	return ok && first.Start < s.End
}

// Masked returns the text of s with Mask in place of each secret.
func (s Span) Masked() string {
	if !s.Secret() {
		return s.Text()
	}
	var b strings.Builder
	for done := s.Start; done < s.End; {
		next, ok := s.File.Secret(int(done))
		if !ok || next.Start >= s.End {
			b.WriteString(s.File.Text[done:s.End])
			break
		}
		b.WriteString(s.File.Text[done:max(done, next.Start)])
		b.WriteString(Mask)
		done = next.End
	}
	return b.String()
}
