// Package cloudflared reads the configuration of cloudflared, which connects an origin to
// Cloudflare with a tunnel: which service answers a host name, and how cloudflared connects to it. It refuses what
// cloudflared refuses (cloudflared 2026.8.2, config/configuration.go and ingress/ingress.go).
package cloudflared

import (
	"github.com/wp502lint/wp502lint/source"
)

// Config is one configuration file.
type Config struct {
	File *source.File
	// Tunnel is the name or the UUID of the tunnel.
	Tunnel Value
	// Rules are the ingress rules, in order: the first that matches a request answers it.
	Rules []*Rule
	// URL, Socket and Hello are what answers all requests of a file without rules: url,
	// unix-socket and hello-world.
	URL, Socket, Hello Value
	// Problems are why the file cannot be read as YAML, or not completely.
	Problems []source.Problem
	// Refusals are why cloudflared does not start with the file, in the order in which it looks: it
	// names the first only.
	Refusals []Refusal
	// Unused are the keys that cloudflared ignores.
	Unused []Unused

	listed bool // the file has ingress rules
	own    bool // the file has a key of cloudflared
}

// Foreign reports whether nothing in the file is of cloudflared.
func (c *Config) Foreign() bool { return !c.own }

// Value is a text of the file. Its zero value is not set.
type Value struct {
	Text string
	At   source.Span
}

// Set reports whether the value is written and not empty.
func (v Value) Set() bool { return v.Text != "" }

// Rule is one ingress rule.
type Rule struct {
	// Index is its place, from 0, as ingressRule= in the log has it.
	Index   int
	At      source.Span // the first word of the rule
	Host    Value       // hostname; it may begin with *.
	Path    Value       // a regular expression of Go, which matches anywhere in the path
	Service Value
	// Target is what the service means; its zero value is a service that cloudflared refuses.
	Target Target
	// Origin is originRequest of the rule, over that of the file.
	Origin Origin

	own         Origin // originRequest of the rule alone
	matchesPath func(path string) bool
}

// Refusal is a reason for which cloudflared does not start.
type Refusal struct {
	At      source.Span
	Reason  Reason
	Message string // one sentence, lower case, no full stop
}

// Reason is a kind of Refusal.
type Reason uint8

// The reasons. The zero Reason is none.
const (
	// WrongValue is a value of another type than its key needs, or a key that is set twice.
	WrongValue Reason = iota + 1
	// BadService is a service that is not an address that cloudflared connects to.
	BadService
	// BadHost is a hostname with a port, or with a * that is not its first label.
	BadHost
	// BadPath is a path that is not a regular expression.
	BadPath
	// BadAccess is a check of Access that lacks the team.
	BadAccess
	// BadIPRule is a rule of socks-proxy without a prefix or with a port out of range.
	BadIPRule
	// LastNotAll is a last rule that does not match every request.
	LastNotAll
	// AllNotLast is a rule that matches every request and has others after it.
	AllNotLast
	// URLWithRules is url beside ingress rules. Only tunnel ingress validate refuses it; cloudflared
	// itself ignores url.
	URLWithRules
)

// Unused is a key that cloudflared ignores.
type Unused struct {
	Name string
	At   source.Span
	// Known are the keys that it may have been meant to be.
	Known []string
}

// maxText is the size, in bytes, from which on a file is not read.
const maxText = 1 << 20

// Parse reads a file. It fills in f.Comments and f.Parsed.
func Parse(f *source.File) *Config {
	c := &Config{File: f}
	r := &reader{config: c}
	f.Comments, f.Parsed = nil, parsed{f}
	if len(f.Text) > maxText {
		r.problem(f.Span(0, 0), source.Limit, "a configuration of cloudflared of more than 1 MiB is not read")
		return c
	}
	if top := r.parse(); top != nil {
		r.top(top)
		r.checkRules()
	}
	return c
}
