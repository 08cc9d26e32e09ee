package kubernetes

import (
	"errors"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// patch applies a patch to what b has. What a strategic merge patch sets is set, and what the
// usual JSON patches do. One that removes something is only noted at the objects that it
// changes.
func (l *loader) patch(b *base, dir string, p Patch) {
	f := p.Inline.File(p.At.File.Name)
	if p.Path != "" {
		if f = l.input(b, path.Join(dir, p.Path), p.At); f == nil {
			return
		}
	}
	m := parse(f, false)
	chosen := p.Kind != "" || p.Name != ""
	if !chosen {
		for _, problem := range m.Problems {
			at, _ := problem.At.Origin()
			b.fail(at, problem.Kind, problem.Message)
		}
	}
	merges := m.Problems == nil && !removes(f.Text)
	named := map[identity]bool{}
	m.each(func(id identity, _ source.Span) { named[identity{id.kind, "", id.name}] = true })
	kinds, names := anchored(p.Kind), anchored(p.Name)
	apply := func(kind, name string, patched *source.Span, merge func() bool, edit func([]operation) bool) {
		hit := named[identity{kind, "", name}]
		if chosen {
			hit = kinds.MatchString(kind) && names.MatchString(name)
		}
		if hit && !(merges && (merge() || edit(m.operations))) {
			*patched = p.At
		}
	}
	for _, o := range b.Pods {
		apply(o.Kind, o.Name, &o.Patched, func() bool {
			return o.merge(pick(m.Pods, func(by *Pod) bool { return chosen || by.Kind == o.Kind && by.Name == o.Name }))
		}, o.edit)
	}
	for _, o := range b.Services {
		apply("Service", o.Name, &o.Patched, func() bool {
			return o.merge(pick(m.Services, func(by *Service) bool { return chosen || by.Name == o.Name }))
		}, o.edit)
	}
	for _, o := range b.ConfigMaps {
		apply("ConfigMap", o.Name, &o.Patched, func() bool {
			return o.merge(pick(m.ConfigMaps, func(by *ConfigMap) bool { return chosen || by.Name == o.Name }))
		}, o.edit)
	}
	for _, o := range b.Secrets {
		apply("Secret", o.Name, &o.Patched, func() bool {
			return o.merge(pick(m.Secrets, func(by *ConfigMap) bool { return chosen || by.Name == o.Name }))
		}, o.edit)
	}
}

// pick returns the first of all that is wanted; nil for none.
func pick[T any](all []*T, wanted func(*T) bool) *T {
	if i := slices.IndexFunc(all, wanted); i >= 0 {
		return all[i]
	}
	return nil
}

// removes reports whether a patch has a null or a directive such as $patch, which remove
// existing values.
func removes(text string) bool {
	for decoder := yaml.NewDecoder(strings.NewReader(text)); ; {
		var top yaml.Node
		if err := decoder.Decode(&top); err != nil {
			return !errors.Is(err, io.EOF)
		}
		if document := top.Content[0]; document.Kind == yaml.MappingNode && hasRemoval(document) {
			return true
		}
	}
}

func hasRemoval(document *yaml.Node) bool {
	for stack := []*yaml.Node{document}; len(stack) > 0; {
		n := stack[len(stack)-1]
		stack = append(stack[:len(stack)-1], n.Content...)
		if n.Kind == yaml.ScalarNode && (n.Tag == "!!null" || strings.HasPrefix(n.Value, "$patch") || strings.HasPrefix(n.Value, "$retainKeys")) {
			return true
		}
	}
	return false
}

// anchored returns the expression of a target, which matches whole names; one that is
// invalid matches all.
func anchored(text string) *regexp.Regexp {
	if text != "" {
		if re, err := regexp.Compile("^(?:" + text + ")$"); err == nil {
			return re
		}
	}
	return regexp.MustCompile("")
}
