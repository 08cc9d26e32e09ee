package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// target is where the output of a command goes instead of where it went before.
type target struct {
	name   string // absolute; may have a Hole
	append bool
	at     source.Span
}

// redirected follows a command with its redirections.
func (in *interp) redirected(s *syntax.Stmt) status {
	out, stdin := in.out, in.stdin
	var to *target
	var printed []source.Text
	for _, r := range s.Redirs {
		switch r.Op {
		case syntax.Hdoc, syntax.DashHdoc:
			in.writes = in.settable
			text := in.heredoc(r)
			in.writes, in.stdin = false, &text
		case syntax.WordHdoc:
			text := hole.Join(in.literal(r.Word), hole.Plain("\n"))
			in.stdin = &text
		case syntax.RdrIn, syntax.RdrInOut:
			text := in.contents(in.literal(r.Word), in.at(r))
			in.stdin = &text
		default:
			if t, changed := in.output(r); changed {
				to, printed, in.out = t, nil, nil
				if t != nil {
					in.out = &printed
				}
			}
		}
	}
	var st status
	if s.Background {
		st = in.backgrounded(s.Cmd)
	} else {
		st = in.command(s.Cmd)
	}
	in.out, in.stdin = out, stdin
	if to != nil {
		in.write(*to, hole.Join(printed...))
	}
	return st
}

// output reads a redirection of output. changed is set if it is one of standard output;
// to is nil if that goes nowhere that matters.
func (in *interp) output(r *syntax.Redirect) (to *target, changed bool) {
	word := in.literal(r.Word)
	standard := r.N == nil || r.N.Value == "1"
	switch r.Op {
	case syntax.DplOut:
		if word.String == "2" || word.String == "-" {
			return nil, standard
		}
		if strings.Trim(word.String, "0123456789") == "" {
			return nil, false
		}
	case syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.RdrAll, syntax.AppAll:
	default:
		return nil, false
	}
	name := in.abs(word.String)
	if name == "/dev/stdout" || name == "/dev/fd/1" || word.String == "" {
		return nil, false
	}
	if strings.HasPrefix(name, "/dev/") || strings.HasPrefix(name, "/proc/") {
		return nil, standard
	}
	if !standard { // errors: nothing is known to be printed there
		in.write(target{name, true, in.at(r)}, source.Text{})
		return nil, false
	}
	return &target{name, r.Op == syntax.AppOut || r.Op == syntax.AppAll, in.at(r)}, true
}

// write writes what a command printed.
func (in *interp) write(to target, text source.Text) {
	defer func(outer string) { in.w.command = outer }(in.w.command)
	in.w.command = ">"
	if strings.Contains(to.name, hole.Mark) {
		in.w.Doubt(to.name, to.at, in.w.command)
		return
	}
	if !to.append {
		in.w.Write(to.name, text, to.at)
		return
	}
	switch kind := in.w.Stat(to.name); {
	case kind == Missing:
		in.w.Write(to.name, text, to.at)
	case text.String == "":
	default:
		old, known := in.w.Read(to.name)
		if !known {
			in.w.Doubt(to.name, to.at, in.w.command)
			return
		}
		in.w.Edit(to.name, hole.Join(old, text), to.at)
	}
}

// contents returns the text of a file.
func (in *interp) contents(name source.Text, at source.Span) source.Text {
	if file := in.abs(name.String); !strings.Contains(file, hole.Mark) {
		if file == "/dev/null" {
			return source.Text{}
		}
		if text, known := in.w.Read(file); known {
			return text
		}
	}
	return hole.NewLines(at)
}

// heredoc returns the text of a here-document.
func (in *interp) heredoc(r *syntax.Redirect) source.Text {
	if r.Hdoc == nil {
		return source.Text{}
	}
	start, end := int(r.Hdoc.Pos().Offset()), min(int(r.Hdoc.End().Offset()), len(in.script.Text))
	literal := false
	syntax.Walk(r.Word, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.SglQuoted, *syntax.DblQuoted:
			literal = true
		case *syntax.Lit:
			literal = literal || strings.Contains(in.script.Text[n.Pos().Offset():n.End().Offset()], `\`)
		}
		return true
	})
	strip := func(t source.Text) source.Text { return t }
	if r.Op == syntax.DashHdoc {
		strip = withoutTabs
	}
	if literal {
		return strip(in.withoutDelimiter(in.script.part(start, end), r))
	}
	w := words{in: in, whole: true, hdoc: true}
	var parts []source.Text
	for i, part := range r.Hdoc.Parts {
		w.fields, w.open = nil, false
		w.part(part, true, false)
		for _, f := range w.fields {
			text := f.text()
			if i == len(r.Hdoc.Parts)-1 {
				text = in.withoutDelimiter(text, r)
			}
			if _, isLit := part.(*syntax.Lit); isLit && r.Op == syntax.DashHdoc {
				text = tabless(text, i == 0)
			}
			parts = append(parts, text)
		}
	}
	return hole.Join(parts...)
}

// withoutDelimiter returns the text of a here-document without the line that ends it, which
// the parser leaves in.
func (in *interp) withoutDelimiter(t source.Text, r *syntax.Redirect) source.Text {
	body, last := "", t.String
	if n := strings.LastIndexByte(t.String, '\n'); n >= 0 {
		body, last = t.String[:n+1], t.String[n+1:]
	}
	if strings.TrimLeft(last, "\t") == in.literal(r.Word).String {
		return t.Slice(0, len(body))
	}
	return t
}

// withoutTabs returns the lines of t without tabs before them.
func withoutTabs(t source.Text) source.Text { return tabless(t, true) }

// tabless removes the tabs at the start of lines; of the first one, if t starts with it.
func tabless(t source.Text, first bool) source.Text {
	var parts []source.Text
	for i, line := range t.Lines() {
		if i > 0 || first {
			line = line.Slice(len(line.String)-len(strings.TrimLeft(line.String, "\t")), len(line.String))
		}
		parts = append(parts, line)
	}
	return hole.Join(parts...)
}
