package dockerfile

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/wp502lint/wp502lint/source"
)

// TestBuildKit compares what is read with what the parser of BuildKit reads, which
// Docker builds with.
func TestBuildKit(t *testing.T) {
	names, err := filepath.Glob("testdata/*")
	if err != nil || len(names) < 25 {
		t.Fatalf("got %d files, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, difference := range differences(string(text)) {
				t.Error(difference)
			}
		})
	}
}

// differences returns how Parse and BuildKit differ on a text.
func differences(text string) (list []string) {
	f := Parse(&source.File{Name: "/Dockerfile", Text: text})
	result, err := parser.Parse(strings.NewReader(text))
	if err != nil {
		if !slices.ContainsFunc(f.Problems, func(p source.Problem) bool { return p.Kind == source.Syntax || p.Kind == source.Template }) {
			list = append(list, fmt.Sprintf("BuildKit refuses: %v", err))
		}
		return list
	}
	ours, nodes := f.all(), inStages(result.AST.Children)
	if len(ours) != len(nodes) {
		return []string{fmt.Sprintf("%d instructions, BuildKit has %d", len(ours), len(nodes))}
	}
	if result.EscapeToken != rune(f.escape) {
		list = append(list, fmt.Sprintf("escape character %q, BuildKit has %q", f.escape, result.EscapeToken))
	}
	for i, node := range nodes {
		_, err := instructions.ParseInstruction(node)
		if refused := f.refused(ours[i]); refused != (err != nil) && !f.template() {
			list = append(list, fmt.Sprintf("line %d: refused %t, BuildKit: %v", node.StartLine, refused, err))
		}
		if got, want := tell(ours[i]), theirs(text, node); err == nil && got != want {
			list = append(list, fmt.Sprintf("line %d:\ngot  %s\nwant %s", node.StartLine, got, want))
		}
	}
	return list
}

// template reports whether the file is a template, whose other problems are not told.
func (f *File) template() bool {
	return len(f.Problems) == 1 && f.Problems[0].Kind == source.Template
}

// refused reports whether a problem is in an instruction that BuildKit reads without
// looking at other instructions and at variables.
func (f *File) refused(in *Instruction) bool {
	return slices.ContainsFunc(f.Problems, func(p source.Problem) bool {
		inside := p.At == in.At || p.At.Start < p.At.End && in.At.Start <= p.At.Start && p.At.Start < in.At.End
		return p.Kind == source.Syntax && inside && !ofVariables(p.Message)
	})
}

// ofVariables reports whether a problem is one that BuildKit finds when it expands
// variables, which is after it has read the file.
func ofVariables(message string) bool {
	return slices.ContainsFunc([]string{`"${"`, "unsupported operator", "a single quote", "a double quote", "a backslash in a pattern", "variables are nested"},
		func(start string) bool { return strings.HasPrefix(message, start) })
}

// all returns all instructions in their order.
func (f *File) all() []*Instruction {
	list := slices.Clone(f.Args)
	for _, s := range f.Stages {
		list = append(append(list, s.From), s.Instructions...)
	}
	return list
}

// inStages leaves out what precedes the first FROM, ARG apart: it is in no stage.
func inStages(nodes []*parser.Node) (list []*parser.Node) {
	from := false
	for _, n := range nodes {
		from = from || strings.EqualFold(n.Value, "FROM")
		if from || strings.EqualFold(n.Value, "ARG") {
			list = append(list, n)
		}
	}
	return list
}

// theirs writes an instruction of BuildKit for comparison.
func theirs(text string, node *parser.Node) string {
	var out strings.Builder
	first := node.StartLine
	for lines := strings.Split(text, "\n"); first < len(lines) && strings.TrimSpace(lines[first-1]) == `\`; {
		first++ // a line that only continues is not part of ours
	}
	fmt.Fprintf(&out, "%d-%d ", first, node.EndLine)
	writeNode(&out, node)
	for _, h := range node.Heredocs {
		body := h.Content
		if h.Chomp {
			body = parser.ChompHeredocContent(body)
		}
		fmt.Fprintf(&out, " heredoc %q %t %q", h.Name, h.Expand, body)
	}
	return out.String()
}

func writeNode(out *strings.Builder, node *parser.Node) {
	keyword := strings.ToUpper(node.Value)
	out.WriteString(keyword)
	if formOf(keyword).read == nil {
		return
	}
	fmt.Fprintf(out, " flags %q json %t", node.Flags, node.Attributes["json"])
	if keyword == "HEALTHCHECK" && node.Next != nil {
		node.Next.Value = strings.ToUpper(node.Next.Value)
	}
	for n := node.Next; n != nil; n = n.Next {
		if len(n.Children) > 0 {
			out.WriteString(" nested ")
			writeNode(out, n.Children[0])
			continue
		}
		fmt.Fprintf(out, " %q", n.Value)
	}
}

// tell writes an instruction of ours in the same way.
func tell(in *Instruction) string {
	var out strings.Builder
	first, last := in.At.Begin().Line, in.At.Finish().Line
	inner := in
	if in.Nested != nil {
		inner = in.Nested
	}
	for _, h := range inner.Heredocs {
		last = h.At.Finish().Line
	}
	fmt.Fprintf(&out, "%d-%d ", first, last)
	writeInstruction(&out, in)
	for _, h := range inner.Heredocs {
		fmt.Fprintf(&out, " heredoc %q %t %q", h.Name, h.Expand, h.Body.String)
	}
	return out.String()
}

func writeInstruction(out *strings.Builder, in *Instruction) {
	flags := []string{}
	for _, f := range in.Flags {
		text := "--" + f.Name
		if !f.Value.At.IsZero() {
			text += "=" + f.Value.Text
		}
		flags = append(flags, text)
	}
	out.WriteString(in.Keyword)
	if formOf(in.Keyword).read == nil {
		return
	}
	fmt.Fprintf(out, " flags %q json %t", flags, in.Exec)
	if in.Keyword == "HEALTHCHECK" && (in.Exec || !in.Shell.IsZero()) {
		out.WriteString(` "CMD"`)
	}
	for _, w := range in.Words {
		if in.Keyword == "HEALTHCHECK" && !in.Exec {
			w.Text = strings.ToUpper(w.Text)
		}
		fmt.Fprintf(out, " %q", w.Text)
	}
	if !in.Shell.IsZero() {
		fmt.Fprintf(out, " %q", in.Shell.joined().String)
	}
	for _, p := range in.Pairs {
		writePair(out, in, p)
	}
	if in.Nested != nil {
		out.WriteString(" nested ")
		writeInstruction(out, in.Nested)
	}
}

func writePair(out *strings.Builder, in *Instruction, p Pair) {
	switch equals := p.HasValue && p.Value.At.Start == p.Name.At.End+1 && p.At().Text()[p.Name.At.End-p.Name.At.Start] == '='; {
	case in.Keyword == "ARG" && p.HasValue:
		fmt.Fprintf(out, " %q", p.Name.Text+"="+p.Value.Text)
	case in.Keyword == "ARG":
		fmt.Fprintf(out, " %q", p.Name.Text)
	case equals:
		fmt.Fprintf(out, " %q %q %q", p.Name.Text, p.Value.Text, "=")
	default:
		fmt.Fprintf(out, " %q %q %q", p.Name.Text, p.Value.Text, "")
	}
}

// At returns the place of a pair.
func (p Pair) At() source.Span { return p.Name.At.To(p.Value.At) }
