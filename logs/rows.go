package logs

import (
	"bytes"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/servers"
)

// row is a signature that is ready to be compared with lines.
type row struct {
	*servers.Signature
	by programs
	// any are literals of which a line of the row has one.
	any    []string
	groups []string
	// silent is that a line of the row says nothing about anything: Read leaves it out.
	silent bool

	once       sync.Once
	expression *regexp.Regexp
}

// rowSet is a set of rows, by their place in the table.
type rowSet [6]uint64

func (s *rowSet) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s *rowSet) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

// within reports whether all rows of s are in other.
func (s *rowSet) within(other *rowSet) bool {
	for i := range s {
		if s[i]&^other[i] != 0 {
			return false
		}
	}
	return true
}

// rows are the rows in the order in which a line is compared with them.
type rows struct {
	all []*row
	// needles finds the literals of the rows.
	needles *needles
	// brief are the rows without a literal that is long enough for needles. A line is compared
	// with them only if it begins with the literal.
	brief rowSet
	// silent are the rows that are silent.
	silent rowSet
	// groups are the names of the groups of each row in the order of Event.values.
	groups map[*servers.Signature][]string
}

// table returns all rows, made on first use.
var table = sync.OnceValue(func() *rows {
	t := &rows{needles: &needles{}, groups: map[*servers.Signature][]string{}}
	for i, s := range servers.Signatures() {
		r := &row{Signature: s, by: programOf(s.By)}
		if tree, err := syntax.Parse(s.Expression(), syntax.Perl); err == nil {
			r.any = literals(tree.Simplify())
			r.groups = tree.CapNames()[1:]
			t.groups[s] = r.groups
		}
		r.silent = s.Sign == servers.NoSign && s.Status == 0 && len(r.groups) == 0
		if r.silent {
			t.silent.add(i)
		}
		if !t.needles.add(r.any, i) {
			t.brief.add(i)
		}
		t.all = append(t.all, r)
	}
	t.needles.add(suspicious, len(t.all))
	t.needles.finish()
	return t
})

// match returns the values of the groups in a line; ok is false if it is another line. What nginx
// quotes before the row is somebody else's: quoting is that the line may begin so.
func (r *row) match(text string, quoting bool) (values []string, ok bool) {
	r.once.Do(func() { r.expression, _ = regexp.Compile(r.Expression()) })
	if r.expression == nil {
		return nil, false
	}
	m := r.expression.FindStringSubmatchIndex(text)
	if m == nil || !quoting && strings.IndexByte(text[:m[0]], '"') >= 0 {
		return nil, false
	}
	return submatches(text, m), true
}

// find returns the first row of the programs that a line matches.
func (t *rows) find(text string, by programs) (*row, []string) {
	var set rowSet
	t.needles.scan([]byte(text), &set)
	return t.findIn(text, by, &set)
}

// findIn is find for a line that has literals of a set of rows, as far as they have any.
func (t *rows) findIn(text string, by programs, set *rowSet) (*row, []string) {
	for i, r := range t.all {
		if by != 0 && by&r.by == 0 || !set.has(i) && !(t.brief.has(i) && r.begins(text)) {
			continue
		}
		if values, ok := r.match(text, by != byNginx); ok {
			return r, values
		}
	}
	return nil, nil
}

// maxFooter is how long the footer of a page is, at most.
const maxFooter = 48

// mayBeBrief reports whether a line may be one of the rows in brief: they begin with a number in
// brackets, as in the kernel's list of processes, or are as short as the footer of a page.
func mayBeBrief(line []byte) bool {
	if len(line) <= maxFooter {
		return true
	}
	for {
		i := bytes.IndexByte(line, '[')
		if i < 0 {
			return false
		}
		line = line[i+1:]
		n := 0
		for n < len(line) && (line[n] == ' ' || digit(line[n])) {
			n++
		}
		if n > 0 && bytes.HasPrefix(line[n:], []byte("] ")) {
			return true
		}
	}
}

// begins reports whether a line begins with a literal of the row.
func (r *row) begins(text string) bool {
	for _, literal := range r.any {
		if strings.HasPrefix(text, literal) {
			return true
		}
	}
	return r.any == nil
}
