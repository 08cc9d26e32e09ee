package systemd

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Command is the command line of an Exec setting (systemd.service(5), "Command lines").
type Command struct {
	Program string // as written
	Args    []string
	// Full is set if the command ignores User= and the capabilities: the prefixes + and !.
	Full bool
	At   source.Span
}

// Commands returns the command lines with which a service starts its program.
func (u *Unit) Commands() (all []Command) {
	for _, e := range u.All("Service", "ExecStart") {
		c := ParseCommand(e.Value)
		c.At = e.At
		all = append(all, c)
	}
	return all
}

// ParseCommand reads one command line. The prefixes of the program are dropped, and @
// makes the first argument the name of the process.
func ParseCommand(line string) (c Command) {
	words := Words(line)
	if len(words) == 0 {
		return c
	}
	c.Program = strings.TrimLeft(words[0], "@-:+!|")
	marks := words[0][:len(words[0])-len(c.Program)]
	c.Full = strings.ContainsAny(marks, "+!")
	if c.Args = words[1:]; strings.Contains(marks, "@") && len(c.Args) > 0 {
		c.Args = c.Args[1:]
	}
	return c
}

// Open reports whether the environment or a specifier determines a word of the command.
func (c Command) Open(word string) bool { return strings.ContainsAny(word, "$%") }

// Words splits a value at blanks outside of quotes.
func Words(line string) (words []string) {
	var word strings.Builder
	var quote byte
	begun := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, begun = c, true
		case quote == 0 && (c == ' ' || c == '\t'):
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteByte(c)
			begun = true
		}
	}
	if begun {
		words = append(words, word.String())
	}
	return words
}

// Template returns the name of the template unit of which unit is an instance, and the
// instance: php-fpm@8.3.service is 8.3 of php-fpm@.service. ok is false for another unit.
func Template(unit string) (template, instance string, ok bool) {
	name, rest, ok := strings.Cut(unit, "@")
	ext := path.Ext(rest)
	if instance = strings.TrimSuffix(rest, ext); !ok || instance == "" {
		return "", "", false
	}
	return name + "@" + ext, instance, true
}

// instantiate fills the specifiers %i and %I of an instance and %n, %N, %p and %t into the
// values of u (systemd.unit(5), "Specifiers").
func (u *Unit) instantiate() {
	base := strings.TrimSuffix(u.Name, path.Ext(u.Name))
	prefix, instance, _ := strings.Cut(base, "@")
	fill := strings.NewReplacer("%i", instance, "%I", strings.ReplaceAll(instance, "-", "/"), "%n", u.Name, "%N", base, "%p", prefix, "%t", "/run", "%%", "%")
	for i, e := range u.Entries {
		if strings.Contains(e.Value, "%") {
			u.Entries[i].Value = fill.Replace(e.Value)
		}
	}
}
