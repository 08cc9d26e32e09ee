package stack

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// EntryFault is what is wrong with a line of [global] or of a pool, or with a
// section that lacks one. Link decides it once, and a rule claims a fault
// whole.
type EntryFault uint8

// The faults of entries.
const (
	// HashComment is a line, or the end of a value, that starts with # or //,
	// which are no comments in a file of PHP-FPM.
	HashComment EntryFault = iota + 1
	// NeedsQuotes is a value with a character that is an operator outside
	// quotes.
	NeedsQuotes
	// UnknownEntry is a key that PHP-FPM does not know where it stands.
	UnknownEntry
	// InvalidValue is a value of the wrong kind or out of range.
	InvalidValue
	// SpareArithmetic is a dynamic pool whose numbers contradict each other.
	SpareArithmetic
	// MissingEntry is a pool that lacks an entry that it needs.
	MissingEntry
	// UnknownAccount is a user or group that does not exist or may not be used.
	UnknownAccount
	// NoPools is a master without any pool.
	NoPools
	// MissingPath is a directory that does not exist.
	MissingPath
	// SlowlogTimeouts is a slow log that cannot be made.
	SlowlogTimeouts
	// PathForm is a status or ping path that is none.
	PathForm
	// Preload is a setting of opcache in php.ini without which PHP does not
	// start.
	Preload
)

// BadEntry is one place in the files of a master that PHP-FPM refuses or reads
// differently from what it looks like.
type BadEntry struct {
	Master *Master
	Pool   *Pool // nil in [global]
	Fault  EntryFault
	// Key is the entry as PHP-FPM spells it; "" for a line that is none.
	Key string
	At  source.Span
	// Message is one sentence, lower case, no full stop.
	Message string
	// Says is the line with which PHP-FPM refuses to start; "" when it starts.
	Says  string
	Notes []source.Note
	Fixes []source.Fix // how the text is put right
	// Needs is a fact without which an account cannot be looked up; "" for
	// none. Then only Fault counts.
	Needs host.Fact
	// Why is not "" when the files do not tell whether anything is wrong; then
	// only At, Fault and Why count. It is ready to stand behind "not checked: ".
	Why string
}

// entryJudge judges the entries of one section as PHP-FPM does: first line by
// line, then the section as a whole.
type entryJudge struct {
	*linker
	config  *parser.Master
	master  *Master
	pool    *Pool // nil in [global]
	section *fpm.Section
	scope   servers.FPMScope
	// wrong are the entries with a finding, which no second one joins.
	wrong map[*fpm.Entry]bool
	// lost is what the section lacks because of another finding, by key.
	lost map[string]bool
	// broken are the lines that PHP-FPM cannot read.
	broken []source.Span
}

// judgeEntries judges every entry of a master and its pools.
func (l *linker) judgeEntries(m *Master, c *parser.Master) {
	broken := brokenLines(c)
	judge := func(p *Pool, section *fpm.Section, scope servers.FPMScope) *entryJudge {
		j := &entryJudge{linker: l, config: c, master: m, pool: p, section: section, scope: scope, wrong: map[*fpm.Entry]bool{}, lost: map[string]bool{}, broken: broken}
		for _, line := range broken {
			key, _, _ := strings.Cut(line.Text(), "=")
			j.lost[strings.ToLower(strings.TrimSpace(key))] = true
		}
		j.lines()
		j.duplicates()
		return j
	}
	global := judge(nil, c.Global, servers.FPMGlobal)
	global.globalSettings()
	for _, p := range m.Pools {
		judge(p, p.Section, servers.FPMPool).poolSettings()
	}
	if !slices.ContainsFunc(broken, brokenHeader) {
		global.noPools()
	}
	l.explainSyntax(m, c)
	l.judgeOpcache(m, c.PHPIni)
}

// brokenLines returns the lines with syntax errors.
func brokenLines(c *parser.Master) (lines []source.Span) {
	for _, p := range c.Problems {
		if p.Kind == source.Syntax {
			lines = append(lines, p.At.File.Line(p.At.Begin().Line))
		}
	}
	return lines
}

func brokenHeader(line source.Span) bool {
	return strings.HasPrefix(strings.TrimLeft(line.Text(), " \t"), "[")
}

// astray reports whether e stands below a header that PHP-FPM cannot read, so
// that it is in this section by mistake.
func (j *entryJudge) astray(e *fpm.Entry) bool {
	for _, line := range j.broken {
		if line.File != e.KeyAt().File || line.Start > e.KeyAt().Start || !brokenHeader(line) {
			continue
		}
		if header, _ := j.opened(e); header.Start <= line.Start {
			return true
		}
	}
	return false
}

// lines judges every line for itself, also those that another one replaces:
// PHP-FPM reads a value before it drops it.
func (j *entryJudge) lines() {
	for i := range j.section.Entries {
		if j.bad > maxBad {
			return
		}
		e := &j.section.Entries[i]
		switch {
		case j.astray(e):
		case hashLine(e.KeyAt()):
			j.hashLine(e)
		case e.Bare():
			j.bare(e)
		case e.Indexed():
			j.indexed(e)
		default:
			j.plain(e)
		}
	}
}

// report keeps what is wrong with e. A value that runs into a # is wrong
// because of that.
func (j *entryJudge) report(e *fpm.Entry, b BadEntry) {
	if j.wrong[e] {
		j.worsen(e, b)
		return
	}
	j.wrong[e] = true
	b.Master, b.Pool = j.master, j.pool
	if b.Key == "" {
		b.Key = spelled(e)
	}
	if b.At.IsZero() {
		b.At = valueAt(e)
	}
	if from := hashTail(e.Value()); from >= 0 && b.Why == "" && b.Fault != UnknownEntry {
		j.blameHash(e, from, &b)
	}
	j.addBad(b)
}

// worsen adds to a # behind the value of e that PHP-FPM refuses what the value
// became by it.
func (j *entryJudge) worsen(e *fpm.Entry, b BadEntry) {
	from := hashTail(e.Value())
	if from < 0 || b.Says == "" || b.Why != "" {
		return
	}
	for i := len(j.BadEntries) - 1; i >= 0; i-- {
		first := &j.BadEntries[i]
		if first.Fault == HashComment && first.Says == "" && first.At.File == e.Value().At.File && first.At.Start == e.Value().At.Start+int32(from) {
			first.Says = b.Says
			j.blameHash(e, from, first)
			return
		}
	}
}

// maxBad limits how many bad entries are kept, and how many that cannot be told.
const maxBad = 10_000

// addBad keeps b, unless there are too many already.
func (l *linker) addBad(b BadEntry) {
	count := &l.bad
	if b.Why != "" || b.Needs != "" {
		count = &l.untoldEntries
	}
	*count++
	switch {
	case *count <= maxBad:
		l.BadEntries = append(l.BadEntries, b)
	case *count == maxBad+1:
		l.BadEntries = append(l.BadEntries, BadEntry{Master: b.Master, Fault: b.Fault, At: b.At, Why: "more than 10000 entries are wrong or not known, and the rest was not judged"})
	}
}

// missing keeps what is wrong with the section as a whole, at at.
func (j *entryJudge) missing(b BadEntry) {
	b.Master, b.Pool = j.master, j.pool
	j.addBad(b)
}

// untold says that whether fault is there cannot be told.
func (j *entryJudge) untold(fault EntryFault, at source.Span, why string) {
	j.missing(BadEntry{Fault: fault, At: at, Why: why})
}

// line returns what PHP-FPM says about the line of e.
func line(e *fpm.Entry, r servers.FPMRefusal, args ...any) string {
	return r.Line(append([]any{e.KeyAt().File.Name, e.KeyAt().Begin().Line}, args...)...)
}

// valueAt returns the value of e, and the whole line for an empty one.
func valueAt(e *fpm.Entry) source.Span {
	if at := e.Value().At; at.Start < at.End {
		return at
	}
	if e.Bare() {
		return e.KeyAt()
	}
	return e.KeyAt().To(e.Value().At)
}

// spelled returns the key of e with its index.
func spelled(e *fpm.Entry) string {
	if e.Indexed() {
		return e.KeyAt().Text() + "[" + e.Index() + "]"
	}
	return e.KeyAt().Text()
}

// last returns the plain line of key that counts, nil when there is none or
// when PHP-FPM does not come to use it.
func (j *entryJudge) last(key string) *fpm.Entry { return j.section.Last(key) }

// text returns the value of key that counts with $pool expanded, and its line.
// known is false for a value that the files do not tell. Nobody's value is "".
func (j *entryJudge) text(key string) (text string, e *fpm.Entry, known bool) {
	e = j.last(key)
	if e == nil {
		return "", nil, !j.master.Loose
	}
	text = j.section.Pool(e.Value().Text)
	if e.Value().Why != "" || j.section.Why != "" && text != e.Value().Text {
		return "", e, false
	}
	return text, e, true
}

// figure is a number of a section.
type figure struct {
	key   string
	n     int64
	entry *fpm.Entry // nil: nobody wrote it
	ok    bool       // n is what PHP-FPM works with
}

// figure returns the number of key that counts, 0 when nobody wrote it. One
// that PHP-FPM refuses is not ok.
func (j *entryJudge) figure(key string, parse func(string) (int64, bool)) figure {
	text, e, known := j.text(key)
	f := figure{key: key, entry: e}
	if known && (e == nil || !j.wrong[e]) {
		f.n, f.ok = parse(text)
		f.ok = f.ok || e == nil
	}
	return f
}

// at returns where the number is written, else the header that lacks it.
func (f figure) at(section *fpm.Section) source.Span {
	if f.entry == nil {
		return section.At()
	}
	return valueAt(f.entry)
}
