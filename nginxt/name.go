package nginxt

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// known is what all directives with one name have in common, and the first of them in
// the current block.
type known struct {
	name  string                   // "" for a name that no module of nginx has
	rows  []servers.NginxDirective // those that apply to the nginx version in use
	check argumentCheck            // nil for arguments without a syntax of their own

	first nginx.Directive // in block
	block int             // its number
}

// knownOf returns what is known of a name.
func (x *inspector) knownOf(key servers.NginxKey) *known {
	k := x.known[key]
	if k == nil {
		k = &known{name: key.Name(), rows: key.Directives()}
		k.check = argumentCheckOf(k.name)
		later := func(row servers.NginxDirective) bool { return !row.In(x.version) }
		if slices.ContainsFunc(k.rows, later) {
			k.rows = slices.DeleteFunc(slices.Clone(k.rows), later)
		}
		x.known[key] = k
	}
	return k
}

// lacking reports a directive that the nginx version in use does not have.
func (x *inspector) lacking(d nginx.Directive) {
	row := d.Key().Directives()[0]
	x.add(Refusal{At: d.NameWord().Span(), Fault: VersionLacks, Name: d.Name(), Version: x.version, Since: row.Since, Until: row.Until})
}

// unknown records a name that no module of nginx has.
func (x *inspector) unknown(d nginx.Directive, name string) {
	if x.quiet(d.File()) || d.HasBlock() && !d.Lua().IsZero() || nginx.MayBeReplaced(name) {
		return
	}
	bad := Refusal{At: d.NameWord().Span(), Fault: UnknownDirective, Name: name}
	if meant := strings.ToLower(strings.ReplaceAll(name, "-", "_")); servers.NginxKeyOf(meant) != 0 {
		bad.Near = []string{meant}
	} else if of := parameterOf(d, name); of != "" {
		bad.inNoModule()
		bad.Message = fmt.Sprintf("%s is a parameter of %s, which ends at the semicolon before it", name, of)
	} else if x.main && (inNoName(name) || endsInValue(name)) {
		bad.inNoModule()
	}
	x.add(bad)
}

// parameterOf returns the name of the directive before an unknown one that takes its name as
// a parameter; "" if none does.
func parameterOf(d nginx.Directive, name string) string {
	before := d.Before()
	for _, row := range before.Key().Directives() {
		if _, _, ok := row.Word(row.OfFrom, name); ok && len(row.Words) > 0 {
			return before.Name()
		}
	}
	return ""
}

// inNoModule turns an unknown directive into one that no module of anybody has.
func (b *Refusal) inNoModule() {
	b.Fault, b.Message, b.Says = RefusedArgument, gluedName(b.Name), fmt.Sprintf("unknown directive \"%s\"", b.Name)
}

// inNoName reports whether name contains a byte that occurs in no module's directive
// names and that no template produces, or has no letter.
func inNoName(name string) bool {
	if strings.Trim(name, "-_") == "" || strings.Trim(name, "0123456789%") == "" && name[0] != '%' {
		return true
	}
	if source.TemplateMark(name) != "" || strings.ContainsAny(name, "{}<>%@#`") || strings.Contains(name, "[[") || name[0] == '$' || strings.HasPrefix(name, "\ufeff") {
		return false
	}
	if capitalsGlued(name) {
		return true
	}
	return strings.IndexFunc(name, func(c rune) bool {
		return c <= ' ' || c >= 0x7f || strings.ContainsRune(`/:.,\^$()*+?|=~&!"'[]`, c)
	}) >= 0
}

// capitalsGlued reports whether name begins like that of a directive and goes on in capitals.
// No module has such a name: those with capitals begin with one. A template has its marks
// after an underscore.
func capitalsGlued(name string) bool {
	capital := strings.IndexFunc(name, unicode.IsUpper)
	return capital >= 3 && unicode.IsLower(rune(name[capital-1])) && servers.NginxNameBegins(name[:capital])
}

// endsInValue reports whether name is that of a directive which takes a number, followed by
// one of at least two digits or with a unit, as in client_max_body_size64m.
func endsInValue(name string) bool {
	digits := strings.IndexAny(name, "0123456789")
	if digits < 0 || len(name)-digits < 2 {
		return false
	}
	if _, size := nginx.Offset(name[digits:]); !size {
		if _, time := nginx.Duration(name[digits:]); !time {
			return false
		}
	}
	return slices.ContainsFunc(servers.NginxKeyOf(name[:digits]).Directives(), func(row servers.NginxDirective) bool {
		return row.Value > servers.NginxFlag && row.Value < servers.NginxBuffers
	})
}

// gluedName describes what is wrong with a name that no module has.
func gluedName(name string) string {
	if name == "" {
		return "a directive begins with an empty word"
	}
	for end := len(name) - 1; end > 0; end-- {
		if servers.NginxKeyOf(name[:end]) == 0 {
			continue
		}
		if c, _ := utf8.DecodeRuneInString(name[end:]); unicode.IsSpace(c) || c == 0x200b {
			return fmt.Sprintf("the character after %s looks like a blank, but nginx takes it for a letter", name[:end])
		}
		return fmt.Sprintf("nginx has no directive %s: a blank is missing after %s", source.Excerpt(name), name[:end])
	}
	return fmt.Sprintf("nginx has no directive %s", source.Excerpt(name))
}

// shortName is the length up to which an unknown name in a fragment is not reported as
// a typo: a file that was not given may load its module. Shorter names are similar to one of
// nginx by chance, and those of known modules are in a table.
const shortName = 5

// guess finds the names that were probably meant by unknown directives.
func (x *inspector) guess() {
	near := map[string][]string{}
	for i := range x.Refused {
		b := &x.Refused[i]
		if b.Fault != UnknownDirective || len(b.Near) > 0 || !x.main && len(b.Name) <= shortName || servers.NginxModuleOfOthers(b.Name) {
			continue
		}
		names, ok := near[b.Name]
		if !ok && len(near) < maxGuesses {
			names = typo.Near(b.Name, servers.NginxNames())
			near[b.Name] = names
		}
		if x.main && len(b.Name) < shortName && (len(names) == 0 || typo.Distance(b.Name, names[0], 1) > 1) {
			b.inNoModule()
			continue
		}
		b.Near = names
	}
}

// maxGuesses limits how many unknown names are compared with the names of nginx.
const maxGuesses = 1000
