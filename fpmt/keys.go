package fpmt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// bare reports a name without "=".
func (j *judge) bare(e *fpm.Entry) {
	j.report(e, Refusal{Fault: UnknownEntry, At: e.KeyAt(),
		Message: fmt.Sprintf("%s has no = and no value, and PHP-FPM refuses the line", source.Excerpt(e.KeyAt().Text())),
		Says:    line(e, servers.RefuseNull)})
}

// indexed judges name[index] (php-src fpm_conf.c, fpm_conf_ini_parser_array).
func (j *judge) indexed(e *fpm.Entry) {
	name := e.KeyAt().Text()
	d := &servers.FPMDirectives[e.Directive]
	if !d.Indexed() || d.Name != name {
		d = nil // PHP-FPM's indexed keys are case-sensitive
	}
	refuse := func(message string, r servers.FPMRefusal, args ...any) {
		j.report(e, Refusal{Fault: UnknownEntry, At: e.KeyAt(), Message: message, Says: line(e, r, args...)})
	}
	switch {
	case j.scope == servers.FPMGlobal:
		refuse(fmt.Sprintf("%s[] belongs in a pool, and PHP-FPM refuses it in [global]", name), servers.RefuseGlobal)
	case e.Index() == "" && (d == nil || d.Kind != servers.FPMPaths):
		refuse(fmt.Sprintf("%s[] has no name in its brackets", name), servers.RefuseNoKey, name)
	case d == nil:
		j.unknown(e, name, line(e, servers.RefuseArray, name))
	case d.Kind == servers.FPMPaths && e.Index() != "":
		refuse(fmt.Sprintf("%s takes nothing in its brackets", name), servers.RefuseKey, name)
	case j.available(e, d):
		v := e.Value()
		j.arrayValue(e, v, d)
		j.unquoted(e, v)
	}
}

// plain judges key = value (php-src fpm_conf.c, fpm_conf_ini_parser_entry).
func (j *judge) plain(e *fpm.Entry) {
	switch d := &servers.FPMDirectives[e.Directive]; {
	case e.Directive == 0 || d.Indexed():
		if name := e.KeyAt().Text(); name != "include" {
			j.unknown(e, name, line(e, servers.RefuseUnknown, name))
		}
	case d.Scope&j.scope == 0:
		j.wrongSection(e)
	case j.available(e, d):
		v := e.Value()
		j.value(e, v, d)
		j.unquoted(e, v)
	}
}

// wrongSection reports a key that belongs to the other section.
func (j *judge) wrongSection(e *fpm.Entry) {
	b := Refusal{Fault: UnknownEntry, At: e.KeyAt(), Says: line(e, servers.RefuseUnknown, e.KeyAt().Text())}
	if j.scope == servers.FPMGlobal {
		b.Message = fmt.Sprintf("%s belongs in a pool, and PHP-FPM refuses it in [global]", e.Key())
		j.report(e, b)
		return
	}
	b.Message = fmt.Sprintf("%s belongs in [global], and PHP-FPM refuses it in pool %s", e.Key(), j.section.Name)
	header, include := j.opened(e)
	switch {
	case !include.IsZero():
		b.Notes = []source.Note{{At: include, Message: "the files of this include leave pool " + j.section.Name + " open"}}
	case !header.IsZero():
		b.Notes = []source.Note{{At: header, Message: "the line belongs to this pool"}}
	}
	j.report(e, b)
}

// opened returns the header in the file of e that opened the section of e, or the include
// before e whose files opened it.
func (j *judge) opened(e *fpm.Entry) (header, include source.Span) {
	for _, h := range j.section.Headers {
		if h.File == e.KeyAt().File && h.Start < e.KeyAt().Start {
			header = h
		}
	}
	for i := range j.master.Global.Entries {
		g := &j.master.Global.Entries[i]
		if g.Key() == "include" && g.KeyAt().File == e.KeyAt().File && g.KeyAt().Start < e.KeyAt().Start && g.KeyAt().Start >= header.Start {
			include = g.Value().At
		}
	}
	return header, include
}

// available reports whether the PHP of the master has the directive, and records a
// refusal if not.
func (j *judge) available(e *fpm.Entry, d *servers.FPMDirective) bool {
	message := ""
	switch v := j.Version; {
	case servers.Older(v, d.Since):
		message = fmt.Sprintf("%s came with PHP %s, and this is PHP %s", d.Name, d.Since, v)
	case d.Build != "":
		built, known := j.master.Layout.FPMBuilt(d.Build)
		if !known {
			j.untold(UnknownEntry, e.KeyAt(), fmt.Sprintf("%s needs a PHP with %s; cannot tell how this one is built", d.Name, d.Build))
		} else if !built {
			message = fmt.Sprintf("%s needs a PHP with %s, but the PHP of %s is built without it", d.Name, d.Build, j.master.Layout.Name)
		}
	case v == "" && d.Since != "" && !servers.Older(d.Since, "8.0"):
		j.untold(UnknownEntry, e.KeyAt(), fmt.Sprintf("%s came with PHP %s, and the version is not known", d.Name, d.Since))
	}
	if message == "" {
		return true
	}
	refusal := servers.RefuseUnknown
	if d.Indexed() {
		refusal = servers.RefuseArray
	}
	j.report(e, Refusal{Fault: UnknownEntry, At: e.KeyAt(), Says: line(e, refusal, e.KeyAt().Text()), Message: message})
	return false
}

// unknown reports a key that PHP-FPM has in no section, with the one that was probably meant.
func (j *judge) unknown(e *fpm.Entry, name, says string) {
	b := Refusal{Fault: UnknownEntry, At: e.KeyAt(), Says: says}
	near := j.near(e)
	switch {
	case servers.FPMDirectives[e.Directive].Indexed() && !e.Indexed():
		b.Message, near = fmt.Sprintf("%s needs the name of a setting in brackets", name), ""
	case e.Key() == "include":
		b.Message, near = "PHP-FPM takes include only in lower case", "include"
	case near != "":
		b.Message = fmt.Sprintf("PHP-FPM does not know %s; did you mean %s?", source.Excerpt(name), near)
	default:
		b.Message = fmt.Sprintf("PHP-FPM does not know %s", source.Excerpt(name))
	}
	if near != "" {
		j.lost = append(j.lost, servers.FPMKeyOf(near))
		b.Fixes = []source.Fix{{Title: "write " + near, Edits: []source.Edit{{At: e.KeyAt(), New: near}}}}
	}
	j.report(e, b)
}

// near returns the directive of the section that is similar to the key of e.
func (j *judge) near(e *fpm.Entry) string {
	word := folded(e.Key())
	best, fewest := "", min(3, len(word)/4)
	for i := range servers.FPMDirectives {
		d := &servers.FPMDirectives[i]
		if d.Scope&j.scope == 0 || d.Indexed() != e.Indexed() {
			continue
		}
		name := folded(d.Name)
		if name == word || strings.HasSuffix(name, "."+word) && strings.Count(name, ".") == 1 && len(word) > 8 {
			return d.Name
		}
		if n := typo.Distance(word, name, fewest+1); n <= fewest {
			best, fewest = d.Name, n-1
		}
	}
	return best
}

// folded returns a key with dots for every blank, dash and underscore.
func folded(key string) string { return strings.NewReplacer(" ", ".", "-", ".", "_", ".").Replace(key) }

// duplicates finds the duplicate entries of a section.
func (j *judge) duplicates() {
	for i := range j.section.Entries {
		lost := &j.section.Entries[i]
		if !lost.Lost || j.wrong[lost] || len(j.Duplicates) >= maxRefusals {
			continue
		}
		if d := &servers.FPMDirectives[lost.Directive]; !lost.Indexed() && (d.Indexed() || d.Scope&j.scope == 0) {
			continue
		}
		counts := j.section.Last(lost.Directive)
		if lost.Indexed() {
			counts = j.section.First(lost.Directive, lost.Index())
		}
		// A section stays open after an include, so that a line of another file may take
		// effect. For a listen that is hardly ever intended.
		together := counts.KeyAt().File == lost.KeyAt().File || lost.Directive == servers.KeyListen && !j.section.Merged()
		if together && counts.Value().Text != lost.Value().Text {
			j.Duplicates = append(j.Duplicates, Duplicate{j.section, spelled(lost), lineOf(lost), lineOf(counts), lost.Indexed()})
		}
	}
}

// lineOf returns an entry from its key to its value.
func lineOf(e *fpm.Entry) source.Span { return e.KeyAt().To(e.Value().At) }
