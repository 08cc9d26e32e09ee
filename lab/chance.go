//go:build linux

package lab

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/stack"
)

// Class is how a prediction compares with what happened.
type Class string

// The classes.
const (
	Right      Class = "right"
	FalseError Class = "false error" // a certain outcome that did not come
	Missed     Class = "missed"      // a fault of a shipped rule that was not said
	Uncovered  Class = "uncovered"   // a fault that no shipped rule claims
	Untold     Class = "untold"      // a fault that the files do not tell
)

// Chance is one mutant, what the linter said about it and what happened.
type Chance struct {
	*Mutant
	Report *lint.Report
	Fate   Fate
	Class  Class
	// Family is the rule that a fault belongs to, by what the servers logged;
	// "" when nothing happened.
	Family string
	// Line is the log line that says so.
	Line string
}

// Judge compares what the linter says about a mutant with what happened. Shipped
// are the rules that there are.
//
// What counts as right is what counts in every comparison of verdicts: the worst
// predicted outcome is what happened, either refusal when both servers refuse,
// and no certain outcome when the host is healthy or answers with another status.
func Judge(m *Mutant, healthy, model *stack.Stack, report *lint.Report, fate Fate, shipped []*lint.Rule) *Chance {
	c := &Chance{Mutant: m, Report: report, Fate: fate, Class: Right}
	truth := fate.Truth()
	c.Family, c.Line = fate.family(truth)
	c.settle(model)
	predicted := report.Verdict
	if c.wrongly(lint.NginxRefuses, fate.NginxRefuses) || c.wrongly(lint.FPMRefuses, fate.FPMRefuses) ||
		predicted == lint.BadGateway && truth == 0 {
		c.Class = FalseError
		if predicted == lint.BadGateway && (unreached(healthy, model) || slices.ContainsFunc(fate.Answers, func(r Reply) bool { return r.Own })) {
			c.Class = Untold
		}
		return c
	}
	if truth == 0 || predicted == truth || fate.NginxRefuses && fate.FPMRefuses && predicted == lint.FPMRefuses {
		return c
	}
	if predicted == lint.Sometimes && truth == lint.BadGateway && slices.ContainsFunc(report.Findings, func(f lint.Finding) bool { return f.Rule.ID == c.Family }) {
		return c // each request is made once
	}
	if c.Class = Uncovered; c.outside() || c.Family == untold || c.notChecked() {
		c.Class = Untold
		return c
	}
	if slices.ContainsFunc(shipped, func(r *lint.Rule) bool { return r.ID == c.Family }) {
		c.Class = Missed
	}
	return c
}

// untold is the family of an address that the files do not tell.
const untold = "untold"

// settle corrects the family by what the model knows and a log line does not.
func (c *Chance) settle(model *stack.Stack) {
	switch c.Family {
	case dropped:
		if c.Family = "WP110"; slices.ContainsFunc(model.Gateways, func(g *stack.Gateway) bool { return g.Why != "" }) {
			c.Family = untold
		}
		for _, p := range model.Pools {
			if _, ok := p.Section.Get("listen.allowed_clients"); ok && p.Listen.Endpoint.Network == netaddr.TCP {
				c.Family = "WP204"
			}
		}
	case "WP201", "WP202", "WP205", "WP212", "WP405":
		c.ask(model)
	}
}

// ask tells by the model why nobody answers: the address is that of a listen
// line which does not count, or it is not known before a request comes.
func (c *Chance) ask(model *stack.Stack) {
	for _, g := range model.Gateways {
		if g.Why != "" {
			c.Family = untold
		}
		for _, p := range g.Peers {
			switch p.Fault {
			case stack.ShadowedListen:
				c.Family = "WP315"
			case stack.TrailingColon:
				c.Family = "WP212"
			case stack.TooLong:
				c.Family = "WP206"
			case stack.NoResolver:
				c.Family = "WP405"
			case stack.Untold:
				c.Family = untold
			}
		}
	}
}

// named is the path in a log line.
var named = regexp.MustCompile(`["'(]/*(/[^/"']+)[^"']*["')]`)

// outside reports whether the fault is a path below a directory that the host
// of the mutant has not: a repository may leave it out, and so the linter
// does not know whether it is there.
func (c *Chance) outside() bool {
	return slices.ContainsFunc(named.FindAllStringSubmatch(c.Line, -1), func(m []string) bool {
		return !slices.ContainsFunc(c.Case.Files, func(f cases.File) bool { return strings.HasPrefix(f.Name, m[1]+"/") })
	})
}

// placeIn finds where a server says that it met the fault: where the directive
// ends.
var placeIn = regexp.MustCompile(`([^/ ]+):(\d+)$`)

// notChecked reports whether the linter says of the very line that it could not
// look at it, or that it could not look for a fault of this kind somewhere.
func (c *Chance) notChecked() bool {
	if slices.ContainsFunc(c.Report.NotChecked, func(n lint.NotChecked) bool {
		return strings.Contains(n.Why, "includes itself") || n.Rule != nil && n.Rule.ID == c.Family && !n.At.IsZero()
	}) {
		return true
	}
	m := placeIn.FindStringSubmatch(c.Line)
	return m != nil && slices.ContainsFunc(c.Report.NotChecked, func(n lint.NotChecked) bool {
		end, _ := strconv.Atoi(m[2]) // digits
		return !n.At.IsZero() && filepath.Base(n.At.File.Name) == m[1] && n.At.Begin().Line <= end && end < n.At.Begin().Line+4
	})
}

// wrongly reports whether an outcome was predicted and did not come.
func (c *Chance) wrongly(o lint.Outcome, came bool) bool {
	return !came && slices.ContainsFunc(c.Report.Findings, func(f lint.Finding) bool { return f.Outcome == o })
}

// Truth returns the worst that happened, and zero when the host is healthy or
// answers with another status than 502.
func (f *Fate) Truth() lint.Outcome {
	switch {
	case f.NginxRefuses:
		return lint.NginxRefuses
	case f.FPMRefuses:
		return lint.FPMRefuses
	case slices.ContainsFunc(f.Answers, func(r Reply) bool { return r.Status == 502 }):
		return lint.BadGateway
	}
	return 0
}

// String tells a chance in full: the mutant, the diff, the prediction and what
// happened.
func (c *Chance) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n%s", strings.ToUpper(string(c.Class)), c.Mutant, head(c.Diff, 40))
	fmt.Fprintf(&b, "predicted %s\n", c.Report.Verdict)
	for _, f := range c.Report.Findings {
		if f.Outcome < lint.Other || c.Class != Right {
			at := "-"
			if !f.At.IsZero() {
				at = fmt.Sprintf("%s:%d", f.At.File.Name, f.At.Begin().Line)
			}
			fmt.Fprintf(&b, "  %s %s %s %s\n", f.Rule.ID, f.Outcome, at, escaped(f.Message))
		}
	}
	fmt.Fprintf(&b, "happened %s %s %q\n", c.Fate.Truth(), c.Family, c.Line)
	for _, r := range c.Fate.Answers {
		if r.Status != 200 {
			fmt.Fprintf(&b, "  %s %s%s -> %d %s\n", r.Request.Endpoint, r.Request.Host, r.Request.Path, r.Status, r.Err)
		}
	}
	for _, l := range slices.Concat(tail(c.Fate.NginxLines, 4), tail(c.Fate.FPMLines, 4)) {
		fmt.Fprintf(&b, "  | %s\n", escaped(l))
	}
	return b.String()
}

// head returns the first lines of a text.
func head(text string, n int) string {
	lines := strings.SplitAfter(text, "\n")
	if len(lines) <= n {
		return text
	}
	return strings.Join(lines[:n], "") + "…\n"
}

// tail returns the last lines that are no plain news.
func tail(lines []string, n int) []string {
	lines = slices.DeleteFunc(slices.Clone(lines), func(l string) bool {
		return strings.Contains(l, "[notice]") || strings.Contains(l, "NOTICE:")
	})
	return lines[max(0, len(lines)-n):]
}

// asks returns the requests for a stack: each place where a site hands PHP on,
// by every address of the site.
func asks(s *stack.Stack) []Ask {
	var out []Ask
	add := func(site *stack.Site, path string) {
		for _, l := range site.Listens {
			if l.Endpoint.Network == 0 || l.UDP || strings.Contains(l.At.Text(), " ssl") {
				continue
			}
			a := Ask{l.Endpoint, nameOf(site), path}
			if len(site.Names) == 0 {
				a.Host = ""
			}
			if !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	for _, site := range s.Sites {
		add(site, "/index.php")
	}
	for _, g := range s.Gateways {
		if path := pathOf(s, g); path != "" && g.Site != nil {
			add(g.Site, path)
		}
	}
	return out
}

// pathOf returns a path for which nginx chooses the location of a gateway, if
// that is a plain one.
func pathOf(s *stack.Stack, g *stack.Gateway) string {
	args := strings.TrimPrefix(locationOf(s, g), "location ")
	modifier, path, two := strings.Cut(args, " ")
	switch {
	case !two:
		path = modifier
	case modifier == "=":
		return path
	case modifier != "^~":
		return ""
	}
	if strings.HasPrefix(path, "/") && strings.IndexFunc(path, func(r rune) bool { return r <= ' ' || r >= 0x7f }) < 0 {
		return strings.TrimSuffix(path, "/") + "/index.php"
	}
	return ""
}

// unreached reports whether a gateway of a mutant stands in a location by a
// regular expression that the healthy stack does not have, or that is not for
// .php: no request is known to lead there.
func unreached(healthy, model *stack.Stack) bool {
	known := map[string]bool{}
	for _, g := range healthy.Gateways {
		known[locationOf(healthy, g)] = true
	}
	return slices.ContainsFunc(model.Gateways, func(g *stack.Gateway) bool {
		where := locationOf(model, g)
		return pathOf(model, g) == "" && (!known[where] || !strings.Contains(where, "php"))
	})
}

// locationOf returns the innermost location of a gateway as it is written.
func locationOf(s *stack.Stack, g *stack.Gateway) string {
	blocks, _ := s.Around(g.At)
	for _, b := range slices.Backward(blocks) {
		if strings.HasPrefix(b, "location ") {
			return b
		}
	}
	return ""
}

// Run tries one mutant.
func (c *Cell) Run(s *Stack, seed uint64, rules []*lint.Rule) (*Chance, error) {
	m := Mutate(s, seed)
	report, model := m.Predict(rules)
	requests := asks(s.Model)
	for _, a := range asks(model) {
		if !slices.Contains(requests, a) {
			requests = append(requests, a)
		}
	}
	fate, err := c.Try(m.Case, s.Masters, s.nginx, requests)
	if err != nil {
		return nil, fmt.Errorf("%s\n%s%w", m, m.Diff, err)
	}
	return Judge(m, s.Model, model, report, fate, rules), nil
}
