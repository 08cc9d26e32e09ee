package compose

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/yamltext"
	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// editor makes the edits that add to the mappings and lists of a file in its own style. An
// edit only inserts: no existing byte changes.
type editor struct {
	*yamltext.Document
	services *yaml.Node
}

// form is a value in both styles of YAML.
type form struct {
	flow  string
	block []string // its lines, indented relative to the key
	// flows is set if the value is written in the flow style in a block mapping too.
	flows bool
}

// member adds a member to a mapping, as the last one.
func (e *editor) member(n *yaml.Node, key string, value form) (edit source.Edit, ok bool) {
	if len(n.Content) == 0 {
		return e.first(n, e.word(key, nil)+": "+value.flow)
	}
	last := len(n.Content) - 2
	key = e.word(key, n.Content[last])
	if n.Style&yaml.FlowStyle != 0 {
		return e.next(n, 2, key+e.colon(n)+value.flow)
	}
	indent, ok := e.indentation(n.Content[0])
	if !ok {
		return source.Edit{}, false
	}
	lines := value.lines(key + ":")
	for i := last; i >= 0; i -= 2 {
		if end, ok := e.lineEnd(e.end(n.Content[i+1])); ok {
			if i == last {
				end = e.comments(end, len(indent))
			}
			return e.insertLines(end, indent, lines), true
		}
	}
	return source.Edit{}, false
}

// lines returns the lines of a value after its key.
func (f form) lines(key string) []string {
	if f.flows {
		return []string{key + " " + f.flow}
	}
	return append([]string{key}, f.block...)
}

// item adds a word to a list, as the last one.
func (e *editor) item(n *yaml.Node, word string) (edit source.Edit, ok bool) {
	if len(n.Content) == 0 {
		return e.first(n, e.word(word, nil))
	}
	last := n.Content[len(n.Content)-1]
	word = e.word(word, last)
	if n.Style&yaml.FlowStyle != 0 {
		return e.next(n, 1, word)
	}
	dash := e.Offset(n)
	gap := e.Offset(n.Content[0]) - dash - 1
	if !strings.HasPrefix(e.File.Text[dash:], "-") || gap < 1 || strings.Trim(e.File.Text[dash+1:dash+1+gap], " ") != "" {
		gap = 1
	}
	end, ok := e.lineEnd(e.end(last))
	return e.insertLines(end, strings.Repeat(" ", n.Column-1), []string{"-" + strings.Repeat(" ", gap) + word}), ok
}

// fill sets the value of a key that has none, in a mapping of a style.
func (e *editor) fill(key *yaml.Node, style yaml.Style, value form) (edit source.Edit, ok bool) {
	colon := e.end(key)
	if colon < 0 || !strings.HasPrefix(e.File.Text[colon:], ":") {
		return source.Edit{}, false
	}
	if value.flows || style&yaml.FlowStyle != 0 {
		return e.insert(colon+1, " "+value.flow), true
	}
	indent, ok := e.indentation(key)
	if !ok {
		return source.Edit{}, false
	}
	end, ok := e.lineEnd(colon + 1)
	return e.insertLines(end, indent, value.block), ok
}

// first puts text into an empty mapping or list in the flow style.
func (e *editor) first(n *yaml.Node, text string) (edit source.Edit, ok bool) {
	open := e.Content(n)
	if n.Style&yaml.FlowStyle == 0 || open >= len(e.File.Text) || strings.IndexByte("[{", e.File.Text[open]) < 0 {
		return source.Edit{}, false
	}
	return e.insert(open+1, text), true
}

// next puts text after the last entry of a mapping or list in the flow style, whose
// entries are of size nodes each. What separates the last two entries separates it too.
func (e *editor) next(n *yaml.Node, size int, text string) (edit source.Edit, ok bool) {
	end := e.end(n.Content[len(n.Content)-1])
	if end < 0 {
		return source.Edit{}, false
	}
	separator := ", "
	if k := len(n.Content) - size; k > 0 {
		if from := e.end(n.Content[k-1]); from >= 0 {
			if between := e.File.Text[from:e.Offset(n.Content[k])]; strings.TrimSpace(between) == "," {
				separator = between
			}
		}
	}
	return e.insert(end, separator+text), true
}

// colon returns what separates the last key of a mapping in the flow style from its value.
func (e *editor) colon(n *yaml.Node) string {
	k := len(n.Content) - 2
	if end := e.end(n.Content[k]); end >= 0 {
		if between := e.File.Text[end:max(end, e.Offset(n.Content[k+1]))]; strings.TrimRight(between, " ") == ":" {
			return between
		}
	}
	return ": "
}

// insert returns the edit that inserts text.
func (e *editor) insert(at int, text string) source.Edit {
	return source.Edit{At: e.File.Span(at, at), New: text}
}

// insertLines returns the edit that inserts indented lines after the line that ends at end.
func (e *editor) insertLines(end int, indent string, lines []string) source.Edit {
	newline := "\n"
	if rest := e.File.Text[max(end, 0):]; strings.HasPrefix(rest, "\r") || rest == "" && strings.Contains(e.File.Text, "\r\n") {
		newline = "\r\n"
	}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(newline + indent + line)
	}
	return e.insert(max(end, 0), b.String())
}

// indentation returns what precedes a key on its line; not ok if that is more than blanks.
func (e *editor) indentation(key *yaml.Node) (indent string, ok bool) {
	at := e.Offset(key)
	indent = e.File.Text[int(e.Line(key.Line).Start):at]
	return indent, strings.Trim(indent, " ") == ""
}

// lineEnd returns where the line of i ends, after which at most a comment follows i; not ok
// if i is negative or the line ends as hardly any editor knows it.
func (e *editor) lineEnd(i int) (end int, ok bool) {
	if i < 0 {
		return 0, false
	}
	rest := strings.TrimSuffix(lineOf(e.File.Text, i), "\r")
	return i + len(rest), !strings.ContainsAny(rest, "\r\u0085\u2028\u2029")
}

// comments returns the end of the lines after the line that ends at end that are only a
// comment indented by at least so many blanks: they are about what they follow.
func (e *editor) comments(end, indent int) int {
	for {
		next := end + len(lineOf(e.File.Text, end)) + 1
		if next >= len(e.File.Text) {
			return end
		}
		body := strings.TrimLeft(e.File.Text[next:], " ")
		last, ok := e.lineEnd(next)
		if !ok || !strings.HasPrefix(body, "#") || len(e.File.Text)-len(body)-next < indent {
			return end
		}
		end = last
	}
}
