package report

import (
	"bytes"
	"io"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
)

// pageWidth is how many columns the text of a page has, where no terminal says it.
const pageWidth = 80

// Page writes a page of docs, which is Markdown, for a terminal: headings are bold, sections are
// indented, paragraphs are filled to the width of the Options, and code keeps its lines.
func Page(w io.Writer, markdown string, o Options) error {
	var all bytes.Buffer
	p := pageText{text: newText(&all, o), width: pageWidth}
	if o.Width > 0 {
		p.width = o.Width
	}
	p.write(strings.Split(markdown, "\n"))
	p.Flush() // into memory
	_, err := w.Write(append(bytes.TrimRight(all.Bytes(), "\n"), '\n'))
	return err
}

// pageText is a page in progress.
type pageText struct {
	*text
	width int
	// colon is set after a paragraph that introduces the next block.
	colon bool
	// code is set after code: a paragraph that introduces more of it follows without an empty line.
	code bool
}

// The indents of text and of code in a section.
const (
	textIndent = "  "
	codeIndent = "    "
)

func (p *pageText) write(lines []string) {
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		switch {
		case line == "":
			introduces := i+1 < len(lines) && strings.HasSuffix(lines[i+1], ":") && p.code
			if !p.colon && !introduces {
				p.print("\n")
			}
		case strings.HasPrefix(line, "```"):
			marks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
			for i++; i < len(lines) && lines[i] != marks; i++ {
				p.print(strings.TrimRight(codeIndent+Visible(strings.ReplaceAll(lines[i], "\t", "    ")), " "), "\n")
			}
			p.colon, p.code = false, true
		case strings.HasPrefix(line, "#"):
			p.print(p.paint(bold, Visible(strings.TrimLeft(line, "# "))), "\n")
			p.colon, p.code = true, false
		default:
			p.paragraph(line)
			p.colon, p.code = strings.HasSuffix(line, ":"), false
		}
	}
}

// paragraph fills a line of Markdown, which is a whole paragraph or an item of a list.
func (p *pageText) paragraph(line string) {
	indent, first := textIndent, textIndent
	if mark := item.FindString(line); mark != "" {
		line, first = line[len(mark):], textIndent+mark
		indent = strings.Repeat(" ", len(first))
	}
	p.print(fill(p.inline(Visible(line)), first, indent, p.width), "\n")
}

var (
	item      = lazyregexp.New(`^(?:[-*] |\d+\. )`)
	reference = lazyregexp.New(`\[([^\]]*)\]\([^)]*\)`)
	address   = lazyregexp.New(`<(https?://[^>]*)>`)
	code      = lazyregexp.New("`([^`]+)`")
)

// inline returns a text of Markdown without its marks, except that code keeps its marks where it
// has no colour.
func (p *pageText) inline(text string) string {
	text = address.ReplaceAllString(reference.ReplaceAllString(text, "$1"), "$1")
	if !p.palette {
		return text
	}
	return code.ReplaceAllStringFunc(text, func(found string) string {
		words := strings.Fields(strings.Trim(found, "`"))
		for i, word := range words {
			words[i] = p.paint(cyan, word)
		}
		return strings.Join(words, " ")
	})
}
