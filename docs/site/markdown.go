package site

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/wp502lint/wp502lint/docs"
)

// heading is a heading of the second level, for the list of contents of a page.
type heading struct{ ID, Text string }

// rendered is a Markdown file as HTML.
type rendered struct {
	title string // the heading of the first level; "" for none
	html  template.HTML
	toc   []heading
}

// engine is the Markdown of GitHub. Raw HTML is kept: the sources are files of the repository.
var engine = goldmark.New(
	goldmark.WithExtensions(extension.GFM),
	goldmark.WithParserOptions(parser.WithAutoHeadingID()),
	goldmark.WithRendererOptions(html.WithUnsafe(), renderer.WithNodeRenderers(util.Prioritized(elements{}, 100))),
)

// markdown returns a file of the repository as HTML for the page at an address. Its links lead
// to other pages, or to the files in the repository.
func (b *builder) markdown(source, file, at string) (rendered, error) {
	var out rendered
	raw := []byte(source)
	tree := engine.Parser().Parse(text.NewReader(raw))
	var wrong []error
	err := ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			out.head(n, raw)
		case *ast.Link:
			wrong = append(wrong, b.follow(n, raw, file, at))
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			b.mention(n, raw, file)
		case *ast.CodeSpan:
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	if err := errors.Join(append(wrong, err)...); err != nil {
		return out, err
	}
	var html bytes.Buffer
	err = engine.Renderer().Render(&html, raw, tree)
	out.html = template.HTML(html.String())
	return out, err
}

// head notes a heading.
func (out *rendered) head(n *ast.Heading, source []byte) {
	id, _ := n.AttributeString("id")
	name, _ := id.([]byte)
	switch title := plain(n, source); n.Level {
	case 1:
		out.title = title
	case 2:
		out.toc = append(out.toc, heading{string(name), title})
	}
}

// plain returns the text of a node without its marks.
func plain(n ast.Node, source []byte) string {
	var out strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			out.Write(t.Value(source))
		} else {
			out.WriteString(plain(c, source))
		}
	}
	return out.String()
}

// follow lets a link of a file lead to the page of its target. A link that shows the name of a
// file shows the title of the page instead.
func (b *builder) follow(n *ast.Link, source []byte, file, at string) error {
	target := path.Join(path.Dir(file), string(n.Destination))
	target, _, _ = strings.Cut(target, "#")
	if _, ok := b.addressOf(target); ok && plain(n, source) == target {
		text, err := b.source(target)
		if err != nil {
			return err
		}
		title, _, _ := strings.Cut(strings.TrimPrefix(text, "# "), "\n")
		n.RemoveChildren(n)
		n.AppendChild(n, ast.NewString([]byte(template.HTMLEscapeString(title))))
	}
	to, err := b.link(string(n.Destination), file, at)
	n.Destination = []byte(to)
	return err
}

// link returns where a link of a file leads on the site.
func (b *builder) link(to, file, at string) (string, error) {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" {
		return to, err
	}
	target := path.Join(path.Dir(file), u.Path)
	fragment := ""
	if u.Fragment != "" {
		fragment = "#" + u.EscapedFragment()
	}
	if page, ok := b.addressOf(target); ok {
		return root(at) + page + fragment, nil
	}
	info, err := fs.Stat(b.Files, target)
	if err != nil {
		return "", fmt.Errorf("%s: the link to %s: %w", file, to, err)
	}
	kind := "/blob/main/"
	if info.IsDir() {
		kind = "/tree/main/"
	}
	return docs.Home() + kind + target + fragment, nil
}

// mention makes links of the IDs of rules in running text, as a file would write them.
func (b *builder) mention(n *ast.Text, source []byte, file string) {
	value := n.Segment.Value(source)
	for _, r := range b.Rules {
		if i := bytes.Index(value, []byte(r.ID)); i >= 0 && docs.Path(r) != file {
			start := n.Segment.Start + i
			link := ast.NewLink()
			link.Destination = []byte(strings.Repeat("../", strings.Count(file, "/")) + docs.Path(r))
			link.AppendChild(link, ast.NewTextSegment(text.NewSegment(start, start+len(r.ID))))
			rest := ast.NewTextSegment(text.NewSegment(start+len(r.ID), n.Segment.Stop))
			rest.SetSoftLineBreak(n.SoftLineBreak())
			rest.SetHardLineBreak(n.HardLineBreak())
			n.SetSoftLineBreak(false)
			n.SetHardLineBreak(false)
			n.Segment = n.Segment.WithStop(start)
			n.Parent().InsertAfter(n.Parent(), n, link)
			n.Parent().InsertAfter(n.Parent(), link, rest)
			b.mention(n, source, file)
			return
		}
	}
}
