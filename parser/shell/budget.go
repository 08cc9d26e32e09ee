package shell

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Budget is what scripts may still cost together: those of a project take turns at the
// same files, and each command on a file reads and writes all of it.
type Budget struct {
	steps, bytes int
	told         bool // that it is spent
}

// NewBudget returns the budget of the scripts of one project.
func NewBudget() *Budget { return &Budget{steps: 500_000, bytes: 128 << 20} }

// spent reports whether nothing is left, after a further step.
func (b *Budget) spent() bool {
	b.steps--
	return b.steps < 0 || b.bytes < 0
}

// charge takes off what reading or writing a text costs. A line and a piece cost more than
// their bytes.
func (b *Budget) charge(text source.Text) {
	b.bytes -= len(text.String) + 64*(strings.Count(text.String, "\n")+len(text.Pieces))
}

// Read reads a file at the expense of the budget.
func (g *guard) Read(name string) (source.Text, bool) {
	text, ok := g.World.Read(name)
	g.budget.charge(text)
	return text, ok
}

// write writes a file likewise.
func (g *guard) write(name string, text source.Text, at source.Span) {
	g.budget.charge(text)
	g.World.Write(name, text, at)
}

// edit is write for a text that was made from that of the file.
func (g *guard) edit(name string, text source.Text, at source.Span) {
	g.budget.charge(text)
	g.World.Edit(name, text, at)
}

// accounts is uncertain for a change of accounts, which reads and writes their files.
func (g *guard) accounts(at source.Span, names ...string) bool {
	g.budget.bytes -= 64 << 10
	return g.uncertain(at, names...)
}
