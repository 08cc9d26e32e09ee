package diagnose

import (
	"iter"
	"slices"
	"sort"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// index finds what a configuration says about an address: a log may name it for every second of a
// day.
type index struct {
	gateways  map[string][]*stack.Gateway
	pools     map[string][]*stack.Pool
	predicted map[predictionKey][]lint.Finding
	answers   map[question][]lint.Finding
	refusing  map[lint.Outcome][]lint.Finding
	errors    []lint.Finding
	sites     map[string]bool           // the names of all sites
	webs      map[string]servers.Server // of the files of each web server
	located   map[location]string

	allGateways []*stack.Gateway
	allPools    []*stack.Pool
}

// question is which findings are about a cause at an address.
type question struct {
	cause            *Cause
	upstream, server string
	web              servers.Server
	certain          bool
}

// once returns the answer to a question, which find gives the first time. It is the same for all
// server names that no site has.
func (x *index) once(q question, find func() []lint.Finding) []lint.Finding {
	if !x.sites[q.server] {
		q.server = ""
	}
	answer, known := x.answers[q]
	if !known {
		answer = find()
		if len(x.answers) < maxURLs {
			x.answers[q] = answer
		}
	}
	return slices.Clone(answer)
}

// predictionKey is what a log line and a finding that predicts it have in common. The address is
// "" if the finding does not tell it.
type predictionKey struct {
	sign    servers.Sign
	address string
}

func (c *Config) indexed() *index {
	if c.index == nil {
		c.index = &index{
			gateways: map[string][]*stack.Gateway{}, pools: map[string][]*stack.Pool{}, predicted: map[predictionKey][]lint.Finding{},
			answers: map[question][]lint.Finding{}, sites: map[string]bool{}, webs: map[string]servers.Server{}, located: map[location]string{}, refusing: map[lint.Outcome][]lint.Finding{}, errors: severe(c.findings()),
		}
		for _, s := range c.Stacks {
			c.index.allGateways, c.index.allPools = append(c.index.allGateways, s.Gateways...), append(c.index.allPools, s.Pools...)
		}
		c.index.addGateways()
		c.index.addWebs(c.Stacks)
		for _, f := range c.findings() {
			c.index.addFinding(f)
		}
	}
	return c.index
}

func (x *index) addGateways() {
	for _, p := range x.allPools {
		add(x.pools, spelled(p.Listen.Endpoint), p)
	}
	for _, g := range x.allGateways {
		if g.Site != nil {
			for _, name := range g.Site.Names {
				x.sites[name] = true
			}
		}
		if g.Upstream != nil {
			add(x.gateways, g.Upstream.Name, g)
		}
		x.addHosts(g)
		for _, p := range g.Peers {
			for _, name := range namesOf(p) {
				add(x.gateways, name, g)
				if p.Pool != nil {
					add(x.pools, name, p.Pool)
				}
			}
			if p.Pool != nil && g.Upstream != nil {
				add(x.pools, g.Upstream.Name, p.Pool)
			}
		}
	}
}

// add adds a value to those of a name, once.
func add[V comparable](m map[string][]V, name string, v V) {
	if name != "" && !slices.Contains(m[name], v) {
		m[name] = append(m[name], v)
	}
}

// namesOf returns how a log may write the address of a peer.
func namesOf(p *stack.Peer) []string {
	return []string{spelled(p.Endpoint), cleanPath(p.Path), strings.TrimPrefix(p.Text, "unix:")}
}

func (x *index) addFinding(f lint.Finding) {
	x.refusing[f.Outcome] = append(x.refusing[f.Outcome], f)
	met := map[predictionKey]bool{}
	for _, line := range f.Log {
		e, ok := logs.Parse(line, logs.Options{})
		if !ok || e.Row == nil {
			continue
		}
		k := predictionKey{e.Row.Sign, bare(upstreamOf(&e))}
		if !met[k] {
			met[k] = true
			x.predicted[k] = append(x.predicted[k], f)
		}
	}
}

// timeline finds what happened about a time.
type timeline struct {
	states []*mark // PHP-FPM refused, stopped or became ready, in order of time
	pids   map[string][]*mark
	gone   map[string][]second // in which nothing listened at an address, in order
	first  map[string]*failure // that is not a consequence, by address
	// accepted is when something first accepted a connection for a request that failed, by address.
	accepted map[string]second
	started  map[string]position // the last line with which PHP-FPM became ready, by log
	ready    second              // the last of them
	loop     bool
	signs    map[servers.Sign][]*mark
	allFail  map[string]bool // whether nginx found no live address, by site
}

func newTimeline(v *Evidence, all []*failure) *timeline {
	t := &timeline{pids: map[string][]*mark{}, gone: map[string][]second{}, first: map[string]*failure{}, accepted: map[string]second{}, started: map[string]position{}, ready: never, signs: map[servers.Sign][]*mark{}, allFail: map[string]bool{}}
	for _, m := range v.marks {
		t.signs[m.Row.Sign] = append(t.signs[m.Row.Sign], m)
		if m.Row.Sign == servers.Refused || m.Row.Sign == servers.Ready || stops(m) {
			t.states = append(t.states, m)
		}
		if m.Row.Sign == servers.Ready {
			keepLast(t.started, m.pos)
			t.ready = max(t.ready, m.at)
		}
		if pid := m.Field("pid"); pid != "" && m.Row.Sign != servers.Ready {
			t.pids[pid] = append(t.pids[pid], m)
		}
	}
	for _, f := range all {
		switch f.row.Sign {
		case servers.ConnectNoSocket, servers.ConnectRefused:
			t.gone[f.upstream] = append(t.gone[f.upstream], f.at)
		case servers.NoLiveUpstreams:
			t.allFail[f.server] = true
		case servers.Reset, servers.Closed, servers.Truncated, servers.HeaderTooBig, servers.HeaderBroken, servers.HeaderMissing:
			if _, known := t.accepted[f.upstream]; !known {
				t.accepted[f.upstream] = f.at
			}
		}
		if f.row.Sign != servers.NoLiveUpstreams && f.badGateway() {
			for _, key := range []string{bare(f.upstream), "server " + f.server} {
				if t.first[key] == nil {
					t.first[key] = f
				}
			}
		}
		t.loop = t.loop || turn(f.sample.Text)
	}
	return t
}

// turn reports whether a line is about a request that this host sent to itself.
func turn(line string) bool {
	return strings.Contains(line, "client: 127.0.0.1") && strings.Contains(line, `upstream: "http`) && strings.Contains(line, `HTTP/1.0"`)
}

// before returns the states at at and before it, the last first, if at is not known the last of
// all. Those that are passed by are not too many.
func (t *timeline) before(at second) iter.Seq[*mark] {
	to := len(t.states)
	if at != never {
		to = sort.Search(to, func(i int) bool { return t.states[i].at > at+slack })
	}
	return func(yield func(*mark) bool) {
		for i, m := range slices.Backward(t.states[:to]) {
			if to-i > maxPassed || !yield(m) {
				return
			}
		}
	}
}

// goneWithin reports whether nothing listened at an address soon after at.
func (t *timeline) goneWithin(upstream string, at second) bool {
	list := t.gone[upstream]
	if at == never {
		return len(list) > 0
	}
	i, _ := slices.BinarySearch(list, at-slack)
	return i < len(list) && list[i] <= at+10 || len(list) > 0 && list[0] == never
}
