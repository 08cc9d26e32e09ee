package upgrade

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/fix"
	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/parser/phpini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// carryGlobal carries what [global] of the old PHP-FPM sets and its package does not.
func (p *planner) carryGlobal() {
	old, err := p.tree().File(p.old.main)
	now, nowErr := p.tree().File(p.new.main)
	if err != nil || nowErr != nil || p.opts.In != nil || p.stockFile(old) == yes {
		return
	}
	want, _ := globals(old)
	have, header := globals(now)
	if header.IsZero() {
		return
	}
	kept := []string{"pid", "error_log", "include", "daemonize", "events.mechanism", "systemd_interval"}
	want = slices.DeleteFunc(want, func(l line) bool { return slices.Contains(kept, l.key) })
	if p.reload || p.stockFile(now) == no {
		for _, l := range want {
			if !slices.ContainsFunc(have, func(h line) bool { return h.key == l.key && unquoted(h.text) == unquoted(l.text) }) {
				p.tell(Step{At: l.name, Text: fmt.Sprintf("%s = %s of PHP %s is not in %s, which people have changed", l.key, l.text, p.From, p.new.main)})
			}
		}
		return
	}
	for _, h := range have {
		kept = append(kept, h.key) // what only the new one sets stays
	}
	if n := p.carryLines(header, want, have, kept...); n > 0 {
		p.do(Step{Kind: Settings, At: header, Text: fmt.Sprintf("[global] gets %s of PHP %s", count(n, "setting"), p.From), Path: p.new.main})
		p.fresh = true
	}
}

// globals returns the lines of [global] in one file, the last of each key, and its header.
func globals(f *source.File) (list []line, header source.Span) {
	global := true
	for l := range ini.Parse(f, ini.LineMode).Lines() {
		switch {
		case l.Kind() == ini.Section:
			if global = strings.EqualFold(l.Key(), "global"); global {
				header = l.KeyAt()
			}
		case global && l.Kind() == ini.Entry:
			list = slices.DeleteFunc(list, func(o line) bool { return o.key == l.Key() })
			list = append(list, line{l.Key(), l.Value().At.Text(), l.Value().At, l.KeyAt()})
		}
	}
	return list, header
}

// value is one setting of php.ini.
type value struct {
	name, text, written string
	at                  source.Span
}

// values returns the settings of one ini file that hold for every request, the last of each
// name, and the lines that load extensions.
func values(f *source.File) (list []value, loads []value) {
	for _, e := range phpini.Load([]*source.File{f}).Entries {
		if e.Host || e.Path || e.Kind() != ini.Entry {
			continue
		}
		text, _ := e.Text()
		v := value{e.Key(), text, e.Value().At.Text(), e.KeyAt()}
		if e.Indexed() {
			continue
		}
		if name := strings.ToLower(v.name); name == "extension" || name == "zend_extension" {
			loads = append(loads, v)
			continue
		}
		list = slices.DeleteFunc(list, func(o value) bool { return o.name == v.name })
		list = append(list, v)
	}
	return list, loads
}

// carryIni carries what people changed in php.ini and added to conf.d.
func (p *planner) carryIni() {
	if p.opts.In != nil {
		return // the other sites of both versions use the same files
	}
	own := p.carryDropIns()
	old, err := p.tree().File(p.old.ini)
	if err != nil || p.old.ini == p.new.ini {
		return
	}
	stock := p.stockIni()
	var set []value
	all, loads := values(old)
	for _, l := range loads {
		p.tell(Step{At: l.at, Text: fmt.Sprintf("%s = %s of PHP %s is not carried; enable the extension for PHP %s", l.name, l.written, p.From, p.To)})
	}
	effective := p.effective()
	for _, v := range all {
		if was, ok := stock[v.name]; ok && was == v.text || slices.Contains(own, v.name) {
			continue
		}
		if p.lost(v) {
			continue
		}
		v.written = p.translatedValue(v.name, v.written)
		if now, ok := effective[v.name]; !ok || now != v.text {
			set = append(set, v)
		}
	}
	if len(set) == 0 {
		return
	}
	text := "; what the php.ini of PHP " + p.From + " changed, from " + p.old.ini + "\n"
	for _, v := range set {
		text += v.name + " = " + v.written + "\n"
	}
	name := p.freeName(path.Join(p.new.confD, "99-local"), ".ini")
	p.create(name, text, p.old.ini)
	p.fresh = true
	p.do(Step{Kind: Settings, Path: name, Text: fmt.Sprintf("%s gets %s of the php.ini of PHP %s", name, count(len(set), "setting"), p.From), Why: "a file beside php.ini stays when the package brings a new one; it is of PHP-FPM alone, not of the command line"})
}

// translatedValue returns the value of a setting with the version replaced in the name of a log.
func (p *planner) translatedValue(name, text string) string {
	if name == "error_log" {
		return p.renamedLog(text)
	}
	return text
}

// stockIni returns the settings of the php.ini that the package of the old version brings, or
// of the new version's own if there is none.
func (p *planner) stockIni() map[string]string {
	names := []string{
		path.Join("/usr/lib/php", p.From, "php.ini-production"), // Debian: php8.2-common
		path.Join(path.Dir(p.old.ini), "php.ini-production"),
		p.new.ini,
	}
	for _, name := range names {
		f, err := p.tree().File(name)
		if err != nil {
			continue
		}
		set := map[string]string{}
		list, _ := values(f)
		for _, v := range list {
			set[v.name] = v.text
		}
		return set
	}
	return nil
}

// effective returns the settings of the new PHP-FPM as they are.
func (p *planner) effective() map[string]string {
	set := map[string]string{}
	for _, name := range append([]string{p.new.ini}, p.inis(p.new.confD)...) {
		if f, err := p.tree().File(name); err == nil {
			list, _ := values(f)
			for _, v := range list {
				set[v.name] = v.text
			}
		}
	}
	return set
}

// inis returns the ini files of a directory.
func (p *planner) inis(dir string) []string {
	if dir == "" {
		return nil
	}
	names, _ := p.tree().Glob(tree.EscapeGlob(dir) + "/*.ini")
	return names
}

// lost reports whether the new PHP does not have a setting, and says so.
func (p *planner) lost(v value) bool {
	s, ok := servers.INISettingOf(v.name)
	if !ok {
		return false
	}
	what := "is not carried"
	if p.old.main == p.new.main {
		what = "has no effect any more"
	}
	switch {
	case s.Removed != "" && !servers.Older(p.To, s.Removed) && servers.Older(p.From, s.Removed):
		p.tell(Step{At: v.at, Text: fmt.Sprintf("%s %s: PHP %s removed it", v.name, what, s.Removed)})
		return true
	case s.Removed != "" && !servers.Older(p.To, s.Removed):
		return true // it had no effect before either
	case s.Added != "" && servers.Older(p.To, s.Added):
		p.tell(Step{At: v.at, Text: fmt.Sprintf("%s %s: PHP %s added it, and PHP %s does not know it", v.name, what, s.Added, p.To)})
		return true
	case s.Deprecated != "" && !servers.Older(p.To, s.Deprecated):
		p.tell(Step{At: v.at, Text: fmt.Sprintf("%s is deprecated since PHP %s", v.name, s.Deprecated)})
	}
	return false
}

// carryDropIns carries the files that people added to conf.d, and enables the extensions that
// were enabled. It returns the names that conf.d of the old version sets.
func (p *planner) carryDropIns() (set []string) {
	for _, name := range p.inis(p.old.confD) {
		f, err := p.tree().File(name)
		if err != nil {
			continue
		}
		list, loads := values(f)
		for _, v := range list {
			set = append(set, v.name)
		}
		link := f.Real != p.resolved(name)
		switch {
		case link && strings.Contains(f.Real, "/mods-available/"):
			p.enable(name, f)
		case len(loads) > 0:
			p.tellLoads(name, loads)
			if len(list) > 0 && !p.packaged(f) {
				p.copyDropIn(name, f)
			}
		case !p.packaged(f) && !p.sameName(name):
			p.copyDropIn(name, f)
		}
	}
	p.changedDefaults()
	return set
}

// packaged reports whether a file is one that a package brings.
func (p *planner) packaged(f *source.File) bool { return p.stockFile(f) == yes }

// sameName reports whether the new version has a file of the same name, and says so if it has
// another text.
func (p *planner) sameName(name string) bool {
	other := path.Join(p.new.confD, path.Base(name))
	if p.free(other) {
		return false
	}
	if renamed(p.read(name), p.From, p.To) != p.read(other) {
		p.tell(Step{Path: name, Text: fmt.Sprintf("%s has another text than %s, and stays as it is", other, name)})
	}
	return true
}

// copyDropIn copies a file of conf.d without the settings that the new PHP does not have.
func (p *planner) copyDropIn(name string, f *source.File) {
	other := path.Join(p.new.confD, path.Base(name))
	if !p.free(other) {
		return
	}
	var edits []source.Edit
	for _, e := range phpini.Load([]*source.File{f}).Entries {
		if e.Kind() != ini.Entry {
			continue
		}
		text, _ := e.Text()
		v := value{e.Key(), text, e.Value().At.Text(), e.KeyAt()}
		switch key := strings.ToLower(v.name); {
		case key == "extension" || key == "zend_extension" || p.lost(v):
			at := f.Line(e.KeyAt().Begin().Line)
			edits = append(edits, source.Edit{At: source.Span{File: f, Start: at.Start, End: min(at.End+1, int32(len(f.Text)))}})
		default:
			if now := p.translatedValue(v.name, v.written); now != v.written {
				edits = append(edits, source.Edit{At: e.Value().At, New: now})
			}
		}
	}
	p.create(other, fix.Edited(f.Text, edits), f.Real)
	p.fresh = true
	p.do(Step{Kind: Settings, Path: name, Text: other + " gets the settings of " + name})
}

// changedDefaults says which defaults of PHP change with the version.
func (p *planner) changedDefaults() {
	if !servers.Older(p.From, "8.4") || servers.Older(p.To, "8.4") {
		return
	}
	for _, name := range append([]string{p.old.ini}, p.inis(p.old.confD)...) {
		f, err := p.tree().File(name)
		if err != nil {
			continue
		}
		list, _ := values(f)
		i := slices.IndexFunc(list, func(v value) bool { return v.name == "opcache.jit_buffer_size" && v.text != "0" && v.text != "" })
		if i >= 0 && !slices.ContainsFunc(list, func(v value) bool { return v.name == "opcache.jit" }) {
			p.tell(Step{At: list[i].at, Text: "PHP 8.4 turned the JIT off by default; opcache.jit_buffer_size alone no longer turns it on, opcache.jit = tracing does"})
		}
	}
}
