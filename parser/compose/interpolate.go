package compose

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// maxNesting limits how deep defaults nest in defaults: ${A:-${B:-…}}, and maxBraced how
// long a variable is with its default, in bytes.
const maxNesting, maxBraced = 50, 1000

// variables is the environment of a project: the value of each variable.
type variables map[string]Value

// filler fills variables in. left is how many bytes their values may still add, since each
// may be used often: once they are spent, values are unknown.
type filler struct{ left int }

// maxFilled is what the values of variables may add for all deployments of a run, in bytes.
const maxFilled = 32 << 20

// report is called with each problem.
type report func(at source.Span, kind source.Kind, message string)

// expansion fills the variables of one text in (compose-go template.Substitute).
type expansion struct {
	filler *filler
	vars   []variables // the first that has a variable wins
	out    []source.Text
	size   int
	value  Value
	fail   report
}

// expand returns the value of a text whose scalar is at at.
func (f *filler) expand(raw source.Text, at source.Span, fail report, vars ...variables) Value {
	if strings.IndexByte(raw.String, '$') < 0 {
		return marked(valueOf(raw, at))
	}
	x := expansion{filler: f, vars: vars, fail: fail, value: Value{At: at}}
	x.text(raw, 0)
	whole := source.Join(x.out...)
	x.value.Text, x.value.pieces = whole.String, whole.Pieces
	if x.value.pieces == nil {
		x.value.pieces = []source.Piece{{From: at}}
	}
	return marked(x.value)
}

// valueOf returns the value of a text without variables.
func valueOf(raw source.Text, at source.Span) Value {
	v := Value{Text: raw.String, At: at}
	if at.Text() != raw.String {
		v.pieces = raw.Pieces
	}
	return v
}

// marked adds the first mark of a template in v to what it depends on.
func marked(v Value) Value {
	for _, open := range [...]string{"{{", "{%", "<%"} {
		if i := strings.Index(v.Text, open); i >= 0 {
			if m, ok := source.MarkAt(v.Text, i); ok {
				v.hole(v.Text[m.Start:m.End], int32(i))
				v.vague = true // there may be more
				return v
			}
		}
	}
	return v
}

func (x *expansion) lookup(name string) (Value, bool) {
	for _, vars := range x.vars {
		if v, ok := vars[name]; ok {
			return v, true
		}
	}
	return Value{}, false
}

func (x *expansion) add(text source.Text) {
	if text.String == "" {
		return
	}
	x.out = append(x.out, text)
	x.size += len(text.String)
}

// text adds raw with its variables filled in.
func (x *expansion) text(raw source.Text, depth int) {
	s := raw.String
	done := 0
	for i := 0; i < len(s); {
		next := strings.IndexByte(s[i:], '$')
		if next < 0 || i+next+1 >= len(s) {
			break
		}
		i += next
		switch c := s[i+1]; {
		case c == '$':
			x.add(raw.Slice(done, i+1))
			i += 2
		case nameStart(c):
			end := nameEnd(s, i+1)
			x.add(raw.Slice(done, i))
			x.plain(s[i+1:end], raw.Slice(i, end))
			i = end
		case c == '{':
			x.add(raw.Slice(done, i))
			i = x.braced(raw, i, depth)
		default:
			i++
			continue
		}
		done = i
	}
	x.add(raw.Slice(done, len(s)))
}

// plain adds the value of a variable; at is where it is used.
func (x *expansion) plain(name string, at source.Text) {
	if v, ok := x.lookup(name); ok {
		x.known(name, v, at)
		return
	}
	x.missing(name, at)
}

// missing notes a variable without value.
func (x *expansion) missing(name string, at source.Text) {
	x.value.hole(name, int32(x.size))
	x.out = append(x.out, source.Text{Pieces: []source.Piece{{From: span(at)}}})
}

// known adds the value of a variable; at is where it is used.
func (x *expansion) known(name string, v Value, at source.Text) {
	if x.filler.left < len(v.Text) {
		x.missing(name, at)
		return
	}
	x.filler.left -= len(v.Text)
	for i, hole := range v.holes {
		x.value.hole(v.Unknown[i], hole+int32(x.size))
	}
	x.value.vague = x.value.vague || v.vague
	if x.size == 0 && v.inside {
		x.value.inside = true
	}
	if v.At.IsZero() {
		x.add(source.Text{String: v.Text})
		return
	}
	if x.value.Var.IsZero() {
		x.value.Var = v.At
	}
	x.add(source.Text{String: v.Text, Pieces: []source.Piece{{From: v.At}}})
}

// span returns the place of a text that is a part of a scalar.
func span(t source.Text) source.Span {
	if len(t.Pieces) == 0 {
		return source.Span{}
	}
	return t.Pieces[0].From
}

// braced adds what ${…} at raw[i] is, and returns its end.
func (x *expansion) braced(raw source.Text, i, depth int) int {
	s := raw.String
	end := closing(s, i)
	if end < 0 || !nameStart(s[i+2]) {
		return x.invalid(raw, i)
	}
	after := nameEnd(s, i+2)
	name, whole := s[i+2:after], raw.Slice(i, end+1)
	if after == end {
		x.plain(name, whole)
		return end + 1
	}
	operator := s[after : after+1]
	if operator == ":" {
		operator = s[after : after+2]
	}
	rest := raw.Slice(min(after+len(operator), end), end)
	if strings.IndexByte("-+?", operator[len(operator)-1]) < 0 || strings.IndexByte(rest.String, '\n') >= 0 || depth > maxNesting {
		return x.invalid(raw, i)
	}
	v, set := x.lookup(name)
	if builtIn := v.At.IsZero() && len(v.Unknown) > 0; len(operator) == 2 && v.Text == "" && !builtIn {
		set = false
	}
	switch operator[len(operator)-1] {
	case '-':
		if set {
			x.known(name, v, whole)
		} else {
			x.text(rest, depth+1)
		}
	case '+':
		if set {
			x.text(rest, depth+1)
		}
	case '?':
		if set {
			x.known(name, v, whole)
			break
		}
		message := "variable " + name + " is required and has no value"
		if rest.String != "" {
			message += ": " + rest.String
		}
		x.fail(span(whole), source.Unset, message)
		x.missing(name, whole)
	}
	return end + 1
}

// invalid reports a $ that Compose refuses, adds it as it is, and returns where the rest starts.
func (x *expansion) invalid(raw source.Text, i int) int {
	x.fail(span(raw.Slice(i, i+2)), source.Syntax, `"${" without a variable; write "$$" for a dollar sign`)
	x.add(raw.Slice(i, i+2))
	return i + 2
}

// closing returns where the brace of ${ at s[i] closes, and -1 if it does not. As in
// compose-go, the byte after an opening brace is not looked at, and without a match the last
// brace of the line closes.
func closing(s string, i int) int {
	open := 0
	last := -1
	for j := i; j < min(len(s), i+maxBraced) && s[j] != '\n'; j++ {
		switch s[j] {
		case '}':
			last = j
			if open--; open == 0 {
				return j
			}
		case '{':
			open++
			if j++; j < len(s) && s[j] == '}' {
				last = j
			}
		}
	}
	return last
}

func nameStart(c byte) bool { return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' }

// nameEnd returns where the name of a variable at s[i] ends.
func nameEnd(s string, i int) int {
	for i < len(s) && (nameStart(s[i]) || '0' <= s[i] && s[i] <= '9') {
		i++
	}
	return i
}
