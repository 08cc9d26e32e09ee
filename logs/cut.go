package logs

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/servers"
)

// cutRow matches lines of a row that were cut.
type cutRow struct {
	row  *row
	tree *syntax.Regexp
	// literals are the texts of parts of the expression. What is left of a line has one of those
	// that are long, and begins in one of them.
	literals []string
	// fixed are the groups that match few texts, by their number.
	fixed map[int]bool

	once sync.Once
	// expressions match lines that were cut at their end, at their start, and at both.
	expressions [len(cuts)]*regexp.Regexp
}

// cuts are assertions that hold where a text was cut.
var cuts = [...]string{`\z`, `\A`, `\A|\z`}

// cutRows are made on first use: only a pasted line needs them. The lines of a response are whole.
var cutRows = sync.OnceValue(func() []*cutRow {
	var all []*cutRow
	for i, r := range table().all {
		tree, err := syntax.Parse(r.Expression(), syntax.Perl)
		if err == nil && !table().brief.has(i) && r.Sign != servers.NoSign && !r.Sign.OfResponse() {
			tree = tree.Simplify()
			all = append(all, &cutRow{row: r, tree: tree, literals: allLiterals(tree), fixed: fixedGroups(tree, map[int]bool{})})
		}
	}
	return all
})

// uncut returns an expression that matches what re matches, and what is left of it where the
// assertion cut holds.
func uncut(re *syntax.Regexp, cut string) string {
	switch re.Op {
	case syntax.OpLiteral:
		var b strings.Builder
		for _, r := range re.Rune {
			one := &syntax.Regexp{Op: syntax.OpLiteral, Rune: []rune{r}, Flags: re.Flags}
			b.WriteString("(?:" + one.String() + "|" + cut + ")")
		}
		return b.String()
	case syntax.OpConcat:
		var b strings.Builder
		for _, sub := range re.Sub {
			b.WriteString(uncut(sub, cut))
		}
		return b.String()
	case syntax.OpAlternate:
		var parts []string
		for _, sub := range re.Sub {
			parts = append(parts, uncut(sub, cut))
		}
		return "(?:" + strings.Join(parts, "|") + ")"
	case syntax.OpCapture:
		name := ""
		if re.Name != "" {
			name = "?P<" + re.Name + ">"
		}
		return "(" + name + uncut(re.Sub[0], cut) + ")"
	case syntax.OpQuest:
		return "(?:" + uncut(re.Sub[0], cut) + ")?"
	case syntax.OpBeginText, syntax.OpEndText, syntax.OpEmptyMatch:
		return re.String()
	}
	return "(?:" + re.String() + "|" + cut + ")"
}

// minProof is the length of a literal that proves a row, and minStart how much of one is left at
// the start of a line.
const minProof, minStart = 10, 3

// allLiterals returns the texts of the parts of an expression that have few.
func allLiterals(re *syntax.Regexp) (all []string) {
	add := func(texts []string) {
		if shortest(texts) >= minStart {
			all = append(all, texts...)
		}
	}
	switch re.Op {
	case syntax.OpConcat:
		eachRun(re.Sub, add)
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			all = append(all, allLiterals(sub)...)
		}
	default:
		add(literals(re))
	}
	return all
}

// match returns the values of the groups in a line that was cut. known is a row of the whole line that means
// nothing: its words prove no other row.
func (c *cutRow) match(text string, known *servers.Signature, atEnd bool) ([]string, bool) {
	if !c.possible(text) {
		return nil, false
	}
	c.once.Do(func() {
		for i, cut := range cuts {
			c.expressions[i] = regexp.MustCompile(uncut(c.tree, cut))
		}
	})
	for i, re := range c.expressions {
		if atEnd && i > 0 {
			break
		}
		m := re.FindStringSubmatchIndex(text)
		if m == nil || i != 0 && (m[0] > 0 || !c.begins(text)) || i != 1 && m[1] < len(text) || !c.proved(c.ungrouped(text, m), known) {
			continue
		}
		return submatches(text, m), true
	}
	return nil, false
}

// possible reports whether a line has a part of a literal that proves the row.
func (c *cutRow) possible(text string) bool {
	for _, literal := range c.literals {
		if n := len(literal); n >= minProof && (strings.Contains(text, literal[:minProof]) || strings.Contains(text, literal[n-minProof:])) {
			return true
		}
	}
	return false
}

// begins reports whether a line begins in a literal.
func (c *cutRow) begins(text string) bool {
	if len(text) < minStart {
		return false
	}
	for _, literal := range c.literals {
		for i := 0; i+minStart <= len(literal); i++ {
			if literal[i] == text[0] && strings.HasPrefix(text, literal[i:]) {
				return true
			}
		}
	}
	return false
}

// proved reports whether what is left of a row has a literal of it, or so much of one at a cut
// that it is proved; beside a known row the half of it.
func (c *cutRow) proved(text string, known *servers.Signature) bool {
	for _, literal := range c.literals {
		if known != nil && strings.Contains(known.Expression(), regexp.QuoteMeta(literal)) {
			continue
		}
		if len(literal) >= minProof && strings.Contains(text, literal) {
			return true
		}
		n := minProof
		if known != nil {
			n = max(n, len(literal)/2)
		}
		for ; n < len(literal) && n <= len(text); n++ {
			if strings.HasSuffix(literal, text[:n]) || strings.HasPrefix(literal, text[len(text)-n:]) {
				return true
			}
		}
	}
	return false
}

// fixedGroups adds the groups of an expression that match few texts.
func fixedGroups(re *syntax.Regexp, groups map[int]bool) map[int]bool {
	if re.Op == syntax.OpCapture && texts(re.Sub[0]) != nil {
		groups[re.Cap] = true
	}
	for _, sub := range re.Sub {
		fixedGroups(sub, groups)
	}
	return groups
}

// ungrouped returns the text of a match with zeros in place of what is in groups that match any
// text.
func (c *cutRow) ungrouped(text string, m []int) string {
	b := []byte(text)
	for i := 2; i+1 < len(m); i += 2 {
		for j := m[i]; j >= 0 && j < m[i+1] && !c.fixed[i/2]; j++ {
			b[j] = 0
		}
	}
	return string(b[m[0]:m[1]])
}

// submatches returns the texts of the groups of a match.
func submatches(text string, m []int) []string {
	values := make([]string, 0, len(m)/2-1)
	for i := 2; i+1 < len(m); i += 2 {
		value := ""
		if m[i] >= 0 {
			value = text[m[i]:m[i+1]]
		}
		values = append(values, value)
	}
	return values
}

// cutEvent reads a line that was cut inside what a row matches; known is the row of the line, if it
// is one that means nothing.
func cutEvent(text string, o *Options, known *servers.Signature) (Event, bool) {
	if whole(text) {
		return Event{}, false
	}
	for _, part := range elided(text) {
		h := strip(part, o)
		if h.entry != nil {
			continue
		}
		// What other programs put before a line shows that nothing is missing at its start.
		if m := cutMatch(&h, known, h.by != 0 || h.clock != NoClock); m.row != nil {
			e := h.event(h.request(m))
			e.Row, e.values = m.row.Signature, m.values
			return *e, true
		}
	}
	return Event{}, false
}

// whole reports whether nothing is missing in a line: it has the end that nginx writes after the
// request, or PHP-FPM after the output of a worker, in which dots are those of a program.
func whole(text string) bool {
	return strings.HasSuffix(strings.TrimRight(text, "\r\n "), `"`) &&
		(strings.Contains(text, " said into std") || strings.Contains(text, ", client: ") && len(elided(text)) == 1)
}

// cutMatch returns the row of a line that was cut; at its end only, if atEnd. The cut must leave
// no choice between causes: all rows that the line may be have one sign.
func cutMatch(h *head, known *servers.Signature, atEnd bool) (found match) {
	if len(h.text) > MaxText || h.harmless() || cutNumber(h.text) {
		return match{}
	}
	for _, c := range cutRows() {
		if h.by != 0 && h.by&c.row.by == 0 {
			continue
		}
		values, ok := c.match(h.text, known, atEnd)
		switch {
		case !ok:
		case found.row == nil || rare(found.row):
			found = match{c.row, values}
		case found.row.Sign != c.row.Sign && !rare(c.row):
			return match{}
		}
	}
	return found
}

// rare reports whether another row, of which there are far more lines, begins in the same words.
func rare(r *row) bool {
	return r.Sign == servers.Truncated || r.Sign == servers.ResolverSilent
}

// cutNumber reports whether a line ends in the number of an error, of which more may have
// followed.
func cutNumber(text string) bool {
	rest := strings.TrimRight(text, "0123456789")
	return len(rest) < len(text) && strings.HasSuffix(rest, "(")
}

// elided returns the parts of a text from which somebody left something out.
func elided(text string) []string {
	return strings.Split(strings.NewReplacer("[...]", "\n", "[…]", "\n", "…", "\n", " ... ", "\n", "...", "\n").Replace(text), "\n")
}
