package compose

import (
	"errors"
	"io/fs"
	"path"
	"slices"

	"github.com/wp502lint/wp502lint/source"
)

// Load reads one deployment: files merged in order, with all that they include and
// extend. The first one decides the base directory of relative paths. vars are the
// variables of the environment; nil means those of .env in that directory. The
// environment of the process is never used.
func Load(open Open, files []string, vars map[string]Value) *Project {
	return newReader(open).load(files, vars)
}

// loader reads one deployment.
type loader struct {
	*reader
	project  *Project
	units    map[converted]*unit
	included map[string]*node
	copied   int
	seen     map[source.Problem]bool
	known    map[*source.File]bool
	declared map[string][]declaration // of each service
	order    int                      // of the last declaration
}

// maxProblems limits the problems of a project.
const maxProblems = 100

func (l *loader) fail(at source.Span, kind source.Kind, message string) {
	l.report(source.Problem{At: at, Kind: kind, Message: message})
}

func (l *loader) report(p source.Problem) {
	if !l.seen[p] && len(l.project.Problems) < maxProblems {
		l.seen[p] = true
		l.project.Problems = append(l.project.Problems, p)
	}
}

func (l *loader) use(f *source.File) {
	if !l.known[f] {
		l.known[f] = true
		l.project.Files = append(l.project.Files, f)
	}
}

func (r *reader) load(files []string, vars variables) *Project {
	l := &loader{
		reader: r, project: &Project{bases: map[base]bool{}}, units: map[converted]*unit{},
		included: map[string]*node{}, seen: map[source.Problem]bool{}, known: map[*source.File]bool{},
		declared: map[string][]declaration{},
	}
	p := l.project
	if len(files) == 0 {
		return p
	}
	p.Dir, p.Merged = path.Dir(files[0]), files
	for _, name := range files {
		if f, err := l.file(name); err == nil {
			l.use(f)
		}
	}
	if vars == nil {
		e := r.environment(p.Dir)
		vars, p.Sample = e.vars, e.sample
		for _, f := range e.files {
			l.use(f)
		}
		for _, problem := range e.problems {
			l.report(problem)
		}
	}
	l.name(files, vars)
	vars = l.builtIn(vars)
	root := l.scope(p.Dir, vars, p.Dir+"\x02"+p.Name)
	top := l.model(files, root, nil)
	l.build(top, root)
	return p
}

// builtIn returns vars with what Compose itself and every shell set.
func (l *loader) builtIn(vars variables) variables {
	out := make(variables, len(vars)+2)
	for name, v := range vars {
		out[name] = v
	}
	if _, set := out["PWD"]; !set {
		out["PWD"] = Value{Text: l.project.Dir, inside: true}
	}
	if _, set := out["COMPOSE_PROJECT_NAME"]; !set {
		v := Value{Text: l.project.Name}
		if v.Text == "" { // that of a directory outside the project
			v.Unknown, v.holes = []string{"COMPOSE_PROJECT_NAME"}, []int32{0}
		}
		out["COMPOSE_PROJECT_NAME"] = v
	}
	return out
}

// model returns the merge of files, each with what it includes and extends. including
// are the files that lead here, to find cycles.
func (l *loader) model(files []string, s *scope, including []string) *node {
	top := &node{kind: mapping, scope: s}
	for _, name := range files {
		docs := l.documents(name, s, s.vars["COMPOSE_FILE"].At)
		if docs == nil {
			continue
		}
		for _, doc := range docs.docs {
			own := l.versionOne(doc)
			doc = l.include(own, append(slices.Clip(including), name))
			l.declare(name, own)
			top = l.merge(top, l.extendAll(doc, docs.file), topRule)
		}
	}
	return top
}

// documents reads a file. by is what names it, the zero Span for the files of the
// deployment. nil if it cannot be read.
func (l *loader) documents(name string, s *scope, by source.Span) *documents {
	docs, err := l.converted(name, s)
	if err != nil {
		l.unreadable(name, err, by)
		return nil
	}
	l.use(docs.file)
	for _, p := range docs.problems {
		l.report(p)
	}
	if docs.broken {
		l.project.Partial = true
	}
	return docs
}

func (l *loader) unreadable(name string, err error, by source.Span) {
	reason := err.Error()
	if errors.Is(err, fs.ErrNotExist) {
		reason = "no such file"
	}
	kind := source.Include
	if by.IsZero() {
		kind = source.Unreadable
	}
	l.project.Partial = true
	l.fail(by, kind, name+": "+reason)
}
