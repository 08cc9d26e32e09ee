package kubernetes

import (
	"fmt"

	"github.com/wp502lint/wp502lint/parser/yamltext"
	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// Limits of one file, which aliases to aliases could exceed with few bytes.
const (
	maxText     = 8 << 20 // bytes
	maxMerges   = 20      // merge keys inside each other
	maxLists    = 5       // objects of kind List inside each other
	maxProblems = 100     // that are reported
)

// reader reads the YAML documents of one file, one after the other.
type reader struct {
	file       *source.File
	out        *Manifest
	kustomizes bool // the file is a kustomization
	doc        *yamltext.Document
	texts      map[*yaml.Node]source.Text
	objects    map[*yaml.Node][]field // mappings that were read
	visits     int                    // see visit; negative: no more
	helm       bool                   // a Template problem was reported
	secrets    []extent               // values of Secrets
}

// extent is a part of a file.
type extent struct{ start, end int }

// span returns the place of n: the text of a scalar, without its quotes, and the first byte of
// a list or a mapping.
func (r *reader) span(n *yaml.Node) source.Span {
	if n.Kind != yaml.ScalarNode {
		start := r.doc.Content(n)
		return r.file.Span(start, min(start+1, len(r.file.Text)))
	}
	_, at := r.doc.Scalar(n)
	return at
}

// traced returns the value of the scalar n with the places of its parts.
func (r *reader) traced(n *yaml.Node) source.Text {
	value, ok := r.texts[n]
	if !ok {
		value, _ = r.doc.Scalar(n)
		r.texts[n] = value
	}
	return value
}

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	r.report(r.span(n), source.Syntax, fmt.Sprintf(format, args...))
}

func (r *reader) report(at source.Span, kind source.Kind, message string) {
	switch {
	case r.full() || kind == source.Syntax && r.visits < 0: // what is missing was not read
		return
	case kind == source.Template:
		if r.helm {
			return
		}
		r.helm = true
	}
	r.out.Problems = append(r.out.Problems, source.Problem{At: at, Kind: kind, Message: message})
}

// leave reports why a part of the file is not read.
func (r *reader) leave(at source.Span, kind source.Kind, message string) {
	r.out.Partial = true
	r.report(at, kind, message)
}

// full reports whether there are so many problems that no more are reported.
func (r *reader) full() bool { return len(r.out.Problems) >= maxProblems }

// visit counts down what may be read: without aliases, a text has no more mappings, fields and
// elements than bytes, and each is read a few times at most. It reports whether n may be read.
func (r *reader) visit(n *yaml.Node) bool {
	if r.visits == 0 {
		r.leave(r.span(n), source.Limit, "aliases make more values than are read; the rest was not read")
		r.visits = -1
	}
	r.visits = max(r.visits-1, -1)
	return r.visits >= 0
}
