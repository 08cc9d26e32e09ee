package dockerfile

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/source"
)

// form is how the arguments of an instruction are read.
type form struct {
	read  func(p *reader, l *line, in *Instruction, from, to int)
	flags string // the options that it knows, as checkFlag reads them
	check func(in *Instruction) string
	words bool // the builder expands variables in the arguments
}

// keywords are the instructions.
var keywords = [...]string{"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL",
	"MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}

// formOf returns the form of an instruction; without read for an unknown one.
func formOf(keyword string) form {
	switch keyword {
	case "ADD":
		return form{(*reader).list, "chown= chmod= link keep-git-dir checksum= unpack exclude=*", checkCopy, true}
	case "ARG":
		return form{(*reader).arguments, "*", checkPairs, true}
	case "CMD":
		return form{(*reader).command, "", nil, false}
	case "COPY":
		return form{(*reader).list, "from= chown= chmod= link parents exclude=*", checkCopy, true}
	case "ENTRYPOINT":
		return form{(*reader).command, "", nil, false}
	case "ENV":
		return form{(*reader).pairs, "", checkPairs, true}
	case "EXPOSE":
		return form{(*reader).fields, "", checkSome, true}
	case "FROM":
		return form{(*reader).fields, "platform=", checkFrom, true}
	case "HEALTHCHECK":
		return form{(*reader).health, "interval= timeout= start-period= start-interval= retries=", nil, false}
	case "LABEL":
		return form{(*reader).pairs, "", checkPairs, true}
	case "MAINTAINER":
		return form{(*reader).whole, "", checkSome, false}
	case "ONBUILD":
		return form{(*reader).onbuild, "", nil, false}
	case "RUN":
		return form{(*reader).command, "mount=* network= security= device=*", nil, false}
	case "SHELL":
		return form{(*reader).command, "", checkShell, false}
	case "STOPSIGNAL":
		return form{(*reader).whole, "*", checkSome, true}
	case "USER":
		return form{(*reader).whole, "", checkSome, true}
	case "VOLUME":
		return form{(*reader).list, "", checkVolume, true}
	case "WORKDIR":
		return form{(*reader).whole, "", checkSome, true}
	}
	return form{}
}

// instruction reads the instruction in a part of a line.
func (p *reader) instruction(l *line, from, to int) *Instruction {
	from, to = l.trim(from, to)
	end, next := l.cut(from, to)
	in := &Instruction{Keyword: strings.ToUpper(l.text[from:end]), At: l.span(from, to)}
	f := formOf(in.Keyword)
	switch {
	case to-from > maxInstruction:
		in.refused = true
		p.problem(source.Limit, in.At.Head(), "the instruction is longer than 1 MiB and its arguments were not read")
	case f.read != nil:
		in.Flags, next = l.flags(next, to, p.escape)
		next, _ = l.trim(next, to)
		f.read(p, l, in, next, to)
	}
	return in
}

// check reports what the builder refuses in an instruction that could be read.
func (p *reader) check(in *Instruction) {
	f := formOf(in.Keyword)
	if f.read == nil {
		if len(p.Problems) <= maxProblems { // else finding what was meant is in vain
			p.refuse(in, in.At, unknown(in.Keyword))
		}
		return
	}
	p.checkFlags(in, f.flags)
	if f.check != nil {
		if message := f.check(in); message != "" {
			p.refuse(in, in.At, message)
			return
		}
	}
	if f.words {
		p.checkWords(in)
	}
}

// refuse records that the builder refuses an instruction, or that a template has not
// been rendered yet.
func (p *reader) refuse(in *Instruction, at source.Span, message string) {
	if !in.refused {
		in.refused = true
		if mark := templateMark(in.At.Text(), anyMark); mark != "" {
			p.unrendered(in.At, mark)
		}
	}
	p.problem(source.Syntax, at, message)
}

func unknown(keyword string) string {
	if keyword == "" {
		return "a continued line without an instruction"
	}
	if len(keyword) > 30 {
		return "unknown instruction"
	}
	message := fmt.Sprintf("unknown instruction %q", keyword)
	if near := typo.Nearest(keyword, keywords[:]); near != "" {
		message += fmt.Sprintf(" (did you mean %s?)", near)
	}
	return message
}

// command reads a command in exec or shell form.
func (p *reader) command(l *line, in *Instruction, from, to int) {
	if from < to && !p.exec(l, in, from, to) {
		in.Shell = l.script(from, to)
	}
}

// list reads arguments in exec form or between blanks.
func (p *reader) list(l *line, in *Instruction, from, to int) {
	if !p.exec(l, in, from, to) {
		in.Words = l.fields(from, to)
	}
}

func (p *reader) fields(l *line, in *Instruction, from, to int) { in.Words = l.fields(from, to) }

// whole reads everything as one argument.
func (p *reader) whole(l *line, in *Instruction, from, to int) {
	if from < to {
		in.Words = []Word{l.word(from, to)}
	}
}

// arguments reads what ARG declares.
func (p *reader) arguments(l *line, in *Instruction, from, to int) {
	for _, w := range l.quoted(from, to, p.escape) {
		in.Pairs = append(in.Pairs, w.pair())
	}
}

// pairs reads NAME=VALUE … or, without "=" in the first word, NAME and one value.
func (p *reader) pairs(l *line, in *Instruction, from, to int) {
	words := l.quoted(from, to, p.escape)
	if len(words) == 0 {
		return
	}
	if !strings.Contains(words[0].Text, "=") {
		end, next := l.cut(from, to)
		if end == to {
			p.refuse(in, in.At, in.Keyword+" needs a value: "+in.Keyword+" NAME=VALUE")
			return
		}
		in.Pairs = []Pair{{l.word(from, end), l.word(next, to), true}}
		return
	}
	for _, w := range words {
		pair := w.pair()
		if !pair.HasValue {
			p.refuse(in, w.At, fmt.Sprintf("%s needs NAME=VALUE, and %q has no \"=\"", in.Keyword, w.Text))
			return
		}
		in.Pairs = append(in.Pairs, pair)
	}
}

// pair splits a word at its first "=".
func (w Word) pair() Pair {
	name, value, ok := strings.Cut(w.Text, "=")
	if !ok {
		return Pair{Name: w}
	}
	equals := strings.IndexByte(w.At.Text(), '=')
	return Pair{Word{name, w.At.Sub(0, equals)}, Word{value, w.At.Sub(equals+1, len(w.At.Text()))}, true}
}

// health reads NONE, or CMD and a command.
func (p *reader) health(l *line, in *Instruction, from, to int) {
	end, next := l.cut(from, to)
	next, _ = l.trim(next, to)
	switch kind := strings.ToUpper(l.text[from:end]); {
	case kind == "NONE" && next == to:
		in.Words = []Word{l.word(from, end)}
	case kind != "CMD":
		p.refuse(in, in.At, "HEALTHCHECK needs CMD with a command, or NONE alone")
	case next == to:
		p.refuse(in, in.At, "HEALTHCHECK CMD needs a command")
	default:
		p.command(l, in, next, to)
	}
}

// onbuild reads the instruction that a later build runs, and checks.
func (p *reader) onbuild(l *line, in *Instruction, from, to int) {
	if from == to {
		p.refuse(in, in.At, "ONBUILD needs an instruction")
		return
	}
	end, _ := l.cut(from, to)
	switch keyword := strings.ToUpper(l.text[from:end]); keyword {
	case "ONBUILD", "FROM", "MAINTAINER":
		p.refuse(in, in.At, "ONBUILD cannot run "+keyword)
	default:
		in.Nested = p.instruction(l, from, to)
	}
}
