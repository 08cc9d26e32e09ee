// Package site writes the documentation as a static web site: a page for each rule and each
// guide, and what its search needs. It reads the sources that the repository has anyway.
package site

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/lint"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// Input is what a site is made from.
type Input struct {
	Rules []*lint.Rule // those that have a page, in order of ID
	Files fs.FS        // the repository
}

// Build makes the site and gives each file of it to write, with the path from the root of the
// site. All links are relative, so the site works below any address. It returns the first
// error of write, and an error for a link of a source that leads nowhere.
func Build(in Input, write func(name string, text []byte) error) error {
	b := &builder{Input: in, write: write, templates: template.Must(template.ParseFS(templateFiles, "templates/*.html"))}
	for _, step := range []func() error{b.assets, b.lines, b.rules, b.guides, b.index} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

type builder struct {
	Input
	write     func(name string, text []byte) error
	templates *template.Template
}

// page is what every template knows.
type page struct {
	Root    string // the relative address of the root of the site, such as ../../
	Title   string
	Summary string
	Section string // the entry of the navigation that the page belongs to
	Home    string // the address of the project
	Body    template.HTML
	Toc     []heading
	Data    any // what only this kind of page has
}

// put writes a page at an address such as rules/WP201/; "" is the root.
func (b *builder) put(at, kind string, p page) error {
	p.Root, p.Home = root(at), docs.Home()
	var out bytes.Buffer
	if err := b.templates.ExecuteTemplate(&out, kind+".html", p); err != nil {
		return err
	}
	return b.write(at+"index.html", out.Bytes())
}

// root returns the way from a page to the root of the site.
func root(at string) string {
	if at == "" {
		return "./"
	}
	return strings.Repeat("../", strings.Count(at, "/"))
}

func (b *builder) assets() error {
	return fs.WalkDir(assetFiles, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := assetFiles.ReadFile(name)
		if err != nil {
			return err
		}
		return b.write(name, text)
	})
}

func (b *builder) lines() error {
	lines, err := Lines(b.Rules)
	if err != nil {
		return err
	}
	text, err := json.Marshal(lines)
	if err != nil {
		return err
	}
	return b.write("assets/lines.json", text)
}

// source returns the text of a file of the repository.
func (b *builder) source(name string) (string, error) {
	text, err := fs.ReadFile(b.Files, name)
	return string(text), err
}

// addressOf returns the address of the page of a file or folder of the repository.
func (b *builder) addressOf(file string) (at string, ok bool) {
	switch file {
	case "README.md":
		return "guides/manual/", true
	case "docs/README.md", "docs":
		return "guides/", true
	case "docs/rules":
		return "rules/", true
	case "CHANGELOG.md":
		return "changelog/", true
	case "SECURITY.md":
		return "guides/security/", true
	case "deploy/ansible/README.md":
		return "guides/ansible/", true
	}
	dir, base := path.Split(file)
	name, markdown := strings.CutSuffix(base, ".md")
	switch {
	case !markdown:
		return "", false
	case dir == "docs/rules/":
		return "rules/" + name + "/", true
	case dir == "docs/":
		return "guides/" + strings.ToLower(name) + "/", true
	}
	return "", false
}

// sources returns the files of the repository that are pages but not rules.
func (b *builder) sources() ([]string, error) {
	found, err := fs.Glob(b.Files, "docs/*.md")
	if err != nil || len(found) == 0 {
		return nil, fmt.Errorf("no guide in docs: %v", err)
	}
	return append(found, "README.md", "CHANGELOG.md", "SECURITY.md", "deploy/ansible/README.md"), nil
}

func (b *builder) guides() error {
	all, err := b.sources()
	if err != nil {
		return err
	}
	for _, file := range all {
		text, err := b.source(file)
		if err != nil {
			return err
		}
		at, _ := b.addressOf(file)
		p := page{Section: "guides"}
		switch file {
		case "CHANGELOG.md":
			p.Section = "changelog"
		case "README.md":
			text = manual(text)
		}
		done, err := b.markdown(text, file, at)
		if err != nil {
			return err
		}
		p.Title, p.Body, p.Toc = done.title, done.html, done.toc
		if err := b.put(at, "guide", p); err != nil {
			return err
		}
	}
	return nil
}

// manual returns the README as a guide: the rules have a page of their own.
func manual(readme string) string {
	readme = strings.Replace(readme, "# wp502lint\n", "# Manual\n", 1)
	before, rest, _ := strings.Cut(readme, docs.Begin)
	_, after, found := strings.Cut(rest, docs.End)
	if !found {
		return readme
	}
	return before + "[All rules](docs/rules), with what each reports.\n" + after
}
