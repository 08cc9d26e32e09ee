package rules

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/stack"
)

// Nearness is how a pool resembles the address that a gateway uses.
type Nearness string

// The kinds of resemblance, closest first.
const (
	OtherVersion Nearness = "the same socket for another PHP version"
	Elsewhere    Nearness = "the same name in another directory"
	SameSite     Nearness = "the pool of this site"
	Typo         Nearness = "a similar address (typo?)"
	OnlyPool     Nearness = "the only pool"
)

// Near finds the pools that were most likely meant by a peer where nothing listens,
// among those that may answer on its machine. The zero Near is ready to use.
type Near struct {
	pools  map[*stack.Machine]*candidates
	budget int // comparisons of whole addresses so far
}

// candidates are the pools that may answer on one machine, prepared for searching.
type candidates struct {
	pools   []*stack.Pool
	similar func() []poolText // those that are compared letter by letter
	byShape map[string][]*stack.Pool
	byName  map[string][]*stack.Pool
	sites   func() map[*stack.Pool]user
}

// user is whose gateways reach a pool: those of a site, and others if more is set.
type user struct {
	site *stack.Site
	more bool
}

// poolText is a pool with the text of its address.
type poolText struct {
	pool *stack.Pool
	text string
}

// maxComparisons limits how many addresses are compared letter by letter, so that the
// cost of ten thousand broken sites is not quadratic.
const maxComparisons = 500_000

// fewPools is the number of pools up to which all are compared letter by letter, even
// those that a gateway uses.
const fewPools = 256

func candidatesOf(m *stack.Machine) *candidates {
	pools := m.Reachable()
	c := &candidates{byShape: make(map[string][]*stack.Pool, len(pools)), byName: make(map[string][]*stack.Pool, len(pools))}
	for _, p := range pools {
		if p.Listen.Endpoint.IsZero() || p.Listen.Misread != fpmt.NotMisread {
			continue
		}
		c.pools = append(c.pools, p)
		if shape := shapeOf(p.Listen.Endpoint); shape != "" {
			c.byShape[shape] = append(c.byShape[shape], p)
		}
		name := strings.ToLower(p.Name)
		c.byName[name] = append(c.byName[name], p)
	}
	c.similar = sync.OnceValue(func() (list []poolText) {
		pools := c.pools
		if len(pools) > fewPools {
			pools = unused(m, pools)
		}
		for _, p := range pools {
			list = append(list, poolText{p, p.Listen.Endpoint.String()})
		}
		return list
	})
	c.sites = sync.OnceValue(func() map[*stack.Pool]user { return sitesOf(m) })
	return c
}

// sitesOf returns who reaches each pool of a machine.
func sitesOf(m *stack.Machine) map[*stack.Pool]user {
	sites := make(map[*stack.Pool]user, len(m.Gateways))
	for _, g := range m.Gateways {
		for _, p := range g.Peers {
			by, ok := sites[p.Pool]
			switch {
			case !ok:
				sites[p.Pool] = user{site: g.Site}
			case by.site != g.Site && !by.more:
				sites[p.Pool] = user{by.site, true}
			}
		}
	}
	return sites
}

// foreign reports whether another site than that of g reaches a pool.
func (c *candidates) foreign(pool *stack.Pool, g *stack.Gateway) bool {
	by, ok := c.sites()[pool]
	return ok && (by.more || by.site != g.Site)
}

// unused returns the pools that no gateway of the machine reaches: a gateway with a
// typo in its address probably means one of them.
func unused(m *stack.Machine, pools []*stack.Pool) (left []*stack.Pool) {
	used := make(map[*stack.Pool]bool, len(pools))
	for _, g := range m.Gateways {
		for _, p := range g.Peers {
			used[p.Pool] = true
		}
	}
	for _, p := range pools {
		if !used[p] {
			left = append(left, p)
		}
	}
	return left
}

// To returns the pools that most resemble the address p of g, and how; none if
// nothing resembles it.
func (n *Near) To(g *stack.Gateway, p *stack.Peer) ([]*stack.Pool, Nearness) {
	c := n.pools[g.Machine]
	if c == nil {
		if n.pools == nil {
			n.pools = map[*stack.Machine]*candidates{}
		}
		c = candidatesOf(g.Machine)
		n.pools[g.Machine] = c
	}
	if pools, how := c.sameName(g, p.Endpoint); len(pools) > 0 {
		return pools, how
	}
	for _, token := range siteTokens(g) {
		if pools := c.byName[token]; len(pools) > 0 {
			return pools, SameSite
		}
	}
	if len(c.pools) == 1 {
		return c.pools, OnlyPool
	}
	var close []*stack.Pool
	text := p.Endpoint.String()
	for _, near := range c.similar() {
		if n.budget++; n.budget > maxComparisons {
			break
		}
		if typo.Distance(near.text, text, 2) <= 2 && !c.neighbour(g, p.Endpoint, near.pool) {
			close = append(close, near.pool)
		}
	}
	return close, Typo
}

// Foreign reports whether another site than that of g reaches one of the pools of its machine.
func (n *Near) Foreign(g *stack.Gateway, pools []*stack.Pool) bool {
	return slices.ContainsFunc(pools, func(p *stack.Pool) bool { return n.pools[g.Machine].foreign(p, g) })
}

// sameName returns the pools whose socket has the name of e, but for the PHP version: those in the
// same directory, else those in another one that no other site reaches.
func (c *candidates) sameName(g *stack.Gateway, e netaddr.Endpoint) (pools []*stack.Pool, how Nearness) {
	same := c.byShape[shapeOf(e)]
	for _, pool := range same {
		if unversioned(path.Dir(pool.Listen.Endpoint.Path)) == unversioned(path.Dir(e.Path)) {
			pools = append(pools, pool)
		}
	}
	if len(pools) > 0 {
		return pools, OtherVersion
	}
	how = Elsewhere
	for _, pool := range same {
		if c.foreign(pool, g) || c.neighbour(g, e, pool) {
			continue
		}
		if versionOf(pool.Listen.Endpoint) != versionOf(e) {
			how = OtherVersion
		}
		pools = append(pools, pool)
	}
	return pools, how
}

// version finds the PHP version in the name of a directory, such as /opt/php/8.1/run and php81/run.
var version = lazyregexp.New(`php[-_/]?\d+(?:\.\d+)?|/\d\.\d+`)

func unversioned(dir string) string { return version.ReplaceAllString(dir, "") }

// neighbour reports whether the address e of g and a similar pool are of two sites, and not one
// address with a typo: the sockets differ in digits alone, or the port is that of another site, or
// only e has a name of the site in it, and another site or its own name says what the pool is for.
func (c *candidates) neighbour(g *stack.Gateway, e netaddr.Endpoint, pool *stack.Pool) bool {
	of := pool.Listen.Endpoint
	if e.Network != netaddr.Unix || of.Network != netaddr.Unix {
		return c.foreign(pool, g)
	}
	if path.Dir(e.Path) == path.Dir(of.Path) && undigited(e.Path) == undigited(of.Path) {
		return true
	}
	has, lacks := segments(e.Path), segments(of.Path)
	return (c.foreign(pool, g) || slices.Contains(lacks, strings.ToLower(pool.Name))) &&
		slices.ContainsFunc(siteTokens(g), func(token string) bool { return slices.Contains(has, token) && !slices.Contains(lacks, token) })
}

// segments returns the words of a path, in lower case.
func segments(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("/._-", r) })
}

func undigited(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(decimals, r) {
			return -1
		}
		return r
	}, text)
}

const decimals = "0123456789"

// shapeOf returns a socket path without the PHP version in its name, "" if it has none.
func shapeOf(e netaddr.Endpoint) string {
	before, _, after := versioned(e)
	return before + after
}

// versionOf returns the PHP version in the name of a socket, such as 8.3; "" if it has none.
func versionOf(e netaddr.Endpoint) string {
	_, version, _ := versioned(e)
	if len(version) == 2 { // php83-fpm.sock
		version = version[:1] + "." + version[1:]
	}
	return version
}

// versioned cuts the name of a socket of PHP around the version in it. All parts are "" for any
// other address.
func versioned(e netaddr.Endpoint) (before, version, after string) {
	base := path.Base(e.Path)
	at := strings.Index(base, "php")
	if e.Network != netaddr.Unix || at < 0 || strings.HasSuffix(e.Path, "/") {
		return "", "", ""
	}
	name := base[at:]
	from := strings.IndexAny(name, decimals)
	if from < 0 || from > len("php-fpm") {
		return base, "", ""
	}
	rest := strings.TrimLeft(name[from:], decimals)
	if len(rest) > 1 && rest[0] == '.' && strings.IndexByte(decimals, rest[1]) >= 0 {
		rest = strings.TrimLeft(rest[1:], decimals)
	}
	return base[:at+from], strings.TrimSuffix(name[from:], rest), rest
}

// siteTokens are the likely names of a pool for the gateway's site: its server names
// with and without their top-level domain, the name of its file and that of its upstream.
func siteTokens(g *stack.Gateway) (tokens []string) {
	add := func(name string) {
		if name = strings.ToLower(name); name != "" && name != "_" && name != "localhost" {
			tokens = append(tokens, name)
		}
	}
	if g.Site != nil {
		for _, name := range g.Site.Names {
			name = strings.TrimPrefix(name, "www.")
			add(name)
			bare, _, _ := strings.Cut(name, ".")
			add(bare)
		}
		base := path.Base(g.Site.At.File.Name)
		add(base)
		add(strings.TrimSuffix(base, path.Ext(base)))
	}
	if g.Upstream != nil {
		add(g.Upstream.Name)
		for _, prefix := range []string{"php_", "php-", "fpm_", "fpm-"} {
			add(strings.TrimPrefix(g.Upstream.Name, prefix))
		}
	}
	return tokens
}
