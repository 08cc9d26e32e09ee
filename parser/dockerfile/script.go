package dockerfile

import (
	"sort"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Script is a command in shell form.
type Script struct {
	// Text is what the shell runs, and as long as At.Text(), so that an offset in one is an
	// offset in the other. Where the builder joins two lines, it has a backslash and a line
	// feed, which a shell skips, or blanks in single quotes and in comments, where it does
	// not. Command is exact.
	Text string
	At   source.Span

	line     *line
	from, to int // in the line
}

// IsZero reports whether there is no command.
func (s Script) IsZero() bool { return s.line == nil }

// script makes a script of a part of a line.
func (l *line) script(from, to int) Script {
	s := Script{At: l.span(from, to), line: l, from: from, to: to}
	parts := l.partsOf(from, to)
	if len(parts) == 1 {
		s.Text = s.At.Text()
		return s
	}
	var out strings.Builder
	out.Grow(int(s.At.End - s.At.Start))
	var state quoting
	for i, p := range parts {
		if i > 0 {
			between := int(p.Start - parts[i-1].End)
			if !state.literal() {
				out.WriteString("\\\n")
				between -= len("\\\n")
			}
			out.WriteString(strings.Repeat(" ", between))
		}
		state.read(p.Text())
		out.WriteString(p.Text())
	}
	s.Text = out.String()
	return s
}

// quoting is where in the quotes of a shell a text ends.
type quoting struct {
	quote   byte // ' or "; # for a comment; 0 for none
	escaped bool // the last character is a backslash
	inWord  bool // the last character is part of a word, so that # does not start a comment
}

// literal reports whether a backslash does not continue the line.
func (q *quoting) literal() bool { return q.quote == '\'' || q.quote == '#' }

func (q *quoting) read(text string) {
	for i := range len(text) {
		c := text[i]
		switch {
		case q.quote == '#':
			return
		case q.escaped:
			q.escaped = false
		case q.quote != 0 && c == q.quote:
			q.quote = 0
		case q.quote == '\'':
		case c == '\\':
			q.escaped = true
		case q.quote == 0 && (c == '\'' || c == '"' || c == '#' && !q.inWord):
			q.quote = c
		}
		q.inWord = strings.IndexByte(" \t;&|()", c) < 0
	}
}

// partsOf returns the places of a part of the line, one for each line of the file.
func (l *line) partsOf(from, to int) (spans []source.Span) {
	n := sort.Search(len(l.parts), func(n int) bool { return int(l.parts[n].at) > from }) - 1
	for ; from < to; n++ {
		end := to
		if n+1 < len(l.parts) {
			end = min(to, int(l.parts[n+1].at))
		}
		if from < end {
			spans = append(spans, l.span(from, end))
			from = end
		}
	}
	return spans
}

// joined returns the command in one line.
func (s Script) joined() source.Text {
	if s.line == nil {
		return source.Text{}
	}
	var parts []source.Text
	for _, at := range s.line.partsOf(s.from, s.to) {
		parts = append(parts, source.Part(at))
	}
	return source.Join(parts...)
}

// Command returns the text that the builder hands to the shell: the shell form in one
// line with its heredocs, or the body alone where a heredoc is all that follows RUN. A
// place in it leads back to the Dockerfile. It is zero for the exec form.
func (i *Instruction) Command() source.Text {
	command := i.Shell.joined()
	switch {
	case len(i.Heredocs) == 0 || i.Shell.IsZero():
		return command
	case i.bodyOnly():
		return i.Heredocs[0].Body
	}
	parts := []source.Text{command}
	for _, h := range i.Heredocs {
		parts = append(parts, source.Made("\n", source.Span{}), source.Part(h.At))
	}
	return source.Join(parts...)
}

// Script returns Command as a script that is as long as its place. After <<- it has the
// leading tabs of the body.
func (i *Instruction) Script() Script {
	if len(i.Heredocs) == 0 || i.Shell.IsZero() {
		return i.Shell
	}
	if i.bodyOnly() {
		at := i.Heredocs[0].lines()
		return Script{Text: at.Text(), At: at, line: i.Shell.line}
	}
	s := i.Shell
	s.At = s.At.To(i.Heredocs[len(i.Heredocs)-1].At)
	after := s.At.Sub(int(i.Shell.At.End-s.At.Start), int(s.At.End-s.At.Start)).Text()
	if end := strings.IndexByte(after, '\n'); end > 0 {
		after = strings.Repeat(" ", end) + after[end:] // not the CR of the first line
	}
	s.Text += after
	return s
}

// bodyOnly reports whether the command is a heredoc and nothing else: its body is run.
func (i *Instruction) bodyOnly() bool {
	_, ok := heredocWord(i.Shell.joined().String)
	return ok
}

// lines returns the place of the body.
func (h *Heredoc) lines() source.Span {
	if n := len(h.Body.Pieces); n > 0 {
		return h.At.Sub(0, int(h.Body.Pieces[n-1].From.End-h.At.Start))
	}
	return h.At.Head()
}
