package firewall

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// nft reads a file as nft -f does. It collects the tables, whose rules are read once
// their sets are known.
type nft struct {
	file      *source.File
	tokens    []token
	next      int
	variables map[string][]token
	budget    int // how many more tokens variables may bring, and elements sets with a name
	tables    []*nftTable
	problem   doubt
}

// The limits of a file: a variable may hold others, and a set be used often.
const (
	maxExpanded = 1 << 18
	maxTables   = 100
	maxChains   = 1000 // of a table
)

// nftTable is a table of nft.
type nftTable struct {
	family, name string
	dormant      bool
	chains       []*nftChain
	sets         map[string]*nftSet
	linked       map[string]*chain
}

// nftChain is a chain whose rules are not read yet.
type nftChain struct {
	chain
	statements []statement
	kind, hook string // of a base chain: filter, input; "" for another
	level      int    // its priority
	device     bool   // it sees the packets of some devices only
	policy     rule
}

// statement is one line of a block, with the values in place of variables.
type statement struct {
	tokens []token
	at     source.Span
}

// begins reports whether the statement starts with words.
func (s statement) begins(words ...string) bool {
	for i, w := range words {
		if i >= len(s.tokens) || !s.tokens[i].is(w) {
			return false
		}
	}
	return true
}

func parseNFT(f *source.File) *Rules {
	p := &nft{file: f, tokens: lex(f), variables: map[string][]token{}, budget: maxExpanded}
	for p.next < len(p.tokens) && p.problem.why == "" {
		p.top()
	}
	if p.problem.why != "" {
		return unread(everyAddress, p.problem)
	}
	return p.rules()
}

func (p *nft) fail(why string, at source.Span) {
	if p.problem.why == "" {
		p.problem = doubt{why, at}
	}
}

// top reads one statement outside of tables.
func (p *nft) top() {
	s, open := p.statement()
	switch {
	case len(s.tokens) == 0 && !open:
		if p.next < len(p.tokens) && p.tokens[p.next].is("}") {
			p.fail("a brace closes nothing", p.file.Span(p.tokens[p.next].start, p.tokens[p.next].end))
		}
	case s.begins("table") && open:
		p.block(p.table(s), s)
	case s.begins("table"), s.begins("add", "table"):
		p.table(s)
	case s.begins("define"):
		p.define(s)
	case s.begins("flush", "ruleset"):
		p.tables = nil
	case s.begins("delete", "table"), s.begins("destroy", "table"):
		p.remove(s)
	case s.begins("include"):
		p.fail("another file is included", s.at)
	default:
		p.fail("the command "+quoted(p.first(s))+" is not read", s.at)
	}
}

func (p *nft) first(s statement) string {
	if len(s.tokens) == 0 {
		return "{"
	}
	return s.tokens[0].text
}

// statement reads up to the end of a line, a semicolon, or the brace that ends the block.
// open is set if it ends with the brace that opens a block, which only names precede.
func (p *nft) statement() (s statement, open bool) {
	depth, from, to := 0, -1, 0
	for ; p.next < len(p.tokens); p.next++ {
		t := p.tokens[p.next]
		switch {
		case depth == 0 && (t.is("\n") || t.is(";")):
			p.next++
			return p.finish(s, from, to), false
		case depth == 0 && t.is("}"):
			return p.finish(s, from, to), false
		case depth == 0 && t.is("{") && opens(s.tokens):
			p.next++
			return p.finish(s, from, to), true
		case t.is("\n"):
			continue
		case t.is("{"):
			depth++
		case t.is("}"):
			depth--
		}
		if from < 0 {
			from = t.start
		}
		to = t.end
		s.tokens = p.expand(s.tokens, t)
	}
	if depth > 0 {
		p.fail("a brace is not closed", p.file.Span(len(p.file.Text), len(p.file.Text)))
	}
	return p.finish(s, from, to), false
}

func (p *nft) finish(s statement, from, to int) statement {
	if from >= 0 {
		s.at = p.file.Span(from, to)
	}
	return s
}

// blocks are what a brace may follow, and how many words before it there are at most.
var blocks = map[string]int{
	"table": 3, "chain": 2, "set": 2, "map": 2, "flowtable": 2, "counter": 2, "quota": 2,
	"limit": 2, "ct": 3, "secmark": 2, "synproxy": 2,
}

// opens reports whether a brace after the tokens opens a block. That of a set of values is
// after more words, such as counter tcp dport.
func opens(list []token) bool {
	switch n := len(list); {
	case n == 0:
		return true
	case list[0].is("ct"):
		return n == blocks["ct"] && !list[1].is("state") && !list[2].is("vmap")
	default:
		return !list[0].quoted && n > 1 && n <= blocks[list[0].text]
	}
}

// expand adds a token, or what a variable holds.
func (p *nft) expand(list []token, t token) []token {
	name, variable := strings.CutPrefix(t.text, "$")
	if !variable || t.quoted {
		return append(list, t)
	}
	value, ok := p.variables[name]
	if p.budget -= len(value); !ok || p.budget < 0 {
		p.fail("the variable "+quoted(t.text)+" is not defined, or holds too much", p.file.Span(t.start, t.end))
		return list
	}
	return append(list, value...)
}

// define reads a variable. One with two values is not read, since a block has its own.
func (p *nft) define(s statement) {
	if len(s.tokens) < 4 || !s.tokens[2].is("=") {
		p.fail("the definition is not understood", s.at)
		return
	}
	name := s.tokens[1].text
	if _, again := p.variables[name]; again {
		p.fail("the variable "+quoted(name)+" is defined twice", s.at)
	}
	p.variables[name] = s.tokens[3:]
}

// named returns the family and the name of a table, the last words of a statement.
func named(s statement) (family, name string) {
	n := len(s.tokens)
	family, name = "ip", s.tokens[n-1].text
	if n > 1 && !s.tokens[n-2].is("table") {
		family = s.tokens[n-2].text
	}
	return family, name
}

// table returns the table that a statement names, which is new if no other does.
func (p *nft) table(s statement) *nftTable {
	family, name := named(s)
	for _, t := range p.tables {
		if t.family == family && t.name == name {
			return t
		}
	}
	if len(p.tables) == maxTables {
		p.fail("the file has too many tables", s.at)
	}
	t := &nftTable{family: family, name: name, sets: map[string]*nftSet{}, linked: map[string]*chain{}}
	p.tables = append(p.tables, t)
	return t
}

func (p *nft) remove(s statement) {
	family, name := named(s)
	for i, t := range p.tables {
		if t.family == family && t.name == name {
			p.tables = append(p.tables[:i:i], p.tables[i+1:]...)
			return
		}
	}
}

// block reads the inside of a table up to the brace that closes it.
func (p *nft) block(t *nftTable, head statement) {
	p.each(head, func(s statement, open bool) {
		switch {
		case s.begins("chain") && open:
			p.chain(t, s)
		case s.begins("set") && open && len(s.tokens) == 2:
			p.set(t, s)
		case open:
			p.skip(s)
		case s.begins("flags", "dormant"):
			t.dormant = true
		case s.begins("define"):
			p.define(s)
		case s.begins("include"):
			p.fail("another file is included", s.at)
		}
	})
}

// skip reads the inside of a block that decides nothing by itself.
func (p *nft) skip(head statement) {
	p.each(head, func(s statement, open bool) {
		if open {
			p.fail("the block is not understood", head.at)
		}
	})
}

// each reads the statements of a block, up to the brace that closes it.
func (p *nft) each(head statement, read func(s statement, open bool)) {
	for p.problem.why == "" {
		s, open := p.statement()
		if len(s.tokens) > 0 || open {
			read(s, open)
		}
		switch {
		case p.next >= len(p.tokens):
			p.fail("a brace is not closed", head.at)
		case !open && p.tokens[p.next].is("}"):
			p.next++
			return
		}
	}
}
