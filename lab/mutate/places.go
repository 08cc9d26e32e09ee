package mutate

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// place is a range of a file that can be changed: the value of a setting, a whole
// statement, or a block.
type place struct {
	*draftFile
	from, to int
	key      string // of the setting, or the name of the block
}

func (p place) text() string { return p.draftFile.text[p.from:p.to] }

// set replaces the place with new text. It does not change the result of where.
func (p place) set(text string) { p.replace(p.from, p.to, text) }

// where returns the location of the place: /etc/nginx/nginx.conf:3 user.
func (p place) where() string { return p.at(p.from) + " " + p.key }

// at returns the location of an offset.
func (f *draftFile) at(offset int) string {
	return fmt.Sprintf("%s:%d", f.name, 1+strings.Count(f.text[:offset], "\n"))
}

// syntax is the language of a file.
type syntax uint8

const (
	iniSyntax syntax = iota
	nginxSyntax
	apacheSyntax
)

func (f *draftFile) syntax() syntax {
	switch f.role {
	case source.RoleNginx:
		return nginxSyntax
	case source.RoleApache:
		return apacheSyntax
	}
	return iniSyntax
}

// place returns the place of a span.
func (f *draftFile) place(at source.Span, key string) place {
	return place{f, int(at.Start), int(at.End), key}
}

// each calls directive with the directives of a file of nginx, or line with the lines
// of a file of PHP, which it parses as the Zend INI dialect.
func (f *draftFile) each(directive func(nginx.Directive), line func(ini.Line)) {
	text, mode := &source.File{Name: f.name, Real: f.name, Text: f.text}, ini.LineMode
	switch f.role {
	case source.RoleNginx:
		for d := range nginx.Parse(text).All() {
			directive(d)
		}
		return
	case source.RolePHPIni:
		mode = ini.FileMode
	}
	for l := range ini.Parse(text, mode).Lines() {
		line(l)
	}
}

// values returns the values of the settings of a file, one place per argument.
func (f *draftFile) values() (places []place) {
	if f.syntax() == apacheSyntax {
		return f.apacheValues()
	}
	f.each(func(d nginx.Directive) {
		for _, w := range d.Args() {
			places = append(places, f.place(w.Span(), d.Name()))
		}
	}, func(l ini.Line) {
		if l.Kind() == ini.Entry {
			places = append(places, f.place(l.Value().At, l.Key()))
		}
	})
	return places
}

// keys returns the names of the settings of a file.
func (f *draftFile) keys() (places []place) {
	if f.syntax() == apacheSyntax {
		return f.apacheKeys()
	}
	f.each(func(d nginx.Directive) {
		places = append(places, f.place(d.NameWord().Span(), d.Name()))
	}, func(l ini.Line) {
		if l.Kind() == ini.Entry {
			places = append(places, f.place(l.KeyAt(), l.Key()))
		}
	})
	return places
}

// statements returns the settings of a file with their terminators, without blocks.
func (f *draftFile) statements() (places []place) {
	if f.syntax() == apacheSyntax {
		return f.apacheStatements()
	}
	f.each(func(d nginx.Directive) {
		if !d.HasBlock() {
			places = append(places, f.place(d.Whole(), d.Name()))
		}
	}, func(l ini.Line) {
		if l.Kind() != ini.Section {
			places = append(places, f.wholeLine(int(l.KeyAt().Start), l.Key()))
		}
	})
	return places
}

// wholeLine returns the line around an offset, without its end.
func (f *draftFile) wholeLine(offset int, key string) place {
	from := strings.LastIndexByte(f.text[:offset], '\n') + 1
	to := len(f.text)
	if i := strings.IndexByte(f.text[offset:], '\n'); i >= 0 {
		to = offset + i
	}
	return place{f, from, to, key}
}

// blocks returns the blocks of nginx, and the sections of PHP-FPM and of Apache.
func (f *draftFile) blocks() (places []place) {
	if f.syntax() == apacheSyntax {
		return f.apacheSections()
	}
	f.each(func(d nginx.Directive) {
		if d.HasBlock() {
			places = append(places, f.place(d.Whole(), d.Name()))
		}
	}, func(l ini.Line) {
		if l.Kind() != ini.Section {
			return
		}
		section := f.wholeLine(int(l.KeyAt().Start), "["+l.Key()+"]")
		if n := len(places); n > 0 {
			places[n-1].to = section.from
		}
		section.to = len(f.text)
		places = append(places, section)
	})
	return places
}
