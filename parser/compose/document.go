package compose

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/parser/yamltext"
	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// parsed is a file as YAML, before its variables are filled in.
type parsed struct {
	file      *source.File
	documents []*yaml.Node // the top of each
	problems  []source.Problem
	text      *yamltext.Document // see yaml
}

// yaml tells where the nodes of p are.
func (p *parsed) yaml() *yamltext.Document {
	if p.text == nil {
		p.text = yamltext.New(p.file, 0, len(p.file.Text))
	}
	return p.text
}

// documents are the documents of a file with their variables filled in.
type documents struct {
	file     *source.File
	docs     []*node
	problems []source.Problem
	broken   bool // the file is not valid YAML to its end
}

// fail notes a problem.
func (p *parsed) fail(at source.Span, kind source.Kind, message string) {
	p.problems = append(p.problems, source.Problem{At: at, Kind: kind, Message: message})
}

// maxText limits the bytes of a file, and maxSigns the signs that start a value, which
// take far more memory than their bytes.
const maxText, maxSigns = 8 << 20, 1_000_000

// signs returns how many signs of a text may start a value.
func signs(text string) (n int) {
	for _, sign := range [...]string{"\n", ",", ":", "[", "{", "- ", "? "} {
		n += strings.Count(text, sign)
	}
	return n
}

// parsed parses a file, once.
func (r *reader) parsed(name string) (*parsed, error) {
	if p := r.yaml[name]; p != nil {
		return p, nil
	}
	f, err := r.file(name)
	if err != nil {
		return nil, err
	}
	p := &parsed{file: f}
	r.yaml[name] = p
	if len(f.Text) > maxText || len(f.Text) > maxSigns && signs(f.Text) > maxSigns {
		p.fail(f.Span(0, 0), source.Limit, "a Compose file of more than 8 MiB or 1,000,000 values is not read")
		return p, nil
	}
	decoder := yaml.NewDecoder(strings.NewReader(f.Text))
	for {
		var document yaml.Node
		switch err := decoder.Decode(&document); {
		case errors.Is(err, io.EOF):
			return p, nil
		case err != nil:
			p.broken(err)
			return p, nil
		}
		if len(document.Content) > 0 {
			p.documents = append(p.documents, document.Content[0])
		}
	}
}

// broken reports invalid YAML, which ends the file.
func (p *parsed) broken(err error) {
	f := p.file
	at := f.Span(0, 0)
	line, message := yamltext.Failure(err)
	if 1 <= line && line <= f.Lines() {
		at = f.Line(line)
	}
	if i := unreadable(f.Text); i >= 0 && at.End == 0 {
		at = f.Span(i, i+1)
		if f.Text[i] >= utf8.RuneSelf {
			message = "not UTF-8"
		}
	}
	for _, sign := range [...]string{"{{", "{%", "<%"} {
		if m, ok := source.MarkAt(f.Text, max(0, strings.Index(f.Text, sign))); ok && strings.Contains(f.Text, sign) {
			p.fail(f.Span(m.Start, m.End), source.Template, "template marks; render the template first")
			return
		}
	}
	if tab := strings.IndexByte(at.Text(), '\t'); tab >= 0 && strings.Trim(at.Text()[:tab], " ") == "" {
		p.fail(at.Sub(tab, tab+1), source.Syntax, "invalid YAML: this line is indented with a tab; use spaces")
		return
	}
	p.fail(at, source.Syntax, "invalid YAML: "+message)
}

// unreadable returns the first byte that a YAML file may not have, and -1 for none.
func unreadable(text string) int {
	for i, c := range text {
		if c == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD") || c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7F {
			return i
		}
	}
	return -1
}

// converted returns the documents of a file in a scope.
func (r *reader) converted(name string, s *scope) (*documents, error) {
	key := converted{name, s}
	if docs := r.docs[key]; docs != nil {
		return docs, nil
	}
	p, err := r.parsed(name)
	if err != nil {
		return nil, err
	}
	docs := p.convert(s, r.filler)
	r.docs[key] = docs
	return docs, nil
}

// maxExpanded and maxExpansion limit the size of a document once its aliases are
// expanded, in nodes and as a multiple of what is written.
const maxExpanded, maxExpansion = 1_000_000, 100

// convert fills the variables of s in.
func (p *parsed) convert(s *scope, filler *filler) *documents {
	docs := &documents{file: p.file, problems: slices.Clip(p.problems), broken: len(p.problems) > 0}
	fail := func(at source.Span, kind source.Kind, message string) {
		if len(docs.problems) < maxProblems {
			docs.problems = append(docs.problems, source.Problem{At: at, Kind: kind, Message: message})
		}
	}
	hidden := &secrets{file: p.file, broken: len(p.problems) > 0}
	p.file.Parsed = hidden
	at := p.yaml()
	for _, document := range p.documents {
		if written, expanded := count(document); expanded > maxExpanded && expanded/maxExpansion > written {
			fail(at.Head(document), source.Limit, "aliases make this document more than "+strconv.Itoa(maxExpansion)+" times as long; Compose refuses it")
		}
		c := converter{Document: at, scope: s, filler: filler, fail: fail, done: map[*yaml.Node]*node{}, secrets: hidden}
		switch top := c.node(document); top.kind {
		case mapping:
			docs.docs = append(docs.docs, top)
		case null:
		default:
			fail(top.at, source.Syntax, "a Compose file is a mapping, this is "+top.shape().names())
		}
	}
	if p.file.Comments == nil {
		p.file.Comments = at.Comments(p.documents)
	}
	return docs
}

// count returns how many nodes a document has as it is written, and with its aliases
// expanded.
func count(n *yaml.Node) (written, expanded int) {
	sizes := map[*yaml.Node]int{}
	var size func(n *yaml.Node) int
	size = func(n *yaml.Node) int {
		written++
		if n.Kind == yaml.AliasNode {
			return max(1, sizes[n.Alias])
		}
		total := 1
		for _, child := range n.Content {
			total = min(total+size(child), 1<<60)
		}
		if n.Anchor != "" {
			sizes[n] = total
		}
		return total
	}
	expanded = size(n)
	return written, expanded
}
