package parser

import (
	"path"
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
// (systemd.exec(5)).
func (r *reader) readUnitEnvironment(env *Environment, u *systemd.Unit) {
	for _, e := range u.All("Service", "Environment") {
		for _, word := range systemd.Words(e.Value) {
			if name, value, ok := strings.Cut(word, "="); ok && variableName(name) {
				env.set(name, variable{value, !strings.Contains(value, "%"), true})
			}
		}
	}
	for _, e := range u.All("Service", "EnvironmentFile") {
		name := strings.TrimPrefix(e.Value, "-")
		if !path.IsAbs(name) || strings.ContainsAny(name, "%*?[") {
			continue
		}
		if f, err := r.open(name); err == nil {
			env.readPlain(f)
		}
	}
}
