package nginx

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

func parse(text string) *File {
	return Parse(&source.File{Name: "/etc/nginx/nginx.conf", Text: text})
}

var bare = regexp.MustCompile(`^[A-Za-z0-9_./:$~^=*?()-]+$`)

// dump writes the tree on one line: decoded words, in Go quotes where they are not
// bare; "!" for a missing semicolon or brace; "%" before lines of data; a Lua body
// in Go quotes.
func dump(f *File) string {
	var b strings.Builder
	closers := []int32{}
	for d := range f.All() {
		for n := len(closers); n > 0 && closers[n-1] <= d.index; n = len(closers) {
			closers = closers[:n-1]
			b.WriteString(" }")
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		dumpHeader(&b, d)
		if d.HasBlock() {
			closers = append(closers, d.block().next)
		}
	}
	for n := len(closers); n > 0; n-- {
		b.WriteString(" }")
	}
	return b.String()
}

func dumpHeader(b *strings.Builder, d Directive) {
	if d.Data() {
		b.WriteByte('%')
	}
	b.WriteString(dumpWord(d.Name()))
	for _, arg := range d.Args() {
		b.WriteString(" " + dumpWord(arg.String()))
	}
	missing := ""
	if d.Terminator().Text() == "" {
		missing = "!"
	}
	if !d.HasBlock() {
		b.WriteString(missing + ";")
		return
	}
	b.WriteString(" " + missing + "{")
	if d.Close().IsZero() {
		b.WriteByte('!')
	}
	if lua := d.Lua(); !lua.IsZero() {
		b.WriteString(" lua " + strconv.Quote(lua.Text()))
	}
}

func dumpWord(s string) string {
	if bare.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}

// dumpProblems writes one problem per line: position, kind unless it is a syntax
// error, message.
func dumpProblems(f *File) string {
	kinds := map[source.Kind]string{source.BOM: "bom ", source.Limit: "limit ", source.Template: "template "}
	var lines []string
	for _, p := range f.Problems {
		at := p.At.Begin()
		lines = append(lines, fmt.Sprintf("%d:%d %s%s", at.Line, at.Column, kinds[p.Kind], p.Message))
	}
	return strings.Join(lines, "\n")
}

func check(t *testing.T, text, wantTree, wantProblems string) {
	t.Helper()
	f := parse(text)
	if got := dump(f); got != wantTree {
		t.Errorf("tree of %q\n got %s\nwant %s", text, got, wantTree)
	}
	if got := dumpProblems(f); got != wantProblems {
		t.Errorf("problems of %q\n got %s\nwant %s", text, got, wantProblems)
	}
}
