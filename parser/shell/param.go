package shell

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// variable returns the value of a variable, and otherwise for one that is not set.
func (in *interp) variable(name string, otherwise source.Text) source.Text {
	if v, isSet := in.vars[name]; isSet {
		return v.value
	}
	return otherwise
}

// lookup returns the value of a parameter. unset is set if it certainly has none, or if
// nothing says that it has one.
func (in *interp) lookup(p *syntax.ParamExp) (value source.Text, unset bool) {
	at, name := in.at(p), p.Param.Value
	if n, err := strconv.Atoi(name); err == nil {
		if n < len(in.args) {
			return in.args[n], false
		}
		return source.Text{}, true
	}
	switch name {
	case "@", "*":
		return hole.Spaced(in.args[min(1, len(in.args)):]), len(in.args) < 2
	case "#":
		return source.Made(strconv.Itoa(max(len(in.args)-1, 0)), at), false
	case "?":
		return source.Made(exitStatus(in.status), at), false
	case "PWD":
		return source.Made(in.dir, at), false
	case "$", "!", "-", "_", "RANDOM", "SECONDS", "LINENO", "HOSTNAME", "UID", "EUID", "PPID", "OLDPWD", "BASH_SOURCE":
		if v, isSet := in.vars[name]; isSet {
			return v.value, false
		}
		return hole.New(at), false
	}
	v, isSet := in.vars[name]
	switch {
	case !isSet:
		return source.Text{}, true
	case v.list != nil:
		return in.element(v, p)
	}
	return v.value, false
}

func (in *interp) element(v variable, p *syntax.ParamExp) (source.Text, bool) {
	word, isWord := p.Index.(*syntax.Word)
	if !isWord {
		return v.list[0], false
	}
	index := in.literal(word)
	switch n, err := strconv.Atoi(index.String); {
	case index.String == "@", index.String == "*":
		return hole.Spaced(v.list), false
	case err != nil, n < 0:
		return hole.New(in.at(p)), false
	case n >= len(v.list):
		return source.Text{}, true
	default:
		return v.list[n], false
	}
}

func exitStatus(st status) string {
	switch st {
	case ok:
		return "0"
	case failed:
		return "1"
	}
	return hole.Mark
}

// param adds a parameter expansion.
func (w *words) param(p *syntax.ParamExp, inQuotes bool) {
	in := w.in
	if p.Param == nil || p.Names != 0 || p.Flags != nil || p.Width || p.NestedParam != nil {
		w.value(hole.New(in.at(p)), inQuotes)
		return
	}
	if list, isList := in.list(p); isList && !(inQuotes && whole(p)) && p.Exp == nil && p.Slice == nil && p.Repl == nil && !p.Length && !w.whole {
		w.list(list, inQuotes)
		return
	}
	value, unset := in.lookup(p)
	switch {
	case p.Excl:
		value, unset = in.indirect(value, in.at(p))
	case p.Length:
		text := hole.New(in.at(p))
		if list, isList := in.list(p); isList {
			text = source.Made(strconv.Itoa(len(list)), in.at(p))
		} else if !hole.In(value) && !(unset && in.open) {
			text = source.Made(strconv.Itoa(len([]rune(value.String))), in.at(p))
		}
		w.value(text, inQuotes)
		return
	case p.Exp != nil:
		w.expansion(p, value, unset, inQuotes)
		return
	case p.Repl != nil:
		value = in.replaced(value, p)
	case p.Slice != nil:
		value = in.sliced(value, p)
	}
	if unset && (in.open || in.writes) {
		value = hole.New(in.at(p))
	}
	w.value(value, inQuotes)
}

// list returns the values of $@ and of an array as a whole.
func (in *interp) list(p *syntax.ParamExp) ([]source.Text, bool) {
	switch p.Param.Value {
	case "@", "*":
		return in.args[min(1, len(in.args)):], true
	}
	word, isWord := p.Index.(*syntax.Word)
	if v := in.vars[p.Param.Value]; v.list != nil && isWord && (word.Lit() == "@" || word.Lit() == "*") {
		return v.list, true
	}
	return nil, false
}

// whole reports whether a parameter is one word in quotes: $* and ${name[*]}.
func whole(p *syntax.ParamExp) bool {
	word, isWord := p.Index.(*syntax.Word)
	return p.Param.Value == "*" || isWord && word.Lit() == "*"
}

func (w *words) list(values []source.Text, inQuotes bool) {
	for i, value := range values {
		if i > 0 {
			w.open = false
		}
		w.value(value, inQuotes)
	}
}

func (in *interp) indirect(name source.Text, at source.Span) (source.Text, bool) {
	if hole.In(name) {
		return hole.New(at), false
	}
	v, isSet := in.vars[name.String]
	return v.value, !isSet
}

// expansion adds ${name:-word} and the like.
func (w *words) expansion(p *syntax.ParamExp, value source.Text, unset, inQuotes bool) {
	in := w.in
	empty := unset || value.String == ""
	word := func() source.Text { return in.literal(p.Exp.Word) }
	switch op := p.Exp.Op; op {
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull:
		ifEmpty := op == syntax.DefaultUnsetOrNull || op == syntax.AssignUnsetOrNull
		switch {
		case !unset && !(ifEmpty && empty):
			w.value(value, inQuotes)
		case op == syntax.AssignUnset || op == syntax.AssignUnsetOrNull:
			in.set(p.Param.Value, word())
			w.value(in.vars[p.Param.Value].value, inQuotes)
		case p.Exp.Word != nil:
			w.parts(p.Exp.Word.Parts, inQuotes)
		default:
			w.value(source.Text{}, inQuotes)
		}
	case syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
		switch {
		case unset && in.open || op == syntax.AlternateUnsetOrNull && value.String == hole.Mark:
			w.value(hole.New(in.at(p)), inQuotes)
		case !unset && !(op == syntax.AlternateUnsetOrNull && empty) && p.Exp.Word != nil:
			w.parts(p.Exp.Word.Parts, inQuotes)
		default:
			w.value(source.Text{}, inQuotes) // in quotes it is a word, though an empty one
		}
	case syntax.ErrorUnset, syntax.ErrorUnsetOrNull:
		if unset {
			value = hole.New(in.at(p))
		}
		w.value(value, inQuotes)
	case syntax.RemSmallSuffix, syntax.RemLargeSuffix, syntax.RemSmallPrefix, syntax.RemLargePrefix:
		if unset && in.open {
			value = hole.New(in.at(p))
		}
		w.value(in.trimmed(value, p.Exp), inQuotes)
	case syntax.UpperAll, syntax.LowerAll:
		w.value(cased(value, op == syntax.UpperAll), inQuotes)
	default:
		w.value(hole.New(in.at(p)), inQuotes)
	}
}

func cased(t source.Text, upper bool) source.Text {
	changed := strings.ToLower(t.String)
	if upper {
		changed = strings.ToUpper(t.String)
	}
	if changed == t.String {
		return t
	}
	return source.Made(changed, hole.Place(t, 0, len(t.String)))
}

// trimmed removes what matches a pattern from an end of a value.
func (in *interp) trimmed(value source.Text, e *syntax.Expansion) source.Text {
	if e.Word == nil || value.String == "" {
		return value
	}
	text, n := value.String, len(value.String)
	re, certain := in.asField(e.Word).expression()
	if re == nil || !certain || hole.In(value) || n > 10_000 {
		return hole.New(hole.Place(value, 0, n))
	}
	for k := range n + 1 {
		var rest string
		from, to := 0, n
		switch e.Op {
		case syntax.RemSmallSuffix:
			rest, to = text[n-k:], n-k
		case syntax.RemLargeSuffix:
			rest, to = text[k:], k
		case syntax.RemSmallPrefix:
			rest, from = text[:k], k
		case syntax.RemLargePrefix:
			rest, from = text[:n-k], n-k
		}
		if re.MatchString(rest) {
			return value.Slice(from, to)
		}
	}
	return value
}

// replaced is ${name/pattern/text}.
func (in *interp) replaced(value source.Text, p *syntax.ParamExp) source.Text {
	f := in.asField(p.Repl.Orig)
	text, _ := f.flat()
	if value.String == "" || text.String == "" {
		return value
	}
	re, certain := f.pattern(false)
	if re == nil || !certain || hole.In(value) {
		return hole.New(in.at(p))
	}
	by := in.literal(p.Repl.With)
	limit := 1
	if p.Repl.All {
		limit = -1
	}
	var parts []source.Text
	at := 0
	for _, m := range re.FindAllStringIndex(value.String, limit) {
		parts = append(parts, value.Slice(at, m[0]), by)
		at = m[1]
	}
	return hole.Join(append(parts, value.Slice(at, len(value.String)))...)
}

// sliced is ${name:offset:length}.
func (in *interp) sliced(value source.Text, p *syntax.ParamExp) source.Text {
	from, known := in.arithm(p.Slice.Offset)
	n := len(value.String)
	length, knownLength := n, true
	if p.Slice.Length != nil {
		length, knownLength = in.arithm(p.Slice.Length)
	}
	if !known || !knownLength || hole.In(value) {
		return hole.New(in.at(p))
	}
	if from < 0 {
		from = max(n+from, 0)
	}
	from = min(from, n)
	to := min(max(length, 0), n-from) + from
	if length < 0 {
		to = max(from, n+length)
	}
	return value.Slice(from, to)
}
