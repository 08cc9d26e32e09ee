package apache

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// maxMacroLine is the length of a line in a macro that mod_macro refuses, in bytes (httpd
// include/httpd.h, MAX_STRING_LEN).
const maxMacroLine = 8 << 10

// macro is one <Macro>.
type macro struct {
	name  string
	at    *Directive
	args  []string
	lines []string
	bad   bool // Apache refuses it
}

// location is how Apache names a macro.
func (m *macro) location() string {
	line := m.at.Line().File.LineAt(int(m.at.Line().Start))
	return fmt.Sprintf("macro '%s' (defined on line %d of %q)", m.name, line, m.at.Line().File.Name)
}

// arguments splits a text into words (httpd modules/core/mod_macro.c, get_arguments).
func arguments(text string) (list []string) {
	for i := 0; ; {
		start, end, next := word(text, i)
		if start == end {
			return list
		}
		list = append(list, decode(text[start:end]))
		i = next
	}
}

// macro reads a <Macro> section (httpd modules/core/mod_macro.c, macro_section).
func (r *reader) macro(in *input, d *Directive, rest string) {
	words := arguments(d.Raw())
	r.macroSeen = true
	switch {
	case d.Unclosed:
		r.refuseIn(d, d.At, "<Macro> directive missing closing '>'")
		return
	case strings.HasPrefix(rest, ">") || rest == "":
		r.refuseIn(d, d.At, "<Macro macro definition: empty name")
	case len(words) == 0 || words[0] == "":
		r.refuseIn(d, d.At, "<Macro macro definition: name not found")
	}
	m := &macro{at: d}
	if len(words) > 0 {
		m.name, m.args = r.lowerName(words[0]), words[1:]
	}
	r.kids = append(r.kids, d)
	if message := m.badArguments(); message != "" {
		m.bad = true
		r.refuseIn(d, d.At, message)
	}
	if r.macroLines(in, m) && m.name != "" {
		r.macros[m.name] = m
	}
}

// badArguments is what Apache says about the names of arguments (check_macro_arguments).
func (m *macro) badArguments() string {
	seen := map[string]int{}
	for i, arg := range m.args {
		if arg == "" {
			return fmt.Sprintf("%s: empty argument #%d name", m.location(), i+1)
		}
		if j, ok := seen[arg]; ok {
			return fmt.Sprintf("argument name conflict in %s: argument '%s': #%d and #%d, change argument names!", m.location(), arg, j, i+1)
		}
		seen[arg] = i + 1
	}
	return ""
}

// macroLines reads the lines up to </Macro> (get_lines_till_end_token).
func (r *reader) macroLines(in *input, m *macro) bool {
	var l line
	size := 0
	for nesting := 1; in.next(&l); {
		if r.lines++; r.lines > maxLines {
			r.stop(l.at, tooManyLines)
			return false
		}
		if len(l.text) >= maxMacroLine-1 {
			break
		}
		if strings.HasPrefix(l.text, "#") {
			r.comment(in, &l)
			continue
		}
		start, end, _ := word(l.text, 0)
		first := decode(l.text[start:end])
		switch {
		case fold(first, "</Macro>"):
			nesting--
		case fold(first, "<Macro"):
			nesting++
		}
		if nesting == 0 {
			return true
		}
		if size += len(l.text) + 1; size > maxLine {
			r.stop(l.at, "a macro of more than 16 MiB")
			return false
		}
		m.lines = append(m.lines, l.text)
	}
	r.refuse(source.Syntax, m.at.NameAt(), m.at.Line(), m.location()+" contents error: expected token not found: </Macro>")
	return false
}

// use puts a macro in the place of a Use line (use_macro).
func (r *reader) use(in *input, d *Directive) {
	if m := r.module("macro_module"); !m.holds && m.why == "" {
		return
	}
	words := arguments(d.Raw())
	if !r.macroSeen {
		if !r.loose && r.lacks == "" {
			r.refuseIn(d, d.At, "no macro defined before Use")
		}
		return
	}
	if len(words) == 0 || words[0] == "" {
		r.refuseIn(d, d.At, "no macro name specified with Use")
		return
	}
	name := r.lowerName(words[0])
	m := r.macros[name]
	switch {
	case m == nil:
		if !r.loose && r.lacks == "" {
			r.refuseIn(d, d.Args[0].At, "macro '"+name+"' undefined")
		}
		return
	case m.bad:
		return
	case in.uses.has(name):
		r.refuseIn(d, d.Args[0].At, "recursive use of macro '"+name+"' is invalid")
		return
	case len(m.args) != len(words)-1:
		r.refuseIn(d, d.At, fmt.Sprintf("%s used with %d arguments instead of %d", m.location(), len(words)-1, len(m.args)))
		return
	}
	e := &expansion{use: d, name: name, lines: make([]string, len(m.lines))}
	if d.Use() != nil { // the line in the file
		e.use = d.Use()
	}
	for i, text := range m.lines {
		made, ok := m.substitute(text, words[1:])
		if !ok {
			r.refuseIn(d, d.At, fmt.Sprintf("%s error while substituting: while processing line %d of macro '%s' cannot substitute, buffer size too small", m.location(), i+1, m.name))
			return
		}
		if !r.spend(len(made) + 1) {
			return
		}
		e.lines[i] = made
	}
	in.uses = append(in.uses, e)
	in.lastUse = e.use
}

// substitute replaces the arguments of a macro in one line (substitute_macro_args). As there,
// what follows a replaced @argument is looked for again from the length of the value on.
func (m *macro) substitute(text string, values []string) (string, bool) {
	for pos := 0; pos <= len(text); {
		at, which := -1, 0
		for i, arg := range m.args {
			n := strings.Index(text[pos:], arg)
			if n >= 0 && (at < 0 || n < at || n == at && len(arg) > len(m.args[which])) {
				at, which = n, i
			}
		}
		if at < 0 {
			break
		}
		pos += at
		arg, value := m.args[which], values[which]
		if arg != value {
			made := value
			if arg[0] == '@' {
				made = `"` + strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(value) + `"`
			}
			if len(text)-len(arg)+len(made)+1 >= maxMacroLine {
				return "", false
			}
			text = text[:pos] + made + text[pos+len(arg):]
		}
		pos += len(value)
	}
	return text, true
}

// uses are the macros that are being put in place.
type uses []*expansion

func (u uses) has(name string) bool {
	for _, e := range u {
		if e.name == name {
			return true
		}
	}
	return false
}

// undefMacro is UndefMacro.
func (r *reader) undefMacro(d *Directive) {
	if m := r.module("macro_module"); !m.holds && m.why == "" {
		return
	}
	if !r.takes(d, 1, 1, "takes one argument, Remove a macro definition.") {
		return
	}
	name := r.lowerName(d.Arg(0))
	switch {
	case !r.macroSeen && !r.loose && r.lacks == "":
		r.refuseIn(d, d.At, "no macro defined before UndefMacro")
	case r.macros[name] != nil:
		if d.Maybe() == "" {
			delete(r.macros, name)
		}
	case r.loose || r.lacks != "":
	default:
		r.refuseIn(d, d.Args[0].At, "cannot remove undefined macro '"+name+"'")
	}
}
