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
	// maxVisits is how many files and include lines this program follows for
	// one master, counting each as often as it is reached.
	maxVisits = 100_000
	// maxEntries is how many lines of one master this program keeps.
	maxEntries = 2_000_000
)

// Load reads main and what it includes, in the order in which PHP-FPM reads it.
// It never fails: what stops PHP-FPM is in Problems, and reading goes on behind
// it.
func Load(main *source.File, include Includer) *Config {
	return LoadAll([]*source.File{main}, include)
}

// LoadAll reads files as PHP-FPM would if an empty php-fpm.conf included them
// one after the other. The first of them stands for the main file.
func LoadAll(files []*source.File, include Includer) *Config {
	main := files[0]
	l := &loader{
		config:  &Config{Main: main, Complete: true, Global: &Section{Name: "global", file: main}},
		include: include,
		pools:   map[string]*Section{},
		parsed:  map[*source.File]*ini.File{},
	}
	l.open = l.config.Global
	for _, file := range files {
		l.visit(file, 0)
	}
	l.config.Global.settle()
	for _, pool := range l.config.Pools {
		pool.settle()
	}
	return l.config
}

// loader is the state of PHP-FPM while it reads: above all the section that is
// open, which no end of a file closes.
type loader struct {
	config  *Config
	include Includer
	open    *Section
	pools   map[string]*Section // by name in lower case
	visits  int
	entries int
	full    bool
	tooDeep bool

	reported map[source.Problem]bool

	// parsed has every file that was read. Its lines are kept from the second
	// reading on only: most files are read once.
	parsed map[*source.File]*ini.File
	// lines are the arrays that the files at each depth of including share.
	lines [maxDepth][]ini.Line
	// slabs from which sections and headers are cut.
	sections []Section
	headers  []source.Span
}

// visit reads one file. depth counts the files that are being read already.
func (l *loader) visit(file *source.File, depth int) {
	lines := l.read(file, depth)
	pending := -1 // the line with an include that waits for the end of its physical line
	for i := 0; i < len(lines) && !l.full; i++ {
		if pending >= 0 && newLine(file, &lines[pending], &lines[i]) {
			l.follow(&lines[pending], depth)
			pending = -1
		}
		line := &lines[i]
		if line.Kind == ini.Section {
			l.enter(line)
			continue
		}
		l.grow(lines[i:])
		l.add(line)
		if line.Kind != ini.Entry || line.Indexed || line.Key != "include" {
			continue
		}
		if pending >= 0 {
			l.problem(source.Problem{At: line.KeyAt, Kind: source.Include, Message: "two includes at the same time"})
			continue
		}
		pending = i
	}
	if pending >= 0 {
		l.follow(&lines[pending], depth)
	}
}

// newLine reports whether b stands on a later line than a. Only a file with
// bare carriage returns has several statements on a line.
func newLine(file *source.File, a, b *ini.Line) bool {
	return strings.Contains(file.Text[a.KeyAt.End:max(a.KeyAt.End, b.KeyAt.Start)], "\n")
}

// read returns the lines of file.
func (l *loader) read(file *source.File, depth int) []ini.Line {
	parsed, again := l.parsed[file]
	if parsed != nil {
		return parsed.Lines
	}
	if again {
		parsed = ini.Parse(file, ini.LineMode)
		l.parsed[file] = parsed
		return parsed.Lines
	}
	parsed = ini.ParseInto(l.lines[depth], file, ini.LineMode)
	if cap(parsed.Lines) > 0 {
		l.lines[depth] = parsed.Lines
	}
	l.parsed[file] = nil
	l.config.Files = append(l.config.Files, file)
	for _, problem := range parsed.Problems {
		l.config.Problems = append(l.config.Problems, problem)
		if problem.Kind != source.Syntax || len(parsed.Lines) == 0 {
			l.config.Complete = false
		}
	}
	return parsed.Lines
}

// follow reads the files of one include line.
func (l *loader) follow(line *ini.Line, depth int) {
	at := line.Value.At
	if line.Value.Why != "" {
		l.problem(source.Problem{At: at, Kind: source.Template, Message: "the files of this include are not known: " + line.Value.Why})
		return
	}
	if l.visited(at); l.full {
		return
	}
	files, problem := l.include(line.Value.Text, at)
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

// visited counts what an include leads to.
func (l *loader) visited(at source.Span) {
	if l.visits++; l.visits > maxVisits {
		l.stop(at, "the configuration includes more than 100000 files and the rest was not read")
	}
}

// problem keeps a problem of an include, behind which files are missing. A file
// that is included again has each only once.
func (l *loader) problem(p source.Problem) {
	l.config.Complete = false
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
