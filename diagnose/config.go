package diagnose

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// Config is the configuration as it is now, and what check found in it.
type Config struct {
	Stacks []*stack.Stack
	// Report has the findings; nil: no configuration is known.
	Report *lint.Report
	// Guessed is set if nothing says that this is the configuration of the host that wrote the logs:
	// then only what names the address of a line is taken for its cause.
	Guessed bool

	index *index // built by the first question
}

// known reports whether there is a configuration of a web server or of PHP-FPM.
func (c *Config) known() bool { return len(c.gateways()) > 0 || len(c.pools()) > 0 }

// apache reports whether Apache and no nginx uses PHP-FPM.
func (c *Config) apache() bool {
	if len(c.gateways()) > 0 {
		return !slices.ContainsFunc(c.gateways(), func(g *stack.Gateway) bool { return webOf(g) != servers.Apache })
	}
	return slices.ContainsFunc(c.Stacks, func(s *stack.Stack) bool {
		return slices.ContainsFunc(s.Fronts, func(f *stack.Front) bool { return f.Server == servers.Apache })
	})
}

// webOf returns the web server of a gateway.
func webOf(g *stack.Gateway) servers.Server {
	if g.Front != nil && g.Front.Server != "" {
		return g.Front.Server
	}
	return servers.Nginx
}

// gateways returns those of all stacks, and pools likewise.
func (c *Config) gateways() []*stack.Gateway { return c.indexed().allGateways }

func (c *Config) pools() []*stack.Pool { return c.indexed().allPools }

func (c *Config) findings() []lint.Finding {
	if c.Report == nil {
		return nil
	}
	return c.Report.Findings
}

// spelled returns an endpoint as upstreamOf returns it.
func spelled(e netaddr.Endpoint) string {
	if e.Network == netaddr.Unix {
		return e.Path
	}
	return e.String()
}

// bare returns an upstream without http:// or https://.
func bare(upstream string) string {
	if _, rest, ok := strings.Cut(upstream, "://"); ok {
		return rest
	}
	return upstream
}

// using returns the gateways that use the address of f, or an upstream of that name: those of the
// web server that wrote f, and of its site unless that is not known or none of them is of it.
func (c *Config) using(f *failure) []*stack.Gateway {
	all := slices.DeleteFunc(slices.Clone(c.indexed().gateways[bare(f.upstream)]), func(g *stack.Gateway) bool {
		return f.web() != "" && webOf(g) != f.web()
	})
	own := slices.DeleteFunc(slices.Clone(all), func(g *stack.Gateway) bool {
		return g.Site == nil || !slices.Contains(g.Site.Names, f.server)
	})
	if len(own) > 0 {
		return own
	}
	if reached := slices.DeleteFunc(slices.Clone(all), unreached); len(reached) > 0 {
		return reached
	}
	return all
}

// poolsAt returns the pools that listen on an address.
func (c *Config) poolsAt(upstream string) []*stack.Pool { return c.indexed().pools[bare(upstream)] }

// poolNamed returns the pools of a name.
func (c *Config) poolNamed(name string) (all []*stack.Pool) {
	for _, p := range c.pools() {
		if p.Name == name {
			all = append(all, p)
		}
	}
	return all
}

// predicting returns the findings that say that lines like that of f will be written: the same
// sign and the same address.
func (c *Config) predicting(f *failure) []lint.Finding {
	x := c.indexed()
	k := predictionKey{f.row.Sign, bare(f.upstream)}
	all := slices.Concat(x.predicted[k], x.predicted[predictionKey{f.row.Sign, ""}])
	if k.address == "" {
		all = x.predicted[k]
	}
	return c.nearest(c.ofWeb(all, f.web()), f)
}

// nearest returns the findings that are about the gateways or pools of f; all of them if none is.
func (c *Config) nearest(findings []lint.Finding, f *failure) []lint.Finding {
	gateways, pools := c.using(f), c.poolsAt(f.upstream)
	near := slices.DeleteFunc(slices.Clone(findings), func(finding lint.Finding) bool {
		return !c.concerns(finding, f.server, gateways, pools)
	})
	if len(near) > 0 || c.Guessed {
		return near
	}
	return findings
}

// concerns reports whether a place of the finding is one of a gateway or pool, or in their
// blocks.
func (c *Config) concerns(f lint.Finding, server string, gateways []*stack.Gateway, pools []*stack.Pool) bool {
	named := c.indexed().sites[server]
	places := []source.Span{f.At}
	for _, n := range f.Notes {
		places = append(places, n.At)
	}
	for _, at := range places {
		if at.IsZero() {
			continue
		}
		for _, g := range gateways {
			if at.File == g.At.File && (at == g.At || named && c.within(at, server)) || g.Pass != nil && hasPeerAt(g, at) {
				return true
			}
			if g.Upstream != nil && at.File == g.Upstream.At.File && c.within(at, g.Upstream.Name) {
				return true
			}
		}
		for _, p := range pools {
			if at.File == p.At.File && c.within(at, p.Name) {
				return true
			}
		}
	}
	return false
}

// within reports whether at is in a block of the name: a server, an upstream or a pool.
func (c *Config) within(at source.Span, name string) bool {
	for _, s := range c.Stacks {
		if blocks, _ := s.Around(at); slices.ContainsFunc(blocks, func(b string) bool { return b == name || slices.Contains(strings.Fields(b), name) }) {
			return true
		}
	}
	return false
}

// of returns the findings of the rules of a cause that are about f, most severe first.
func (c *Config) of(cause *Cause, f *failure) []lint.Finding {
	q := question{cause: cause}
	if f != nil {
		q.upstream, q.server, q.web = f.upstream, f.server, f.web()
	}
	return c.indexed().once(q, func() []lint.Finding { return c.find(cause, f) })
}

func (c *Config) find(cause *Cause, f *failure) []lint.Finding {
	all := slices.DeleteFunc(slices.Clone(c.findings()), func(finding lint.Finding) bool { return !cause.about(finding.Rule) })
	slices.SortStableFunc(all, func(a, b lint.Finding) int { return int(a.Severity()) - int(b.Severity()) })
	if f != nil {
		return c.nearest(c.ofWeb(all, f.web()), f)
	}
	return all
}

// deciding returns the findings of the rules of a cause that are certainly about f: about one of
// its gateways or pools, or about the only one.
func (c *Config) deciding(cause *Cause, f *failure) []lint.Finding {
	return c.indexed().once(question{cause, f.upstream, f.server, f.web(), true}, func() []lint.Finding { return c.decide(cause, f) })
}

func (c *Config) decide(cause *Cause, f *failure) (found []lint.Finding) {
	gateways, pools := c.using(f), c.poolsAt(f.upstream)
	only := f.upstream == "" && len(c.gateways()) == 1 && len(c.pools()) == 1
	for _, finding := range c.ofWeb(c.findings(), f.web()) {
		if cause.about(finding.Rule) && (only || c.concerns(finding, f.server, gateways, pools)) {
			found = append(found, finding)
		}
	}
	return found
}

// refusing returns the findings for which a server does not start: the one of the outcome.
func (c *Config) refusing(outcome lint.Outcome) []lint.Finding { return c.indexed().refusing[outcome] }

// errors returns the findings that are errors.
func (c *Config) errors() []lint.Finding { return c.indexed().errors }

// isPHP reports whether a process is one of PHP-FPM by its name, of which the kernel keeps 15
// bytes. Without fpm it is the program of the command line, as in php8.3.
func isPHP(process string) bool {
	return strings.Contains(process, "fpm") || strings.Contains(process, "php") && (strings.HasSuffix(process, "-fp") || strings.HasSuffix(process, "cgi"))
}

// isFPMUnit reports whether a unit of systemd is that of PHP-FPM by its name.
func isFPMUnit(unit string) bool {
	return strings.Contains(unit, "php") && strings.Contains(unit, "fpm")
}
