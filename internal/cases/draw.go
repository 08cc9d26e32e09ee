package cases

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"golang.org/x/tools/txtar"
)

// sheet is a place for mark lines: under a line of a file.
type sheet struct {
	file *File // nil: the header
	line int   // 0: above the first
}

// line is one mark line and its sort key among those under the same line.
type line struct {
	column int
	text   string
}

// drawing collects the mark lines of a report.
type drawing struct {
	on      *Case
	comment map[string]string // by file name: what starts a comment
	lines   map[sheet][]line
}

// Draw returns the archive of c with marks for exactly the findings and notes
// of r.
func Draw(c *Case, r *lint.Report) []byte {
	d := &drawing{c, comments(r), map[sheet][]line{}}
	for _, f := range r.Findings {
		at, column := d.add(sheet{}, 0, "^", f.At, f.Rule.ID+" "+oneLine(f.Message))
		for _, n := range f.Notes {
			d.add(at, column, "-", n.At, f.Rule.ID+" "+oneLine(n.Message))
		}
	}
	a := &txtar.Archive{Comment: slices.Clone(c.comment)}
	for _, l := range d.lines[sheet{}] {
		a.Comment = append(a.Comment, l.text+"\n"...)
	}
	for i := range c.Files {
		f := &c.Files[i]
		a.Files = append(a.Files, txtar.File{Name: strings.TrimPrefix(f.Name, "/"), Data: d.file(f)})
	}
	return txtar.Format(a)
}

// comments returns by file name what starts a comment, where it is not "#".
func comments(r *lint.Report) map[string]string {
	start := map[string]string{}
	for _, f := range r.Files {
		if f.File != nil && slices.Contains([]source.Role{source.RoleFPM, source.RolePool, source.RolePHPIni}, f.Role) {
			start[f.File.Real] = ";"
		}
	}
	return start
}

// add adds one mark and returns its sheet. A mark without a file in the archive
// goes to from.
func (d *drawing) add(from sheet, column int, run string, at source.Span, text string) (sheet, int) {
	if at.IsZero() {
		d.put(from, column, " "+run+"0 "+text)
		return from, column
	}
	f := d.on.file(at.File.Real)
	if f == nil {
		d.put(from, column, " "+run+strings.TrimPrefix(at.File.Real, "/")+" "+text)
		return from, column
	}
	begin, end := at.Begin(), at.Finish()
	to := sheet{f, min(end.Line, strings.Count(f.plain, "\n"))}
	if drawable(f, begin, end) {
		pad := strings.Repeat(" ", begin.Column-2)
		d.put(to, begin.Column, pad+strings.Repeat(run, end.Column-begin.Column)+" "+text)
	} else {
		d.put(to, begin.Column, " "+run+place(begin, end)+" "+text)
	}
	return to, begin.Column
}

// put adds a mark line to a sheet; text follows the character that starts a
// comment.
func (d *drawing) put(to sheet, column int, text string) {
	if to.file == nil {
		text = strings.TrimLeft(text, " ")
	} else {
		text = cmp.Or(d.comment[to.file.Name], "#") + text
	}
	d.lines[to] = append(d.lines[to], line{column, text})
}

// drawable reports whether characters under the line can show a mark.
func drawable(f *File, begin, end source.Position) bool {
	if begin.Line != end.Line || begin.Column < 2 || end.Column <= begin.Column || f.bom && begin.Line == 1 {
		return false
	}
	lines := strings.SplitAfter(f.plain, "\n")
	return begin.Line <= len(lines) && !strings.Contains(lines[begin.Line-1], "\t")
}

// place writes a place as numbers.
func place(begin, end source.Position) string {
	switch {
	case begin == end:
		return fmt.Sprintf("%d:%d", begin.Line, begin.Column)
	case begin.Line == end.Line:
		return fmt.Sprintf("%d:%d-%d", begin.Line, begin.Column, end.Column)
	default:
		return fmt.Sprintf("%d:%d-%d:%d", begin.Line, begin.Column, end.Line, end.Column)
	}
}

// file returns the text of f with the marks under its lines.
func (d *drawing) file(f *File) []byte {
	var b strings.Builder
	number := 0
	d.marks(&b, sheet{f, 0})
	for l := range strings.Lines(f.plain) {
		number++
		b.WriteString(l)
		d.marks(&b, sheet{f, number})
	}
	return []byte(b.String())
}

func (d *drawing) marks(b *strings.Builder, at sheet) {
	lines := d.lines[at]
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.column, b.column) })
	for _, l := range lines {
		b.WriteString(l.text + "\n")
	}
}

// oneLine escapes control characters so that a message stays on its line.
func oneLine(message string) string {
	var b strings.Builder
	for _, r := range message {
		if r < ' ' || r == 0x7f {
			fmt.Fprintf(&b, `\x%02x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
