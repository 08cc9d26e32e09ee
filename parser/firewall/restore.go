package firewall

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// restorer reads files as iptables-restore(8) does. Only what decides about connections
// to the host is kept.
type restorer struct {
	family addresses
	tables map[string]*table
	seen   map[string]bool // the tables of the file
	now    *table          // between *table and COMMIT; nil outside
	// keep is set for files that add to the tables, as those of ufw (--noflush).
	keep    bool
	problem doubt // the first line that the program may refuse
}

// table is one table of iptables.
type table struct {
	chains   map[string]*chain
	policies map[string]rule // of the chains that the kernel runs
}

// hook is a chain that the kernel runs.
type hook struct{ table, chain string }

// hooks are the chains that a new connection to the host passes, in their order
// (iptables(8), "TABLES").
var hooks = [...]hook{
	{"raw", "PREROUTING"}, {"mangle", "PREROUTING"}, {"nat", "PREROUTING"},
	{"mangle", "INPUT"}, {"filter", "INPUT"}, {"security", "INPUT"}, {"nat", "INPUT"},
}

// maxInserted is up to how many rules a chain may have before others are inserted.
const maxInserted = 2000

// builtin are the chains that the kernel runs, which need not be declared.
var builtin = []string{"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"}

func newRestorer(family addresses) *restorer {
	return &restorer{family: family, tables: map[string]*table{}}
}

func newTable() *table {
	t := &table{map[string]*chain{}, map[string]rule{}}
	for _, name := range builtin {
		t.chains[name] = &chain{name: name}
		t.policies[name] = rule{action: accept}
	}
	return t
}

// load reads a file.
func (r *restorer) load(f *source.File) {
	r.seen, f.Comments = map[string]bool{}, nil
	offset := 0
	for line := range strings.Lines(f.Text) {
		text := strings.TrimRight(line, " \t\n")
		at := f.Span(offset, offset+len(text))
		offset += len(line)
		switch {
		case strings.HasPrefix(text, "#"):
			f.Comments = append(f.Comments, at)
		case text != "":
			r.line(at)
		}
	}
	if r.now != nil {
		r.fail("the last table has no COMMIT", f.Span(len(f.Text), len(f.Text)))
		r.now = nil
	}
}

func (r *restorer) fail(why string, at source.Span) {
	if r.problem.why == "" {
		r.problem = doubt{why, at}
	}
}

// line reads a line that is not empty and not a comment.
func (r *restorer) line(at source.Span) {
	text := at.Text()
	switch {
	case r.now == nil && text[0] == '*':
		r.begin(strings.TrimSpace(text[1:]), at)
	case r.now == nil:
		r.fail("the line is outside of a table", at)
	case text == "COMMIT":
		r.now = nil
	case text[0] == ':':
		r.declare(strings.Fields(text[1:]), at)
	default:
		r.command(words(at), at)
	}
}

// begin starts a table, which is empty unless an earlier file has it.
func (r *restorer) begin(name string, at source.Span) {
	if !slices.ContainsFunc(hooks[:], func(h hook) bool { return h.table == name }) {
		r.fail("the table "+quoted(name)+" is not known", at)
		return
	}
	if r.seen[name] {
		r.fail("the table "+quoted(name)+" occurs twice", at)
	}
	r.seen[name] = true
	if r.tables[name] == nil || !r.keep {
		r.tables[name] = newTable()
	}
	r.now = r.tables[name]
}

// declare reads the line of a chain with its policy, which is - for one that rules jump
// to. It is empty then; a chain that the kernel runs keeps the rules of earlier files.
func (r *restorer) declare(fields []string, at source.Span) {
	if len(fields) < 2 {
		r.fail("the line is not understood", at)
		return
	}
	name := fields[0]
	if slices.Contains(builtin, name) {
		r.policy(name, fields[1], at)
		return
	}
	r.now.chains[name] = &chain{name: name}
}

func (r *restorer) policy(name, policy string, at source.Span) {
	set := rule{at: at}
	switch policy {
	case "ACCEPT":
		set.action = accept
	case "DROP":
		set.action = drop
	case "-":
		return
	default:
		r.fail("the policy "+quoted(policy)+" is not understood", at)
		return
	}
	r.now.policies[name] = set
}

// command reads the line of a rule, or one that makes a chain or sets its policy.
func (r *restorer) command(line []word, at source.Span) {
	if len(line) > 0 && strings.HasPrefix(line[0].text, "[") { // counters
		line = line[1:]
	}
	if len(line) < 2 {
		r.fail("the line is not understood", at)
		return
	}
	name := line[1].text
	switch line[0].text {
	case "-A", "--append":
		r.add(name, -1, line[2:], at)
	case "-I", "--insert":
		r.insert(name, line[2:], at)
	case "-N", "--new-chain":
		r.now.chains[name] = &chain{name: name}
	case "-P", "--policy":
		if len(line) > 2 {
			r.policy(name, line[2].text, at)
		}
	default:
		r.fail("the command "+quoted(line[0].text)+" is not read", at)
	}
}

// insert reads a rule that has a number in the chain, the first one without it.
func (r *restorer) insert(name string, rest []word, at source.Span) {
	index := 1
	if len(rest) > 0 {
		if n, ok := parsePort(rest[0].text); ok {
			index, rest = int(n), rest[1:]
		}
	}
	r.add(name, index-1, rest, at)
}

// add puts a rule into a chain before that of an index, or at its end for -1.
func (r *restorer) add(name string, index int, options []word, at source.Span) {
	c := r.now.chains[name]
	switch {
	case c == nil:
		r.fail("the chain "+quoted(name)+" is missing", at)
		return
	case index < -1 || index > len(c.rules):
		r.fail("the chain has fewer rules than that number", at)
		return
	case index >= 0 && len(c.rules) > maxInserted:
		r.fail("too many rules are inserted into the chain "+quoted(name), at)
		return
	case index == -1:
		index = len(c.rules)
	}
	c.rules = slices.Insert(c.rules, index, parseOptions(r.family, r.now == r.tables["raw"], options, at))
}

// rules links the rules of all files.
func (r *restorer) rules() *Rules {
	if r.problem.why != "" {
		return unread(r.family, r.problem)
	}
	all := &Rules{covers: r.family}
	for _, t := range r.tables {
		for _, c := range t.chains {
			link(c.rules, t.chains)
		}
	}
	for _, h := range hooks {
		t := r.tables[h.table]
		if t == nil || len(t.chains[h.chain].rules) == 0 && t.policies[h.chain].at.IsZero() {
			continue
		}
		all.bases = append(all.bases, entry(r.family, t.chains[h.chain], t.policies[h.chain], ""))
	}
	return all
}
