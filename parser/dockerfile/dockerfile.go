// Package dockerfile reads Dockerfiles as BuildKit does, every value with its place.
//
// The rules are those of BuildKit v0.34 (frontend/dockerfile/parser, instructions and
// shell), which Docker builds with; the reference is
// https://docs.docker.com/reference/dockerfile/.
package dockerfile

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// File is one Dockerfile.
type File struct {
	Source *source.File
	Args   []*Instruction // ARG before the first FROM: only FROM can use them
	Stages []*Stage       // in order
	// Problems are what the builder refuses and the limits of this package. A template has
	// one problem: what else is wrong may come right when it is rendered.
	Problems []source.Problem

	escape byte // the escape character, which continues lines too; a backslash by default
}

// Stage is one build stage: FROM and what follows it.
type Stage struct {
	Name         string // after AS, in lower case; "" for none
	From         *Instruction
	Base         Word           // the image or an earlier stage, variables not expanded; zero if missing
	Platform     Word           // of --platform; zero if not set
	Instructions []*Instruction // after FROM
}

// Instruction is one instruction. Which of its fields are set depends on the keyword.
type Instruction struct {
	Keyword string // in upper case: FROM, RUN, COPY; an unknown keyword too
	// At extends from the keyword to the last line of the instruction, without the
	// bodies of heredocs.
	At    source.Span
	Flags []Flag // --from=build, --parents, in order
	// Words are the strings of the exec form; the image, AS and the name of FROM; the
	// sources and the destination of COPY and ADD; the list of EXPOSE and VOLUME; the
	// one argument of USER, WORKDIR, STOPSIGNAL and MAINTAINER, blanks included; NONE of
	// HEALTHCHECK.
	Words []Word
	Pairs []Pair // of ENV, ARG and LABEL
	Exec  bool   // the arguments are a JSON array, which no shell reads
	// Shell is the shell form of RUN, CMD, ENTRYPOINT and HEALTHCHECK CMD without heredocs,
	// which Script and Command have; zero for the exec form and without arguments.
	Shell    Script
	Heredocs []Heredoc    // of RUN, COPY and ADD
	Nested   *Instruction // what ONBUILD runs in a later build; nil for others

	refused bool // a problem says why
}

// Word is one argument.
type Word struct {
	// Text is the argument before variables are expanded, with its quotes and without
	// line continuations. A string of the exec form is decoded; a flag has no quotes.
	Text string
	At   source.Span // zero for a missing word
}

// Flag is one option of an instruction.
type Flag struct {
	Name  string // without the dashes: from
	Value Word   // zero for a flag without "="
	At    source.Span
}

// Pair is a name with its value.
type Pair struct {
	Name     Word
	Value    Word
	HasValue bool // false for ARG NAME, whose value comes from outside
}

// Flag returns the first flag of a name; the builder takes most of them once.
func (i *Instruction) Flag(name string) (f Flag, ok bool) {
	for _, f := range i.Flags {
		if f.Name == name {
			return f, true
		}
	}
	return Flag{}, false
}

// Limits of what is read; no real Dockerfile comes near them.
const (
	maxSize         = 16 << 20
	maxInstruction  = 1 << 20 // Linux takes no longer argument than 128 KiB
	maxInstructions = 100_000
	maxWords        = 1_000_000
	maxProblems     = 100
)

// Parse reads a Dockerfile. What the builder would refuse becomes a problem, and reading
// goes on after it. It sets f.Comments and f.Parsed.
func Parse(f *source.File) *File {
	p := &reader{File: &File{Source: f, escape: '\\'}, text: f.Text}
	if len(p.text) > maxSize {
		p.text = p.text[:1+strings.LastIndexByte(p.text[:maxSize], '\n')]
		p.problem(source.Limit, f.Span(len(p.text), len(p.text)), "the file is longer than 16 MiB and the rest was not read")
	}
	f.Comments, f.Parsed = nil, p.File
	p.read()
	if len(p.Stages) == 0 {
		// One problem says it all of a file that others are joined with.
		p.Problems = slices.DeleteFunc(p.Problems, func(one source.Problem) bool { return strings.HasSuffix(one.Message, tooEarly) })
		p.problem(source.Syntax, f.Span(0, 0), "no FROM instruction")
	}
	if p.template.Message != "" {
		p.Problems = []source.Problem{p.template}
	}
	return p.File
}

// tooEarly ends the message about an instruction before the first FROM.
const tooEarly = " before the first FROM; only ARG may precede it"

// add puts an instruction into its stage.
func (p *reader) add(in *Instruction) {
	switch {
	case in.Keyword == "FROM":
		p.Stages = append(p.Stages, p.stage(in))
	case len(p.Stages) > 0:
		s := p.Stages[len(p.Stages)-1]
		s.Instructions = append(s.Instructions, in)
	case in.Keyword == "ARG":
		p.Args = append(p.Args, in)
	case formOf(in.Keyword).read != nil:
		p.problem(source.Syntax, in.At, in.Keyword+tooEarly)
	}
}

// problem records a problem.
func (p *reader) problem(kind source.Kind, at source.Span, message string) {
	switch {
	case len(p.Problems) == maxProblems:
		kind, message = source.Limit, "the file has more than 100 problems; the others are not reported"
	case len(p.Problems) > maxProblems:
		return
	}
	p.Problems = append(p.Problems, source.Problem{At: at, Kind: kind, Message: message})
}
