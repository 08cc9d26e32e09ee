package servers

import (
	_ "embed"
	"strings"
	"sync"
)

// The variables that nginx defines itself, of http and of stream, which share none (the
// variable tables of the modules in its source tree, in all releases from 1.10 to 1.31).
// A name that ends in an underscore means all names that begin with it, and a
// configuration cannot set one with a leading ! (measured on nginx 1.22). A colon
// precedes the version that brought a variable, and a hyphen the one that took it away.
var (
	//go:embed nginx_variables.txt
	nginxVariableText string
	//go:embed nginx_stream_variables.txt
	nginxStreamVariableText string
)

// nginxVariable is a row of one of the tables.
type nginxVariable struct {
	fixed        bool
	since, until string
}

// variableTable is one of the tables.
type variableTable struct {
	index
	rows []nginxVariable
}

var (
	nginxVariables       = sync.OnceValue(func() *variableTable { return readVariables(nginxVariableText) })
	nginxStreamVariables = sync.OnceValue(func() *variableTable { return readVariables(nginxStreamVariableText) })
)

func readVariables(text string) *variableTable {
	most := strings.Count(text, " ") + strings.Count(text, "\n")
	table := &variableTable{newIndex(most), make([]nginxVariable, 1, most+1)}
	for line := range strings.Lines(text) {
		for field := range strings.SplitSeq(strings.TrimSuffix(line, "\n"), " ") {
			var v nginxVariable
			name, versions, _ := strings.Cut(field, ":")
			v.since, v.until, _ = strings.Cut(versions, "-")
			name, v.fixed = strings.CutPrefix(name, "!")
			table.add(name)
			table.rows = append(table.rows, v)
		}
	}
	return table
}

// row returns the row for a name; zero for none.
func (t *variableTable) row(name string) (v nginxVariable, ok bool) {
	n := *t.find(name)
	return t.rows[n], n > 0
}

// variable returns the row for a name, or for the prefix that it has.
func (t *variableTable) variable(name string) (v nginxVariable, ok bool) {
	if v, ok = t.row(name); ok {
		return v, true
	}
	for i := range len(name) {
		if name[i] != '_' {
			continue
		}
		if v, ok = t.row(name[:i+1]); ok {
			return v, true
		}
	}
	return v, false
}

// NginxVariable reports whether some version of nginx defines a variable of http itself.
func NginxVariable(name string) bool {
	_, ok := nginxVariables().variable(name)
	return ok
}

// NginxStreamVariable reports whether some version of nginx defines a variable of stream itself.
func NginxStreamVariable(name string) bool {
	_, ok := nginxStreamVariables().variable(name)
	return ok
}

// NginxVariableVersions returns the version of nginx that brought a variable of its own,
// and the one that took it away; "" for one that always existed, or still does.
func NginxVariableVersions(name string, stream bool) (since, until string) {
	all := nginxVariables()
	if stream {
		all = nginxStreamVariables()
	}
	v, _ := all.variable(name)
	return v.since, v.until
}

// NginxFixedVariable reports whether nginx refuses to set a variable of its own.
func NginxFixedVariable(name string, stream bool) bool {
	all := nginxVariables()
	if stream {
		all = nginxStreamVariables()
	}
	v, _ := all.row(name)
	return v.fixed
}

// NginxVariableNames returns the variables of http that nginx itself defines, without
// the prefixes.
func NginxVariableNames() (names []string) {
	for _, name := range nginxVariables().names[1:] {
		if !strings.HasSuffix(name, "_") {
			names = append(names, name)
		}
	}
	return names
}
