// Package fpmt finds what `php-fpm -t` and a start of PHP-FPM refuse, in PHP-FPM's words
// and from the tables of servers: settings and their values, pools, accounts and paths,
// and settings of php.ini that prevent PHP from starting.
package fpmt

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/source"
)

// Machine is what Check needs to know about the machine of the master.
type Machine struct {
	Facts *host.Facts // nil if nothing is known
	// Version is the PHP version of the master, such as 8.3; "" if unknown.
	Version string
	// Root is set if the machine's service manager starts PHP-FPM as root.
	Root bool
	// As is the account that PHP-FPM certainly starts as, if that is not root: it then ignores
	// user and group (measured on PHP-FPM 8.2). nil for root, and if it is not known.
	As *host.Process
	// View is what PHP-FPM sees of the file system.
	View *service.View
	// NoChown is what keeps a PHP-FPM that starts as root from giving its sockets to other
	// accounts; nil if it may.
	NoChown *service.Setting
	// RunsRoot is set if it starts with -R, so that pools may run as root.
	RunsRoot bool
	// BootDir reports whether a directory below /run is created at boot, and whether
	// that is known.
	BootDir func(dir string) (made, known bool)
}

// Result is what PHP-FPM says about one master.
type Result struct {
	Refused      []Refusal
	Untold       []Untold
	Duplicates   []Duplicate
	MisreadTimes []MisreadTime
	// Explained are the syntax errors and includes that a refusal describes better.
	Explained map[source.Problem]bool
}

// inspector judges the files of one master.
type inspector struct {
	Machine
	master  *parser.Master
	sockets *Sockets
	// broken are the lines that PHP-FPM cannot read.
	broken []source.Span
	full   bool               // the limit on refusals is reached
	needed map[host.Fact]bool // facts needed to judge accounts
	dirs   map[string]bool    // whether directories are missing
	files  map[string]string  // the file in the way to a directory

	latestFile latest // whether it is a directory
	latestDir  latest // whether it is missing
	Result
}

// judge judges the entries of one section as PHP-FPM does: first line by line,
// then the section as a whole.
type judge struct {
	*inspector
	section *fpm.Section
	scope   servers.FPMScope
	// wrong are the entries with a refusal, which get no second one.
	wrong map[*fpm.Entry]bool
	// lost are the keys that the section lacks because of another refusal.
	lost []servers.FPMKey
}

// Check judges one master with its pools and its php.ini. It passes the addresses of
// pool i of the master to next after judging the pool, while its data is in the CPU
// caches: concurrently for different pools if there are many.
func Check(master *parser.Master, machine Machine, next func(i int, at Listens)) Result {
	x := newInspector(master, machine, brokenLines(master))
	global := x.judge(master.Global, servers.FPMGlobal)
	global.globalSettings()
	x.pools(next)
	if !slices.ContainsFunc(x.broken, brokenHeader) {
		global.noPools()
	}
	x.explainSyntax()
	x.phpSettings()
	return x.Result
}

func newInspector(master *parser.Master, machine Machine, broken []source.Span) *inspector {
	machine.Facts = cmp.Or(machine.Facts, noFacts)
	return &inspector{
		Machine: machine, master: master, sockets: NewSockets(machine.Facts), broken: broken,
		needed: map[host.Fact]bool{}, dirs: map[string]bool{}, files: map[string]string{}, Result: Result{Explained: map[source.Problem]bool{}},
	}
}

// share is the number of pools that one goroutine judges.
const share = 64

// pools judges the pools.
func (x *inspector) pools(next func(i int, at Listens)) {
	var parts []*inspector
	var group sync.WaitGroup
	for pools := range slices.Chunk(x.master.Pools, share) {
		part, first := newInspector(x.master, x.Machine, x.broken), len(parts)*share
		parts = append(parts, part)
		if len(x.master.Pools) <= share {
			part.poolsFrom(first, pools, next)
		} else {
			group.Go(func() { part.poolsFrom(first, pools, next) })
		}
	}
	group.Wait()
	for _, part := range parts {
		x.take(part.Result)
	}
}

// poolsFrom judges some of the pools, of which the first has the index first.
func (x *inspector) poolsFrom(first int, pools []*fpm.Section, next func(i int, at Listens)) {
	for i, pool := range pools {
		next(first+i, x.judge(pool, servers.FPMPool).poolSettings())
	}
}

// take adds what another inspector found in pools of the same master.
func (x *inspector) take(found Result) {
	for _, r := range found.Refused {
		x.add(r)
	}
	for _, u := range found.Untold {
		if u.Needs != "" {
			x.needs(u)
		} else {
			x.untold(u.Fault, u.At, u.Why)
		}
	}
	x.Duplicates = append(x.Duplicates, found.Duplicates[:min(len(found.Duplicates), maxRefusals-len(x.Duplicates))]...)
	x.MisreadTimes = append(x.MisreadTimes, found.MisreadTimes[:min(len(found.MisreadTimes), maxRefusals-len(x.MisreadTimes))]...)
}

// judge judges each line of a section separately.
func (x *inspector) judge(section *fpm.Section, scope servers.FPMScope) *judge {
	j := &judge{inspector: x, section: section, scope: scope}
	for _, line := range x.broken {
		key, _, _ := strings.Cut(line.Text(), "=")
		j.lost = append(j.lost, servers.FPMKeyOf(strings.ToLower(strings.TrimSpace(key))))
	}
	j.lines()
	j.duplicates()
	return j
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

// astray reports whether e follows a header that PHP-FPM cannot read, so that it is in
// this section by mistake.
func (j *judge) astray(e *fpm.Entry) bool {
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

// lines judges every line separately, including those that another one replaces: PHP-FPM
// parses a value before it discards it.
func (j *judge) lines() {
	for i := range j.section.Entries {
		if j.full {
			return
		}
		e := &j.section.Entries[i]
		switch {
		case j.astray(e):
		case e.Directive == 0 && rendered(e.KeyAt().Text()):
			j.spoil(e)
		case e.Directive == 0 && mark(e.KeyAt().Text()) != "":
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

// report records a refusal of e. If the value includes a #, that is the cause.
func (j *judge) report(e *fpm.Entry, r Refusal) {
	if j.wrong[e] {
		j.worsen(e, r)
		return
	}
	j.spoil(e)
	if from := hashTail(e.Value()); from >= 0 && r.Fault != UnknownEntry {
		j.blameHash(e, from, &r)
	}
	j.aside(e, r)
}

// rendered reports whether a template or envsubst makes a name.
func rendered(name string) bool {
	return strings.HasPrefix(name, "${") || source.TemplateMark(name) != ""
}

// spoil records that e has a refusal. Most sections have none.
func (j *judge) spoil(e *fpm.Entry) {
	if j.wrong == nil {
		j.wrong = map[*fpm.Entry]bool{}
	}
	j.wrong[e] = true
}

// aside records a refusal of e that allows another one: the resulting value may be wrong too.
func (j *judge) aside(e *fpm.Entry, r Refusal) {
	if r.Key == "" {
		r.Key = spelled(e)
	}
	if r.At.IsZero() {
		r.At = e.ValueAt()
		if j.noDefault(e) {
			r.At = e.KeyAt() // the value itself is like a mark that a program fills in
		}
	}
	j.missing(r)
}

// worsen adds to the refusal of a # after the value of e what the value became because of it.
func (j *judge) worsen(e *fpm.Entry, r Refusal) {
	from := hashTail(e.Value())
	if from < 0 || r.Says == "" {
		return
	}
	for i := len(j.Refused) - 1; i >= 0; i-- {
		first := &j.Refused[i]
		if first.Fault == HashComment && first.Says == "" && first.At.File == e.Value().At.File && first.At.Start == e.Value().At.Start+int32(from) {
			first.Says = r.Says
			j.blameHash(e, from, first)
			return
		}
	}
}

// missing records a refusal of the section as a whole.
func (j *judge) missing(r Refusal) {
	r.Section = j.section
	j.add(r)
}

// maxRefusals limits how many refusals of one master are kept, and how many undecided places.
const maxRefusals = 10_000

// add records r, up to maxRefusals.
func (x *inspector) add(r Refusal) {
	switch {
	case len(x.Refused) < maxRefusals:
		x.Refused = append(x.Refused, r)
	case !x.full:
		x.full = true
		x.Untold = append(x.Untold, Untold{Fault: r.Fault, At: r.At, Why: tooMany})
	}
}

const tooMany = "more than 10000 entries are wrong or not known, and the rest was not judged"

// untold records that it is unknown whether fault exists at at.
func (x *inspector) untold(fault Fault, at source.Span, why string) {
	if len(x.Untold) == maxRefusals {
		why = tooMany
	}
	if len(x.Untold) <= maxRefusals {
		x.Untold = append(x.Untold, Untold{Fault: fault, At: at, Why: why})
	}
}

// needs records that a fact is needed to judge an account, once.
func (x *inspector) needs(u Untold) {
	if !x.needed[u.Needs] {
		x.needed[u.Needs] = true
		x.Untold = append(x.Untold, u)
	}
}

// line returns PHP-FPM's message about the line of e.
func line(e *fpm.Entry, r servers.FPMRefusal, args ...any) string {
	return r.Line(append([]any{e.KeyAt().File.Name, e.KeyAt().Begin().Line}, args...)...)
}

// spelled returns the key of e with its index.
func spelled(e *fpm.Entry) string {
	if e.Indexed() {
		return e.KeyAt().Text() + "[" + e.Index() + "]"
	}
	return e.KeyAt().Text()
}

// text returns the effective value of key, with $pool expanded, and its line. known is
// false if the files do not determine the value. A value that is not set is "".
func (j *judge) text(key servers.FPMKey) (text string, e *fpm.Entry, known bool) {
	if e = j.section.Last(key); e == nil {
		return "", nil, !j.master.Loose
	}
	if text, known = j.section.Known(e); !known && j.noDefault(e) {
		return "", e, true
	}
	return text, e, known
}

// noDefault reports whether a value is nothing but ${NAME:-default} for a PHP that has no
// defaults: it takes all of that for the name of a variable, which is not set, so that the
// value is empty (php-src Zend/zend_ini_parser.y; measured on PHP-FPM 8.2).
func (x *inspector) noDefault(e *fpm.Entry) bool {
	if !x.Root { // elsewhere a program may fill it in
		return false
	}
	if _, known := e.Line.Text(); known || !servers.Older(x.Version, servers.EnvDefaultSince) {
		return false
	}
	name, ok := strings.CutPrefix(strings.Trim(e.Value().At.Text(), `"`), "${")
	return ok && strings.Contains(name, ":-") && strings.IndexByte(name, '}') == len(name)-1
}

// figure is a numeric setting of a section.
type figure struct {
	key   servers.FPMKey
	n     int64
	entry *fpm.Entry // nil if not set
	ok    bool       // n is the number that PHP-FPM uses
}

// figure returns the effective number of key, 0 if it is not set. ok is false for one
// that PHP-FPM refuses.
func (j *judge) figure(key servers.FPMKey, parse func(string) (int64, bool)) figure {
	text, e, known := j.text(key)
	f := figure{key: key, entry: e}
	if known && (e == nil || !j.wrong[e]) {
		f.n, f.ok = parse(text)
		f.ok = f.ok || e == nil
	}
	return f
}
