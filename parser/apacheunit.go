package parser

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// startsApache returns the options with which a unit starts Apache with a main file, of a
// layout or of none; ok is false if it does not.
func startsApache(u *systemd.Unit, main *source.File, l *httpd.Layout) (o ApacheOptions, ok bool) {
	for _, c := range u.Commands() {
		if !ApacheProgram(c.Program) {
			continue
		}
		o = ParseApacheOptions(c.Args)
		switch name := o.Main(); {
		case o.Ends:
		case name == "":
			return o, l != nil && main.Name == l.Main && !strings.Contains(u.Name, "@")
		default:
			return o, name == main.Name || name == main.Real
		}
	}
	return o, false
}

// readUnitEnvironment reads the variables that a unit sets: Environment= and EnvironmentFile=
// (systemd.exec(5)). It returns false if a file that was not read may set one that is on the command
// line.
func (r *reader) readUnitEnvironment(env *Environment, u *systemd.Unit) (known bool) {
	for _, e := range u.All("Service", "Environment") {
		for _, word := range systemd.Words(e.Value) {
			if name, value, ok := strings.Cut(word, "="); ok && variableName(name) {
				env.set(name, variable{value, !strings.Contains(value, "%"), true})
			}
		}
	}
	known = true
	for _, e := range u.All("Service", "EnvironmentFile") {
		name := strings.TrimPrefix(e.Value, "-")
		if !path.IsAbs(name) || strings.ContainsAny(name, "%*?[") {
			known = false
			continue
		}
		if f, err := r.open(name); err == nil {
			env.readPlain(f)
		} else if !r.tree.Missing(name) {
			known = false
		}
	}
	return known || !slices.ContainsFunc(u.Commands(), func(c systemd.Command) bool {
		return slices.ContainsFunc(c.Args, func(arg string) bool { return strings.Contains(arg, "$") })
	})
}

// options returns the names that -D gives in the variables with which files pass options to Apache.
// sure is false if the files do not determine all of these.
func (e *Environment) options() (defined []string, sure bool) {
	sure = true
	for _, name := range httpd.OptionVariables {
		v, set := e.vars[name]
		if set && !v.known {
			sure = false
			continue
		}
		words := strings.Fields(v.value)
		if name == httpd.FlagVariable {
			for i, w := range words {
				if w[0] != '-' && (i == 0 || words[i-1] != "-D") {
					defined = append(defined, w)
				}
			}
		}
		defined = append(defined, ParseApacheOptions(words).Defined...)
	}
	return defined, sure
}
