package kubernetes

import (
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/parser/yamltext"
	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// Is reports whether f looks like a file of manifests or a kustomization.
func Is(f *source.File) bool {
	return isKustomization(f.Name) || hasKey(f.Text, "apiVersion") && hasKey(f.Text, "kind")
}

// hasKey reports whether a text has a key at the top level, as YAML is usually written, or
// in quotes anywhere, as in JSON.
func hasKey(text, key string) bool {
	text = strings.TrimPrefix(text, "\ufeff")
	for at := 0; at < len(text); at += len(key) {
		n := strings.Index(text[at:], key)
		if n < 0 {
			return false
		}
		at += n
		rest := text[at+len(key):]
		top := at == 0 || text[at-1] == '\n'
		if at > 0 && text[at-1] == '"' && strings.HasPrefix(rest, `"`) {
			top, rest = true, rest[1:]
		}
		if top && strings.HasPrefix(strings.TrimLeft(rest[:min(len(rest), 20)], " \t\r\n"), ":") {
			return true
		}
	}
	return false
}

// isKustomization reports whether Kustomize reads a file of that name as a kustomization.
func isKustomization(name string) bool {
	switch path.Base(name) {
	case "kustomization.yaml", "kustomization.yml", "Kustomization":
		return true
	}
	return false
}

// Parse reads all documents of f, with the objects of its lists. It fills in f.Comments and
// f.Parsed.
func Parse(f *source.File) *Manifest { return parse(f, isKustomization(f.Name)) }

func parse(f *source.File, kustomizes bool) *Manifest {
	r := &reader{file: f, kustomizes: kustomizes, out: &Manifest{File: f}, visits: 4*len(f.Text) + 1000}
	f.Comments = nil
	defer func() { f.Parsed = parsed{f, r.secrets} }()
	if len(f.Text) > maxText {
		r.leave(f.Span(0, 0), source.Limit, "manifests of more than 8 MiB are not read")
		return r.out
	}
	for _, part := range documents(f.Text) {
		r.document(part)
	}
	return r.out
}

// documents returns the parts of a text that hold one document each, mostly: they are
// separated by lines that start with "---", wherever they are. So invalid YAML in one
// does not affect the others, as kubectl reads them
// (k8s.io/apimachinery/pkg/util/yaml, decoder.go).
func documents(text string) (parts []extent) {
	start := 0
	if strings.HasPrefix(text, "\ufeff") {
		start = len("\ufeff")
	}
	content := false // whether the part has anything but directives and comments
	for at := start; at < len(text); {
		end := len(text)
		if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
			end = at + n + 1
		}
		l := strings.TrimRight(text[at:end], "\r\n")
		if strings.HasPrefix(l, "---") && divides(l) {
			if content {
				parts = append(parts, extent{start, at})
				start = at
			}
			l = l[3:]
			content = true
		}
		content = content || strings.TrimLeft(l, " \t") != "" && l[0] != '%' && l[0] != '#'
		at = end
	}
	return append(parts, extent{start, len(text)})
}

// document reads a part of the file.
func (r *reader) document(part extent) {
	text := r.file.Text[part.start:part.end]
	r.doc = yamltext.New(r.file, part.start, part.end)
	r.objects, r.texts = map[*yaml.Node][]field{}, map[*yaml.Node]source.Text{}
	if kind := writtenKind(text); kind != "" && kinds()[kind].read == nil && !isList(kind) && !r.kustomizes {
		return
	}
	var tops []*yaml.Node
	for decoder := yaml.NewDecoder(strings.NewReader(text)); ; {
		var n yaml.Node
		if err := decoder.Decode(&n); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			r.broken(part, err)
			break
		}
		tops = append(tops, n.Content[0])
	}
	r.file.Comments = append(r.file.Comments, r.doc.Comments(tops)...)
	if strings.Contains(text, mark) && slices.ContainsFunc(tops, hasMark) {
		r.templated(part)
		return
	}
	for _, top := range tops {
		r.top(top)
	}
}

// writtenKind returns the kind of the object in a document, if that is written as
// a key on a line of its own; else "". Most kinds are of no interest, and their
// documents, which may be long, need not be parsed.
func writtenKind(text string) string {
	rest, ok := strings.CutPrefix(text, "kind:")
	if !ok {
		at := strings.Index(text, "\nkind:")
		if at < 0 {
			return ""
		}
		rest = text[at+len("\nkind:"):]
	}
	word := strings.TrimSpace(yamltext.FirstLine(rest))
	if word == "" || strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return ""
	}
	return word
}

// The messages for a manifest that is a template: one of a chart, and another.
const (
	helm      = "a Helm template is not checked before it is rendered: render it first (helm template)"
	rendering = "a template is not checked before it is rendered"
)

// mark is how templates of Helm and others begin.
const mark = "{{"

// hasMark reports whether a document has {{ name }}, which to YAML is a mapping whose key is
// a mapping.
func hasMark(top *yaml.Node) bool {
	for stack := []*yaml.Node{top}; len(stack) > 0; {
		n := stack[len(stack)-1]
		stack = append(stack[:len(stack)-1], n.Content...)
		if n.Kind == yaml.MappingNode && n.Style&yaml.FlowStyle != 0 && len(n.Content) > 0 && n.Content[0].Kind == yaml.MappingNode {
			return true
		}
	}
	return false
}

// divides reports whether a line ends a document.
func divides(line string) bool {
	return (strings.HasPrefix(line, "---") || strings.HasPrefix(line, "...")) && (len(line) == 3 || line[3] == ' ' || line[3] == '\t')
}

// templated reports that a part of the file is a template.
func (r *reader) templated(part extent) {
	at := part.start + max(0, strings.Index(r.file.Text[part.start:part.end], mark))
	r.leave(r.file.Span(at, min(at+len(mark), part.end)), source.Template, rendering)
}

// broken reports a part that is not valid YAML.
func (r *reader) broken(part extent, err error) {
	if in := r.file.Text[part.start:part.end]; strings.Contains(in, mark) {
		r.templated(part)
		return
	}
	r.secrets = append(r.secrets, part)
	at := r.file.Span(part.start, part.start)
	lines := at
	n, message := yamltext.Failure(err)
	if n > 1 && int(r.doc.Line(n).Start) >= part.end {
		n-- // the part ends too early
	}
	if n > 0 {
		at, lines = r.doc.Line(n), r.doc.Line(n-1).To(r.doc.Line(n+1)) // a construct may begin in a line before
	}
	_, marked := source.FindMark(lines.Text(), 0)
	switch {
	case marked:
		r.leave(at, source.Template, rendering)
	case r.full():
	case !utf8.ValidString(r.file.Text):
		r.leave(at, source.Syntax, "not UTF-8, so this document is not read")
	case strings.HasPrefix(message, "exceeded max depth"):
		r.leave(at, source.Limit, "more than 10,000 levels of nesting, so this document is not read")
	default:
		r.leave(at, source.Syntax, "invalid YAML, so this document is not read: "+message)
	}
}
