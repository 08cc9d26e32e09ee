package dockerfile

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/source"
)

func checkSome(in *Instruction) string {
	if len(in.Words) == 0 {
		return in.Keyword + " needs an argument"
	}
	return ""
}

func checkVolume(in *Instruction) string {
	for _, w := range in.Words {
		if strings.TrimSpace(w.Text) == "" {
			return "VOLUME with an empty path"
		}
	}
	return checkSome(in)
}

func checkPairs(in *Instruction) string {
	if len(in.Pairs) == 0 {
		return in.Keyword + " needs a name"
	}
	for _, pair := range in.Pairs {
		if pair.Name.Text == "" {
			return in.Keyword + ` has no name before "="`
		}
	}
	return ""
}

func checkShell(in *Instruction) string {
	if !in.Exec || len(in.Words) == 0 {
		return `SHELL needs the JSON form: SHELL ["/bin/bash", "-c"]`
	}
	return ""
}

func checkCopy(in *Instruction) string {
	if len(in.Words) < 2 {
		return in.Keyword + " needs a source and a destination"
	}
	if _, ok := heredocWord(in.Words[len(in.Words)-1].Text); ok {
		return in.Keyword + " cannot copy into a heredoc"
	}
	return ""
}

// stageName is what a stage may be called.
var stageName = lazyregexp.New(`^[a-z][a-z0-9-_.]*$`)

func checkFrom(in *Instruction) string {
	switch {
	case len(in.Words) == 0:
		return "FROM needs an image"
	case len(in.Words) == 3 && strings.EqualFold(in.Words[1].Text, "as"):
		if name := in.Words[2].Text; !stageName.MatchString(strings.ToLower(name)) {
			return fmt.Sprintf("%q is not a valid stage name", name)
		}
	case len(in.Words) != 1:
		return "FROM takes an image, or an image, AS and a name"
	}
	return ""
}

// checkWords reports arguments whose quotes or variables the builder refuses, and marks
// of templates.
func (p *reader) checkWords(in *Instruction) {
	for _, w := range in.Words {
		if !p.checkWord(w, anyMark) {
			return
		}
	}
	for _, pair := range in.Pairs {
		if !p.checkWord(pair.Name, anyMark) || !p.checkWord(pair.Value, markOfValue) {
			return
		}
	}
}

func (p *reader) checkWord(w Word, signs []string) bool {
	if mark := templateMark(w.Text, signs); mark != "" {
		p.unrendered(w.At, mark)
		return false
	}
	x := lexer{text: w.Text, escape: p.escape, lookup: unset}
	if x.all(); x.failed != "" {
		p.problem(source.Syntax, w.At, x.failed)
		return false
	}
	return true
}

// The signs that open a mark of a template, where other signs are more likely text of
// the Dockerfile itself: variables, placeholders of a format.
var (
	markOfValue = []string{"{{", "{%", "<%", "<?"}
	anyMark     = append([]string{"{#", "[%", "@", "%", "__"}, markOfValue...)
)

// templateMark returns the first mark in a text that one of the signs opens.
func templateMark(text string, signs []string) string {
	for from := 0; ; {
		m, ok := source.FindMark(text, from)
		if !ok {
			return ""
		}
		mark := text[m.Start:m.End]
		for _, sign := range signs {
			if strings.HasPrefix(mark, sign) {
				return mark
			}
		}
		from = m.End
	}
}

// unrendered records the first mark of a template.
func (p *reader) unrendered(at source.Span, mark string) {
	if p.template.Message == "" {
		p.template = source.Problem{At: at, Kind: source.Template, Message: "the file is a template and cannot be read before " + mark + " is filled in"}
	}
}
