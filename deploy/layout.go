package deploy

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// agree lifts the doubts about the files of an official PHP image that was built at an unknown
// time, if pool www listens at the same address in both layouts that it may have.
func (m *image) agree() {
	if m.base.Layout != servers.LayoutUnknown {
		return
	}
	t := m.files.Tree()
	if main, err := t.Open(m.base.FPMConf); err != nil || main.Image == "" {
		return
	}
	dir := servers.PHPPools
	names, err := t.Glob(dir + "/*.conf")
	if err != nil {
		return
	}
	slices.Sort(names)
	doubted := m.stockFiles(t)
	var first, second string
	for _, name := range names {
		if stock, ok := doubted[name]; ok {
			first = cmp.Or(servers.PHPListen(servers.LayoutOld, path.Base(name)), first)
			second = cmp.Or(servers.PHPListen(servers.LayoutNew, path.Base(name)), second)
			if !stock {
				return // a command changed what it held
			}
			continue
		}
		text, err := t.Open(name)
		if err != nil {
			return
		}
		if listen := listenOf(text.File()); listen != "" {
			first, second = listen, listen
		}
	}
	if first != second {
		return
	}
	for _, f := range m.base.Files {
		if doubted[f.Name] {
			m.files.Put(f.Name, source.Text{String: f.Text}, m.name, tree.Owner{Mode: 0o644, Known: true})
		}
	}
}

// stockFiles returns the uncertain files of the image that the project does not replace, and whether
// each has the image's own text.
func (m *image) stockFiles(t *tree.Tree) map[string]bool {
	found := map[string]bool{}
	for _, f := range m.base.Files {
		if !slices.Contains(m.base.Uncertain, f.Name) {
			continue
		}
		text, err := t.Open(f.Name)
		if _, doubted := t.DoubtOf(f.Name); err == nil && doubted {
			found[f.Name] = text.Image != "" && text.Content == f.Text
		}
	}
	return found
}

// listenOf returns the address that a file sets for pool www; "" for none.
func listenOf(f *source.File) (listen string) {
	lines, www := ini.Parse(f, ini.LineMode), false
	for i := range lines.Count() {
		switch line := lines.Line(i); {
		case line.Kind() == ini.Section:
			www = strings.EqualFold(line.Key(), "www")
		case www && line.Kind() == ini.Entry && !line.Indexed() && strings.EqualFold(line.Key(), "listen"):
			listen = line.Value().Text
		}
	}
	return listen
}
