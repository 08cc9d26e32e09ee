package parser

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/source"
)

// Environment is what the files say about the environment in which a server starts.
type Environment struct {
	// Files set variables, in the order in which they are read.
	Files []*source.File
	// Defined are the names that -D gives on its command line, each once.
	Defined []string
	vars    map[string]variable
	size    int // bytes of values that were set
}

// variable is one variable of a shell.
type variable struct {
	value string
	// known is set if value is the value: nothing else determines it.
	known bool
	// exported is set if programs that the shell starts see it.
	exported bool
}

// Get returns the value of a variable that the server sees. known is false if no file sets
// it, or if the files do not determine the value.
func (e *Environment) Get(name string) (value string, known bool) {
	v := e.vars[name]
	return v.value, v.known && v.exported
}

// mentions reports whether a file may set a variable.
func (e *Environment) mentions(name string) bool {
	_, ok := e.vars[name]
	return ok
}

// variables is a file that sets variables.
type variables struct{ *source.File }

// Secrets returns the values of variables with the name of a secret.
func (v variables) Secrets() []source.Span {
	m := secret.Marker{File: v.File}
	m.Text(0, len(v.Text))
	return m.Spans()
}

// add notes that a file is read.
func (e *Environment) add(f *source.File) {
	e.Files = append(e.Files, f)
	if f.Parsed == nil {
		f.Parsed = variables{f}
	}
}

// set sets a variable.
func (e *Environment) set(name string, v variable) {
	if e.vars == nil {
		e.vars = map[string]variable{}
	}
	if e.size += len(v.value); len(e.vars) < maxVariables && e.size < maxValues {
		e.vars[name] = v
	}
}

const (
	// maxVariables limits how many variables an environment has.
	maxVariables = 10_000
	// maxValue limits the length of a word with its variables replaced, in bytes, and maxValues
	// that of all values that were set.
	maxValue, maxValues = 8 << 10, 4 << 20
	// maxShell limits how much of a file of variables is read, in bytes.
	maxShell = 256 << 10
)

// readShell follows the assignments of a file that a shell reads (POSIX, "Shell Command
// Language"): export NAME=value, NAME=value, ${NAME:=value} and unset. A value that is
// assigned under a condition is not known.
func (e *Environment) readShell(f *source.File) {
	e.add(f)
	s := &shellReader{env: e, file: f, text: f.Text[:min(len(f.Text), maxShell)]}
	for s.at < len(s.text) {
		s.command(s.words())
	}
}

// readPlain reads a file of lines NAME=value, as EnvironmentFile= of systemd does
// (systemd.exec(5)): no variable in a value is replaced.
func (e *Environment) readPlain(f *source.File) {
	e.add(f)
	for line := range strings.Lines(f.Text[:min(len(f.Text), maxShell)]) {
		line = strings.TrimSpace(line)
		name, value, ok := strings.Cut(line, "=")
		if name = strings.TrimSpace(name); !ok || line[0] == '#' || line[0] == ';' || !variableName(name) {
			continue
		}
		value = strings.TrimSpace(value)
		if n := len(value); n > 1 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
			value = value[1 : n-1]
		}
		e.set(name, variable{value, true, true})
	}
}

// shellReader reads the words of a shell's file.
type shellReader struct {
	env  *Environment
	file *source.File
	text string
	at   int
	// depth is how many conditions and loops are open.
	depth int
	// maybe is set after && and ||: the command may not run. then is set if the one that was
	// read last ends in one of them.
	maybe, then bool
}

// shellWord is a word with its variables replaced. known is false if a part of it is not known.
type shellWord struct {
	text  string
	known bool
	// quoted is set if quotes start before a =, so that it assigns nothing (POSIX, "Shell
	// Grammar Rules"); assigns is set from the first = on.
	quoted, assigns bool
}

// words reads the words of one simple command, and moves past its end.
func (s *shellReader) words() (words []shellWord) {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == ' ' || c == '\t' || c == '\r':
			s.at++
		case c == '\\' && strings.HasPrefix(s.text[s.at+1:], "\n"):
			s.at += 2
		case c == '#':
			if end := strings.IndexByte(s.text[s.at:], '\n'); end >= 0 {
				s.at += end
			} else {
				s.at = len(s.text)
			}
		case c == '\n' || c == ';' || c == '&' || c == '|':
			s.at++
			if s.then = (c == '&' || c == '|') && strings.HasPrefix(s.text[s.at:], string(c)); s.then {
				s.at++
			}
			if len(words) > 0 {
				return words
			}
		default:
			words = append(words, s.word())
		}
	}
	return words
}

// word reads one word.
func (s *shellReader) word() shellWord {
	w := shellWord{known: true}
	var text strings.Builder
	for s.at < len(s.text) && text.Len() < maxValue {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\r', '\n', ';', '&', '|':
			w.text = text.String()
			return w
		case '\'':
			w.quoted = !w.assigns
			inside, rest, _ := strings.Cut(s.text[s.at+1:], "'")
			text.WriteString(inside)
			s.at = len(s.text) - len(rest)
		case '"':
			w.quoted = !w.assigns
			s.at++
			s.quoted(&text, &w)
		case '\\':
			if s.at++; s.at < len(s.text) {
				if s.text[s.at] != '\n' {
					text.WriteByte(s.text[s.at])
				}
				s.at++
			}
		case '$', '`':
			s.expand(&text, &w)
		default:
			w.assigns = w.assigns || c == '=' && !w.quoted
			text.WriteByte(c)
			s.at++
		}
	}
	w.text = text.String()
	return w
}

// quoted reads to the end of double quotes.
func (s *shellReader) quoted(text *strings.Builder, w *shellWord) {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case '"':
			s.at++
			return
		case '\\':
			if s.at++; s.at < len(s.text) {
				if next := s.text[s.at]; strings.IndexByte("\"\\$`\n", next) < 0 {
					text.WriteByte('\\')
				}
				if s.text[s.at] != '\n' {
					text.WriteByte(s.text[s.at])
				}
				s.at++
			}
		case '$', '`':
			s.expand(text, w)
		default:
			text.WriteByte(c)
			s.at++
		}
	}
}

// expand replaces what starts at a $ or a backquote: a variable. The output of a command
// is not known.
func (s *shellReader) expand(text *strings.Builder, w *shellWord) {
	rest := s.text[s.at+1:]
	switch n := nameLength(rest); {
	case s.text[s.at] == '`':
		w.known = false
		_, after, _ := strings.Cut(rest, "`")
		s.at = len(s.text) - len(after)
	case n > 0:
		s.at += 1 + n
		s.replace(rest[:n], text, w)
	case strings.HasPrefix(rest, "{"):
		inside, after, _ := strings.Cut(rest[1:], "}")
		s.at = len(s.text) - len(after)
		s.braces(inside, text, w)
	case strings.HasPrefix(rest, "("):
		w.known = false
		_, after, _ := strings.Cut(rest, ")")
		s.at = len(s.text) - len(after)
	default:
		text.WriteByte('$')
		s.at++
	}
}

// replace writes the value of a variable.
func (s *shellReader) replace(name string, text *strings.Builder, w *shellWord) {
	v := s.env.vars[name]
	w.known = w.known && v.known
	text.WriteString(v.value)
}

// braces replaces ${NAME}, ${NAME:-value} and ${NAME:=value}.
func (s *shellReader) braces(inside string, text *strings.Builder, w *shellWord) {
	n := nameLength(inside)
	name, op := inside[:n], inside[n:]
	switch {
	case op == "":
		s.replace(name, text, w)
		return
	case n > 0 && (strings.HasPrefix(op, ":=") || strings.HasPrefix(op, ":-") || op[0] == '=' || op[0] == '-'):
		v, set := s.env.vars[name]
		if set && (v.value != "" || !v.known) {
			s.replace(name, text, w)
			return
		}
		given := strings.TrimLeft(op, ":=-")
		plain := !strings.ContainsAny(given, "$`\"'\\")
		w.known = w.known && plain
		text.WriteString(given)
		if op[0] == '=' || op[0] == ':' && op[1] == '=' {
			s.env.set(name, variable{given, plain, v.exported})
		}
		return
	}
	w.known = false
}

// command acts on one command.
func (s *shellReader) command(words []shellWord) {
	sure := s.depth == 0 && !s.maybe
	s.maybe = s.then
	for len(words) > 0 {
		switch first := words[0]; {
		case first.quoted:
			return
		case first.text == "if" || first.text == "case" || first.text == "for" || first.text == "while" || first.text == "until" || first.text == "{" || first.text == "(":
			s.depth++
			return
		case first.text == "fi" || first.text == "esac" || first.text == "done" || first.text == "}" || first.text == ")":
			s.depth = max(s.depth-1, 0)
			words = words[1:]
		case first.text == "then" || first.text == "else" || first.text == "do":
			words = words[1:]
		default:
			s.simple(words, sure)
			return
		}
	}
}

// simple acts on a simple command. sure is set if it certainly runs.
func (s *shellReader) simple(words []shellWord, sure bool) {
	if last := words[len(words)-1]; last.text == "{" && len(words) > 1 { // name() {
		s.depth++
		return
	}
	export := words[0].text == "export"
	switch {
	case words[0].text == "unset":
		for _, w := range words[1:] {
			delete(s.env.vars, w.text)
		}
		return
	case export:
		words = words[1:]
	}
	assigning := func(w shellWord) bool {
		name, _, assigns := strings.Cut(w.text, "=")
		return variableName(name) && (assigns || export)
	}
	if n := len(words); n > 0 && !export && !assigning(words[n-1]) {
		return // a command, perhaps with variables of its own
	}
	for _, w := range words {
		name, value, assigns := strings.Cut(w.text, "=")
		switch {
		case !assigning(w):
			return
		case assigns:
			s.assign(name, value, w.known && sure, export)
		default:
			v := s.env.vars[name]
			v.exported = v.exported || sure
			s.env.set(name, v)
		}
	}
}

// assign sets a variable. What Debian appends to its directories is known though a
// condition decides it: the name of the instance, /etc/apache2-NAME (envvars of Debian's
// apache2).
func (s *shellReader) assign(name, value string, known, export bool) {
	v := variable{value, known, export || s.env.vars[name].exported}
	if name == "SUFFIX" {
		v.value, v.known = strings.TrimPrefix(path.Base(path.Dir(s.file.Name)), "apache2"), true
		if v.value != "" && v.value[0] != '-' {
			v.value = ""
		}
	}
	s.env.set(name, v)
}

// nameLength returns the length of the name of a variable at the start of text.
func nameLength(text string) int {
	for i := range len(text) {
		if c := text[i]; c != '_' && (c|0x20 < 'a' || c|0x20 > 'z') && (i == 0 || c < '0' || c > '9') {
			return i
		}
	}
	return len(text)
}

func variableName(text string) bool { return text != "" && nameLength(text) == len(text) }

// Has reports whether -D gives a name.
func (e *Environment) Has(name string) bool { return slices.Contains(e.Defined, name) }
