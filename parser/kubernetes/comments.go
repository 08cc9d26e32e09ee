package kubernetes

import (
	"cmp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// scan adds the comments of a part of the file, which holds the documents tops. It
// reports whether one of them is a template.
func (r *reader) scan(tops []*yaml.Node, part extent) (template bool) {
	text := r.file.Text[part.start:part.end]
	marks := strings.Contains(text, mark)
	if !marks && !strings.Contains(text, "#") {
		return false
	}
	for stack := slices.Clone(tops); len(stack) > 0; {
		n := stack[len(stack)-1]
		stack = append(stack[:len(stack)-1], n.Content...)
		switch n.Kind {
		case yaml.ScalarNode:
			r.skipScalar(n)
		case yaml.MappingNode:
			template = template || isMark(n)
		}
	}
	slices.SortFunc(r.skip, func(a, b extent) int { return cmp.Compare(a.start, b.start) })
	r.comments(part)
	return template
}

// isMark reports whether n is {{ name }}, which to YAML is a mapping whose key is a mapping.
func isMark(n *yaml.Node) bool {
	return n.Kind == yaml.MappingNode && n.Style&yaml.FlowStyle != 0 && len(n.Content) > 0 && n.Content[0].Kind == yaml.MappingNode
}

// skipScalar notes where no comment is.
func (r *reader) skipScalar(n *yaml.Node) {
	switch {
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		start := r.content(n)
		r.skip = append(r.skip, extent{start, start + quoted(r.file.Text[start:])})
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		start := r.content(n)
		first, _ := r.block(start, n)
		r.skip = append(r.skip, extent{first, r.blockEnd(start, n)})
	}
}

// comments adds the comments of a part, which start after a blank or a line break.
func (r *reader) comments(part extent) {
	text := r.file.Text
	next := 0 // of r.skip
	for at := part.start; at < part.end; {
		n := strings.IndexByte(text[at:part.end], '#')
		if n < 0 {
			return
		}
		at += n
		for next < len(r.skip) && r.skip[next].end <= at {
			next++
		}
		switch {
		case next < len(r.skip) && r.skip[next].start <= at:
			at = r.skip[next].end
		case at > part.start && !isBlank(text[at-1]) && text[at-1] != '\n' && text[at-1] != '\r':
			at++
		default:
			end := at + len(line(text[at:]))
			r.file.Comments = append(r.file.Comments, r.file.Span(at, end))
			at = end
		}
	}
}
