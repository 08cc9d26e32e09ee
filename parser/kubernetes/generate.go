package kubernetes

import (
	"maps"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// generate returns all with what a generator makes or changes. The hash that Kustomize adds to
// its name is left out, as it is in references.
func (l *loader) generate(b *base, all []*ConfigMap, dir string, g Generator) []*ConfigMap {
	if g.Name.Text == "" {
		b.fail(g.At, source.Syntax, "this generator has no name")
		return all
	}
	made := &ConfigMap{Name: g.Name.Text, Namespace: g.Namespace, At: g.Name.At, Data: map[string]source.Text{}, Keys: map[string]source.Span{}}
	for _, v := range g.Envs {
		if f := l.input(b, path.Join(dir, v.Text), v.At); f != nil {
			made.variables(f)
		}
	}
	for _, v := range g.Files {
		if f := l.input(b, path.Join(dir, v.Path), v.At); f != nil {
			made.set(v.Key, source.Whole(f), v.At)
		}
	}
	for _, v := range g.Literals {
		made.set(v.Key, v.Text, v.At)
	}
	if g.Behavior != "merge" && g.Behavior != "replace" {
		return append(all, made)
	}
	for i, c := range all {
		if c.Name == made.Name && (g.Namespace == "" || sameNamespace(c.Namespace, g.Namespace)) {
			made.Namespace = c.Namespace
			if g.Behavior == "merge" {
				made.Data, made.Keys = merged(c.Data, made.Data), merged(c.Keys, made.Keys)
			}
			all[i] = made
			return all
		}
	}
	if !b.partial {
		b.fail(g.Name.At, source.Include, "no base has "+label(made.Name)+", which this generator changes")
	}
	return append(all, made)
}

func merged[V any](under, over map[string]V) map[string]V {
	all := maps.Clone(under)
	maps.Copy(all, over)
	return all
}

// input returns a file that a kustomization reads at a place; nil if it cannot be read.
func (l *loader) input(b *base, name string, at source.Span) *source.File {
	l.used[name] = true
	f, err := l.open(name)
	if err != nil {
		b.fail(at, source.Limit, name+" is not a file of the project")
		return nil
	}
	b.read(f)
	return f
}

// variables adds the lines NAME=value of a file (kustomize api/kv/kv.go).
func (c *ConfigMap) variables(f *source.File) {
	for n := 1; n <= f.Lines(); n++ {
		at := f.Line(n)
		text := at.Text()
		trimmed := strings.TrimLeft(text, " \t")
		key, value, ok := strings.Cut(trimmed, "=")
		if ok && trimmed[0] != '#' {
			from := len(text) - len(value)
			c.set(key, source.Part(at.Sub(from, len(text))), at.Sub(len(text)-len(trimmed), from-1))
		}
	}
}
