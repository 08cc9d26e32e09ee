package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/wp502lint/wp502lint/parser/filter"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// piece is a part of a field.
type piece struct {
	text source.Text
	kind byte
}

// The kinds of pieces.
const (
	written  = 'w' // may have braces and patterns
	expanded = 'e' // a value without quotes: may have patterns
	quoted   = 'q'
)

// field is a word after expansion.
type field []piece

func (f field) text() source.Text {
	parts := make([]source.Text, len(f))
	for i, p := range f {
		parts[i] = p.text
	}
	return hole.Join(parts...)
}

// words collects the fields that a word expands to.
type words struct {
	in     *interp
	fields []field
	open   bool // the last field is not complete
	whole  bool // there is no splitting: an assignment, a redirection
	hdoc   bool // a here-document, in which a quote is a byte like others
}

func (w *words) add(text source.Text, kind byte) {
	if !w.open {
		w.fields = append(w.fields, nil)
		w.open = true
	}
	last := len(w.fields) - 1
	w.fields[last] = append(w.fields[last], piece{text, kind})
}

// split adds the value of an expansion that is not quoted.
func (w *words) split(text source.Text) {
	if w.whole {
		w.add(text, quoted)
		return
	}
	separators := w.in.separators()
	for at := 0; at < len(text.String); {
		end := strings.IndexAny(text.String[at:], separators)
		if separators == "" || end < 0 {
			w.add(text.Slice(at, len(text.String)), expanded)
			return
		}
		if end > 0 {
			w.add(text.Slice(at, at+end), expanded)
		}
		w.open = false
		at += end + 1
	}
}

// separators returns the value of IFS.
func (in *interp) separators() string {
	if v, isSet := in.vars["IFS"]; isSet && !hole.In(v.value) {
		return v.value.String
	}
	return " \t\n"
}

// fields expands words as the arguments of a command.
func (in *interp) fields(list []*syntax.Word) []source.Text {
	var out []source.Text
	for _, word := range list {
		w := words{in: in}
		w.parts(word.Parts, false)
		for _, f := range w.fields {
			alternatives := []field{f}
			if in.flavor == Bash {
				alternatives = f.braces()
			}
			for _, alternative := range alternatives {
				out = append(out, in.glob(alternative)...)
			}
		}
	}
	return out
}

// literal expands a word to one text, without splitting: the value of an assignment.
func (in *interp) literal(word *syntax.Word) source.Text {
	return in.asField(word).text()
}

// asField is literal, with the kinds of its parts. A word may be missing: ${name/pattern/}.
func (in *interp) asField(word *syntax.Word) field {
	if word == nil {
		return nil
	}
	w := words{in: in, whole: true}
	w.parts(word.Parts, false)
	var all field
	for _, f := range w.fields {
		all = append(all, f...)
	}
	return all
}

func (w *words) parts(list []syntax.WordPart, inQuotes bool) {
	for i, part := range list {
		w.part(part, inQuotes, i == 0)
	}
}

func (w *words) part(part syntax.WordPart, inQuotes, first bool) {
	in := w.in
	switch part := part.(type) {
	case *syntax.Lit:
		w.lit(part, inQuotes, first)
	case *syntax.SglQuoted:
		text := in.script.part(int(part.Left.Offset())+1, int(part.Right.Offset()))
		if part.Dollar {
			text = filter.Unescape(in.script.part(int(part.Left.Offset())+2, int(part.Right.Offset())), filter.DollarQuoted)
		}
		w.add(text, quoted)
	case *syntax.DblQuoted:
		if len(part.Parts) == 0 {
			w.add(source.Text{}, quoted)
		}
		w.parts(part.Parts, true)
	case *syntax.ParamExp:
		w.param(part, inQuotes)
	case *syntax.CmdSubst:
		w.value(in.substituted(part), inQuotes)
	case *syntax.ArithmExp:
		w.value(in.number(part.X, in.at(part)), inQuotes)
	case *syntax.ExtGlob:
		text := in.script.part(int(part.Pos().Offset()), int(part.End().Offset()))
		w.add(text, expanded)
	default:
		w.add(hole.New(in.at(part)), quoted)
	}
}

// value adds what an expansion results in.
func (w *words) value(text source.Text, inQuotes bool) {
	if inQuotes {
		w.add(text, quoted)
	} else {
		w.split(text)
	}
}

// lit adds a literal part, without its backslashes.
func (w *words) lit(l *syntax.Lit, inQuotes, first bool) {
	start, end := int(l.ValuePos.Offset()), min(int(l.ValueEnd.Offset()), len(w.in.script.Text))
	if end < len(w.in.script.Text) && w.in.script.Text[end] == '\n' && end > start && w.in.script.Text[end-1] == '\\' {
		end-- // the parser ends a part inside a backslash and a line end, which are nothing
	}
	text := w.in.script.part(start, end)
	if first && !inQuotes && strings.HasPrefix(text.String, "~") {
		name, _, _ := strings.Cut(text.String, "/")
		home := hole.New(hole.Place(text, 0, len(name)))
		if name == "~" {
			home = w.in.variable("HOME", home)
		}
		w.add(home, quoted)
		text = text.Slice(len(name), len(text.String))
	}
	at := 0
	for i := 0; i < len(text.String); i++ {
		if text.String[i] != '\\' || i+1 >= len(text.String) {
			continue
		}
		following := text.String[i+1]
		if inQuotes && (strings.IndexByte("$`\"\\\n", following) < 0 || w.hdoc && following == '"') {
			continue
		}
		w.literal(text.Slice(at, i), inQuotes)
		if following != '\n' {
			w.add(text.Slice(i+1, i+2), quoted)
		}
		i++
		at = i + 1
	}
	w.literal(text.Slice(at, len(text.String)), inQuotes)
}

func (w *words) literal(text source.Text, inQuotes bool) {
	switch {
	case text.String == "":
	case inQuotes:
		w.add(text, quoted)
	default:
		w.add(text, written)
	}
}

// substituted returns what the commands of $(…) print, without the line ends at its end.
func (in *interp) substituted(c *syntax.CmdSubst) source.Text {
	at := in.at(c)
	if in.depth >= maxDepth {
		return hole.New(at)
	}
	in.depth++
	defer func() { in.depth-- }()
	var printed []source.Text
	sub, maybe := in.subshell(), in.w.maybe
	sub.out, sub.background, sub.exec = &printed, false, false
	in.status = sub.stmts(c.Stmts)
	in.w.maybe = maybe
	text := hole.Join(printed...)
	if hole.All(text) {
		return hole.New(at)
	}
	return text.Slice(0, len(strings.TrimRight(text.String, "\n")))
}
