package yamltext

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// extent is a part of a file.
type extent struct{ start, end int }

// Comments returns the comments of the document, given the tops of what was parsed of it: each
// # after a blank or a line break that is not in a scalar.
func (d *Document) Comments(tops []*yaml.Node) (all []source.Span) {
	from := int(d.lines[0])
	if !strings.Contains(d.text[from:], "#") {
		return nil
	}
	scalars := d.scalars(tops)
	for at := from; at < len(d.text); {
		n := strings.IndexByte(d.text[at:], '#')
		if n < 0 {
			break
		}
		at += n
		for len(scalars) > 0 && scalars[0].end <= at {
			scalars = scalars[1:]
		}
		switch {
		case len(scalars) > 0 && scalars[0].start <= at:
			at = scalars[0].end
		case at > from && !isBlank(d.text[at-1]) && d.text[at-1] != '\n' && d.text[at-1] != '\r':
			at++
		default:
			end := at + len(FirstLine(d.text[at:]))
			all = append(all, d.File.Span(at, end))
			at = end
		}
	}
	return all
}

// scalars returns where the quoted and block scalars are, in order. Others have no comment
// sign after a blank.
func (d *Document) scalars(tops []*yaml.Node) (all []extent) {
	for stack := slices.Clone(tops); len(stack) > 0; {
		n := stack[len(stack)-1]
		stack = append(stack[:len(stack)-1], n.Content...)
		switch {
		case n.Kind != yaml.ScalarNode:
		case n.Style&quotedStyle != 0:
			start := d.Content(n)
			all = append(all, extent{start, start + quoted(d.text[start:])})
		case n.Style&blockStyle != 0:
			first, _ := header(d.text, d.Content(n))
			_, lines := d.Scalar(n)
			all = append(all, extent{first, max(first, int(lines.End))})
		}
	}
	slices.SortFunc(all, func(a, b extent) int { return cmp.Compare(a.start, b.start) })
	return all
}

// quoted returns the length of the quoted scalar that text starts with.
func quoted(text string) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && text[0] == '"':
			i++
		case text[i] == text[0] && text[0] == '\'' && strings.HasPrefix(text[i+1:], "'"):
			i++
		case text[i] == text[0]:
			return i + 1
		}
	}
	return len(text)
}
