package handler

import (
	"maps"
	"regexp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/wp502lint/wp502lint/internal/aside"
	"github.com/wp502lint/wp502lint/source"
)

// maxSteps limits the sections and lines that all requests together are compared with.
const maxSteps = 16 << 20

const tooMany = "the configuration has more sections and virtual hosts than are followed"

// memory is what a model keeps from one request to the next.
type memory struct {
	regexes  map[expression]*regexp.Regexp
	matched  map[match]bool
	htaccess map[string]*layer
	scripts  map[string][]string // the .php files of a directory
	tried    []request           // of one server
	seen     map[string]bool     // their URLs
	asked    bool                // a condition is about the host name of the request
	ways     []*Pass             // of one request
	spare    *Pass
	begun    walked
	walked   walked
	handler  handlerURL
	steps    int // that are left
}

// fork returns the same model with a memory of its own, for another goroutine.
func (m *model) fork() *model {
	own := *m
	own.memory = newMemory()
	own.regexes = maps.Clone(m.regexes)
	own.scripts = make(map[string][]string, len(m.scopes))
	return &own
}

func newMemory() memory {
	return memory{
		regexes: map[expression]*regexp.Regexp{}, matched: map[match]bool{}, htaccess: map[string]*layer{},
		scripts: map[string][]string{}, seen: map[string]bool{}, steps: maxSteps,
	}
}

// each calls do for the indexes of the servers from next on, in order, as long as more holds. If there
// are many, several goroutines do, each with a model that has a memory of its own.
func (m *model) each(next int, more func() bool, do func(own *model, i int)) {
	var mu sync.Mutex
	take := func() (i int, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == len(m.scopes) || !more() {
			return 0, false
		}
		next++
		return next - 1, true
	}
	work := func(own *model) {
		for i, ok := take(); ok; i, ok = take() {
			do(own, i)
		}
	}
	var group sync.WaitGroup
	if len(m.scopes) >= aside.ManyFiles {
		for range min(runtime.GOMAXPROCS(0), 4) - 1 {
			own := m.fork()
			group.Go(func() { work(own) })
		}
	}
	work(m)
	group.Wait()
}

// judge sets the Passes of all servers. Which ones come after too many steps does not depend on how
// many goroutines there are.
func (m *model) judge() {
	limit := int64(m.steps)
	spent := make([]int64, len(m.scopes))
	var all atomic.Int64
	m.each(0, func() bool { return all.Load() <= limit }, func(own *model, i int) {
		own.steps = int(limit)
		own.passes(m.scopes[i])
		spent[i] = limit - int64(own.steps)
		all.Add(spent[i])
	})
	var total int64
	for i, sc := range m.scopes {
		if total += spent[i]; total > limit {
			sc.server.Passes = []*Pass{{Way: NoHandler, At: sc.server.At, Header: sc.server.At, Why: tooMany}}
		}
	}
}

// passes sets the Passes of one server: every way of its requests, once.
func (m *model) passes(sc *scope) {
	all := m.requests(sc)
	found := slices.ContainsFunc(all, func(r request) bool { return r.found })
	// The document root that is compiled in has a page of the package at most, if it exists.
	root, _ := sc.server.Root.Known()
	rootless := root == "" && sc.server.Root.Why() == ""
	for i := range all {
		if m.steps < 0 {
			break
		}
		r := &all[i]
		m.ways = m.byHost(sc, r, m.ways[:0])
		for _, p := range m.ways {
			if p.needsFile() && !r.found && (found || i > 0 || rootless || sc.bare && m.inherited(sc, p)) ||
				p.byName() && !r.found && !r.aliased && rootless ||
				slices.ContainsFunc(sc.server.Passes, p.same) {
				m.spare = p
				continue
			}
			p.Request, p.Found, p.aliased = r.uri, r.found, r.aliased
			m.parameters(sc, p)
			sc.server.Passes = append(sc.server.Passes, p)
		}
	}
	sc.server.Passes = relevant(sc.server.Passes)
}

// newPass returns an empty Pass. Most requests of a server go one way, so that the Pass of one
// before is used again if it is not kept.
func (m *model) newPass() *Pass {
	p := m.spare
	if m.spare = nil; p == nil {
		return new(Pass)
	}
	*p = Pass{}
	return p
}

// same reports whether two requests go the same way.
func (p *Pass) same(other *Pass) bool {
	return p.At == other.At && p.End == other.End && p.Way == other.Way && p.Cause == other.Cause &&
		p.Target == other.Target && p.Why == other.Why && p.workerAt() == other.workerAt()
}

// workerAt returns where the worker is defined; zero if none is.
func (p *Pass) workerAt() source.Span {
	if p.Worker == nil {
		return source.Span{}
	}
	return p.Worker.At
}
