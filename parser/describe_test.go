package parser

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// plant returns a tree in memory. A text that starts with "-> " is a symbolic link.
func plant(files map[string]string) *tree.Tree {
	texts, links := map[string]string{}, map[string]string{}
	for name, text := range files {
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			links[name] = target
		} else {
			texts[name] = text
		}
	}
	t := tree.Memory(texts)
	for name, target := range links {
		t.Link(name, target)
	}
	return t
}

// describe writes everything that was read, one line each.
func describe(c *Configs) string {
	var b strings.Builder
	for _, n := range c.Nginx {
		describeNginx(&b, n)
	}
	for _, a := range c.Apaches {
		describeApache(&b, a)
	}
	for _, m := range c.Masters {
		describeMaster(&b, m)
	}
	for _, f := range c.Files {
		if f.File == nil {
			fmt.Fprintf(&b, "%s %s\n", f.Role, f.Path)
		}
	}
	for _, f := range c.Failed {
		fmt.Fprintf(&b, "failed %s: %s\n", f.Path, f.Why)
	}
	for _, u := range c.Unread {
		where := from(u.At)
		if u.At.IsZero() {
			where = u.Path + ": "
		}
		fmt.Fprintf(&b, "unread %s%s\n", where, u.Why)
	}
	for _, v := range c.Versions {
		fmt.Fprintf(&b, "also PHP %s\n", v)
	}
	if c.Named {
		b.WriteString("named\n")
	}
	return b.String()
}

func describeNginx(b *strings.Builder, n *Nginx) {
	if n.Main != nil {
		fmt.Fprintf(b, "nginx %s\n", n.Main.Source.Name)
	}
	for _, f := range n.Fragments {
		fmt.Fprintf(b, "fragment %s\n", f.Source.Name)
	}
	for _, f := range n.Files {
		top := n.Main == f
		for _, fragment := range n.Fragments {
			top = top || fragment == f
		}
		if !top {
			fmt.Fprintf(b, "  %s\n", f.Source.Name)
		}
	}
	problems(b, n.Problems)
	for _, f := range n.Files {
		problems(b, f.Problems)
	}
}

func describeApache(b *strings.Builder, a *Apache) {
	b.WriteString("apache")
	if a.Main != nil {
		fmt.Fprintf(b, " %s", a.Main.Name)
	}
	if a.Layout != nil {
		fmt.Fprintf(b, " (%s)", a.Layout.Name)
	}
	if a.Open {
		b.WriteString(" open")
	}
	for _, name := range a.Environment.Defined {
		fmt.Fprintf(b, " -D %s", name)
	}
	b.WriteString("\n")
	for _, f := range a.Files {
		if f != a.Main {
			fmt.Fprintf(b, "  %s\n", f.Name)
		}
	}
	for _, f := range a.Environment.Files {
		fmt.Fprintf(b, "  environment %s\n", f.Name)
	}
	for _, dir := range slices.Sorted(maps.Keys(a.Access)) {
		fmt.Fprintf(b, "  access %s\n", a.Access[dir].File.Name)
	}
	for _, p := range a.Problems {
		problems(b, []source.Problem{p.Problem})
	}
}

func describeMaster(b *strings.Builder, m *Master) {
	kind := "master"
	if m.Loose {
		kind = "pools"
	}
	fmt.Fprintf(b, "%s %s", kind, m.Main.Name)
	if m.Layout != nil {
		fmt.Fprintf(b, " (%s)", m.Layout.Name)
	}
	if m.Version != "" {
		fmt.Fprintf(b, " PHP %s", m.Version)
	}
	if m.Loose && m.Together {
		b.WriteString(" together")
	}
	if !m.Complete {
		b.WriteString(" incomplete")
	}
	b.WriteString("\n")
	for _, f := range m.Files {
		if f != m.Main {
			fmt.Fprintf(b, "  %s\n", f.Name)
		}
	}
	for _, p := range m.Pools {
		fmt.Fprintf(b, "  [%s]\n", p.Name)
	}
	if m.PHPIni != nil {
		for _, f := range m.PHPIni.Files {
			fmt.Fprintf(b, "  ini %s\n", f.Name)
		}
	}
	problems(b, m.Problems)
}

func problems(b *strings.Builder, list []source.Problem) {
	for _, p := range list {
		fmt.Fprintf(b, "problem %s%s\n", from(p.At), p.Message)
	}
}

func from(at source.Span) string {
	if at.IsZero() {
		return ""
	}
	return fmt.Sprintf("at %s:%d ", at.File.Name, at.Begin().Line)
}

// reading is a tree, what is read of it, and what is found.
type reading struct {
	name  string
	files map[string]string
	paths []string // nil: /
	want  string
}

func testReadings(t *testing.T, tests []reading) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			paths := test.paths
			if paths == nil {
				paths = []string{"/"}
			}
			if got := describe(Read(plant(test.files), paths)); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}
