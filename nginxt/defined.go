package nginxt

import (
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
)

// Variables are the variables that a configuration of nginx may define, in lower
// case: nginx takes both cases for the same. They are looked for when a variable
// is met that nginx itself does not have. Several goroutines may ask at once.
type Variables struct {
	files []*nginx.File
	once  sync.Once
	names map[string]bool

	whose  sync.Once
	others bool // see ofOthers

	mu     sync.Mutex
	nearby map[string][]string
}

// NewVariables returns the variables of the files of one configuration.
func NewVariables(files []*nginx.File) *Variables { return &Variables{files: files} }

// defines reports whether anything in the configuration defines a variable: a
// directive that gives values to variables, a named group of an expression, or a
// directive of a module of others that names it.
func (v *Variables) defines(name string) bool {
	v.once.Do(v.collect)
	return v.names[strings.ToLower(name)]
}

func (v *Variables) collect() {
	v.names = map[string]bool{}
	for _, f := range v.files {
		for directive := range f.All() {
			v.add(directive)
		}
		v.addGroups(f.Source.Text)
	}
}

// add notes the variables that a directive may define.
func (v *Variables) add(of nginx.Directive) {
	if of.Key().UsesVariables() {
		return
	}
	if rest, ok := strings.CutPrefix(of.Name(), "$"); ok {
		v.names[strings.ToLower(rest)] = true // geoip2 and the like
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

// ofOthers reports whether there are modules of others in the configuration, which
// may define any variable.
func (v *Variables) ofOthers() bool {
	v.whose.Do(func() {
		for _, f := range v.files {
			for of := range f.All() {
				if !of.Data() && (of.Name() == "load_module" || of.Key() == 0) {
					v.others = true
					return
				}
			}
		}
	})
	return v.others
}

// definedAt returns the number of the argument that names the variable to which
// a directive of nginx gives a value. It is not known for those of others.
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

// maxGroup is longer than the name of any group (PCRE: 32 letters) with its signs.
const maxGroup = 40

// addGroups notes the names of groups: (?<name>, (?P<name> and (?'name'.
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

// near returns the variables that nginx or the configuration has and that differ
// from name in a letter or two, the nearest only.
func (v *Variables) near(name string) []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	near, met := v.nearby[name]
	if !met && len(v.nearby) < maxGuesses {
		if v.nearby == nil {
			v.nearby = map[string][]string{}
		}
		near = v.nearest(name)
		v.nearby[name] = near
	}
	return near
}

func (v *Variables) nearest(name string) []string {
	if len(name) <= 3 {
		return nil
	}
	return typo.Near(name, slices.Values(append(servers.NginxVariableNames(), v.known()...)))
}

func (v *Variables) known() (names []string) {
	v.once.Do(v.collect)
	for name := range v.names {
		names = append(names, name)
	}
	return names
}

// Undefined reports whether certainly nothing defines a variable, which is named as
// in part. Where third-party modules are loaded, that is only certain of a name that
// is nearly one that is defined.
func (v *Variables) Undefined(part nginx.Part) bool {
	name := part.Variable
	if name == "" || '1' <= name[0] && name[0] <= '9' || replaceable(part) || servers.NginxVariable(name) || v.defines(name) {
		return false
	}
	return !v.ofOthers() || len(v.near(name)) > 0
}

// replaceable reports whether envsubst may put something else in the place of a
// variable before nginx sees the file: its name is in capitals or in braces.
func replaceable(part nginx.Part) bool {
	name := part.Variable
	return strings.HasPrefix(part.Text, "${") || name == strings.ToUpper(name) && (name[0] < '0' || name[0] > '9')
}
