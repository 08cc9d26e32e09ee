package parser

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// iniTally counts the lines of a file of sections and keys by whose they are.
type iniTally struct {
	lines   int
	known   int  // with a key of PHP-FPM
	fits    int  // those of known that are in a section for them
	own     int  // those of known whose key no other program has
	php     int  // with a setting of php.ini
	phpIni  bool // a section that only a php.ini has
	global  bool // [global]
	process bool // a listen in one section with a key that only PHP-FPM has
	manager bool // a key of the process manager, perhaps misspelt
	listen  bool // in a pool, which is any section but [global]
	include bool
	folder  bool // an include of a directory that only PHP-FPM has
}

// guessIni is guess for a file of sections and keys, as many programs have them: a
// [global], a listen or an include alone proves nothing.
func guessIni(f *ini.File) guess {
	name := f.Source.Name
	t := tallyIni(f)
	switch {
	case !t.phpIni && t.own == 0 && sectionOwner(f) != "":
		return guess{}
	case t.phpIni, t.own > 0 && t.php > t.own, strings.HasSuffix(name, ".ini") && !t.process:
		return guess{role: source.RolePHPIni}
	case t.known == 0 && !t.manager:
		return guess{}
	}
	g := guess{role: source.RolePool, proved: t.proves(name)}
	if !g.proved && t.fits < t.lines {
		return guess{}
	}
	named := t.global && strings.Contains(path.Base(name), "php-fpm")
	if t.include || mainPlace(name) || named && t.listen {
		g.role = source.RoleFPM
	}
	// Without both pools and an include it may as well add to a main file elsewhere.
	g.master = named
	return g
}

// proves reports whether no other program has a file like the one called name.
func (t *iniTally) proves(name string) bool {
	switch {
	case t.process, t.own > 1, t.own > 0 && t.global, t.folder:
		return true
	case ofFPM(name):
		return t.own > 0 || t.manager || (t.listen || t.global) && 2*t.known > t.lines
	}
	return ofPools(name) && t.fits == t.lines && (t.own > 0 || t.listen)
}

// mainPlace reports whether a layout has the main file of PHP-FPM at name.
func mainPlace(name string) bool {
	l, _, root := layoutOf(name)
	return l != nil && matches(l.FPMConf, strings.TrimPrefix(name, root))
}

// tallyIni counts the lines of f.
func tallyIni(f *ini.File) (t iniTally) {
	section, listens, owns := "", false, false
	for line := range f.Lines() {
		key := strings.ToLower(line.Key())
		if line.Kind() == ini.Section {
			section, listens, owns = key, false, false
			t.global = t.global || key == "global"
			t.phpIni = t.phpIni || key == "php"
			continue
		}
		own := t.own
		t.count(line, key, section)
		manages := key == "pm" || strings.HasPrefix(key, "pm.")
		t.manager = t.manager || manages
		if section == "" || section == "global" {
			continue
		}
		listens = listens || key == "listen"
		owns = owns || manages || t.own > own
		t.listen = t.listen || listens
		t.process = t.process || listens && owns
	}
	return t
}

// count counts one line with a key in lower case, in a section.
func (t *iniTally) count(line ini.Line, key, section string) {
	t.lines++
	directive := servers.FPMKeyOf(key)
	switch {
	case key == "include":
		t.include = true
		t.known++
		t.fits++
		t.folder = t.folder || holdsPools(line.Value().Text)
	case directive != 0 && servers.FPMDirectives[directive].Indexed() == line.Indexed():
		t.known++
		if !directive.Shared() {
			t.own++
		}
		scope := servers.FPMPool
		if section == "" || section == "global" {
			scope = servers.FPMGlobal
		}
		if servers.FPMDirectives[directive].Scope&scope != 0 {
			t.fits++
		}
	case servers.PHPSetting(key):
		t.php++
	}
}

// holdsPools reports whether pattern matches files in a directory that only PHP-FPM has.
func holdsPools(pattern string) bool {
	return poolFolder(path.Dir(pattern)) || strings.Contains(pattern, "fpm")
}

// ofFPM reports whether the name of a file or its directory is one that PHP-FPM's packages
// and images use.
func ofFPM(name string) bool {
	dir, base := path.Split(name)
	switch base {
	case "www.conf", "zz-docker.conf": // Debian, official images
		return true
	}
	return strings.Contains(base, "fpm") || strings.Contains(path.Base(dir), "fpm") || poolFolder(path.Clean(dir))
}

// ofPools reports whether the name of a file or of a directory above it suggests pools.
func ofPools(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(base, "zz") || strings.Contains(base, "pool") || strings.Contains(path.Base(path.Dir(name)), "pool") || strings.Contains(near(name), "php")
}
