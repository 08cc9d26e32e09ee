package nginxt

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
)

// Variables are the variables that an nginx configuration may define, in lower case:
// nginx ignores the case of their names. They are collected when a variable is used that
// nginx itself does not have. It is safe for concurrent use.
type Variables struct {
	files   []*nginx.File
	open    bool // files that were not read may define any variable
	literal bool // no program replaces variables first

	whose  sync.Once
	others bool     // see thirdParty
	loaded []string // the modules that are loaded, for thirdParty

	mu     sync.Mutex
	left   []*nginx.File // not searched yet
	names  map[string]bool
	nearby map[string][]string
}

// NewVariables returns the variables of one configuration.
func NewVariables(config *parser.Nginx) *Variables {
	return &Variables{files: config.Files, open: config.Open, literal: config.Literal, left: config.Files, names: map[string]bool{}, nearby: map[string][]string{}}
}

// defines reports whether anything in the configuration defines a variable: a
// directive that gives values to variables, a named group of a regular expression,
// or a directive of a third-party module that names it.
func (v *Variables) defines(name string) bool {
	name = strings.ToLower(name)
	v.mu.Lock()
	defer v.mu.Unlock()
	for !v.names[name] && len(v.left) > 0 {
		v.collect()
	}
	return v.names[name]
}

// collect searches the last file that is left: what all sites include is read last, and
// defines what they use.
func (v *Variables) collect() {
	last := len(v.left) - 1
	for directive := range v.left[last].All() {
		v.add(directive)
	}
	v.addGroups(v.left[last].Source.Text)
	v.left = v.left[:last]
}

// add records the variables that a directive may define.
func (v *Variables) add(of nginx.Directive) {
	if of.Key().UsesVariables() || of.Data() {
		return
	}
	if rest, ok := strings.CutPrefix(of.Name(), "$"); ok {
		v.names[strings.ToLower(rest)] = true // geoip2, for example
	}
	for i, w := range of.Args() {
		rest, ok := strings.CutPrefix(w.String(), "$")
		if !ok {
			continue
		}
		if at, known := definedAt(of); !known || i == at {
			v.names[strings.ToLower(rest)] = true
		}
	}
}

// thirdParty reports whether the configuration uses third-party modules, which may
// define any variable.
func (v *Variables) thirdParty() bool {
	v.whose.Do(func() {
		for _, f := range v.files {
			for of := range f.All() {
				if !of.Data() && v.widens(of) {
					v.others = true
					return
				}
			}
		}
	})
	return v.others
}

// widens reports whether a directive shows a module of which it is not known what it
// brings: one that is loaded, or one that nginx was built with, as perhaps others.
func (v *Variables) widens(of nginx.Directive) bool {
	if of.Name() == "load_module" {
		file := of.Arg(0).String()
		v.loaded = append(v.loaded, file)
		return !servers.NginxKnowsModule(file)
	}
	return of.Key() == 0 && !(strings.HasPrefix(of.Name(), "$") && of.Parent().Name() == "geoip2") &&
		!slices.ContainsFunc(v.loaded, func(file string) bool { return servers.NginxModuleBrings(file, of.Name()) })
}

// definedAt returns the index of the argument that names the variable a directive of
// nginx sets. For third-party directives known is false.
func definedAt(d nginx.Directive) (i int, known bool) {
	switch d.Name() {
	case "set", "auth_request_set", "perl_set":
		return 0, true
	case "map", "split_clients":
		return 1, true
	case "geo":
		return d.NumArgs() - 1, true
	}
	return 0, false
}

// maxGroup exceeds the length of any group name (PCRE: 32 characters) with its delimiters.
const maxGroup = 40

// addGroups notes the names of groups in a text: (?<name>, (?P<name> and (?'name'. It finds
// them wherever they are, since directives of third-party modules have expressions too.
func (v *Variables) addGroups(text string) {
	for {
		_, rest, found := strings.Cut(text, "(?")
		if !found {
			return
		}
		text = rest
		rest = strings.TrimPrefix(rest, "P")
		for _, quotes := range [...]string{"<>", "''"} {
			if rest == "" || rest[0] != quotes[0] {
				continue
			}
			if name, _, ok := strings.Cut(rest[1:min(len(rest), maxGroup)], quotes[1:]); ok {
				v.names[strings.ToLower(name)] = true
			}
		}
	}
}

// near returns the defined variables most similar to name: those of nginx or of the
// configuration that differ from it in one or two letters.
func (v *Variables) near(name string) []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	near, met := v.nearby[name]
	if !met && len(v.nearby) < maxGuesses {
		near = v.nearest(name)
		v.nearby[name] = near
	}
	return near
}

func (v *Variables) nearest(name string) []string {
	if len(name) <= 3 {
		return nil
	}
	for len(v.left) > 0 {
		v.collect()
	}
	return typo.Near(name, slices.Values(slices.AppendSeq(servers.NginxVariableNames(), maps.Keys(v.names))))
}

// Undefined reports whether the variable of part is certainly undefined. With
// third-party modules loaded, that is certain only for a name similar to a defined one;
// with an include whose files were not read, it never is.
func (v *Variables) Undefined(part nginx.Part) bool {
	return v.unknown(part, servers.NginxVariable)
}

// unknown is Undefined with the variables that nginx itself defines, of http or of stream.
func (v *Variables) unknown(part nginx.Part, own func(name string) bool) bool {
	name := part.Variable
	if v.open || name == "" || '1' <= name[0] && name[0] <= '9' || part.Replaceable() && !v.literal || own(name) || v.defines(name) || servers.NginxModuleBrings("", "$"+name) {
		return false
	}
	return !v.thirdParty() || len(v.near(name)) > 0
}

// lacks reports whether the nginx of a version certainly does not have a variable that
// another version defines itself.
func (v *Variables) lacks(part nginx.Part, version string, stream bool) (since, until string, lacks bool) {
	since, until = servers.NginxVariableVersions(part.Variable, stream)
	if servers.NginxHas(version, since, until) || v.open || part.Replaceable() && !v.literal || v.defines(part.Variable) || v.thirdParty() {
		return "", "", false
	}
	return since, until, true
}
