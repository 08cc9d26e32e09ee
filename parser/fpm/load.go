package fpm

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/source"
)

const (
	// maxDepth is how many files PHP-FPM has open at once while it includes
	// (fpm_conf_load_ini_file: ini_recursion).
	maxDepth = 5
	// maxVisits limits how many files and include lines are followed for one
	// master, counting each as often as it is reached.
	maxVisits = 100_000
	// maxEntries limits how many lines of one master are kept.
	maxEntries = 2_000_000
)

// Load reads files and what they include as PHP-FPM would if an empty php-fpm.conf
// included them one after the other. The first of them serves as the main file. It
// never fails: what stops PHP-FPM is in Problems, and reading continues after it.
func Load(files []*File, include Includer) *Config { return loadFrom(files, include, false) }

// LoadPools is Load for files that a php-fpm.conf elsewhere includes, perhaps after others:
// the section in which the first of them starts is unknown.
func LoadPools(files []*File, include Includer) *Config { return loadFrom(files, include, true) }

func loadFrom(files []*File, include Includer, included bool) *Config {
	main := files[0].Source
	l := &loader{
		config:  &Config{Main: main, Complete: true, Global: &Section{Name: "global", file: main}},
		include: include,
		pools:   map[string]*Section{},
		met:     map[*File]bool{},
	}
	l.open, l.unsure = l.config.Global, included
	for _, file := range files {
		l.visit(file, 0)
	}
	l.config.Global.settle()
	for _, pool := range l.config.Pools {
		pool.settle()
	}
	return l.config
}

// loader is the state of PHP-FPM while it reads: mainly the open section, which the
// end of a file does not close.
type loader struct {
	config  *Config
	include Includer
	open    *Section
	// unsure is set while a file that was not read, or what a template produces, may have
	// opened another section than open.
	unsure bool
	// other is set while another section than the pool open certainly is.
	other   bool
	pools   map[string]*Section // by name in lower case
	met     map[*File]bool
	visits  int
	entries int
	full    bool
	tooDeep bool

	reported map[source.Problem]bool
}

// visit reads one file. depth is the number of files that are being read.
func (l *loader) visit(file *File, depth int) {
	l.meet(file)
	if l.take(file) {
		return
	}
	var pending ini.Line // the include that is processed at the end of its physical line
	rendered := file.rendered
	for i := 0; i < file.Count() && !l.full; i++ {
		line := file.Line(i)
		for len(rendered) > 0 && rendered[0] < line.KeyAt().Start {
			l.unsure, rendered = true, rendered[1:]
		}
		if !pending.IsZero() && newLine(pending, line) {
			l.follow(pending, depth)
			pending = ini.Line{}
		}
		if line.Kind() == ini.Section {
			l.enter(line)
			continue
		}
		l.grow(file, i)
		l.add(line, file.keys[i])
		if !includes(line) {
			continue
		}
		if !pending.IsZero() {
			l.problem(source.Problem{At: line.KeyAt(), Kind: source.Include, Message: "two includes at the same time"})
			continue
		}
		pending = line
	}
	if !pending.IsZero() {
		l.follow(pending, depth)
	}
	l.unsure = l.unsure || len(rendered) > 0
}

// newLine reports whether b is on a later line than a of the same file. Only a file
// with bare carriage returns has several statements on a line.
func newLine(a, b ini.Line) bool {
	from, to := a.KeyAt().End, b.KeyAt().Start
	return strings.Contains(a.File().Text[from:max(from, to)], "\n")
}

// meet records the problems of a file that is read for the first time.
func (l *loader) meet(file *File) {
	if l.met[file] {
		return
	}
	l.met[file] = true
	l.config.Files = append(l.config.Files, file.Source)
	for _, problem := range file.Problems {
		l.config.Problems = append(l.config.Problems, problem)
		if problem.Kind != source.Syntax || file.Count() == 0 {
			l.config.Complete = false
		}
	}
}

// follow reads the files of one include line.
func (l *loader) follow(line ini.Line, depth int) {
	value := line.Value()
	at := value.At
	if value.Why != "" {
		l.problem(source.Problem{At: at, Kind: source.Template, Message: "the files of this include are not known: " + value.Why})
		return
	}
	if l.visited(at); l.full {
		return
	}
	files, problem := l.include(value.Text, at)
	if problem != nil {
		l.problem(*problem)
	}
	for _, file := range files {
		switch {
		case l.full:
			return
		case depth+1 == maxDepth:
			if !l.tooDeep { // PHP-FPM stops at the first
				l.tooDeep = true
				l.problem(source.Problem{At: at, Kind: source.Include, Message: "failed to include more than 5 files recursively"})
			}
			return
		}
		if l.visited(at); !l.full {
			l.visit(file, depth+1)
		}
	}
}

// visited counts a file or an include line, up to maxVisits.
func (l *loader) visited(at source.Span) {
	if l.visits++; l.visits > maxVisits {
		l.stop(at, "the configuration includes more than 100000 files and the rest was not read")
	}
}

// problem records a problem of an include whose files are then missing. A file that is
// included again has each problem only once.
func (l *loader) problem(p source.Problem) {
	l.config.Complete = false
	l.unsure = l.unsure || p.Kind != source.Include && l.open == l.config.Global
	if l.reported[p] {
		return
	}
	if l.reported == nil {
		l.reported = map[source.Problem]bool{}
	}
	l.reported[p] = true
	l.config.Problems = append(l.config.Problems, p)
}

func (l *loader) stop(at source.Span, message string) {
	l.full = true
	l.problem(source.Problem{At: at, Kind: source.Limit, Message: message})
}
