package diagnose

import (
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// ingressRule and originService are what cloudflared writes of the rule that a request met.
var (
	ingressRule   = lazyregexp.New(`\bingressRule=(\d+)`)
	originService = lazyregexp.New(`\boriginService=(\S+)`)
)

// origins returns the ingress rules that the lines of an incident are about: those that a line names by
// number and service, else those with the address.
func (c *Config) origins(i *Incident) (all []*stack.Origin) {
	met := map[*stack.Origin]bool{}
	add := func(is func(*stack.Origin) bool) {
		for _, s := range c.Stacks {
			for _, t := range s.Tunnels {
				for _, o := range t.Origins {
					if !met[o] && is(o) {
						met[o] = true
						all = append(all, o)
					}
				}
			}
		}
	}
	for _, m := range i.marks {
		service := originService.FindStringSubmatch(m.Text)
		if service == nil {
			continue
		}
		number := ingressRule.FindStringSubmatch(m.Text)
		add(func(o *stack.Origin) bool {
			return o.Rule.Service.Text == service[1] && (number == nil || number[1] == strconv.Itoa(o.Rule.Index))
		})
	}
	if len(all) == 0 && i.About != "" {
		add(func(o *stack.Origin) bool { return leadsTo(o, i.About) })
	}
	return all
}

// leadsTo reports whether an origin is at an address or has a host name. An address of this machine may
// be written as localhost.
func leadsTo(o *stack.Origin, address string) bool {
	local := strings.NewReplacer("127.0.0.1", "localhost", "[::1]", "localhost")
	return strings.Contains(local.Replace(o.Rule.Service.Text), local.Replace(address))
}

// tunnelServices returns the services of the ingress rules that an incident is about.
func (c *Config) tunnelServices(i *Incident) (notes []source.Note) {
	for _, o := range c.origins(i) {
		if !o.At.IsZero() {
			notes = append(notes, source.Note{At: o.At, Message: "the tunnel passes requests on here"})
		}
	}
	return notes
}
