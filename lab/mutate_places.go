//go:build linux

package lab

import (
	"fmt"
	"iter"
	"strings"

	"github.com/wp502lint/wp502lint/parser"
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
	ini      bool
	block    bool
}

func (p place) text() string { return p.draftFile.text[p.from:p.to] }

// where returns the location of the place: /etc/nginx/nginx.conf:3 user.
func (p place) where() string {
	return fmt.Sprintf("%s:%d %s", p.name, p.lineOf(p.from), p.key)
}

// at returns the location of an offset.
func (f *draftFile) at(offset int) string { return fmt.Sprintf("%s:%d", f.name, f.lineOf(offset)) }

func (f *draftFile) isIni() bool { return f.role != parser.RoleNginx }

func (f *draftFile) source() *source.File {
	return &source.File{Name: f.name, Real: f.name, Text: f.text}
}

// lines parses the file as the Zend INI dialect.
func (f *draftFile) lines() iter.Seq[ini.Line] {
	mode := ini.LineMode
	if f.role == parser.RolePHPIni {
		mode = ini.FileMode
	}
	return ini.Parse(f.source(), mode).Lines()
}

// values returns the values of the settings of a file, one place per argument.
func (f *draftFile) values() (places []place) {
	if f.isIni() {
		for l := range f.lines() {
			if l.Kind() == ini.Entry {
				at := l.Value().At
				places = append(places, place{draftFile: f, from: int(at.Start), to: int(at.End), key: l.Key(), ini: true})
			}
		}
		return places
	}
	for d := range nginx.Parse(f.source()).All() {
		for _, w := range d.Args() {
			at := w.Span()
			places = append(places, place{draftFile: f, from: int(at.Start), to: int(at.End), key: d.Name()})
		}
	}
	return places
}

// keys returns the names of the settings of a file.
func (f *draftFile) keys() (places []place) {
	if f.isIni() {
		for l := range f.lines() {
			if l.Kind() == ini.Entry {
				places = append(places, place{draftFile: f, from: int(l.KeyAt().Start), to: int(l.KeyAt().End), key: l.Key(), ini: true})
			}
		}
		return places
	}
	for d := range nginx.Parse(f.source()).All() {
		at := d.NameWord().Span()
		places = append(places, place{draftFile: f, from: int(at.Start), to: int(at.End), key: d.Name()})
	}
	return places
}

// statements returns the settings of a file with their terminators, without blocks.
func (f *draftFile) statements() (places []place) {
	if f.isIni() {
		for l := range f.lines() {
			if l.Kind() != ini.Section {
				at := f.wholeLine(int(l.KeyAt().Start))
				at.key = l.Key()
				places = append(places, at)
			}
		}
		return places
	}
	for d := range nginx.Parse(f.source()).All() {
		if !d.HasBlock() {
			at := d.Whole()
			places = append(places, place{draftFile: f, from: int(at.Start), to: int(at.End), key: d.Name()})
		}
	}
	return places
}

// wholeLine returns the line around an offset, without its end.
func (f *draftFile) wholeLine(offset int) place {
	from := strings.LastIndexByte(f.text[:offset], '\n') + 1
	to := len(f.text)
	if i := strings.IndexByte(f.text[offset:], '\n'); i >= 0 {
		to = offset + i
	}
	return place{draftFile: f, from: from, to: to, ini: f.isIni()}
}

// blocks returns the blocks of nginx and the sections of PHP-FPM.
func (f *draftFile) blocks() (places []place) {
	if !f.isIni() {
		for d := range nginx.Parse(f.source()).All() {
			if d.HasBlock() {
				at := d.Whole()
				places = append(places, place{draftFile: f, from: int(at.Start), to: int(at.End), key: d.Name(), block: true})
			}
		}
		return places
	}
	for l := range f.lines() {
		if l.Kind() != ini.Section {
			continue
		}
		from := f.wholeLine(int(l.KeyAt().Start)).from
		if n := len(places); n > 0 {
			places[n-1].to = from
		}
		places = append(places, place{draftFile: f, from: from, to: len(f.text), key: "[" + l.Key() + "]", ini: true, block: true})
	}
	return places
}
