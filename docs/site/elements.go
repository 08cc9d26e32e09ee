package site

import (
	"bytes"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	table "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
)

// elements writes the elements of Markdown that the site has in a form of its own.
type elements struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (elements) RegisterFuncs(to renderer.NodeRendererFuncRegisterer) {
	to.Register(ast.KindHeading, writeHeading)
	to.Register(ast.KindFencedCodeBlock, writeCode)
	to.Register(table.KindTable, writeTable)
	to.Register(table.KindTableHeader, writeTableHeader)
	to.Register(table.KindTableCell, writeCell)
}

// writeHeading gives a heading a link to itself.
func writeHeading(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Heading)
	value, _ := n.AttributeString("id")
	id, _ := value.([]byte)
	switch {
	case entering:
		fmt.Fprintf(w, "<h%d id=\"%s\">", n.Level, id)
	case n.Level == 1:
		w.WriteString("</h1>\n")
	default:
		fmt.Fprintf(w, " <a class=\"anchor\" href=\"#%s\" data-pagefind-ignore aria-label=\"Link to %s\">#</a></h%d>\n", id, html.EscapeString(plain(n, source)), n.Level)
	}
	return ast.WalkContinue, nil
}

var (
	// markLine is a line of an example that shows a finding at the line above it, or a note.
	markLine = lazyregexp.New(`^(?:([#;] *\^) (note: )?|[#;] (note: ))(.*)$`)
	// comment is any other comment of a configuration.
	comment = lazyregexp.New(`^\s*[#;].*$`)
	// finding is the first line of one in a report, and under the marks below its place.
	finding = lazyregexp.New(`^(\S+:\d+:\d+: )(error|warning|note)(: .*)$`)
	under   = lazyregexp.New(`^(\s*\| +)(\^+)$`)
)

// writeCode writes a block of code, with classes for its lines that matter.
func writeCode(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.FencedCodeBlock)
	language := string(n.Language(source))
	fmt.Fprintf(w, "<pre class=\"%s\"><code>", html.EscapeString(language))
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		w.WriteString(codeLine(language, string(bytes.TrimSuffix(segment.Value(source), []byte("\n")))))
	}
	w.WriteString("</code></pre>\n")
	return ast.WalkSkipChildren, nil
}

// codeLine returns a line of code as HTML, with its end.
func codeLine(language, line string) string {
	escaped := html.EscapeString(line) + "\n"
	config := language == "nginx" || language == "ini" || language == "yaml"
	if m := markLine.FindStringSubmatch(line); m != nil && config {
		return mark(m[1], m[2]+m[3] != "", m[4])
	}
	switch {
	case config && comment.MatchString(line):
		return `<span class="comment">` + html.EscapeString(line) + "</span>\n"
	case language != "text":
		return escaped
	}
	if m := finding.FindStringSubmatch(line); m != nil {
		return fmt.Sprintf("%s<span class=\"%s\">%s</span>%s\n", html.EscapeString(m[1]), m[2], m[2], html.EscapeString(m[3]))
	}
	if m := under.FindStringSubmatch(line); m != nil {
		return m[1] + `<span class="error">` + m[2] + "</span>\n"
	}
	return escaped
}

// mark returns the mark of a finding or of a note, and its message as an element of its own,
// so that the message is never scrolled out of sight.
func mark(place string, note bool, message string) string {
	class := "mark"
	if note {
		class += " note"
	}
	return fmt.Sprintf("<span class=\"%s\">%s<span>%s\n</span></span>", class, place, html.EscapeString(message))
}

// writeTable lets a wide table scroll within itself.
func writeTable(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	switch {
	case entering && headless(n.FirstChild()):
		w.WriteString("<div class=\"scroll\"><table class=\"facts\">\n")
	case entering:
		w.WriteString("<div class=\"scroll\"><table>\n")
	default:
		w.WriteString("</table></div>\n")
	}
	return ast.WalkContinue, nil
}

// headless reports whether the head of a table is empty:
// then the first cell of each row is its head.
func headless(head ast.Node) bool {
	for cell := head.FirstChild(); cell != nil; cell = cell.NextSibling() {
		if cell.HasChildren() {
			return false
		}
	}
	return true
}

func writeTableHeader(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	switch {
	case headless(n) && entering:
		w.WriteString("<tbody>\n")
		return ast.WalkSkipChildren, nil
	case headless(n):
	case entering:
		w.WriteString("<thead>\n<tr>\n")
	default:
		w.WriteString("</tr>\n</thead>\n<tbody>\n")
	}
	return ast.WalkContinue, nil
}

func writeCell(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	tag, scope := "td", ""
	switch row := n.Parent(); {
	case row.Kind() == table.KindTableHeader:
		tag, scope = "th", ` scope="col"`
	case n.PreviousSibling() == nil && headless(row.Parent().FirstChild()):
		tag, scope = "th", ` scope="row"`
		if severity, _, _ := strings.Cut(plain(n, source), ","); slices.Contains([]string{"error", "warning", "note"}, severity) {
			scope += ` class="` + severity + `"`
		}
	}
	if !entering {
		fmt.Fprintf(w, "</%s>\n", tag)
	} else if n.(*table.TableCell).Alignment == table.AlignRight {
		fmt.Fprintf(w, `<%s%s class="number">`, tag, scope)
	} else {
		fmt.Fprintf(w, "<%s%s>", tag, scope)
	}
	return ast.WalkContinue, nil
}
