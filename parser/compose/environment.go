package compose

import (
	"maps"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// environment is the variables of the project in a directory.
type environment struct {
	vars     variables
	files    []*source.File
	sample   *source.File // in place of .env, which is missing; nil for none
	problems []source.Problem
}

// environment reads .env of a directory, and the files that COMPOSE_ENV_FILES in it names.
// Values of .env win over those. Without .env, its sample has the values: git ignores the copy.
func (r *reader) environment(dir string) environment {
	if e, ok := r.envs[dir]; ok {
		return e
	}
	e := environment{vars: variables{}}
	fail := func(at source.Span, kind source.Kind, message string) {
		e.problems = append(e.problems, source.Problem{At: at, Kind: kind, Message: message})
	}
	if f, err := r.file(path.Join(dir, ".env")); err == nil {
		e.files = append(e.files, f)
		r.readEnv(f, e.vars, nil, fail)
	} else if e.sample = r.envSample(path.Join(dir, ".env")); e.sample != nil {
		e.files = append(e.files, e.sample)
		r.readEnv(e.sample, e.vars, nil, func(source.Span, source.Kind, string) {})
		e.vars.open()
	}
	if list := e.vars["COMPOSE_ENV_FILES"]; list.Text != "" {
		more := variables{}
		for name := range strings.SplitSeq(list.Text, ",") {
			f, err := r.file(path.Join(dir, strings.TrimSpace(name)))
			if err != nil {
				e.problems = append(e.problems, source.Problem{At: list.At, Kind: source.Include, Message: "COMPOSE_ENV_FILES: cannot read " + strings.TrimSpace(name)})
				continue
			}
			e.files = append(e.files, f)
			r.readEnv(f, more, e.vars, fail)
		}
		maps.Copy(more, e.vars)
		e.vars = more
	}
	r.envs[dir] = e
	return e
}

// readEnv adds the variables of an env file to into. A value may use those of outer, which
// win, and those before it.
func (r *reader) readEnv(f *source.File, into, outer variables, fail report) {
	e := envReader{file: f, filler: r.filler, seen: f.Comments != nil, outer: outer, vars: into, fail: fail}
	e.each(func(v variable) {
		if !v.bare {
			into[v.name] = v.value
		} else if value, ok := outer[v.name]; ok {
			into[v.name] = value
		}
	})
}

// projectName returns a text as the name of a project: lower case, only letters, digits, "-" and
// "_", and a letter or digit first.
func projectName(text string) string {
	text = strings.Map(func(c rune) rune {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_' {
			return c
		}
		return -1
	}, strings.ToLower(text))
	return strings.TrimLeft(text, "_-")
}

// name decides the name of the project: COMPOSE_PROJECT_NAME, name: of the last file that has
// it, the name of the directory.
func (l *loader) name(files []string, vars variables) {
	p := l.project
	if v := vars["COMPOSE_PROJECT_NAME"]; v.Text != "" {
		p.Name = v.Text
		return
	}
	named := false
	for _, name := range files {
		yaml, err := l.parsed(name)
		if err != nil {
			continue
		}
		for _, document := range yaml.documents {
			if n := topName(document); n != nil {
				// The text has no place here: what is wrong with it is reported where the file is read.
				v := l.filler.expand(source.Text{String: n.Value}, source.Span{}, func(source.Span, source.Kind, string) {}, vars)
				p.Name, named = projectName(v.Text), true
				if len(v.Unknown) > 0 {
					p.Name = ""
				}
			}
		}
	}
	if !named {
		p.Name = projectName(path.Base(p.Dir))
	}
}

// topName returns the scalar of name: at the top of a document.
func topName(document *yaml.Node) *yaml.Node {
	for i := 0; document.Kind == yaml.MappingNode && i+1 < len(document.Content); i += 2 {
		if v := document.Content[i+1]; document.Content[i].Value == "name" && v.Kind == yaml.ScalarNode {
			return v
		}
	}
	return nil
}
